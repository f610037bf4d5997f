"""The policies that the register itself knows: which values they can have, and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from release_db.errors import UnfitPolicy
from release_db.words import DefaultRule, SchoolKey, Use

DEFAULT_ZONE = "America/Los_Angeles"

#: The policy that names the roles which see holds, with ; between them, and the roles that may.
HOLDS_VISIBLE_KEY = "holds_visible_to"
HOLD_VIEWERS = ("registrar", "administrator")

#: Whether work without a visible name needs a release too: "yes", or "no" where nothing is set.
UNNAMED_WORK_KEY = "unnamed_work_needs_release"
_YES_OR_NO = ("yes", "no")

_LONGEST_BACKUP_DAYS = 3_650
_LONGEST_TEMPLATE_MONTHS = 60
_MOST_REMINDERS = 5
_SHORTEST_REMINDER_DAYS = 7
_LONGEST_REMINDER_DAYS = 90
#: A count of one or two tells of a student whom everybody can name.
_FEWEST_COUNTED = 3
_MOST_COUNTED = 100
_RECOGNITION_VALUES = ("off", "suggest", "identify")
_CODE_DELIVERIES = ("office", "address")


class Policies(Protocol):
    """Where a policy's value is read; ``ReleaseRegister`` is one."""

    def policy_or_none(self, key: str, school: SchoolKey | None = None) -> str | None:
        """The school's own value, else the district's, else None."""
        ...


def zone_of(policies: Policies) -> ZoneInfo:
    """The district's time zone: releases end and holds begin by its days."""
    return zone_named(policies.policy_or_none("time_zone"))


def zone_named(name: str | None) -> ZoneInfo:
    """The zone of that name; the default one where there is none, or none such."""
    try:
        return ZoneInfo(name or DEFAULT_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_ZONE)


def asks_for_unnamed_work(policies: Policies, school: SchoolKey | None) -> bool:
    """Whether the district, or the school, asks for a work release where no name can be seen."""
    return policies.policy_or_none(UNNAMED_WORK_KEY, school) == "yes"


def require_fit_policy(key: str, value: str) -> None:
    """Passes a value that the policy can have; a policy that is not known here can have any.

    Raises:
        UnfitPolicy: it cannot have that value, in words for a person.
    """
    check = _CHECKS.get(key)
    if check is not None:
        check(value)


def _is_number(value: str, least: int, most: int) -> bool:
    """Whether the text is a whole number within these bounds; a very long one is not even read."""
    return value.isdecimal() and len(value) <= len(str(most)) and least <= int(value) <= most


def _recognition(value: str) -> None:
    if value not in _RECOGNITION_VALUES:
        raise UnfitPolicy(f"Recognition is one of {', '.join(_RECOGNITION_VALUES)}.")


def _year_end(value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise UnfitPolicy("Write the last day of the school year as YYYY-MM-DD.") from error


def _default_rule(value: str) -> None:
    if value not in set(DefaultRule):
        raise UnfitPolicy(f"The default rule is one of {', '.join(DefaultRule)}.")


def _opt_out_uses(value: str) -> None:
    if any(word not in set(Use) for word in value.split(";") if word):
        raise UnfitPolicy(f"Write uses with ; between them: {', '.join(Use)}.")


def _backup_days(value: str) -> None:
    if not _is_number(value, 0, _LONGEST_BACKUP_DAYS):
        raise UnfitPolicy("Write for how many days backups are kept, as a number up to 3650.")


def _template_months(value: str) -> None:
    if not _is_number(value, 1, _LONGEST_TEMPLATE_MONTHS):
        raise UnfitPolicy("Write for how many months a template is held, from 1 to 60.")


def _code_delivery(value: str) -> None:
    if value not in _CODE_DELIVERIES:
        raise UnfitPolicy(f"A family's one-time code comes by {' or '.join(_CODE_DELIVERIES)}.")


def _reminders(value: str) -> None:
    if not _is_number(value, 0, _MOST_REMINDERS):
        raise UnfitPolicy("Write how often a family may be reminded, from 0 to 5 times.")


def _reminder_days(value: str) -> None:
    if not _is_number(value, _SHORTEST_REMINDER_DAYS, _LONGEST_REMINDER_DAYS):
        raise UnfitPolicy("Write how many days lie between two reminders, from 7 to 90.")


def _smallest_count(value: str) -> None:
    if not _is_number(value, _FEWEST_COUNTED, _MOST_COUNTED):
        raise UnfitPolicy("Write the smallest count that is shown, from 3 to 100.")


def _hold_viewers(value: str) -> None:
    named = value.split(";")
    if not set(named) <= set(HOLD_VIEWERS):
        raise UnfitPolicy(f"Holds are seen by {' or '.join(HOLD_VIEWERS)}, with ; between them.")


def _unnamed_work(value: str) -> None:
    if value not in _YES_OR_NO:
        raise UnfitPolicy("Work without a name needs a release: yes or no.")


_CHECKS: dict[str, Callable[[str], None]] = {
    "recognition": _recognition,
    "family_code_delivery": _code_delivery,
    "school_year_ends_on": _year_end,
    "default_rule": _default_rule,
    "opt_out_uses": _opt_out_uses,
    "backup_days": _backup_days,
    "template_months": _template_months,
    "next_school_year_ends_on": _year_end,
    "renewal_reminders": _reminders,
    "renewal_reminder_days": _reminder_days,
    "smallest_count": _smallest_count,
    HOLDS_VISIBLE_KEY: _hold_viewers,
    UNNAMED_WORK_KEY: _unnamed_work,
}
