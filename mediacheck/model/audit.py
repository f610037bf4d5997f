"""The closed vocabulary of the audit, and one entry of the chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """Everything that is recorded, as subject:action."""

    DISTRICT_CREATED = "district:created"
    CLOCK_ACCEPTED = "clock:accepted"
    ROSTER_IMPORTED = "roster:imported"
    TEACHERS_IMPORTED = "teachers:imported"
    RELEASES_IMPORTED = "releases:imported"
    DELIVERIES_IMPORTED = "deliveries:imported"
    STANDING_CHANGED = "student:standing-changed"
    SIS_CODES_IMPORTED = "sis-codes:imported"
    IMPORT_REFUSED = "import:refused"
    STUDENT_ENROLLED = "student:enrolled"
    ENROLMENT_REFUSED = "student:enrolment-refused"
    PORTRAITS_BROUGHT = "portraits:brought"
    PORTRAITS_OFFERED = "portraits:asked-of-posts"
    PORTRAITS_ACCEPTED = "portraits:accepted"
    PORTRAITS_DROPPED = "portraits:dropped"
    REFERENCE_FROM_POST = "reference:taken-from-post"
    REFERENCE_WITHDRAWN = "reference:withdrawn"
    TEMPLATES_DESTROYED = "student:templates-destroyed"
    GALLERY_REKEYED = "gallery:rekeyed"
    GALLERY_KEYS_DESTROYED = "gallery:old-keys-destroyed"
    HOLD_PLACED = "hold:placed"
    HOLD_LIFTED = "hold:lifted"
    GUARDIAN_VERIFIED = "guardian:verified"
    VERIFICATION_WITHDRAWN = "guardian:verification-withdrawn"
    ORDER_RECORDED = "order:recorded"
    RIGHTS_GIVEN_BACK = "guardian:rights-given-back"
    REVIEWED = "review:recorded"
    ORDER_ENDED = "order:ended"
    DISAGREEMENT_SETTLED = "disagreement:settled"
    PAPER_ENTERED = "paper:entered"
    PROPOSAL_MADE = "proposal:made"
    PROPOSAL_DECIDED = "proposal:decided"
    RELEASES_SIGNED = "releases:signed"
    BIOMETRIC_SIGNED = "biometric:signed"
    FAMILY_REQUESTED = "family:requested"
    FAMILY_ANSWERED = "family:answered"
    STUDENT_ERASED = "student:erased"
    CAME_OF_AGE = "student:came-of-age"
    ADDRESS_RECORDED = "student:address-recorded"
    ROUND_OPENED = "round:opened"
    ROUND_MAILED = "round:mailed"
    NOTICE_PUBLISHED = "notice:published"
    EVIDENCE_ASKED = "evidence:asked"
    EVIDENCE_MEASURED = "evidence:measured"
    EVIDENCE_FAILED = "evidence:failed"
    CHANNEL_ADDED = "channel:added"
    CHANNEL_CHANGED = "channel:changed"
    POLICY_SET = "policy:set"
    ACCOUNT_CREATED = "account:created"
    ACCOUNT_CHANGED = "account:changed"
    PASSWORD_SET = "account:password-set"  # noqa: S105 - an event's name
    SET_UP_CODE_ISSUED = "account:set-up-code-issued"
    SIGNED_IN = "session:opened"
    SIGN_IN_FAILED = "session:refused"
    SIGNED_OUT = "session:closed"
    IDENTITY_TIED = "account:identity-tied"
    IDENTITY_UNTIED = "account:identity-untied"
    FAMILY_INVITED = "family:invited"
    FAMILY_CODE_ISSUED = "family:code-issued"
    FAMILY_SET_UP = "family:set-up"
    FAMILY_SIGNED_IN = "family:session-opened"
    FAMILY_ACCOUNT_CHANGED = "family:account-changed"
    FAMILY_LINK_ASKED = "family:link-asked"
    MAIL_SENT = "mail:sent"
    MAIL_BOUNCED = "mail:bounced"
    MAIL_SENT_AGAIN = "mail:sent-again"
    POST_CREATED = "post:created"
    POST_WORDS_CHANGED = "post:words-changed"
    POST_CHECKED = "post:checked"
    MEDIA_UPLOADED = "media:uploaded"
    MEDIA_REFUSED = "media:refused"
    MEDIA_CHECKED = "media:checked"
    MEDIA_FAILED = "media:failed"
    MEDIA_FITTED = "media:fitted"
    MEDIA_REMOVED = "media:removed"
    FINDING_RESOLVED = "finding:resolved"
    WORD_REMEMBERED = "word:remembered"
    WORD_TAKEN_BACK = "word:taken-back"
    WORK_CREDITED = "work:credited"
    FINDING_DRAWN = "finding:drawn"
    REGION_COVERED = "region:covered"
    REGION_UNCOVERED = "region:uncovered"
    VERDICT_REACHED = "verdict:reached"
    CLEARANCE_GIVEN = "clearance:given"
    CLEARANCE_VOID = "clearance:void"
    PACKAGE_DOWNLOADED = "package:downloaded"
    PUBLICATION_KEPT = "publication:kept"
    ACCOUNT_LINKED = "connection:linked"
    ACCOUNT_CONFIRMED = "connection:confirmed"
    ACCOUNT_ASKED_AGAIN = "connection:asked-again"
    ACCOUNT_BROKEN = "connection:broken"
    ACCOUNT_UNLINKED = "connection:unlinked"
    PUBLISHING_ASKED = "publishing:asked"
    PUBLISHING_RESCHEDULED = "publishing:rescheduled"
    PUBLISHING_APPROVED = "publishing:approved"
    PUBLISHING_BEGUN = "publishing:begun"
    PUBLISHING_LOOKED = "publishing:looked"
    PUBLISHED = "publishing:published"
    POSTED_BY_HAND = "publishing:posted-by-hand"
    PUBLISHING_ENDED = "publishing:ended"
    REMOVAL_ASKED = "removal:asked"
    REMOVAL_ENDED = "removal:ended"
    TIMELINE_FOUND = "timeline:found"
    TIMELINE_ASKED = "timeline:check-asked"
    TIMELINE_SETTLED = "timeline:settled"
    LEDGER_READ = "ledger:read"
    ARCHIVE_ASKED = "archive:asked"
    ARCHIVE_SWEPT = "archive:swept"
    FAMILIES_ASKED = "picture:families-asked"
    PICTURE_ANSWERED = "picture:answered"
    TAKEDOWN_OPENED = "takedown:opened"
    TAKEDOWN_ASSIGNED = "takedown:assigned"
    TAKEDOWN_OVERDUE = "takedown:overdue"
    TAKEDOWN_STEP = "takedown:step"
    SENT_TO_OFFICE = "review:sent-to-office"
    TAKEN_BACK = "review:taken-back"
    SENT_BACK = "review:sent-back"
    REVIEW_CLEARED = "review:cleared"
    AUDIT_VERIFIED = "audit:verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One entry: ``mac`` is a keyed hash over this entry and the ``mac`` of the one before.

    ``details`` is canonical JSON; ids, counts and hashes only.
    """

    number: int
    at: datetime
    event: str
    actor: str
    subject: str
    details: str
    previous_mac: str
    mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainProblem:
    """Something in the chain that does not fit, at or just before that entry."""

    number: int
    words: str

    def __str__(self) -> str:
        """The problem in one line."""
        return f"entry {self.number}: {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What a walk over the whole chain found. ``head`` is the newest entry's ``mac``."""

    entries: int
    head: str
    problems: tuple[ChainProblem, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether everything fits."""
        return not self.problems
