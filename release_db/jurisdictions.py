"""What some laws ask of the settings, as dated data: a profile forbids, it never permits.

A profile is a reading of the law by whoever reviewed it, on that day. It is no legal advice, and
the doctor warns when nobody has looked for a year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from release_db.errors import UnfitPolicy
from release_db.words import DefaultRule

#: The policy that names the district's profile.
JURISDICTION_KEY = "jurisdiction"
#: After that many days somebody should look at the law again.
REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one jurisdiction forbids.

    ``recognition_needs``: policies without which recognition stays off. ``destroy_within_days``:
    no copy, in a backup neither, may be left after so many days.
    """

    key: str
    name: str
    words: str
    source: str
    reviewed_on: date
    forbids_recognition: bool = False
    recognition_needs: tuple[str, ...] = ()
    forbids_opt_out: bool = False
    destroy_within_days: int | None = None


_REVIEWED_ON = date(2026, 11, 24)

PROFILES = (
    Profile(
        key="none",
        name="No profile",
        words="Nothing is forbidden beyond the tool's own rules.",
        source="",
        reviewed_on=_REVIEWED_ON,
    ),
    Profile(
        key="IL",
        name="Illinois",
        words="Face templates are destroyed within 30 days, in backups too. They end with the "
        "consent and when the student leaves, and serve nothing but the check of posts.",
        source="105 ILCS 5/10-20.40 and 5/34-18.34",
        reviewed_on=_REVIEWED_ON,
        destroy_within_days=30,
    ),
    Profile(
        key="NY",
        name="New York",
        words="Face recognition stays off, and no face template is held.",
        source="New York State Technology Law 106-b",
        reviewed_on=_REVIEWED_ON,
        forbids_recognition=True,
    ),
    Profile(
        key="CO",
        name="Colorado",
        words="Face recognition stays off until the district's policy document and the roles that "
        "may use it are named.",
        source="Colorado SB 22-113 and SB 25-143",
        reviewed_on=_REVIEWED_ON,
        recognition_needs=("co_policy_document", "co_named_roles"),
    ),
    Profile(
        key="CA",
        name="California",
        words="Nothing is forbidden beyond the tool's own rules, which ask for consent first.",
        source="California Education Code 49073 and 49073.1",
        reviewed_on=_REVIEWED_ON,
    ),
    Profile(
        key="UK",
        name="United Kingdom",
        words="Silence is never a yes: nothing may be allowed by opt-out. A face template needs "
        "one parent's consent and no parent's objection, and the student's own no decides.",
        source="Protection of Freedoms Act 2012, sections 26 and 27; UK GDPR",
        reviewed_on=_REVIEWED_ON,
        forbids_opt_out=True,
    ),
)

_BY_KEY = {profile.key: profile for profile in PROFILES}

#: Reads a policy of the district.
ReadPolicy = Callable[[str], str | None]


def profile_of(read: ReadPolicy) -> Profile:
    """The profile that the district chose; without a choice, the one that forbids nothing."""
    return profile_named(read(JURISDICTION_KEY) or "none")


def profile_named(key: str) -> Profile:
    """The profile with that key.

    Raises:
        UnfitPolicy: there is none.
    """
    if key not in _BY_KEY:
        raise UnfitPolicy(f"The profile is one of {', '.join(_BY_KEY)}.")
    return _BY_KEY[key]


def is_recognition_forbidden(profile: Profile, read: ReadPolicy) -> bool:
    """Whether recognition must be off, as the policies that it needs stand."""
    return profile.forbids_recognition or not all(read(key) for key in profile.recognition_needs)


def is_review_due(profile: Profile, today: date) -> bool:
    """Whether nobody has looked at this profile's law for a year."""
    return today - profile.reviewed_on > REVIEW_AFTER


def require_allowed(profile: Profile, key: str, value: str, read: ReadPolicy) -> None:
    """Passes a policy value that the profile does not forbid.

    Raises:
        UnfitPolicy: it does, in words for a person.
    """
    if key == "recognition" and value != "off" and is_recognition_forbidden(profile, read):
        raise UnfitPolicy(f"The profile {profile.name} keeps recognition off. {profile.words}")
    is_opt_out = (key == "default_rule" and value != DefaultRule.OPT_IN) or (
        key == "opt_out_uses" and bool(value)
    )
    if profile.forbids_opt_out and is_opt_out:
        raise UnfitPolicy(f"The profile {profile.name} forbids opt-out. {profile.words}")
    days = profile.destroy_within_days
    if key == "backup_days" and days is not None and int(value) > days:
        raise UnfitPolicy(f"The profile {profile.name} allows at most {days} days of backups.")
