"""The tables of what stands around a release, and of how things stood before."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from release_db.moments import UtcMoment
from release_db.schema import Base, guard_tables, student_key, word_column
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    NameForm,
    NoticeKind,
    OrderEffect,
    Rights,
    RightsBasis,
    StudentStatus,
    Use,
)


class StudentVersionRow(Base):
    """How a student stood in the roster from a moment on. Append-only."""

    __tablename__ = "student_version"

    number: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[str] = student_key()
    school: Mapped[str] = mapped_column(String(100))
    status: Mapped[StudentStatus] = mapped_column(word_column(StudentStatus, "status"))
    left_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


class GuardianVersionRow(Base):
    """A guardian's link to a student from a moment on. Append-only."""

    __tablename__ = "guardian_version"

    number: Mapped[int] = mapped_column(primary_key=True)
    guardian_id: Mapped[str] = mapped_column(String(100))
    student_id: Mapped[str] = student_key()
    email: Mapped[str] = mapped_column(String(320))
    rights: Mapped[Rights] = mapped_column(word_column(Rights, "rights"))
    basis: Mapped[RightsBasis] = mapped_column(word_column(RightsBasis, "basis"))
    verified_how: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


class ChannelVersionRow(Base):
    """A channel's rules from a moment on. Append-only."""

    __tablename__ = "channel_version"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("channel.key"), index=True)
    audience: Mapped[Audience] = mapped_column(word_column(Audience, "audience"))
    school: Mapped[str | None] = mapped_column(String(100))
    name_form: Mapped[NameForm] = mapped_column(word_column(NameForm, "name_form"))
    is_official: Mapped[bool]
    allows_close_ups: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


class OrderRow(Base):
    """An order on who may decide. Append-only."""

    __tablename__ = "court_order"

    order_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    student_id: Mapped[str] = student_key()
    effect: Mapped[OrderEffect] = mapped_column(word_column(OrderEffect, "effect"))
    guardian_id: Mapped[str | None] = mapped_column(String(100))
    uses: Mapped[list[str]] = mapped_column(JSON)
    audience: Mapped[Audience | None] = mapped_column(word_column(Audience, "audience"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    review_on: Mapped[date | None] = mapped_column(Date)
    reference: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


class OrderEndRow(Base):
    """A last day set on an order afterwards. Append-only; the last row counts."""

    __tablename__ = "court_order_end"

    number: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("court_order.order_id"), index=True)
    ends_on: Mapped[date] = mapped_column(Date)
    ended_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


class ItemConsentRow(Base):
    """An answer for one item. Append-only."""

    __tablename__ = "item_consent"

    item_consent_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    student_id: Mapped[str] = student_key()
    item: Mapped[str] = mapped_column(String(64), index=True)
    channel: Mapped[str] = mapped_column(String(100))
    use: Mapped[Use] = mapped_column(word_column(Use, "use"))
    name_form: Mapped[NameForm] = mapped_column(word_column(NameForm, "name_form"))
    answer: Mapped[Answer] = mapped_column(word_column(Answer, "answer"))
    capacity: Mapped[Capacity] = mapped_column(word_column(Capacity, "capacity"))
    decided_by: Mapped[str] = mapped_column(String(320))
    method: Mapped[str] = mapped_column(String(200))
    evidence: Mapped[str] = mapped_column(Text)
    given_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)
    ends_on: Mapped[date | None] = mapped_column(Date)
    act: Mapped[str | None] = mapped_column(String(64), index=True)


class NoticeRow(Base):
    """One version of a notice in one language. Append-only."""

    __tablename__ = "notice_text"

    notice_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(word_column(NoticeKind, "notice_kind"))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    effective_on: Mapped[date] = mapped_column(Date)
    approved_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)
    is_machine_translation: Mapped[bool] = mapped_column(Boolean, server_default=false())


class DeliveryRow(Base):
    """A notice sent to a family. Append-only."""

    __tablename__ = "notice_delivery"

    delivery_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    student_id: Mapped[str] = student_key()
    notice: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(35))
    address: Mapped[str] = mapped_column(String(320))
    sent_on: Mapped[date] = mapped_column(Date)
    window_ends_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


class DeliveryFailureRow(Base):
    """A notice that turned out not to have arrived. Append-only."""

    __tablename__ = "notice_delivery_failure"

    delivery_id: Mapped[str] = mapped_column(
        ForeignKey("notice_delivery.delivery_id"), primary_key=True
    )
    failed_at: Mapped[datetime] = mapped_column(UtcMoment)


class PresetRow(Base):
    """A preset as it was set. Append-only; the last row of a key counts."""

    __tablename__ = "preset"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    position: Mapped[int]
    titles: Mapped[dict[str, str]] = mapped_column(JSON)
    hints: Mapped[dict[str, str]] = mapped_column(JSON)
    lines: Mapped[list[dict[str, str | None]]] = mapped_column(JSON)
    is_offered: Mapped[bool]
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcMoment)


class ProposalRow(Base):
    """Something that widens and waits for a second person. Append-only."""

    __tablename__ = "proposal"

    proposal_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    student_id: Mapped[str] = student_key()
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime] = mapped_column(UtcMoment)


class ProposalDecisionRow(Base):
    """The second person's word on a proposal. Append-only: there is one."""

    __tablename__ = "proposal_decision"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.proposal_id"), primary_key=True)
    is_accepted: Mapped[bool]
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcMoment)


class RenewalRoundRow(Base):
    """A renewal round. Append-only."""

    __tablename__ = "renewal_round"

    round_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    year_ends_on: Mapped[date] = mapped_column(Date, unique=True)
    opened_on: Mapped[date] = mapped_column(Date)
    opened_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


#: The append-only tables here, with the columns that are emptied when a student is erased.
APPEND_ONLY_TERMS: dict[type[Base], tuple[str, ...]] = {
    StudentVersionRow: (),
    GuardianVersionRow: ("email", "verified_how"),
    ChannelVersionRow: (),
    OrderRow: ("reference",),
    OrderEndRow: (),
    ItemConsentRow: ("decided_by", "evidence"),
    NoticeRow: (),
    DeliveryRow: ("address",),
    DeliveryFailureRow: (),
    PresetRow: (),
    ProposalRow: ("payload",),
    ProposalDecisionRow: (),
    RenewalRoundRow: (),
}

guard_tables(APPEND_ONLY_TERMS)
