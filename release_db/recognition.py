"""How far recognition goes at a school: off, until somebody has switched it on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from release_db import store
from release_db.errors import UnfitPolicy
from release_db.jurisdictions import is_recognition_forbidden, profile_of
from release_db.words import SchoolKey

#: The policy, and its value where nobody has set one.
RECOGNITION_KEY = "recognition"
OFF = "off"


def is_forbidden(session: Session) -> bool:
    """Whether the district's profile forbids recognition; one that cannot be read does."""

    def read(key: str) -> str | None:
        return store.policy_or_none(session, key, None)

    try:
        return is_recognition_forbidden(profile_of(read), read)
    except UnfitPolicy:
        return True


def recognition_at(session: Session, school: SchoolKey | None) -> str:
    """The school's own value, else the district's, else off; off wherever a profile forbids it."""
    if is_forbidden(session):
        return OFF
    return store.policy_or_none(session, RECOGNITION_KEY, school) or OFF
