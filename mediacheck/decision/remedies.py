"""What a teacher can do about a name that may not stand: shorten it, or take it out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mediacheck.model.finding import NameFinding
from release_db.records import Permission, Refused, Student
from release_db.words import NameForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A text to put in the place of a name; empty takes it out."""

    label: str
    replacement: str


def remedies_for(
    finding: NameFinding, permission: Permission | None, student: Student | None
) -> tuple[Remedy, ...]:
    """The remedies for one name: the shorter form that the release allows, and taking it out.

    A shorter form is offered only where a release allows it, so an offer tells nothing of a
    refusal.
    """
    remedies = []
    match permission:
        case Refused(allowed_form=NameForm() as form) if student is not None:
            short = name_in_form(student, form)
            if short and short.casefold() != finding.text.casefold():
                remedies.append(Remedy(label=f"Write “{short}”", replacement=short))
        case _:
            pass
    return (*remedies, Remedy(label="Take the name out", replacement=""))


def name_in_form(student: Student, form: NameForm) -> str:
    """The student's name in that form, by the preferred name; empty for ``none``."""
    first = (student.preferred_name or student.given_name).strip()
    family = student.family_name.strip()
    match form:
        case NameForm.NONE:
            return ""
        case NameForm.INITIALS:
            return "".join(f"{part[0]}." for part in (first, family) if part)
        case NameForm.FIRST:
            return first
        case NameForm.FIRST_INITIAL:
            return f"{first} {family[0]}." if family else first
        case NameForm.FULL:  # pragma: no branch - it is the last of the closed choice
            return f"{first} {family}".strip()


#: Words that join a name to its neighbour, and are left hanging when it goes.
_JOINED_BEFORE = re.compile(r"(?:,\s*)?\s+(?:and|with|y|e|con|&)\s+$", re.IGNORECASE)
_JOINED_AFTER = re.compile(r"^\s*(?:,|(?:and|y|e)\b|&)\s+", re.IGNORECASE)


def without_span(text: str, span: tuple[int, int], replacement: str) -> str:
    """The text with a span replaced, and the gaps and orphaned words around it mended."""
    start, end = span
    if replacement:
        return text[:start] + replacement + text[end:]
    before = re.sub(r"[#@]$", "", text[:start])
    after = re.sub(r"^['\u2019]s\b", "", text[end:])
    if _JOINED_BEFORE.search(before):
        before = _JOINED_BEFORE.sub("", before)
    elif _JOINED_AFTER.match(after) and not re.search(r"[,;]\s*$", before):
        after = " " + _JOINED_AFTER.sub("", after)
    joined = re.sub(r"[ \t]{2,}", " ", before + after)
    joined = re.sub(r"[ \t]+([,.;:!?])", r"\1", joined)
    joined = re.sub(r"[,;:]\s*([,;:.!?])", r"\1", joined)
    return joined.strip() if not before.strip() or not after.strip() else joined
