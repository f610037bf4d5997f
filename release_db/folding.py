"""Names in plain small letters, so that they are found with or without their accents."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

from release_db.records import Student

_WORD = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """The words of a text in plain small letters, with one space between them."""
    return " ".join(_WORD.findall(anyascii(unicodedata.normalize("NFKC", text)).lower()))


def search_words_of(student: Student) -> str:
    """Everything that the student is found by: every name, and the id."""
    names = (student.given_name, student.middle_name, student.family_name, student.preferred_name)
    return folded(" ".join((*names, *student.other_names, student.student_id)))
