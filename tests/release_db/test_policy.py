"""Which values a policy can have; each limit is held from both sides."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from release_db.errors import UnfitPolicy
from release_db.policy import (
    DEFAULT_ZONE,
    asks_for_unnamed_work,
    require_fit_policy,
    zone_named,
    zone_of,
)
from release_db.words import SchoolKey

FIT = [
    ("recognition", "off"),
    ("recognition", "suggest"),
    ("recognition", "identify"),
    ("family_code_delivery", "office"),
    ("family_code_delivery", "address"),
    ("school_year_ends_on", "2027-06-11"),
    ("next_school_year_ends_on", "2028-06-09"),
    ("default_rule", "opt-in"),
    ("default_rule", "opt-out"),
    ("opt_out_uses", ""),
    ("opt_out_uses", "image;work"),
    ("backup_days", "0"),
    ("backup_days", "3650"),
    ("template_months", "1"),
    ("template_months", "60"),
    ("renewal_reminders", "0"),
    ("renewal_reminders", "5"),
    ("renewal_reminder_days", "7"),
    ("renewal_reminder_days", "90"),
    ("smallest_count", "3"),
    ("smallest_count", "100"),
    ("holds_visible_to", "registrar"),
    ("holds_visible_to", "registrar;administrator"),
    ("unnamed_work_needs_release", "yes"),
    ("unnamed_work_needs_release", "no"),
    ("what nobody here knows", "anything"),
]
UNFIT = [
    ("recognition", "on"),
    ("family_code_delivery", "phone"),
    ("school_year_ends_on", "11 June"),
    ("next_school_year_ends_on", "2028-02-30"),
    ("default_rule", "yes"),
    ("opt_out_uses", "image;faces"),
    ("opt_out_uses", "biometric"),
    ("backup_days", "3651"),
    ("backup_days", "-1"),
    ("template_months", "0"),
    ("template_months", "61"),
    ("template_months", "a year"),
    ("renewal_reminders", "6"),
    ("renewal_reminders", "often"),
    ("renewal_reminder_days", "6"),
    ("renewal_reminder_days", "91"),
    ("renewal_reminder_days", "soon"),
    ("smallest_count", "2"),
    ("smallest_count", "101"),
    ("smallest_count", "few"),
    ("smallest_count", "9" * 5_000),
    ("holds_visible_to", "teacher"),
    ("holds_visible_to", ""),
    ("unnamed_work_needs_release", "perhaps"),
]


class Fixed:
    """Policies that are all set to one value."""

    def __init__(self, value: str | None) -> None:
        self.value = value

    def policy_or_none(self, key: str, school: SchoolKey | None = None) -> str | None:
        return self.value


@pytest.mark.parametrize(("key", "value"), FIT)
def test_a_fit_value_passes(key: str, value: str) -> None:
    require_fit_policy(key, value)


@pytest.mark.parametrize(("key", "value"), UNFIT)
def test_an_unfit_value_is_refused_in_words_for_a_person(key: str, value: str) -> None:
    with pytest.raises(UnfitPolicy) as refused:
        require_fit_policy(key, value)

    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(("value", "is_asked"), [(None, False), ("no", False), ("yes", True)])
def test_unnamed_work_is_asked_about_only_where_the_district_says_so(
    value: str | None, is_asked: bool
) -> None:
    assert asks_for_unnamed_work(Fixed(value), SchoolKey("lincoln")) is is_asked


def test_the_zone_is_the_district_s() -> None:
    assert zone_of(Fixed("Europe/Berlin")) == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("name", [None, "", "Atlantis/Harbour", "../../etc/passwd"])
def test_without_a_zone_of_that_name_the_default_one_counts(name: str | None) -> None:
    assert zone_named(name) == ZoneInfo(DEFAULT_ZONE)
    assert zone_of(Fixed(name)) == ZoneInfo(DEFAULT_ZONE)
