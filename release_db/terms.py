"""What stands around a release: orders, notices, answers for one item, policy, presets, proposals.

Frozen and pure, like ``records``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from release_db.words import (
    ActId,
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    DefaultRule,
    DeliveryId,
    GuardianId,
    ItemConsentId,
    NameForm,
    NoticeId,
    NoticeKind,
    OrderEffect,
    OrderId,
    PresetKey,
    ProposalId,
    StudentId,
    Use,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtOrder:
    """A court's order, or an agency's, on who may decide for a student. Append-only.

    ``guardian_id`` names whom it is about; ``RIGHTS_HOLDER_ONLY`` names nobody. ``uses`` empty:
    every use, and biometric consent too; ``audience`` None: every audience.
    """

    order_id: OrderId
    student_id: StudentId
    effect: OrderEffect
    guardian_id: GuardianId | None = None
    uses: tuple[Use, ...] = ()
    audience: Audience | None = None
    starts_on: date
    ends_on: date | None = None
    review_on: date | None = None
    reference: str = ""
    recorded_by: str = ""
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemConsent:
    """An answer for one picture or work on one channel. Append-only.

    ``item`` is the SHA-256 of the upload that the family was shown; ``channel`` where it goes.
    """

    item_consent_id: ItemConsentId
    student_id: StudentId
    item: str
    channel: ChannelKey
    use: Use
    name_form: NameForm = NameForm.NONE
    answer: Answer
    capacity: Capacity
    decided_by: str
    method: str
    evidence: str = ""
    given_on: date
    recorded_at: datetime
    ends_on: date | None = None
    act: ActId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One version of a notice in one language, as it was approved. Append-only.

    ``sha256`` is that of the title, a line feed and the body, in UTF-8. Families read the body as
    paragraphs parted by blank lines.
    """

    notice_id: NoticeId
    version: int
    language: str
    kind: NoticeKind
    title: str
    body: str
    sha256: str
    effective_on: date
    approved_by: str
    recorded_at: datetime
    is_machine_translation: bool = False

    @property
    def reference(self) -> str:
        """How a release names what was read."""
        return f"{self.notice_id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDelivery:
    """The proof that a family was sent a notice, and until when it could object. Append-only.

    ``failed_at``: when it turned out not to have arrived, which ends the proof.
    """

    delivery_id: DeliveryId
    student_id: StudentId
    notice: str
    language: str
    address: str
    sent_on: date
    window_ends_on: date
    recorded_at: datetime
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePolicy:
    """What the district decided about blanks. ``opt_out_uses`` is empty under opt-in."""

    default_rule: DefaultRule = DefaultRule.OPT_IN
    opt_out_uses: frozenset[Use] = frozenset()


#: The rule of a district that has not decided otherwise: no record means no.
OPT_IN = ReleasePolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetLine:
    """One decision that a preset stands for. ``channel`` and ``audience`` None: every channel."""

    use: Use
    answer: Answer
    channel: ChannelKey | None = None
    audience: Audience | None = None
    name_form: NameForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A named set of decisions that a form offers first. Titles and hints are by language."""

    key: PresetKey
    position: int
    titles: tuple[tuple[str, str], ...]
    hints: tuple[tuple[str, str], ...] = ()
    lines: tuple[PresetLine, ...]
    is_offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something that widens, entered by one member of the office; a second person decides.

    ``payload`` is JSON, in the words of whoever proposes. ``decided_by`` None: it waits.
    """

    proposal_id: ProposalId
    student_id: StudentId
    kind: str
    payload: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    is_accepted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalRound:
    """A round of asking every family again for a new school year. Append-only."""

    round_id: str
    year_ends_on: date
    opened_on: date
    opened_by: str
    recorded_at: datetime
