"""Where those who decide for a student say different things. The stricter counts meanwhile.

What is found here is for the office to settle; nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from release_db.orders import under_orders
from release_db.records import Release, Scope, StudentFile
from release_db.standing import counting_decisions, decider_of, may_allow
from release_db.words import Answer, Capacity, NameForm, Use

_NAMING_USES = frozenset({Use.NAME, Use.IMAGE_WITH_NAME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A live yes and a live no (or an ask) about something that both cover."""

    allow: Release
    refusal: Release

    @property
    def key(self) -> str:
        """The same for the same two decisions."""
        return f"{self.allow.release_id}:{self.refusal.release_id}"


def sis_disagreements(file: StudentFile, on: date) -> tuple[Disagreement, ...]:
    """Where the student information system and the family say different things."""
    return tuple(
        pair
        for pair in _pairs(file, on)
        if (pair.allow.capacity is Capacity.SIS) != (pair.refusal.capacity is Capacity.SIS)
    )


def guardian_differences(file: StudentFile, on: date) -> tuple[Disagreement, ...]:
    """Where one guardian allows what another, whose rights nobody removed, refuses."""
    return tuple(
        pair
        for pair in _pairs(file, on)
        if pair.allow.capacity is pair.refusal.capacity is Capacity.GUARDIAN
        and decider_of(pair.allow, file) != decider_of(pair.refusal, file)
    )


def _pairs(file: StudentFile, on: date) -> Iterable[Disagreement]:
    for allow in counting_decisions(file.releases, file, on):
        if allow.answer is not Answer.ALLOW:
            continue
        reduced = under_orders(file, on, use=allow.scope.use, audience=allow.scope.audience)
        if not may_allow(allow, reduced):
            continue
        for refusal in counting_decisions(file.releases, reduced, on):
            if refusal.answer is not Answer.ALLOW and _overlap(allow.scope, refusal.scope):
                yield Disagreement(allow=allow, refusal=refusal)


def _overlap(one: Scope, other: Scope) -> bool:
    """Whether there may be an appearance that both are about.

    A channel and an audience may meet, since which audience a channel has is not known here.
    """
    if one.use is not other.use:
        return False
    if one.use in _NAMING_USES and not _forms_meet(one.name_form, other.name_form):
        return False
    is_apart_by_channel = None not in {one.channel, other.channel} and one.channel != other.channel
    is_apart_by_audience = (
        None not in {one.audience, other.audience} and one.audience is not other.audience
    )
    return not (is_apart_by_channel or is_apart_by_audience)


def _forms_meet(allowed: NameForm | None, refused: NameForm | None) -> bool:
    """Whether something that is allowed shows as much of the name as what is refused."""
    return allowed is None or refused is None or allowed.covers(refused)
