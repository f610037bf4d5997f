"""Publications on SQLAlchemy: ``SqlPublications`` implements the ``Publications`` port."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from mediacheck.model.people import StaffId
from mediacheck.model.post import PostId
from mediacheck.model.publication import (
    CaseId,
    Publication,
    PublicationId,
    TakedownAct,
    TakedownCase,
    TakedownStep,
    Trigger,
)
from mediacheck.model.publishing import DispatchState
from mediacheck.model.verdict import Clearance, ClearanceId
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.posts_schema import ClearanceRow
from mediacheck.storage.publications_schema import (
    ClearanceStudentRow,
    PublicationRow,
    PublishedStudentRow,
    TakedownCaseRow,
    TakedownItemRow,
    TakedownStepRow,
    VoidClearanceRow,
)
from mediacheck.storage.publishing_schema import DispatchRow
from release_db.words import StudentId

#: Ids in one query; SQLite takes 32,766 variables, and older ones 999.
_MOST_AT_ONCE = 500
_UNDER_WAY = [state.value for state in DispatchState if state.is_under_way]


class SqlPublications:
    """What went out and what has to come down, as one transaction sees it. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def note_concerned(
        self, clearance_id: ClearanceId, post_id: PostId, students: Collection[StudentId]
    ) -> None:
        """Keeps whom a clearance concerns: everybody whom anything in the post may be."""
        self._add(
            ClearanceStudentRow(clearance_id=clearance_id, post_id=post_id, student_id=student)
            for student in sorted(students)
        )

    def posts_cleared_with(
        self, students: Collection[StudentId], since: datetime
    ) -> tuple[tuple[PostId, ClearanceId], ...]:
        """The newest clearance of each post that concerns one of them, unless it is void or older.

        A clearance counts from when it was given; one on which something on its way rests always.
        """
        newest: dict[str, tuple[int, Clearance]] = {}
        for chunk in _chunks_of(students):
            void = exists().where(VoidClearanceRow.clearance_id == ClearanceRow.clearance_id)
            query = (
                select(ClearanceRow)
                .join(
                    ClearanceStudentRow,
                    ClearanceStudentRow.clearance_id == ClearanceRow.clearance_id,
                )
                .where(ClearanceStudentRow.student_id.in_(chunk), ~void)
            )
            for row in self._session.scalars(query):
                before = newest.get(row.post_id)
                if before is None or before[0] < row.number:
                    newest[row.post_id] = (row.number, from_json(row.clearance, Clearance))
        return tuple(
            (PostId(post_id), clearance.clearance_id)
            for post_id, (_, clearance) in sorted(newest.items())
            if clearance.cleared_at >= since or self._is_on_its_way(clearance.clearance_id)
        )

    def make_void(
        self, clearance_id: ClearanceId, trigger: Trigger, *, by: str, at: datetime
    ) -> None:
        """Makes a clearance void, for good."""
        if not self.is_void(clearance_id):
            self._add([VoidClearanceRow(clearance_id=clearance_id, trigger=trigger, by=by, at=at)])

    def is_void(self, clearance_id: ClearanceId) -> bool:
        """Whether a clearance was made void."""
        return self._session.get(VoidClearanceRow, clearance_id) is not None

    def add(self, publication: Publication) -> None:
        """Keeps what went out."""
        row = PublicationRow(
            publication_id=publication.publication_id,
            clearance_id=publication.clearance_id,
            publication=to_json(publication, Publication),
        )
        self._add([row])
        self._add(
            PublishedStudentRow(publication_id=publication.publication_id, student_id=student)
            for student in sorted({one.student_id for one in publication.appearances})
        )

    def publication_or_none(self, publication_id: PublicationId) -> Publication | None:
        """The publication with that id."""
        query = select(PublicationRow).where(PublicationRow.publication_id == publication_id)
        return next(iter(self._publications(query)), None)

    def of_clearance_or_none(self, clearance_id: ClearanceId) -> Publication | None:
        """The publication that a clearance allowed."""
        query = select(PublicationRow).where(PublicationRow.clearance_id == clearance_id)
        return next(iter(self._publications(query)), None)

    def with_upload(self, sha256: str) -> tuple[Publication, ...]:
        """Everything that shows a picture which was uploaded as this very file."""
        likely = PublicationRow.publication.contains(sha256, autoescape=True)
        found = self._publications(select(PublicationRow).where(likely))
        return tuple(one for one in found if any(media.sha256 == sha256 for media in one.media))

    def of_students(self, students: Collection[StudentId]) -> tuple[Publication, ...]:
        """Everything in which one of them appears, the newest first."""
        found: dict[PublicationId, Publication] = {}
        for chunk in _chunks_of(students):
            appears = exists().where(
                PublishedStudentRow.publication_id == PublicationRow.publication_id,
                PublishedStudentRow.student_id.in_(chunk),
            )
            query = select(PublicationRow).where(appears)
            found |= {one.publication_id: one for one in self._publications(query)}
        in_order = sorted(found.values(), key=lambda one: one.published_at, reverse=True)
        return tuple(in_order)

    def open_case(self, case: TakedownCase) -> None:
        """Keeps a new case."""
        row = TakedownCaseRow(
            case_id=case.case_id,
            student_id=case.student_id,
            trigger=case.trigger,
            opened_by=case.opened_by,
            opened_at=case.opened_at,
        )
        self._add([row])
        self._add(
            TakedownItemRow(case_id=case.case_id, publication_id=publication)
            for publication in case.publications
        )

    def case_or_none(self, case_id: CaseId) -> TakedownCase | None:
        """The case with that id."""
        query = select(TakedownCaseRow).where(TakedownCaseRow.case_id == case_id)
        return next(iter(self._cases(query)), None)

    def cases(self) -> tuple[TakedownCase, ...]:
        """Every case, the newest first."""
        return self._cases(select(TakedownCaseRow))

    def cases_of(self, students: Collection[StudentId]) -> tuple[TakedownCase, ...]:
        """The cases of these students, the newest first."""
        found: list[TakedownCase] = []
        for chunk in _chunks_of(students):
            query = select(TakedownCaseRow).where(TakedownCaseRow.student_id.in_(chunk))
            found.extend(self._cases(query))
        return tuple(sorted(found, key=lambda case: case.opened_at, reverse=True))

    def add_step(self, case_id: CaseId, step: TakedownStep) -> None:
        """Appends what was done about one publication of a case."""
        row = TakedownStepRow(
            case_id=case_id,
            publication_id=step.publication_id,
            act=step.act,
            at=step.at,
            by=step.by,
            words=step.words,
            post_id=step.post_id,
        )
        self._add([row])

    def _is_on_its_way(self, clearance_id: ClearanceId) -> bool:
        query = select(DispatchRow.number).where(
            DispatchRow.clearance_id == clearance_id, DispatchRow.state.in_(_UNDER_WAY)
        )
        return self._session.scalar(query) is not None

    def _publications(self, query: Select[PublicationRow]) -> tuple[Publication, ...]:
        rows = self._session.scalars(query)
        return tuple(from_json(row.publication, Publication) for row in rows)

    def _cases(self, query: Select[TakedownCaseRow]) -> tuple[TakedownCase, ...]:
        rows = self._session.scalars(query.order_by(TakedownCaseRow.number.desc())).all()
        items: defaultdict[str, list[PublicationId]] = defaultdict(list)
        steps: defaultdict[str, list[TakedownStep]] = defaultdict(list)
        for chunk in _chunks_of(row.case_id for row in rows):
            of_cases = TakedownItemRow.case_id.in_(chunk)
            for item in self._session.scalars(select(TakedownItemRow).where(of_cases)):
                items[item.case_id].append(PublicationId(item.publication_id))
            done = select(TakedownStepRow).where(TakedownStepRow.case_id.in_(chunk))
            for step in self._session.scalars(done.order_by(TakedownStepRow.number)):
                steps[step.case_id].append(_step_of(step))
        return tuple(
            TakedownCase(
                case_id=CaseId(row.case_id),
                student_id=StudentId(row.student_id),
                trigger=Trigger(row.trigger),
                opened_at=row.opened_at,
                opened_by=row.opened_by,
                publications=tuple(items[row.case_id]),
                steps=tuple(steps[row.case_id]),
            )
            for row in rows
        )

    def _add(self, rows: Iterable[object]) -> None:
        self._session.add_all(rows)
        self._session.flush()


def _step_of(row: TakedownStepRow) -> TakedownStep:
    return TakedownStep(
        publication_id=PublicationId(row.publication_id),
        act=TakedownAct(row.act),
        at=row.at,
        by=StaffId(row.by),
        words=row.words,
        post_id=PostId(row.post_id) if row.post_id else None,
    )


def _chunks_of(ids: Iterable[str]) -> Sequence[Sequence[str]]:
    wanted = sorted(set(ids))
    starts = range(0, len(wanted), _MOST_AT_ONCE)
    return [wanted[start : start + _MOST_AT_ONCE] for start in starts]
