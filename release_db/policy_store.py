"""Policies as they hold: what is set, under what the district's profile forbids."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from release_db import store
from release_db.destruction import BACKUP_DAYS_KEY
from release_db.errors import UnfitPolicy
from release_db.expiry import TEMPLATE_MONTHS_KEY
from release_db.jurisdictions import (
    JURISDICTION_KEY,
    Profile,
    ReadPolicy,
    is_recognition_forbidden,
    profile_named,
    profile_of,
    require_allowed,
)
from release_db.policy import require_fit_policy
from release_db.recognition import OFF, RECOGNITION_KEY, is_forbidden, recognition_at
from release_db.records import DestructionRecord
from release_db.retention import (
    RECOGNITION_IS_OFF,
    destroy_lapsed,
    destroy_of_schools,
    shorten_template_lives,
)
from release_db.schema import PolicyRow
from release_db.words import DefaultRule, SchoolKey


def policy_in_force(session: Session, key: str, school: SchoolKey | None) -> str | None:
    """The school's own value, else the district's, else None; recognition is off where forbidden.

    A profile that cannot be read forbids recognition.
    """
    if key == RECOGNITION_KEY and is_forbidden(session):
        return OFF
    return store.policy_or_none(session, key, school)


def set_policy(
    session: Session, key: str, value: str, *, school: SchoolKey | None, by: str, at: datetime
) -> tuple[DestructionRecord, ...]:
    """Sets a policy, applies a profile that is chosen, and destroys what may not be held any more.

    Raises:
        UnfitPolicy: that policy cannot have that value, or the profile forbids it.
    """
    read = _reader(session)
    require_fit_policy(key, value)
    if key == JURISDICTION_KEY:
        _require_district(school)
        profile = profile_named(value)
    else:
        profile = profile_of(read)
        require_allowed(profile, key, value, read)
    _keep(session, key, value, school, by=by, at=at)
    if key == JURISDICTION_KEY:
        _apply(session, profile, by, at)
    destroyed = _destroy_where_off(session, by, at)
    if key != TEMPLATE_MONTHS_KEY:
        return destroyed
    shorten_template_lives(session)
    return destroyed + destroy_lapsed(session, None, by=by, at=at)


def _require_district(school: SchoolKey | None) -> None:
    if school is not None:
        raise UnfitPolicy("The profile is the whole district's; a school cannot have its own.")


def _apply(session: Session, profile: Profile, by: str, at: datetime) -> None:
    """Writes down what the profile demands wherever something else is set."""
    read = _reader(session)
    demanded: dict[str, str] = {}
    if is_recognition_forbidden(profile, read):
        demanded[RECOGNITION_KEY] = OFF
    if profile.forbids_opt_out:
        demanded |= {"default_rule": DefaultRule.OPT_IN.value, "opt_out_uses": ""}
    for key, value in demanded.items():
        for school in (None, *(one.key for one in store.all_schools(session))):
            if store.policy_or_none(session, key, school) != value:
                _keep(session, key, value, school, by=by, at=at)
    days, kept = profile.destroy_within_days, store.policy_or_none(session, BACKUP_DAYS_KEY, None)
    if days is not None and (kept is None or int(kept) > days):
        _keep(session, BACKUP_DAYS_KEY, str(days), None, by=by, at=at)


def _destroy_where_off(session: Session, by: str, at: datetime) -> tuple[DestructionRecord, ...]:
    off = [
        school.key
        for school in store.all_schools(session)
        if recognition_at(session, school.key) == OFF
    ]
    return destroy_of_schools(session, off, why=RECOGNITION_IS_OFF, by=by, at=at)


def _reader(session: Session) -> ReadPolicy:
    return lambda key: store.policy_or_none(session, key, None)


def _keep(
    session: Session, key: str, value: str, school: SchoolKey | None, *, by: str, at: datetime
) -> None:
    session.add(PolicyRow(key=key, school=school, value=value, set_by=by, set_at=at))
    session.flush()
