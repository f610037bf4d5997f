"""The words of a post as they come in: file names, captions, image descriptions."""

from __future__ import annotations

import re
import unicodedata

from mediacheck.intake.errors import AltTextTooLong, CaptionTooLong, HiddenCharacters
from mediacheck.intake.limits import (
    MAX_ALT_TEXT_CHARACTERS,
    MAX_CAPTION_CHARACTERS,
    MAX_FILE_NAME_CHARACTERS,
)

#: Controls that no keyboard types into a caption; tabs and line ends are ordinary.
_CONTROLS = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNNAMED = "unnamed"

#: Unicode categories that draw nothing: controls, formats (bidi marks among them), lone surrogates,
#: private use and line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_file_name(raw: str) -> str:
    """A file name to show and to search for names: never to be used as a path.

    Only the part behind the last slash of either kind, without controls and without the marks that
    turn the direction of writing, at most 255 characters; ``unnamed`` where nothing is left.
    """
    base = re.split(r"[/\\]", raw)[-1]
    seen = "".join(letter for letter in base if unicodedata.category(letter) not in _UNSEEN)
    name = " ".join(seen.split())
    if len(name) > MAX_FILE_NAME_CHARACTERS:
        # The end is kept too, for it holds the kind of file.
        name = f"{name[: MAX_FILE_NAME_CHARACTERS - 20]}…{name[-19:]}"
    return name.strip(".") or _UNNAMED


def require_caption(caption: str) -> str:
    """The caption, unchanged.

    Raises:
        CaptionTooLong: it has more than 10,000 characters.
        HiddenCharacters: it holds control characters.
    """
    if len(caption) > MAX_CAPTION_CHARACTERS:
        raise CaptionTooLong
    return _require_visible(caption)


def require_alt_text(alt_text: str) -> str:
    """The image description, unchanged.

    Raises:
        AltTextTooLong: it has more than 1,500 characters.
        HiddenCharacters: it holds control characters.
    """
    if len(alt_text) > MAX_ALT_TEXT_CHARACTERS:
        raise AltTextTooLong
    return _require_visible(alt_text)


def _require_visible(words: str) -> str:
    if _CONTROLS.search(words):
        raise HiddenCharacters
    return words
