"""One signature for several children: whom it may cover, and who is left out and why.

Each child gets decisions and a receipt of their own, through ``families.sign_choices``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mediacheck.errors import NotFound
from mediacheck.flow.families import (
    FamilyDesk,
    Signature,
    Signed,
    link_of,
    linked_files,
    may_widen,
    require_child,
    sign_choices,
    told_of,
)
from mediacheck.flow.families_choices import PLACES, Choice, Choices
from mediacheck.flow.families_summary import State, summary_of
from mediacheck.model.families import FamilyKind
from release_db.records import StudentFile
from release_db.standing import comes_of_age_on
from release_db.words import Rights


class LeftOut(StrEnum):
    """Why a child's answers cannot be given together with another's."""

    OF_AGE = "of-age"
    OFFICE = "office"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another child of the same person's. ``left_out`` None: one signature may cover both."""

    file: StudentFile
    left_out: LeftOut | None


def siblings_of(desk: FamilyDesk, file: StudentFile) -> tuple[Sibling, ...]:
    """This person's other children, by name; a child whose rights an order took is not there."""
    if desk.visitor.kind is FamilyKind.STUDENT:
        return ()
    mine = file.student.student_id
    others = [
        Sibling(file=other, left_out=_left_out(desk, file, other))
        for other in linked_files(desk)
        if other.student.student_id != mine and not _is_removed(desk, other)
    ]
    return tuple(sorted(others, key=lambda one: one.file.student.display_name))


def same_choices(desk: FamilyDesk, sibling: StudentFile, choices: Choices) -> Choices:
    """The choices as they are for a sibling: of a visitor who may only restrict, what is stricter.

    What was not answered for the first child stays as it was for the other.
    """
    if may_widen(desk, sibling):
        return choices
    said = told_of(desk, sibling)
    return {
        place: choice if choice.strictness >= said[place].choice.strictness else Choice.KEPT
        for place, choice in choices.items()
        if place.channel is None
    }


def sign_together(
    desk: FamilyDesk,
    student_id: str,
    also: Sequence[str],
    choices: Choices,
    signature: Signature,
) -> tuple[Signed, ...]:
    """Records one signature for a child and the same answers for others; all of it or nothing.

    Raises:
        NotFound: one of them is not this person's, or cannot be answered for together.
        WouldWiden: a visitor who may only restrict would allow more for the first child.
        NoNotice: something would be allowed, and no notice has been approved.
    """
    file = require_child(desk, student_id)
    first = sign_choices(desk, student_id, choices, signature)
    return (first, *_sign_others(desk, file, also, choices, signature))


def sign_like(
    desk: FamilyDesk, student_id: str, also: Sequence[str], signature: Signature
) -> tuple[Signed, ...]:
    """Records for other children what was answered for this one before.

    Raises:
        NotFound: one of them is not this person's, or cannot be answered for together.
        NoNotice: something would be allowed, and no notice has been approved.
    """
    file = require_child(desk, student_id)
    return _sign_others(desk, file, also, told_choices(desk, file), signature)


def told_choices(desk: FamilyDesk, file: StudentFile) -> Choices:
    """What was answered for a child, as choices that another child's can be like."""
    return {place: told.choice for place, told in told_of(desk, file).items()}


def _sign_others(
    desk: FamilyDesk,
    file: StudentFile,
    also: Sequence[str],
    choices: Choices,
    signature: Signature,
) -> tuple[Signed, ...]:
    found = {
        sibling.file.student.student_id: sibling.file
        for sibling in siblings_of(desk, file)
        if sibling.left_out is None
    }
    wanted = [one for one in found if one in also]
    if len(wanted) != len(set(also)):
        raise NotFound
    return tuple(
        sign_choices(desk, one, same_choices(desk, found[one], choices), signature)
        for one in wanted
    )


def _left_out(desk: FamilyDesk, file: StudentFile, other: StudentFile) -> LeftOut | None:
    of_age_on = comes_of_age_on(other.student)
    if of_age_on is not None and of_age_on <= desk.today:
        return LeftOut.OF_AGE
    standings = summary_of(desk, other).values()
    if any(standing.state is State.OFFICE for standing in standings):
        return LeftOut.OFFICE
    if may_widen(desk, other) is not may_widen(desk, file) or _is_limited(desk, other):
        return LeftOut.RIGHTS
    return None


def _is_limited(desk: FamilyDesk, file: StudentFile) -> bool:
    """Whether an order leaves this person less in one place than it does in others."""
    whole = link_of(desk, file)
    return any(link_of(desk, file, place) != whole for place in PLACES)


def _is_removed(desk: FamilyDesk, file: StudentFile) -> bool:
    link = link_of(desk, file)
    return link is None or link.rights is Rights.REMOVED
