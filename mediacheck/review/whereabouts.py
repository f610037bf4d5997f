"""Words that tell where a named student can be found: the school and the grade beside the name."""

from __future__ import annotations

import re

#: What a teacher reads. It refuses nothing: the name's own release decides.
NAME_WITH_SCHOOL_AND_GRADE = (
    "With the school and the grade beside it, this name tells a stranger where to find the "
    "student. Take the school or the grade out of these words."
)

_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"\d{1,2}(?:st|nd|rd|th)"
)
_GRADE = re.compile(
    rf"\b(?:(?:{_ORDINALS})[\s-]+grade(?:rs?)?|grade\s+\d{{1,2}}|kindergart(?:en|ner)s?|pre-?k|"
    r"freshm[ae]n|sophomores?|(?:\d{1,2}\.?[º°o]|primer|segundo|tercer|cuarto|quinto|sexto)"
    r"\s+grado|kínder)\b",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"\b(?:elementary|(?:middle|high|primary)\s+school|academy|escuela|primaria|secundaria)\b",
    re.IGNORECASE,
)
#: A school's name without these is how people say it.
_KINDS = re.compile(r"\b(?:elementary|middle|high|primary|school|academy)\b", re.IGNORECASE)


def tells_where(text: str, school_name: str = "") -> bool:
    """Whether the words give a grade and a school, this one or any."""
    return bool(_GRADE.search(text)) and _names_school(text, school_name)


def _names_school(text: str, school_name: str) -> bool:
    if _SCHOOL.search(text):
        return True
    short = " ".join(_KINDS.sub(" ", school_name).split())
    return bool(short) and bool(re.search(rf"\b{re.escape(short)}\b", text, re.IGNORECASE))
