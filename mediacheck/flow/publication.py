"""Keeps what is handed over to be published: who appears in it, where, and what allowed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mediacheck.flow.judge import Judged
from mediacheck.model.audit import Event
from mediacheck.model.finding import FaceFinding, Finding, NameFinding, Where
from mediacheck.model.people import StaffId
from mediacheck.model.post import Media
from mediacheck.model.publication import (
    Manner,
    Publication,
    PublicationId,
    PublishedAppearance,
)
from mediacheck.model.resolution import Identified, Nobody, NotAStudent, Noted, Overruled
from mediacheck.model.verdict import Clearance
from mediacheck.ports.services import Services, Work
from release_db.records import Appearance, Channel, Granted
from release_db.words import NameForm, StudentId, Use

#: A file's name and what was written in it do not go out; they told who is in the picture.
_NEVER_PUBLISHED = frozenset({Where.FILENAME, Where.METADATA})


def keep_publication(
    services: Services, work: Work, judged: Judged, clearance: Clearance, by: StaffId
) -> Publication:
    """Records that a cleared post is out of our hands, once for each clearance."""
    kept = work.publications.of_clearance_or_none(clearance.clearance_id)
    if kept is not None:
        return kept
    publication = Publication(
        publication_id=PublicationId(services.ids.new()),
        post_id=judged.post.post_id,
        clearance_id=clearance.clearance_id,
        channel=clearance.channel,
        published_at=services.clock.now(),
        published_by=by,
        caption=judged.post.caption,
        media=judged.post.media,
        appearances=tuple(appearances_in(judged)),
    )
    work.publications.add(publication)
    work.audit.write(
        Event.PUBLICATION_KEPT,
        actor=by,
        subject=publication.publication_id,
        post=publication.post_id,
        clearance=clearance.clearance_id,
        channel=publication.channel,
        students=len({one.student_id for one in publication.appearances}),
    )
    return publication


def appearances_in(judged: Judged) -> Iterator[PublishedAppearance]:
    """Every place at which a student is seen or named, or her work is, with what allowed it.

    A name that may be one of several students is each of theirs.
    """
    for finding in judged.findings:
        for student in _students_at(judged, finding):
            yield _appearance(judged, finding, student)
    for (media_id, student), permission in judged.verdict.credits.items():
        yield PublishedAppearance(
            student_id=student,
            manner=Manner.WORK,
            grounds=permission.grounds if isinstance(permission, Granted) else (),
            media_id=media_id,
            name_form=judged.works[media_id].name_form,
        )


def uses_of(
    shown: Sequence[PublishedAppearance], media: Sequence[Media], channel: Channel
) -> Iterator[Appearance]:
    """The uses that these appearances of one student make, for each picture they are about.

    Words that stand for the post as a whole are about each of its pictures.
    """
    is_seen = any(one.manner is Manner.FACE for one in shown)
    for one in shown:
        about = [picture for picture in media if one.media_id in {None, picture.media_id}]
        items: set[str | None] = {picture.sha256 for picture in about} or {None}
        for item in sorted(items, key=str):
            for use, form in _uses_at(one, is_seen=is_seen):
                yield Appearance(
                    student_id=one.student_id, use=use, channel=channel, name_form=form, item=item
                )


def _uses_at(shown: PublishedAppearance, *, is_seen: bool) -> tuple[tuple[Use, NameForm], ...]:
    match shown.manner:
        case Manner.FACE:
            return ((Use.IMAGE, NameForm.NONE),)
        case Manner.WORK if shown.name_form is NameForm.NONE:
            return ((Use.WORK, NameForm.NONE),)
        case Manner.WORK:
            together = ((Use.IMAGE_WITH_NAME, shown.name_form),) if is_seen else ()
            return ((Use.WORK, shown.name_form), (Use.NAME, shown.name_form), *together)
        case Manner.NAME:
            together = ((Use.IMAGE_WITH_NAME, shown.name_form),) if is_seen else ()
            return ((Use.NAME, shown.name_form), *together)


def _students_at(judged: Judged, finding: Finding) -> tuple[StudentId, ...]:
    match judged.resolution_of(finding.finding_id):
        case Identified(students=students):
            return students
        case NotAStudent() | Nobody() | Overruled() | Noted():
            return ()
        case _:
            return finding.candidates if isinstance(finding, NameFinding) else ()


def _appearance(judged: Judged, finding: Finding, student: StudentId) -> PublishedAppearance:
    permission = judged.verdict.permissions.get(finding.finding_id)
    grounds = permission.grounds if isinstance(permission, Granted) else ()
    if not isinstance(finding, NameFinding) or finding.where in _NEVER_PUBLISHED:
        return PublishedAppearance(
            student_id=student,
            manner=Manner.FACE,
            grounds=grounds,
            media_id=finding.media_id,
            box=finding.box if isinstance(finding, FaceFinding) else None,
        )
    return PublishedAppearance(
        student_id=student,
        manner=Manner.NAME,
        grounds=grounds,
        media_id=finding.media_id,
        box=finding.box,
        where=finding.where,
        span=finding.span,
        text=finding.text,
        name_form=finding.form,
    )
