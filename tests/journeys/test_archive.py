"""The office brings a folder of old pictures and reads which of them have to come down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.browsing import CHECKED_MS, OFFICE, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.lane,
    pytest.mark.xdist_group("browser"),
]

Window = Callable[..., Visitor]
PHONE = {"width": 390, "height": 844}


def an_old_folder(folder: Path) -> Path:
    """A picture of nobody, one of somebody, a file that is no picture, and the system's own."""
    import skimage.data

    old = folder / "2019"
    (old / "spring").mkdir(parents=True)
    Image.new("RGB", (640, 480), "grey").save(old / "wall.jpg", "JPEG")
    somebody = Image.fromarray(skimage.data.astronaut())
    somebody.save(old / "spring" / "somebody.jpg", "JPEG", quality=92)
    (old / "notes.txt").write_text("No picture at all.")
    (old / ".hidden").write_text("The system's own.")
    return old


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
def test_a_folder_of_old_pictures_is_judged_and_listed(
    window: Window, tmp_path: Path, size: dict[str, int]
) -> None:
    office = window(**size)
    page, kind = office.page, "phone" if size else "desk"
    office.sign_in(OFFICE)
    office.open("/archive")
    office.require_accessible("the archive")
    page.get_by_label("The account that its pictures stand on").select_option("newsletter")
    page.get_by_label("Folder", exact=True).set_input_files(an_old_folder(tmp_path))
    office.button("Judge the pictures").click()

    expect(page.get_by_role("row", name="Printed newsletter")).to_be_visible(timeout=CHECKED_MS)
    expect(page.locator("#progress")).to_have_count(0, timeout=CHECKED_MS)
    page.get_by_role("link", name="of Printed newsletter: Needs a person").click()

    expect(page.get_by_role("row", name="2019/spring/somebody.jpg")).to_be_visible()
    expect(page.get_by_role("row", name="2019/notes.txt")).to_be_visible()
    expect(page.get_by_role("row", name="2019/wall.jpg")).to_have_count(0)
    expect(page.get_by_text(".hidden")).to_have_count(0)
    office.require_accessible("the archive judged")
    office.require_no_sideways_scroll("the archive judged")
    office.snap(f"archive-{kind}", whole=True)
