"""The register's doorway to what stands around a release; ``ReleaseRegister.terms`` is one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from release_db import store
from release_db.address_register import AddressTerms
from release_db.errors import (
    NeedsSecondPerson,
    NoticeExists,
    UnknownOrder,
    UnknownProposal,
    UnknownStudent,
)
from release_db.family_ties import FamilyTies
from release_db.office_register import OfficeTerms
from release_db.renewal_register import RenewalTerms
from release_db.rows import order_row, record_from, values_of
from release_db.schema import ReleaseRow
from release_db.schema_terms import (
    DeliveryFailureRow,
    DeliveryRow,
    ItemConsentRow,
    NoticeRow,
    OrderEndRow,
    OrderRow,
    PresetRow,
    ProposalDecisionRow,
    ProposalRow,
    RenewalRoundRow,
)
from release_db.sis_register import SisTerms
from release_db.terms import (
    CourtOrder,
    ItemConsent,
    Notice,
    NoticeDelivery,
    Preset,
    PresetLine,
    Proposal,
    RenewalRound,
)
from release_db.words import (
    Answer,
    Audience,
    ChannelKey,
    DeliveryId,
    NameForm,
    NoticeKind,
    OrderId,
    PresetKey,
    ProposalId,
    StudentId,
    Use,
)


class TermsRegister(RenewalTerms, SisTerms, OfficeTerms, AddressTerms, FamilyTies):
    """Orders, notices and their delivery, answers for one item, presets, proposals, rounds.

    All of it is append-only, and flushed at once.
    """

    def __init__(self, session: Session, now: Callable[[], datetime]) -> None:
        """Works in that session, and neither begins nor ends its transaction."""
        self._session = session
        self._now = now

    def record_order(self, order: CourtOrder) -> None:
        """Records an order on who may decide.

        Raises:
            UnknownStudent: the student is not on the roster.
        """
        self._require_known([order.student_id])
        self._add([order_row(order)])

    def end_order(self, order_id: OrderId, *, ends_on: date, by: str) -> None:
        """Sets the last day of an order; what was set last counts.

        Raises:
            UnknownOrder: there is no such order.
        """
        if self._session.get(OrderRow, order_id) is None:
            raise UnknownOrder(order_id)
        end = OrderEndRow(order_id=order_id, ends_on=ends_on, ended_by=by, recorded_at=self._now())
        self._add([end])

    def record_items(self, answers: Sequence[ItemConsent]) -> None:
        """Records answers for one picture or work only.

        Raises:
            UnknownStudent: an answer is about nobody on the roster. Nothing is recorded.
        """
        self._require_known([answer.student_id for answer in answers])
        self._add([ItemConsentRow(**values_of(answer)) for answer in answers])

    def publish_notice(self, notice: Notice) -> None:
        """Keeps one version of a notice in one language, for good.

        Raises:
            NoticeExists: that version is there in that language.
        """
        key = (notice.notice_id, notice.version, notice.language)
        if self._session.get(NoticeRow, key) is not None:
            raise NoticeExists
        self._add([NoticeRow(**values_of(notice))])

    def notices(self) -> tuple[Notice, ...]:
        """Every version of every notice in every language, oldest first."""
        rows = self._session.scalars(select(NoticeRow))
        notices = [record_from(Notice, row) for row in rows]
        return tuple(sorted(notices, key=lambda one: (one.notice_id, one.version, one.language)))

    def notice_or_none(self, kind: NoticeKind, language: str, on: date) -> Notice | None:
        """The newest version in force on that day in that language; None: there is none."""
        in_force = [
            notice
            for notice in self.notices()
            if notice.kind is kind and notice.language == language and notice.effective_on <= on
        ]
        return max(in_force, key=lambda notice: (notice.effective_on, notice.version), default=None)

    def record_deliveries(self, deliveries: Sequence[NoticeDelivery]) -> None:
        """Records that families were sent a notice.

        Raises:
            UnknownStudent: one is about nobody on the roster. Nothing is recorded.
        """
        self._require_known([delivery.student_id for delivery in deliveries])
        rows = []
        for delivery in deliveries:
            values = asdict(delivery)
            del values["failed_at"]
            rows.append(DeliveryRow(**values))
        self._add(rows)

    def fail_delivery(self, delivery_id: DeliveryId) -> None:
        """Records that a notice has not arrived. A second time changes nothing."""
        if self._session.get(DeliveryFailureRow, delivery_id) is None:
            self._add([DeliveryFailureRow(delivery_id=delivery_id, failed_at=self._now())])

    def presets(self) -> tuple[Preset, ...]:
        """Every preset as it was set last, in the order in which forms offer them."""
        latest: dict[str, PresetRow] = {}
        for row in self._session.scalars(select(PresetRow).order_by(PresetRow.number)):
            latest[row.key] = row
        presets = [_preset_from(row) for row in latest.values()]
        return tuple(sorted(presets, key=lambda preset: (preset.position, preset.key)))

    def set_preset(self, preset: Preset, *, by: str) -> None:
        """Adds a preset, or changes what it stands for from now on. What was signed stays."""
        row = PresetRow(
            key=preset.key,
            position=preset.position,
            titles=dict(preset.titles),
            hints=dict(preset.hints),
            lines=[asdict(line) for line in preset.lines],
            is_offered=preset.is_offered,
            set_by=by,
            set_at=self._now(),
        )
        self._add([row])

    def propose(self, proposal: Proposal) -> None:
        """Keeps something that widens, until a second person has looked at it.

        Raises:
            UnknownStudent: the student is not on the roster.
        """
        self._require_known([proposal.student_id])
        row = ProposalRow(
            proposal_id=proposal.proposal_id,
            student_id=proposal.student_id,
            kind=proposal.kind,
            payload=proposal.payload,
            proposed_by=proposal.proposed_by,
            proposed_at=proposal.proposed_at,
        )
        self._add([row])

    def decide_proposal(self, proposal_id: ProposalId, *, is_accepted: bool, by: str) -> Proposal:
        """Records the second person's word, and returns the proposal with it.

        Doing what was proposed is the caller's, in the same transaction. Whoever proposed may
        withdraw (not accept).

        Raises:
            UnknownProposal: there is none, or it has been decided.
            NeedsSecondPerson: whoever proposed would accept.
        """
        row = self._session.get(ProposalRow, proposal_id)
        if row is None or self._session.get(ProposalDecisionRow, proposal_id) is not None:
            raise UnknownProposal(proposal_id)
        if is_accepted and row.proposed_by == by:
            raise NeedsSecondPerson
        decision = ProposalDecisionRow(
            proposal_id=proposal_id, is_accepted=is_accepted, decided_by=by, decided_at=self._now()
        )
        self._add([decision])
        return _proposal_from(row, decision)

    def waiting_proposals(self) -> tuple[Proposal, ...]:
        """What waits for a second person, the longest waiting first."""
        everything = self._proposals(true())
        return tuple(one for one in everything if one.decided_by is None)

    def proposals_of(self, student_id: StudentId) -> tuple[Proposal, ...]:
        """Everything that was proposed for a student, decided or not, oldest first."""
        return self._proposals(ProposalRow.student_id == student_id)

    def open_round(self, opened: RenewalRound) -> None:
        """Opens a renewal round; one for the same school year that is open already stays."""
        is_open = any(one.year_ends_on == opened.year_ends_on for one in self.rounds())
        if not is_open:
            self._add([RenewalRoundRow(**values_of(opened))])

    def rounds(self) -> tuple[RenewalRound, ...]:
        """Every renewal round, oldest first."""
        query = select(RenewalRoundRow).order_by(RenewalRoundRow.year_ends_on)
        return tuple(record_from(RenewalRound, row) for row in self._session.scalars(query))

    def students_with_both_answers(self) -> tuple[StudentId, ...]:
        """The students of whom something is allowed and something is not, by whomever and when."""
        allowed = select(ReleaseRow.student_id).where(ReleaseRow.answer == Answer.ALLOW)
        refused = select(ReleaseRow.student_id).where(ReleaseRow.answer != Answer.ALLOW)
        both = self._session.scalars(allowed.intersect(refused))
        return tuple(sorted(StudentId(student_id) for student_id in both))

    def _proposals(self, wanted: ColumnElement[bool]) -> tuple[Proposal, ...]:
        decided = {
            row.proposal_id: row for row in self._session.scalars(select(ProposalDecisionRow))
        }
        query = select(ProposalRow).where(wanted).order_by(ProposalRow.proposed_at)
        rows = self._session.scalars(query)
        return tuple(_proposal_from(row, decided.get(row.proposal_id)) for row in rows)

    def _require_known(self, students: Collection[StudentId]) -> None:
        unknown = set(students) - store.known_students(self._session, students)
        if unknown:
            raise UnknownStudent(min(unknown))

    def _add(self, rows: Sequence[object]) -> None:
        self._session.add_all(rows)
        self._session.flush()


def _preset_from(row: PresetRow) -> Preset:
    return Preset(
        key=PresetKey(row.key),
        position=row.position,
        titles=tuple(sorted(row.titles.items())),
        hints=tuple(sorted(row.hints.items())),
        lines=tuple(_line_from(line) for line in row.lines),
        is_offered=row.is_offered,
    )


def _line_from(line: dict[str, str | None]) -> PresetLine:
    channel, audience, form = line["channel"], line["audience"], line["name_form"]
    return PresetLine(
        use=Use(line["use"] or ""),
        answer=Answer(line["answer"] or ""),
        channel=ChannelKey(channel) if channel is not None else None,
        audience=Audience(audience) if audience is not None else None,
        name_form=NameForm(form) if form is not None else None,
    )


def _proposal_from(row: ProposalRow, decision: ProposalDecisionRow | None) -> Proposal:
    return Proposal(
        proposal_id=ProposalId(row.proposal_id),
        student_id=StudentId(row.student_id),
        kind=row.kind,
        payload=row.payload,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=decision.decided_by if decision is not None else None,
        decided_at=decision.decided_at if decision is not None else None,
        is_accepted=decision.is_accepted if decision is not None else None,
    )
