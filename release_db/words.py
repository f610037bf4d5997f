"""The vocabulary of the release register: its ids and its closed choices."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

StudentId = NewType("StudentId", str)
GuardianId = NewType("GuardianId", str)
ReleaseId = NewType("ReleaseId", str)
HoldId = NewType("HoldId", str)
ChannelKey = NewType("ChannelKey", str)
SchoolKey = NewType("SchoolKey", str)
ClassKey = NewType("ClassKey", str)
OrderId = NewType("OrderId", str)
NoticeId = NewType("NoticeId", str)
DeliveryId = NewType("DeliveryId", str)
ItemConsentId = NewType("ItemConsentId", str)
PresetKey = NewType("PresetKey", str)
ProposalId = NewType("ProposalId", str)

#: What was signed in one go: the decisions of one signature share it.
ActId = NewType("ActId", str)
#: The id of anything that a permission can rest on: a release, an answer for one item, a notice.
Ground = NewType("Ground", str)


#: Stands for who decided, once the student has been erased: it refuses still, and grants nothing.
ERASED = "erased"


#: Stands for how somebody was verified, once the office has withdrawn it: no import gives it back.
WITHDRAWN = "withdrawn"


class Use(StrEnum):
    """What of a student a post uses. Each needs a release of its own."""

    IMAGE = "image"
    NAME = "name"
    IMAGE_WITH_NAME = "image+name"
    WORK = "work"
    VOICE = "voice"


class NameForm(StrEnum):
    """How much of a name is shown, from nothing to all of it."""

    NONE = "none"
    INITIALS = "initials"
    FIRST = "first"
    FIRST_INITIAL = "first+initial"
    FULL = "full"

    def covers(self, other: NameForm) -> bool:
        """Whether showing ``other`` shows nothing that ``self`` does not already allow.

        A partial order: ``first`` does not cover ``initials`` (they tell the family initial).
        """
        return other in _COVERED_FORMS[self]

    def joined(self, other: NameForm) -> NameForm:
        """The shortest form that shows what both show."""
        both = [form for form in NameForm if form.covers(self) and form.covers(other)]
        return min(both, key=lambda form: len(_COVERED_FORMS[form]))


_COVERED_FORMS: dict[NameForm, frozenset[NameForm]] = {
    NameForm.NONE: frozenset({NameForm.NONE}),
    NameForm.INITIALS: frozenset({NameForm.NONE, NameForm.INITIALS}),
    NameForm.FIRST: frozenset({NameForm.NONE, NameForm.FIRST}),
    NameForm.FIRST_INITIAL: frozenset(
        {NameForm.NONE, NameForm.INITIALS, NameForm.FIRST, NameForm.FIRST_INITIAL}
    ),
    NameForm.FULL: frozenset(NameForm),
}


class Answer(StrEnum):
    """What a release says. ``ASK`` refuses until this one item has been answered."""

    ALLOW = "allow"
    DENY = "deny"
    ASK = "ask"


class Audience(StrEnum):
    """Who can see a channel; a release may name a group of channels by it."""

    HOUSEHOLD = "household"
    CLASS = "class"
    SCHOOL = "school"
    DISTRICT = "district"
    PUBLIC_WEB = "public-web"
    SOCIAL = "social"
    PRINT = "print"
    PRESS = "press"


class Capacity(StrEnum):
    """In what right somebody decided."""

    GUARDIAN = "guardian"
    STUDENT = "student"
    OFFICE = "office"
    SIS = "sis"


class Rights(StrEnum):
    """What a guardian may decide for a student."""

    FULL = "full"
    UNVERIFIED = "unverified"
    REMOVED = "removed"


class StudentStatus(StrEnum):
    """Where a student stands in the roster. A departed student has no live release."""

    ACTIVE = "active"
    DEPARTED = "departed"


class RightsBasis(StrEnum):
    """What a guardian's rights rest on. ``OTHER``: a relative or contact without any."""

    PARENT = "parent"
    LEGAL_GUARDIAN = "legal-guardian"
    RIGHTS_HOLDER = "rights-holder"
    AGENCY = "agency"
    OTHER = "other"


class OrderEffect(StrEnum):
    """What a court's order, or an agency's, does to who may decide.

    ``REMOVES_RIGHTS``: its guardian neither allows nor denies. ``SOLE_RIGHTS``: every other
    guardian neither allows nor denies. ``RIGHTS_HOLDER_ONLY``: whoever is not the recorded
    educational rights holder or agency may only restrict, the office and the student information
    system too.
    """

    REMOVES_RIGHTS = "removes-rights"
    SOLE_RIGHTS = "sole-rights"
    RIGHTS_HOLDER_ONLY = "rights-holder-only"


class NoticeKind(StrEnum):
    """What a notice is about. The biometric one is never part of another."""

    RELEASE = "release"
    BIOMETRIC = "biometric"


class DefaultRule(StrEnum):
    """What no record means: no, or yes after a notice that was proven and has run its time."""

    OPT_IN = "opt-in"
    OPT_OUT = "opt-out"
