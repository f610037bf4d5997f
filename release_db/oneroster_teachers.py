"""Which teachers a OneRoster bundle tells of, and at which schools they teach.

Only the role ``teacher`` makes one, and never together with ``student``: whoever else works in a
school gets an account by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from release_db.csv_table import Row
from release_db.oneroster_bundle import Bundle
from release_db.oneroster_people import is_gone, several
from release_db.roster_file import ToldTeacher
from release_db.words import SchoolKey

_TEACHER, _STUDENT = "teacher", "student"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the files of a bundle tell of everybody: roles, and schools come to and gone from."""

    bundle: Bundle
    roles: Mapping[str, frozenset[str]]
    schools: frozenset[str]
    joined: Mapping[str, frozenset[str]]
    left: Mapping[str, frozenset[str]]


def teachers_told(
    bundle: Bundle, roles: Mapping[str, frozenset[str]], schools: Collection[str]
) -> tuple[ToldTeacher, ...]:
    """Everybody whom the bundle tells to be a teacher, or in a delta to be none any more."""
    joined, left = _schools_by_role(bundle)
    users = {row.cells["sourcedId"]: row for row in bundle.rows("users")}
    ids = {user for user, theirs in roles.items() if _TEACHER in theirs} | joined.keys()
    if bundle.is_delta:
        ids |= left.keys() | users.keys()
    told = _Told(bundle=bundle, roles=roles, schools=frozenset(schools), joined=joined, left=left)
    return tuple(_teacher_of(user, users.get(user), told) for user in sorted(ids))


def _teacher_of(user: str, row: Row | None, told: _Told) -> ToldTeacher:
    joined = told.joined.get(user, frozenset())
    roles = told.roles.get(user, frozenset())
    is_other = bool(roles) and _TEACHER not in roles
    # The older version has the schools beside the one role, always all of them.
    is_old = told.bundle.version == "1.1"
    if is_old and row is not None:
        joined = frozenset(several(row, "orgSourcedIds"))
    return ToldTeacher(
        roster_id=user[:64],
        email=row.text("email", 200) if row is not None else "",
        name=_name_of(row) if row is not None else "",
        joined=tuple(SchoolKey(one) for one in sorted(joined & told.schools)),
        left=tuple(SchoolKey(one) for one in sorted(told.left.get(user, ()))),
        has_all_schools=is_old or not told.bundle.is_delta,
        is_gone=is_other or _STUDENT in roles or (row is not None and is_gone(row)),
    )


def _schools_by_role(
    bundle: Bundle,
) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """The schools at which each user teaches, and those at which they teach no more."""
    joined: defaultdict[str, set[str]] = defaultdict(set)
    left: defaultdict[str, set[str]] = defaultdict(set)
    for row in _teaching(bundle):
        where = left if is_gone(row) else joined
        where[row.cells["userSourcedId"]].add(row.cells["orgSourcedId"])
    return (
        {user: frozenset(theirs) for user, theirs in joined.items()},
        {user: frozenset(theirs) for user, theirs in left.items()},
    )


def _teaching(bundle: Bundle) -> Iterator[Row]:
    return (row for row in bundle.rows("roles") if row.cells["role"].casefold() == _TEACHER)


def _name_of(row: Row) -> str:
    given = row.text("preferredGivenName") or row.text("givenName")
    return " ".join(filter(None, (given, row.text("familyName"))))[:200]
