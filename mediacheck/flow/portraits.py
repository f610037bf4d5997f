"""What a registrar does about portraits: brings them, looks at what was made of them, says yes.

Nothing is decoded here, and nothing is enrolled: the worker does both. Between the two a person has
seen every portrait, and what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from mediacheck.errors import BadRequest, NotFound, Outdated
from mediacheck.flow.desk import Desk
from mediacheck.flow.enroll import why_not_held
from mediacheck.flow.registrars import require_student
from mediacheck.intake.words import clean_file_name
from mediacheck.model.audit import Event
from mediacheck.model.portraits import (
    BatchId,
    BatchSource,
    BatchState,
    BatchSummary,
    PortraitBatch,
    PortraitLine,
)
from mediacheck.ports.services import Services, Work
from release_db.words import StudentId

#: Portraits of one student that are brought together.
MOST_FILES = 20
#: What nobody has said yes or no to is dropped after so long, with the pictures.
KEPT = timedelta(days=7)


def bring_portraits(desk: Desk, student_id: str, uploads: Sequence[tuple[str, bytes]]) -> BatchId:
    """Keeps portraits of one student (file names and bytes) until the worker has looked at them.

    Raises:
        NotFound: the student is not one of this person's schools.
        BadRequest: nothing may be kept of the student's face, or there is nothing to keep.
    """
    student = _require_may_hold(desk, student_id)
    files = [(name, data) for name, data in uploads if data]
    if not files:
        raise BadRequest("Choose at least one portrait that is not empty.")
    if len(files) > MOST_FILES:
        raise BadRequest(f"Bring at most {MOST_FILES} portraits of one student at once.")
    lines = tuple(
        PortraitLine(
            student_id=student,
            name=clean_file_name(name),
            key=desk.services.portraits.put(data),
        )
        for name, data in files
    )
    return _add(desk, BatchSource.FILES, Event.PORTRAITS_BROUGHT, student_id=student, lines=lines)


def bring_picture_day(desk: Desk, data: bytes) -> BatchId:
    """Keeps a picture day's ZIP file until the worker has looked into it.

    Raises:
        BadRequest: the file is empty.
    """
    if not data:
        raise BadRequest("Choose a ZIP file that is not empty.")
    key = desk.services.portraits.put(data)
    return _add(desk, BatchSource.PICTURE_DAY, Event.PORTRAITS_BROUGHT, key=key)


def ask_posts(desk: Desk, student_id: str) -> BatchId:
    """Asks for the student's faces in cleared posts, as references to say yes or no to.

    Raises:
        NotFound: the student is not one of this person's schools.
        BadRequest: nothing may be kept of the student's face.
    """
    student = _require_may_hold(desk, student_id)
    return _add(desk, BatchSource.POSTS, Event.PORTRAITS_OFFERED, student_id=student)


def batches_of(desk: Desk) -> tuple[BatchSummary, ...]:
    """The batches that this person may see to, the newest first."""
    return tuple(one for one in desk.work.portraits.summaries() if _is_theirs(desk, one.batch))


def require_batch(desk: Desk, batch_id: str) -> BatchSummary:
    """The batch of that id.

    Raises:
        NotFound: there is none (any more), or it is not this person's.
    """
    found = desk.work.portraits.summary_or_none(BatchId(batch_id))
    if found is None or not _is_theirs(desk, found.batch):
        raise NotFound
    return found


def accept(
    desk: Desk, batch_id: str, wanted: Collection[int], sure: Collection[int]
) -> BatchSummary:
    """Asks for these portraits of a batch (by place) to be enrolled, all of them together.

    ``sure`` are those that this person has looked at although something speaks against them.

    Raises:
        NotFound: there is no such batch.
        Outdated: it does not wait for a yes (any more).
        BadRequest: none of them can be enrolled, or one is in doubt and nobody has looked at it.
    """
    found = require_batch(desk, batch_id)
    if found.state is not BatchState.LOOKED:
        raise Outdated("These portraits have been seen to already. Reload the page.")
    lines = tuple(
        replace(
            line,
            is_wanted=place in wanted and not line.refused,
            is_sure=place in sure and bool(line.doubt),
        )
        for place, line in enumerate(found.batch.lines)
    )
    if not any(line.is_wanted for line in lines):
        raise BadRequest("Choose at least one portrait to enrol.")
    if any(line.is_wanted and line.doubt and not line.is_sure for line in lines):
        raise BadRequest(
            "Say of each portrait in doubt that you have looked whose it is, or do not choose it."
        )
    batch = replace(found.batch, lines=lines)
    desk.work.portraits.save(batch, BatchState.TO_ENROL)
    desk.work.audit.write(
        Event.PORTRAITS_ACCEPTED,
        actor=desk.staff.staff_id,
        subject=batch.batch_id,
        portraits=sum(line.is_wanted for line in lines),
        in_doubt=sum(line.is_wanted and line.is_sure for line in lines),
    )
    desk.work.after_commit(partial(desk.services.jobs.see_to_portraits, batch.batch_id))
    return BatchSummary(batch=batch, state=BatchState.TO_ENROL, done=0)


def drop_batch(desk: Desk, batch_id: str) -> None:
    """Drops a batch with its pictures. What was enrolled of it stays.

    Raises:
        NotFound: there is no such batch.
        Outdated: the worker has it in hand.
    """
    found = require_batch(desk, batch_id)
    if found.state in {BatchState.TO_LOOK, BatchState.TO_ENROL}:
        raise Outdated("These portraits are being seen to. Wait until that is done.")
    forget_batch(desk.services, desk.work, found.batch)
    desk.work.audit.write(
        Event.PORTRAITS_DROPPED, actor=desk.staff.staff_id, subject=found.batch.batch_id
    )


def forget_batch(services: Services, work: Work, batch: PortraitBatch) -> None:
    """Removes a batch, and its pictures once that has really happened."""
    work.portraits.drop(batch.batch_id)
    drop_pictures(services, work, batch.keys)


def drop_pictures(services: Services, work: Work, keys: Collection[str]) -> None:
    """Removes waiting pictures that no batch needs, once this transaction has really happened."""
    for key in work.portraits.unneeded(keys):
        work.after_commit(_dropping(services, key))


def forget_portraits_of(services: Services, work: Work, student_id: StudentId) -> None:
    """Removes a student from everything that waits, and where her references came from."""
    for found in work.portraits.summaries():
        batch = found.batch
        if batch.student_id == student_id:
            forget_batch(services, work, batch)
            continue
        lines = tuple(line for line in batch.lines if line.student_id != student_id)
        if len(lines) < len(batch.lines):
            # The whole of a picture day's file would hold her portrait.
            kept = replace(batch, lines=lines, key="")
            work.portraits.save(kept, BatchState.DONE)
            drop_pictures(services, work, batch.keys - kept.keys)
    for reference in work.portraits.references_of([student_id]):
        work.portraits.drop_reference(reference)


def _dropping(services: Services, key: str) -> Callable[[], None]:
    return partial(services.portraits.drop, key)


def _require_may_hold(desk: Desk, student_id: str) -> StudentId:
    student = require_student(desk, student_id).student.student_id
    refused = why_not_held(desk.services, desk.work, student)
    if refused:
        raise BadRequest(refused)
    return student


def _is_theirs(desk: Desk, batch: PortraitBatch) -> bool:
    return not desk.staff.schools or batch.asked_by == desk.staff.staff_id


def _add(
    desk: Desk,
    source: BatchSource,
    event: Event,
    *,
    student_id: StudentId | None = None,
    lines: tuple[PortraitLine, ...] = (),
    key: str = "",
) -> BatchId:
    batch = PortraitBatch(
        batch_id=BatchId(desk.services.ids.new()),
        source=source,
        asked_by=desk.staff.staff_id,
        asked_at=desk.services.clock.now(),
        student_id=student_id,
        schools=tuple(desk.staff.schools),
        key=key,
        lines=lines,
    )
    desk.work.portraits.add(batch)
    desk.work.audit.write(
        event,
        actor=desk.staff.staff_id,
        subject=batch.batch_id,
        student=student_id or "",
        portraits=len(lines),
    )
    desk.work.after_commit(partial(desk.services.jobs.see_to_portraits, batch.batch_id))
    return batch.batch_id
