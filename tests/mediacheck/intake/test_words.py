"""File names, captions and descriptions as they come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacheck.intake.errors import AltTextTooLong, CaptionTooLong, HiddenCharacters
from mediacheck.intake.words import clean_file_name, require_alt_text, require_caption


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("IMG_Maya_Lopez.jpg", "IMG_Maya_Lopez.jpg"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\maya\photo.jpg", "photo.jpg"),
        ("maya\0.jpg\r\nX-Header: 1", "maya.jpgX-Header: 1"),
        ("maya\u202egpj.exe", "mayagpj.exe"),
        ("ma\u200bya.jpg", "maya.jpg"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("  a   b.png ", "a b.png"),
        ("=cmd|' /C calc'!A0.jpg", "C calc'!A0.jpg"),
        ("Zoë Nguyễn.heic", "Zoë Nguyễn.heic"),
    ],
)
def test_a_file_name_is_cleaned_for_showing(raw: str, clean: str) -> None:
    assert clean_file_name(raw) == clean


def test_a_long_file_name_keeps_its_beginning_and_its_end() -> None:
    name = clean_file_name("m" * 4_096 + ".jpg")

    assert len(name) == 255
    assert name.endswith(".jpg")


@given(st.text(max_size=600))
def test_no_file_name_has_a_folder_a_control_or_too_many_characters(raw: str) -> None:
    name = clean_file_name(raw)

    assert 0 < len(name) <= 255
    assert not set(name) & set("/\\\0\n\r\u202e")


def test_a_caption_of_10000_characters_passes_and_one_more_does_not() -> None:
    assert require_caption("a" * 10_000) == "a" * 10_000
    with pytest.raises(CaptionTooLong):
        require_caption("a" * 10_001)


def test_a_description_of_1500_characters_passes_and_one_more_does_not() -> None:
    assert require_alt_text("a" * 1_500) == "a" * 1_500
    with pytest.raises(AltTextTooLong):
        require_alt_text("a" * 1_501)


@pytest.mark.parametrize("letter", ["\0", "\x1b", "\x7f", "\x85", "\ud800"])
def test_words_with_hidden_controls_are_refused(letter: str) -> None:
    with pytest.raises(HiddenCharacters):
        require_caption(f"Maya{letter} Lopez")
    with pytest.raises(HiddenCharacters):
        require_alt_text(f"Maya{letter} Lopez")


def test_line_ends_tabs_and_emoji_pass() -> None:
    words = "Science fair!\r\n\tWell done 👩\u200d🔬"

    assert require_caption(words) == words
