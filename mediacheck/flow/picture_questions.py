"""Asks the families who want to be asked each time about the pictures of one post.

Whoever asks learns nothing by it: the answer is the same whether anybody is asked or not, so that
nobody finds out which family wants to be asked, or has refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from mediacheck.accounts.families_links import LINK_LIFE
from mediacheck.accounts.families_mail import queue_mail
from mediacheck.errors import BadRequest
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.flow.publication import appearances_in, uses_of
from mediacheck.flow.rounds_mail import people_to_ask
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.finding import FaceFinding
from mediacheck.model.mail import MailKind
from mediacheck.model.picture_question import AskedUse, PictureQuestion, QuestionId
from mediacheck.model.post import Media, Post
from mediacheck.model.publication import PublishedAppearance
from mediacheck.review.rights import require_editable
from release_db.records import Channel, RefusalReason, Refused, Release, StudentFile
from release_db.rules import permission_for
from release_db.standing import decider_of
from release_db.words import Capacity, ReleaseId, StudentId

#: A day for news of pictures; as long as an invitation's link works before there is another.
_BETWEEN_MAILS = {MailKind.PICTURE: timedelta(days=1), MailKind.INVITATION: LINK_LIFE}


@dataclass(slots=True, kw_only=True)
class _Wanted:
    """What has to be asked about one student and one upload, and whose word it waits for."""

    uses: set[AskedUse] = field(default_factory=set)
    releases: set[ReleaseId] = field(default_factory=set)


def ask_families(desk: Desk, post: Post) -> None:
    """Asks every family that wants to be asked, once for each picture, channel and use.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: there is no picture to ask about.
    """
    require_editable(desk.staff, post)
    judged = judge_post(desk.services, desk.work, post)
    if not any(media.picture_key for media in post.media):
        raise BadRequest("Families are asked about photos. Add one first.")
    channel = judged.channel
    asked = list(_questions(desk, judged, channel)) if channel is not None else []
    for question, people in asked:
        desk.work.picture_questions.ask(question)
        for person in people:
            _write_to(desk, question, person)
    desk.work.audit.write(
        Event.FAMILIES_ASKED,
        actor=desk.staff.staff_id,
        subject=post.post_id,
        questions=len(asked),
    )


def _questions(
    desk: Desk, judged: Judged, channel: Channel
) -> Iterator[tuple[PictureQuestion, Sequence[FamilyAccount]]]:
    shown: defaultdict[StudentId, list[PublishedAppearance]] = defaultdict(list)
    for one in appearances_in(judged):
        shown[one.student_id].append(one)
    files = desk.work.register.student_files(shown.keys())
    known = desk.work.picture_questions.of_students(shown.keys()) if shown else ()
    for student, file in sorted(files.items()):
        for item, wanted in _wanted_of(desk, judged, channel, (file, shown[student])).items():
            media = next(one for one in judged.post.media if one.sha256 == item)
            question = _question(desk, judged, media, (student, shown[student], wanted))
            people = tuple(_people(desk, file, wanted.releases))
            if people and not _was_asked(question, known):
                yield question, people


def _wanted_of(
    desk: Desk,
    judged: Judged,
    channel: Channel,
    of: tuple[StudentFile, Sequence[PublishedAppearance]],
) -> dict[str, _Wanted]:
    """The uses that only an answer for the very picture would allow, by upload."""
    file, shown = of
    today = today_of(desk.services.clock, desk.work.register)
    wanted: defaultdict[str, _Wanted] = defaultdict(_Wanted)
    for asked in uses_of(shown, judged.post.media, channel):
        permission = permission_for(asked, file, today)
        is_asking = isinstance(permission, Refused) and permission.reason is RefusalReason.ASK_FIRST
        if asked.item and is_asking:
            mine = wanted[asked.item]
            mine.uses.add(AskedUse(use=asked.use, name_form=asked.name_form))
            mine.releases.update(permission.releases)
    return dict(wanted)


def _question(
    desk: Desk,
    judged: Judged,
    media: Media,
    about: tuple[StudentId, Sequence[PublishedAppearance], _Wanted],
) -> PictureQuestion:
    student, shown, wanted = about
    mine = {one.box for one in shown if one.media_id == media.media_id}
    return PictureQuestion(
        question_id=QuestionId(desk.services.ids.new()),
        student_id=student,
        post_id=judged.post.post_id,
        item=media.sha256,
        channel=judged.post.channel,
        uses=tuple(sorted(wanted.uses, key=lambda one: (one.use, one.name_form))),
        names=tuple(dict.fromkeys(one.text for one in shown if one.text.strip())),
        picture_key=media.picture_key or "",
        others=tuple(
            face.box
            for face in judged.findings
            if isinstance(face, FaceFinding)
            and face.media_id == media.media_id
            and face.box not in mine
        ),
        asked_by=desk.staff.staff_id,
        asked_at=desk.services.clock.now(),
    )


def _was_asked(question: PictureQuestion, known: Iterable[PictureQuestion]) -> bool:
    """Whether the family has that question already: it is never asked twice."""
    return any(
        (one.student_id, one.item, one.channel)
        == (question.student_id, question.item, question.channel)
        and set(question.uses) <= set(one.uses)
        for one in known
    )


def _people(
    desk: Desk, file: StudentFile, releases: Iterable[ReleaseId]
) -> Iterator[FamilyAccount]:
    """Those whose own wish to be asked it is: nobody else can lift it."""
    words = [word for word in file.releases if word.release_id in set(releases)]
    today = today_of(desk.services.clock, desk.work.register)
    for person in people_to_ask(desk.work, file, today):
        if any(_is_of(word, person, file) for word in words):
            yield person


def _is_of(word: Release, person: FamilyAccount, file: StudentFile) -> bool:
    if person.kind is FamilyKind.STUDENT:
        return word.capacity is Capacity.STUDENT
    probe = replace(word, decided_by=person.email, capacity=Capacity.GUARDIAN)
    return word.capacity is Capacity.GUARDIAN and decider_of(word, file) == decider_of(probe, file)


def _write_to(desk: Desk, question: PictureQuestion, person: FamilyAccount) -> None:
    """Mails somebody who can sign in a word of the question, and anybody else the invitation.

    Her page lists every question, so that a second mail on the same day would tell nothing.
    """
    work = desk.work
    account = work.families.account_by_email_or_none(person.email)
    if account is None:
        account = replace(person, account_id=FamilyAccountId(desk.services.ids.new()))
        work.families.save_account(account)
    if not account.is_active:
        return
    can_sign_in = work.families.has_credentials(account.account_id)
    kind = MailKind.PICTURE if can_sign_in else MailKind.INVITATION
    latest = work.outbox.latest_or_none(account.account_id, kind)
    if latest is None or desk.services.clock.now() - latest.queued_at >= _BETWEEN_MAILS[kind]:
        queue_mail(work, desk.services, kind, account.account_id, about=question.question_id)
