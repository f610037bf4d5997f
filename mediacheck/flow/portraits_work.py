"""The background job of portraits: looks at a batch, and enrols what a registrar said yes to.

A job carries the batch's id only. The engines run with no lock held. What is enrolled of a batch is
enrolled in one transaction: a worker that dies before it has enrolled nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from mediacheck.errors import IntakeError
from mediacheck.flow.enroll import (
    Beside,
    Measured,
    Reference,
    doubt_words,
    keep_template,
    measure_portrait,
    note_refused,
)
from mediacheck.flow.portraits import KEPT, drop_pictures, forget_batch
from mediacheck.flow.portraits_posts import (
    doubt_of_offer_words,
    drop_groundless,
    keep_origin,
    lines_from_posts,
)
from mediacheck.flow.retention import CLOCK
from mediacheck.intake.picture_day import PackedPictureDay, Place, open_picture_day
from mediacheck.model.portraits import (
    BatchId,
    BatchSource,
    BatchState,
    BatchSummary,
    PortraitBatch,
    PortraitLine,
)
from mediacheck.ports.services import Services, Work
from release_db.records import Template

_LOG = logging.getLogger(__name__)

#: A batch on which nothing has happened for so long was lost with its worker.
LEASE = timedelta(minutes=10)

_FAILED = "These portraits could not be read to the end. Bring them again."
_OTHER_SCHOOL = "This student is not at one of your schools."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """One go through a batch. ``read`` gives the bytes of a portrait."""

    services: Services
    batch: PortraitBatch
    beside: Beside
    read: Callable[[PortraitLine], bytes]


def see_to_portraits(services: Services, batch_id: BatchId) -> None:
    """Looks at a waiting batch, or enrols it; does nothing when it does not wait any more."""
    with services.transaction() as work:
        found = work.portraits.claim_or_none(batch_id, services.clock.now())
    if found is None:
        return
    try:
        _see_to(services, found)
    except IntakeError as refusal:
        _end_badly(services, found.batch, refusal.message)
    except Exception as fault:  # Whatever fails, nothing of the batch is enrolled.
        _LOG.error("portraits %s failed: %s", batch_id, type(fault).__name__)
        _end_badly(services, found.batch, _FAILED)


def sweep_portraits(services: Services) -> None:
    """Asks anew for what waits or lost its worker, and drops what nobody has seen to for long."""
    now = services.clock.now()
    with services.transaction() as work:
        waiting = work.portraits.waiting(now - LEASE)
        for found in work.portraits.summaries():
            if found.batch.asked_at < now - KEPT:
                forget_batch(services, work, found.batch)
        drop_groundless(services, work, work.portraits.references_of(), by=CLOCK)
    # What a worker that died had cut out belongs to no batch.
    services.portraits.drop_before(now - 2 * KEPT)
    for batch_id in waiting:
        services.jobs.see_to_portraits(batch_id)


def _see_to(services: Services, found: BatchSummary) -> None:
    with _open_round(services, found.batch) as one:
        if found.state is BatchState.TO_LOOK:
            _look(one)
        else:
            _enrol(one)


@contextmanager
def _open_round(services: Services, batch: PortraitBatch) -> Iterator[_Round]:
    """The batch with its lines known, and a way to their bytes."""
    if batch.source is BatchSource.PICTURE_DAY:
        with open_picture_day(services.portraits.get(batch.key)) as packed:
            lines = batch.lines or tuple(map(_line_of, packed.places))
            whole = replace(batch, lines=lines)
            yield _Round(
                services=services,
                batch=whole,
                beside=Beside(services),
                read=partial(_unpacked, packed),
            )
        return
    if batch.source is BatchSource.POSTS and not batch.lines:
        batch = replace(batch, lines=lines_from_posts(services, batch))
    yield _Round(
        services=services,
        batch=batch,
        beside=Beside(services),
        read=lambda line: services.portraits.get(line.key),
    )


def _line_of(place: Place) -> PortraitLine:
    return PortraitLine(student_id=place.student_id, name=place.path)


def _unpacked(packed: PackedPictureDay, line: PortraitLine) -> bytes:
    return packed.read(Place(student_id=line.student_id, path=line.name))


def _look(one: _Round) -> None:
    """Says of each portrait what is wrong with it. With none that fits nothing waits for a yes."""
    lines = tuple(_looked(one, place) for place in range(len(one.batch.lines)))
    looked = replace(one.batch, lines=lines)
    with one.services.transaction() as work:
        if any(not line.refused for line in lines):
            work.portraits.save(looked, BatchState.LOOKED)
            return
        settled = tuple(replace(line, key="", crop="") for line in lines)
        work.portraits.save(replace(looked, lines=settled, key=""), BatchState.DONE)
        drop_pictures(one.services, work, looked.keys)


def _looked(one: _Round, place: int) -> PortraitLine:
    """A line with what can be said of the portrait. Nothing is kept in the gallery."""
    line = one.batch.lines[place]
    measured = _measured(one, line)
    with one.services.transaction() as work:
        work.portraits.note_done(one.batch.batch_id, place + 1, one.services.clock.now())
        if isinstance(measured, str):
            return replace(line, refused=measured)
        others = one.beside.of(work, line.student_id)
        line = _judged(work, line, measured.template, others)
        if line.origin is None:
            others.append(measured.template)
    crop = one.services.portraits.put(measured.crop)
    return replace(line, crop=crop, quality=measured.template.quality)


def _judged(
    work: Work, line: PortraitLine, template: Template, others: Sequence[Template]
) -> PortraitLine:
    """A face from a post has to fit beyond doubt; of another portrait a person may be sure."""
    if line.origin is not None:
        return replace(line, refused=doubt_of_offer_words(work, template, others))
    return replace(line, doubt=doubt_words(template, others))


def _measured(one: _Round, line: PortraitLine) -> Measured | str:
    if line.refused:
        return line.refused
    if one.batch.schools:
        with one.services.transaction() as work:
            student = work.register.student_or_none(line.student_id)
        if student is None or student.school not in one.batch.schools:
            return _OTHER_SCHOOL
    reference = Reference(
        student_id=line.student_id, name=line.name, data=one.read(line), is_sure=line.is_sure
    )
    return measure_portrait(one.services, reference)


def _enrol(one: _Round) -> None:
    """Measures everything that is wanted, and keeps all of it or nothing."""
    measured: dict[int, Measured | str] = {}
    for place, line in enumerate(one.batch.lines):
        if line.is_wanted:
            measured[place] = _measured(one, line)
        with one.services.transaction() as work:
            work.portraits.note_done(one.batch.batch_id, place + 1, one.services.clock.now())
    with one.services.transaction() as work:
        lines = tuple(
            _enrolled(one, work, line, measured.get(place))
            for place, line in enumerate(one.batch.lines)
        )
        ended = replace(one.batch, lines=lines, key="")
        work.portraits.save(ended, BatchState.DONE)
        drop_pictures(one.services, work, one.batch.keys)


def _enrolled(
    one: _Round, work: Work, line: PortraitLine, measured: Measured | str | None
) -> PortraitLine:
    """A line that is settled: enrolled, refused, or not wanted. Its pictures go."""
    line = replace(line, key="", crop="")
    if measured is None:
        return line
    refused = measured if isinstance(measured, str) else _kept(one, work, line, measured)
    if refused:
        note_refused(work, line.student_id, one.batch.asked_by)
    return replace(line, refused=refused, is_enrolled=not refused)


def _kept(one: _Round, work: Work, line: PortraitLine, measured: Measured) -> str:
    """Why a portrait is not kept after all; empty: it is."""
    others = one.beside.of(work, line.student_id)
    judged = _judged(work, line, measured.template, others)
    if judged.refused or (judged.doubt and not line.is_sure):
        return judged.refused or judged.doubt
    refused = keep_template(
        one.services,
        work,
        measured,
        by=one.batch.asked_by,
        is_portrait=line.origin is None,
    )
    if refused:
        return refused
    others.append(measured.template)
    if line.origin is not None:
        keep_origin(one.services, work, measured.template, line.origin, by=one.batch.asked_by)
    return ""


def _end_badly(services: Services, batch: PortraitBatch, trouble: str) -> None:
    with services.transaction() as work:
        if work.portraits.summary_or_none(batch.batch_id) is None:
            return
        ended = replace(batch, lines=(), key="", trouble=trouble)
        work.portraits.save(ended, BatchState.FAILED)
        drop_pictures(services, work, batch.keys)
