"""Takes pictures of pages, for people to look at."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Error, Page

#: So often Chromium is asked; on a busy machine it says at times that it could take none.
_TRIES = 3


def photograph(page: Page, path: Path, *, whole: bool = True) -> None:
    """Keeps a picture of the page, of all of it where ``whole``."""
    for tries_left in reversed(range(_TRIES)):
        try:
            page.screenshot(path=path, full_page=whole)
        except Error as error:
            if not tries_left or "Unable to capture screenshot" not in error.message:
                raise
        else:
            return
