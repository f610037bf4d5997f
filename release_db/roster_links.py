"""Which links between guardians and students a roster would change, and to whose loss."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from release_db.records import Guardian
from release_db.roster_file import ListedGuardian, RosterRow
from release_db.words import WITHDRAWN, GuardianId, Rights, RightsBasis, StudentId


def links_of(row: RosterRow, before: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """The links that would change. Who is listed to sign is verified; who is not can only refuse.

    Rights that were removed stay removed: a court's order is not lifted by an export. What the
    office verified or withdrew, and a language that somebody chose, stay too.
    """
    if row.guardians is None:
        return ()
    listed = _by_address(row.guardians)
    known = {link.email.casefold(): link for link in before}
    changed = [_as_listed(link, listed.get(key)) for key, link in known.items()]
    taken = {link.guardian_id for link in before}
    for one in (one for key, one in listed.items() if key not in known):
        new = Guardian(
            guardian_id=_free_id(row.student.student_id, taken),
            student_id=row.student.student_id,
            email=one.email,
        )
        taken.add(new.guardian_id)
        changed.append(_as_listed(new, one))
    return tuple(link for link in changed if link not in before)


def turned(links: Collection[Guardian], before: Collection[Guardian], to: Rights) -> set[StudentId]:
    """The students of whom somebody on record gets those rights by these links."""
    rights = {(one.student_id, one.guardian_id): one.rights for one in before}
    return {
        link.student_id
        for link in links
        if link.rights is to and rights.get((link.student_id, link.guardian_id), to) is not to
    }


def _by_address(guardians: Collection[ListedGuardian]) -> dict[str, ListedGuardian]:
    """Those listed, by address; of two who share one, whoever may sign."""
    listed: dict[str, ListedGuardian] = {}
    for one in sorted(guardians, key=lambda guardian: bool(guardian.may_sign)):
        listed[one.email.casefold()] = one
    return {one.email.casefold(): listed[one.email.casefold()] for one in guardians}


def _as_listed(link: Guardian, listed: ListedGuardian | None) -> Guardian:
    if listed is None:
        is_removed = link.rights is Rights.REMOVED
        return link if is_removed else replace(link, rights=Rights.UNVERIFIED)
    basis = link.basis
    if not link.verified_how:
        basis = _basis_of(link, listed)
    may_only_refuse = basis is RightsBasis.OTHER or link.verified_how == WITHDRAWN
    rights = Rights.UNVERIFIED if may_only_refuse else Rights.FULL
    return replace(
        link,
        rights=Rights.REMOVED if link.rights is Rights.REMOVED else rights,
        basis=basis,
        name=listed.name or link.name,
        language=link.language or listed.language,
    )


def _basis_of(link: Guardian, listed: ListedGuardian) -> RightsBasis:
    match listed.may_sign:
        case None:
            return link.basis
        case False:
            return RightsBasis.OTHER
        case True:
            return RightsBasis.PARENT if link.basis is RightsBasis.OTHER else link.basis


def _free_id(student_id: StudentId, taken: Collection[GuardianId]) -> GuardianId:
    number = len(taken) + 1
    while GuardianId(f"{student_id}-g{number}") in taken:
        number += 1
    return GuardianId(f"{student_id}-g{number}")
