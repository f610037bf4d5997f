"""What an import would change, in lines that a registrar can check. Students are named by id."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mediacheck.errors import BadRequest
from release_db import releases_csv, roster
from release_db.records import BiometricConsent, Release
from release_db.register import ReleaseRegister
from release_db.roster_source import read_any_roster

#: What can be imported, in the words of the form.
KINDS = {"roster": "The roster", "releases": "Releases and biometric consents"}

#: A longer list is counted, and not shown in full.
MOST_LINES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of change, and where it falls."""

    title: str
    lines: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The lines that the page has room for."""
        return self.lines[:MOST_LINES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that a file would change, and the way to change it.

    ``warning`` is empty unless so much would change that a person must confirm it. ``counts`` go
    into the audit. ``apply`` belongs to the transaction in which the difference was read.
    """

    is_empty: bool
    sections: tuple[Section, ...]
    warning: str
    counts: Mapping[str, int]
    apply: Callable[[datetime], None]

    @property
    def needs_confirmation(self) -> bool:
        """Whether a person must confirm it."""
        return bool(self.warning)

    @property
    def digest(self) -> str:
        """The same for two differences that would show the same lines, however many."""
        lines = [f"{section.title}: {line}" for section in self.sections for line in section.lines]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_difference(kind: str, register: ReleaseRegister, data: bytes, on: date) -> Difference:
    """What a file of that kind would change.

    Raises:
        ImportRefused: the file cannot be imported, with every problem in it.
        BadRequest: there is no such kind.
    """
    match kind:
        case "roster":
            return _roster_difference(register, data, on)
        case "releases":
            return _releases_difference(register, data, on)
        case _:
            raise BadRequest


def _roster_difference(register: ReleaseRegister, data: bytes, on: date) -> Difference:
    plan = roster.plan_roster(register, read_any_roster(data, register), on)
    changes = (f"{one.student_id}: {', '.join(one.fields)}" for one in plan.changed)
    warning = (
        f"{len(plan.gone)} of {plan.active_before} students ({plan.share_gone:.1%}) would be gone, "
        "and no release of theirs would count any more."
    )
    return Difference(
        is_empty=plan.is_empty,
        sections=(
            _section("New students", plan.added),
            _section("Changed students", changes),
            _section("Gone: their releases stop", plan.gone),
            _section("Back, with the releases that have not ended", plan.returned),
            _section("The school year ends on", _year_end(plan)),
            _section("New schools", (school.key for school in plan.new_schools)),
            _section("New classes", (group.key for group in plan.new_classes)),
        ),
        warning=warning if plan.needs_confirmation else "",
        counts={
            "added": len(plan.added),
            "changed": len(plan.changed),
            "gone": len(plan.gone),
        },
        apply=lambda at: roster.apply_roster(register, plan, at),
    )


def _year_end(plan: roster.RosterPlan) -> tuple[str, ...]:
    return (plan.year_ends_on.isoformat(),) if plan.year_ends_on is not None else ()


def _releases_difference(register: ReleaseRegister, data: bytes, on: date) -> Difference:
    plan = releases_csv.plan_releases(register, releases_csv.read_releases(data), on)
    warning = (
        f"{len(plan.loosened)} of {plan.refusals_before} refusals "
        f"({plan.share_loosened:.1%}) would become a yes."
    )
    return Difference(
        is_empty=plan.is_empty,
        sections=(
            _section("New decisions", map(_words_of, plan.added)),
            _section("Looser than before", map(_words_of, plan.loosened)),
            _section("Stricter than before", map(_words_of, plan.tightened)),
        ),
        warning=warning if plan.needs_confirmation else "",
        counts={"added": len(plan.added), "loosened": len(plan.loosened)},
        apply=lambda at: releases_csv.apply_releases(register, plan, at),
    )


def _section(title: str, lines: Iterable[str]) -> Section:
    return Section(title=title, lines=tuple(lines))


def _words_of(decision: Release | BiometricConsent) -> str:
    if isinstance(decision, BiometricConsent):
        return f"{decision.student_id}, face template: {decision.answer.value}"
    scope = decision.scope
    where = scope.channel or scope.audience or "every channel"
    form = f", {scope.name_form.value}" if scope.name_form else ""
    return f"{decision.student_id}, {scope.use.value} on {where}{form}: {decision.answer.value}"
