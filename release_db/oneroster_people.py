"""Who the people of a OneRoster bundle are: their roles, and the guardians among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from release_db.csv_table import Row
from release_db.languages import language_of
from release_db.oneroster_bundle import LANGUAGE_COLUMNS, Bundle
from release_db.roster_file import ListedGuardian

_GONE = "tobedeleted"

#: Who of a student's agents may sign, and who may only restrict. Whoever else is listed as one (an
#: aide, a counsellor, a proctor) is none of the family.
_SIGNING_ROLES = frozenset({"guardian", "parent"})
_FAMILY_ROLES = _SIGNING_ROLES | {"relative"}


def is_gone(row: Row) -> bool:
    """Whether the row takes back what it tells."""
    return row.cells["status"].casefold() == _GONE


def several(row: Row, column: str) -> tuple[str, ...]:
    """The values of a cell that holds several, each once."""
    values = (value.strip() for value in row.cells[column].split(","))
    return tuple(dict.fromkeys(value for value in values if value))


def roles_of(bundle: Bundle) -> Mapping[str, frozenset[str]]:
    """The roles that each user has not lost; a user of whose roles nothing is told is not in it."""
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for row in bundle.rows("roles"):
        theirs = roles[row.cells["userSourcedId"]]
        if not is_gone(row):
            theirs.add(row.cells["role"].casefold())
    if bundle.version == "1.1":
        for row in bundle.rows("users"):
            roles[row.cells["sourcedId"]].add(row.cells["role"].casefold())
    return {user: frozenset(theirs) for user, theirs in roles.items()}


def guardians_told(
    bundle: Bundle, roles: Mapping[str, frozenset[str]]
) -> dict[str, ListedGuardian | None]:
    """Every user of whom the bundle says whether they are a guardian, and None for whoever is not.

    A delta may change a user and leave their roles untold.
    """
    profiles = _languages_by_profile(bundle)
    told: dict[str, ListedGuardian | None] = {}
    for row in bundle.rows("users"):
        user = row.cells["sourcedId"]
        if user in roles or is_gone(row) or not bundle.is_delta:
            theirs = frozenset() if is_gone(row) else roles.get(user, frozenset())
            told[user] = _guardian_or_none(row, theirs, profiles.get(user, ""))
    return told


def _guardian_or_none(row: Row, roles: frozenset[str], language: str) -> ListedGuardian | None:
    email = row.text("email", 320)
    if not email or not roles & _FAMILY_ROLES:
        return None
    name = " ".join(filter(None, (row.text("givenName"), row.text("familyName"))))
    return ListedGuardian(
        email=email,
        sis_id=row.text("sourcedId", 100),
        name=name[:200],
        language=_language_of(row) or language,
        may_sign=bool(roles & _SIGNING_ROLES),
    )


def _languages_by_profile(bundle: Bundle) -> dict[str, str]:
    """The language that a profile of a user names; of several, the first of the file."""
    found: dict[str, str] = {}
    for row in bundle.rows("userProfiles"):
        language = "" if is_gone(row) else _language_of(row)
        if language:
            found.setdefault(row.cells["userSourcedId"], language)
    return found


def _language_of(row: Row) -> str:
    words = (row.cells[column] for column in LANGUAGE_COLUMNS)
    return next((tag for tag in map(language_of, words) if tag), "")
