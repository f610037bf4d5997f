"""Which links between guardians and students a roster would change, and to whose loss."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from release_db.records import Guardian
from release_db.roster_file import ListedGuardian, RosterRow
from release_db.words import WITHDRAWN, GuardianId, Rights, RightsBasis, StudentId


def links_of(row: RosterRow, before: Collection[Guardian]) -> tuple[Guardian, ...]:
    """The links that would change. Who is listed to sign is verified; who is not can only refuse.

    Rights that were removed stay removed: a court's order is not lifted by an export. What the
    office verified or withdrew, and a language that somebody chose, stay too.
    """
    if row.guardians is None or _is_unknown(row.guardians, before):
        return ()
    matched = _matched(_each_once(row.guardians), before)
    changed = [_as_listed(link, matched.pop(link.guardian_id, None)) for link in before]
    taken = {link.guardian_id for link in before}
    for one in (one for one in matched.values() if one.email):
        new = Guardian(
            guardian_id=_free_id(row.student.student_id, taken),
            student_id=row.student.student_id,
            email=one.email,
        )
        taken.add(new.guardian_id)
        changed.append(_as_listed(new, one))
    return tuple(link for link in changed if link not in before)


def links_of_contacts(
    contacts: Mapping[str, ListedGuardian | None], before: Collection[Guardian]
) -> tuple[Guardian, ...]:
    """The links that change because a delta tells anew of a person, and not of the student."""
    addresses = {(link.student_id, link.email.casefold()): link.guardian_id for link in before}
    changed: list[Guardian] = []
    for link in (link for link in before if link.sis_id in contacts):
        listed = contacts[link.sis_id]
        if listed is not None:
            owner = addresses.get((link.student_id, listed.email.casefold()), link.guardian_id)
            is_same = owner == link.guardian_id and _is_same_person(link, listed)
            listed = listed if is_same else None
        changed.append(_as_listed(link, listed))
    return tuple(link for link in changed if link not in before)


def turned(links: Collection[Guardian], before: Collection[Guardian], to: Rights) -> set[StudentId]:
    """The students of whom somebody on record gets those rights by these links."""
    rights = {(one.student_id, one.guardian_id): one.rights for one in before}
    return {
        link.student_id
        for link in links
        if link.rights is to and rights.get((link.student_id, link.guardian_id), to) is not to
    }


def _is_unknown(listed: Collection[ListedGuardian], before: Collection[Guardian]) -> bool:
    """Whether a delta lists somebody whom it does not tell of, and whom nobody knows."""
    known = {link.sis_id for link in before}
    return any(not one.email and one.sis_id not in known for one in listed)


def _each_once(guardians: Collection[ListedGuardian]) -> list[ListedGuardian]:
    """Those listed; of two who share an address, whoever may sign."""
    by_address: dict[str, ListedGuardian] = {}
    for one in sorted(guardians, key=lambda one: (bool(one.may_sign), one.sis_id)):
        by_address[one.email.casefold() or one.sis_id] = one
    return [one for one in guardians if by_address[one.email.casefold() or one.sis_id] is one]


def _matched(
    listed: Collection[ListedGuardian], before: Collection[Guardian]
) -> dict[GuardianId, ListedGuardian]:
    """Who is listed, by the link on record of the same person, else by an id that none has.

    An address says who somebody is; where it is new, the system's id does if the name is the same.
    """
    by_address = {link.email.casefold(): link.guardian_id for link in before}
    matched: dict[GuardianId, ListedGuardian] = {}
    others: list[ListedGuardian] = []
    for one in listed:
        if one.email.casefold() in by_address:
            matched[by_address[one.email.casefold()]] = one
        else:
            others.append(one)
    for one in others:
        free = (link for link in before if link.guardian_id not in matched)
        same = [link.guardian_id for link in free if _is_same_person(link, one)]
        matched[same[0] if same else GuardianId(f"new {one.sis_id} {one.email}")] = one
    return matched


def _is_same_person(link: Guardian, listed: ListedGuardian) -> bool:
    """Whether the system's id is of the same person: an id may be given to somebody else."""
    if not listed.sis_id or link.sis_id != listed.sis_id:
        return False
    is_same_name = link.name.casefold() == listed.name.casefold()
    return not listed.email or link.email.casefold() == listed.email.casefold() or is_same_name


def _as_listed(link: Guardian, listed: ListedGuardian | None) -> Guardian:
    if listed is None:
        is_removed = link.rights is Rights.REMOVED
        return link if is_removed else replace(link, rights=Rights.UNVERIFIED)
    if not listed.email:
        return link
    basis = _basis_of(link, listed)
    may_only_refuse = basis is RightsBasis.OTHER or link.verified_how == WITHDRAWN
    rights = Rights.UNVERIFIED if may_only_refuse else Rights.FULL
    is_same_address = link.email.casefold() == listed.email.casefold()
    return replace(
        link,
        email=link.email if is_same_address else listed.email,
        rights=Rights.REMOVED if link.rights is Rights.REMOVED else rights,
        basis=basis,
        name=listed.name or link.name,
        language=link.language or listed.language,
        sis_id=listed.sis_id or link.sis_id,
    )


def _basis_of(link: Guardian, listed: ListedGuardian) -> RightsBasis:
    """What the rights rest on; what the office verified is not for a roster to say."""
    if link.verified_how:
        return link.basis
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
