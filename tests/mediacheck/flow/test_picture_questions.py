"""Families who want to be asked are asked, and answer for one picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow import clear, mend, receive
from mediacheck.flow.desk import Desk
from mediacheck.flow.families import (
    FamilyDesk,
    Signature,
    WouldWiden,
    require_child,
    sign_choices,
)
from mediacheck.flow.families_choices import PLACES, Choice
from mediacheck.flow.families_pictures import OPEN_FOR, answer_question, questions_for
from mediacheck.flow.picture_preview import preview_of
from mediacheck.flow.picture_questions import ask_families
from mediacheck.flow.show import show_post
from mediacheck.model.audit import Event
from mediacheck.model.families import (
    FamilyAccount,
    FamilyAccountId,
    FamilyKind,
    FamilyVisitor,
)
from mediacheck.model.finding import FaceFinding
from mediacheck.model.mail import MailKind
from mediacheck.model.picture_question import PictureQuestion
from mediacheck.model.post import Post, PostId
from mediacheck.model.review import ReviewAct
from mediacheck.model.verdict import Outcome
from mediacheck.review.words import Word
from release_db.records import Appearance, RefusalReason, Refused, Release
from release_db.rules import permission_for
from release_db.words import Answer, ReleaseId, StudentId, Use
from tests.conftest import House
from tests.factories import CLASS, NOW, PARENT, a_box, a_channel, a_release
from tests.mediacheck.flow.test_clear import TEACHER, at
from tests.mediacheck.flow.test_families import OTHER, a_guardian, a_visitor, at_desk, family

__all__ = ["family"]

MAYA = StudentId("S1")
SIGNED = Signature(typed="Ana Lopez", language="en")


@pytest.fixture
def post_id(family: House) -> PostId:
    """Maya's mother wants to be asked each time; a post shows Maya and names her."""
    with family.services.transaction() as work:
        links = [replace(a_guardian(email), student_id=MAYA) for email in (PARENT, OTHER)]
        work.register.save_guardians(links)
        work.register.record([an_ask(use) for use in Use])
    family.finder.boxes = (a_box(), a_box(400))
    words = receive.Words(caption="Maya and a windy day", channel=a_channel().key, class_key=CLASS)

    def start(desk: Desk) -> str:
        post = receive.start_post(desk, words)
        receive.add_picture(desk, post, ("kite.jpg", b"grey:200"))
        return post.post_id

    made = PostId(str(family.at_desk(TEACHER, start)))
    family.jobs.run()
    at(family, made, settle)
    return made


def an_ask(use: Use) -> Release:
    """The mother wants to be asked, everywhere; she said so before now."""
    asked = a_release(MAYA, use=use, answer=Answer.ASK)
    return replace(asked, release_id=ReleaseId(f"ask-{use}"), recorded_at=NOW - timedelta(hours=1))


def settle(desk: Desk, post: Post) -> None:
    """The first face and the name are Maya's, the second face is a teacher's."""
    receive.change_alt_text(desk, post, post.media[0].media_id, "A kite")
    faces = 0
    for finding in show_post(desk, post.post_id).judged.findings:
        faces += isinstance(finding, FaceFinding)
        is_teacher = isinstance(finding, FaceFinding) and faces == 2
        said = mend.Said(
            finding=finding.finding_id,
            word=Word.STAFF if is_teacher else Word.CHOOSE,
            student=None if is_teacher else MAYA,
        )
        mend.say_who(desk, post, said)


def ask(house: House, post_id: PostId) -> None:
    at(house, post_id, ask_families)


def waiting(house: House, visitor: FamilyVisitor | None = None) -> tuple[PictureQuestion, ...]:
    """What a person is asked, as her page shows it."""

    def read(desk: FamilyDesk) -> tuple[PictureQuestion, ...]:
        found = questions_for(desk, require_child(desk, MAYA))
        return tuple(asked.question for asked in found)

    return at_desk(house, read, visitor or a_visitor())


def answer(house: House, said: Answer, visitor: FamilyVisitor | None = None) -> None:
    who = visitor or a_visitor()
    (question,) = waiting(house, who)
    at_desk(
        house,
        lambda desk: answer_question(desk, MAYA, question.question_id, (said, SIGNED)),
        who,
    )


def outcome(house: House, post_id: PostId) -> Outcome:
    shown = house.at_desk(TEACHER, lambda desk: show_post(desk, post_id).judged.verdict.outcome)
    assert isinstance(shown, Outcome)
    return shown


def mails(house: House) -> list[MailKind]:
    with house.services.transaction() as work:
        due = work.outbox.due(house.clock.now())
        found = [work.outbox.mail_or_none(mail_id) for mail_id in due]
        return [mail.kind for mail in found if mail is not None]


def test_a_family_that_wants_to_be_asked_is_asked_what_the_post_does(
    family: House, post_id: PostId
) -> None:
    ask(family, post_id)

    (question,) = waiting(family)
    assert {one.use for one in question.uses} == {Use.IMAGE, Use.NAME, Use.IMAGE_WITH_NAME}
    assert question.names == ("Maya",)
    assert len(question.others) == 1
    assert mails(family) == [MailKind.INVITATION]


def test_whoever_can_sign_in_is_written_of_the_picture(family: House, post_id: PostId) -> None:
    account = FamilyAccount(
        account_id=FamilyAccountId("hers"), kind=FamilyKind.GUARDIAN, email=PARENT, name="Ana"
    )
    with family.services.transaction() as work:
        work.families.save_account(account)
        work.families.set_password(account.account_id, "a hash", "a secret", 1)

    ask(family, post_id)

    assert mails(family) == [MailKind.PICTURE]


def test_many_pictures_are_one_mail_a_day(family: House, post_id: PostId) -> None:
    def add(desk: Desk, post: Post) -> None:
        receive.add_picture(desk, post, ("kite2.jpg", b"grey:120"))

    ask(family, post_id)
    at(family, post_id, add)
    family.jobs.run()

    ask(family, post_id)

    assert len(waiting(family)) == 2
    assert len(mails(family)) == 1


def test_nobody_is_asked_twice(family: House, post_id: PostId) -> None:
    ask(family, post_id)
    ask(family, post_id)

    assert len(waiting(family)) == 1
    assert len(mails(family)) == 1


def test_a_yes_clears_this_picture_here_and_no_other(family: House, post_id: PostId) -> None:
    ask(family, post_id)

    answer(family, Answer.ALLOW)

    assert outcome(family, post_id) is Outcome.CLEARED
    assert waiting(family) == ()
    assert _permission(family, item=None) is RefusalReason.ASK_FIRST


def _permission(house: House, item: str | None) -> RefusalReason | None:
    with house.services.transaction() as work:
        asked = Appearance(student_id=MAYA, use=Use.IMAGE, channel=a_channel(), item=item)
        file = work.register.student_files([MAYA])[MAYA]
        permission = permission_for(asked, file, house.clock.now().date())
    return permission.reason if isinstance(permission, Refused) else None


def test_a_no_keeps_it_blocked_and_is_not_asked_again(family: House, post_id: PostId) -> None:
    ask(family, post_id)
    answer(family, Answer.DENY)

    ask(family, post_id)

    assert outcome(family, post_id) is Outcome.BLOCKED
    assert waiting(family) == ()


def test_a_no_after_a_yes_pulls_what_was_cleared(family: House, post_id: PostId) -> None:
    ask(family, post_id)
    answer(family, Answer.ALLOW)
    at(family, post_id, clear.clear_post)
    no = dict.fromkeys(PLACES, Choice.NO)

    at_desk(family, lambda desk: sign_choices(desk, MAYA, no, SIGNED), a_visitor())

    with family.services.transaction() as work:
        assert ReviewAct.PULLED in [note.act for note in work.posts.notes(post_id)]


def test_the_other_guardian_who_never_wished_it_is_not_asked_to_allow(
    family: House, post_id: PostId
) -> None:
    ask(family, post_id)

    answer(family, Answer.ALLOW, a_visitor(OTHER))

    assert outcome(family, post_id) is Outcome.BLOCKED


def test_a_family_that_refused_is_never_asked(family: House, post_id: PostId) -> None:
    refusal = a_release(MAYA, answer=Answer.DENY, decided_by=OTHER)
    with family.services.transaction() as work:
        work.register.record([replace(refusal, recorded_at=NOW)])

    ask(family, post_id)

    uses = {one.use for question in waiting(family) for one in question.uses}
    assert uses.isdisjoint({Use.IMAGE, Use.IMAGE_WITH_NAME})


def test_the_audit_tells_how_many_and_of_whom_nothing(family: House, post_id: PostId) -> None:
    ask(family, post_id)

    with family.services.transaction() as work:
        (entry,) = [one for one in work.audit.entries() if one.event == Event.FAMILIES_ASKED]
    assert MAYA not in entry.details
    assert entry.subject == post_id


def test_a_link_that_may_only_restrict_allows_no_picture(family: House, post_id: PostId) -> None:
    ask(family, post_id)

    with pytest.raises(WouldWiden):
        answer(family, Answer.ALLOW, a_visitor(may_grant=False))


def test_a_question_that_nobody_answers_goes_away(family: House, post_id: PostId) -> None:
    ask(family, post_id)
    family.clock.move(OPEN_FOR + timedelta(minutes=1))

    assert waiting(family) == ()
    assert outcome(family, post_id) is Outcome.BLOCKED


def test_another_familys_question_is_not_found(family: House, post_id: PostId) -> None:
    ask(family, post_id)
    (question,) = waiting(family)
    stranger = a_visitor("stranger@families.example")

    with pytest.raises(NotFound):
        at_desk(
            family,
            lambda desk: answer_question(desk, MAYA, question.question_id, (Answer.DENY, SIGNED)),
            stranger,
        )


def test_a_post_without_a_picture_has_nothing_to_ask(family: House) -> None:
    words = receive.Words(caption="Maya", channel=a_channel().key, class_key=CLASS)
    post_id = PostId(
        str(family.at_desk(TEACHER, lambda desk: receive.start_post(desk, words).post_id))
    )

    with pytest.raises(BadRequest, match="photos"):
        ask(family, post_id)


def test_the_preview_covers_everybody_else(family: House, post_id: PostId) -> None:
    ask(family, post_id)
    (question,) = waiting(family)

    shown = preview_of(family.services, question)

    plain = preview_of(family.services, replace(question, others=()))
    assert shown != plain
