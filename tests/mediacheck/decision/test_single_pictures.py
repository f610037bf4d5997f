"""Answers for one picture alone, and channels that take no close-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.decision.close_ups import CLOSE_UP_FACE, close_ups_in
from mediacheck.decision.decide import decide
from mediacheck.model.finding import FaceFinding, Where
from mediacheck.model.post import Media, MediaId
from mediacheck.model.resolution import NotAStudent, OtherPerson
from mediacheck.model.verdict import Outcome, ReasonCode
from release_db.records import StudentFile
from release_db.terms import ItemConsent
from release_db.words import Answer, Capacity, ItemConsentId, NameForm, StudentId, Use
from tests.factories import (
    NOW,
    PARENT,
    REVIEWER,
    a_box,
    a_channel,
    a_face,
    a_file,
    a_media,
    a_name,
    releases_for,
)
from tests.mediacheck.decision.test_decide import codes, said, seen

UPLOAD, OTHER_UPLOAD = "a" * 64, "b" * 64
FIRST = replace(a_media("m1"), sha256=UPLOAD)
SECOND = replace(a_media("m2"), sha256=OTHER_UPLOAD)
GROUPS_ONLY = replace(a_channel(), allows_close_ups=False)
NEAR = round(CLOSE_UP_FACE * 480)


def an_answer(
    use: Use = Use.IMAGE, answer: Answer = Answer.ALLOW, item: str = UPLOAD
) -> ItemConsent:
    return ItemConsent(
        item_consent_id=ItemConsentId(f"item-{use}-{item[0]}"),
        student_id=StudentId("S1"),
        item=item,
        channel=a_channel().key,
        use=use,
        name_form=NameForm.FULL if use is not Use.IMAGE else NameForm.NONE,
        answer=answer,
        capacity=Capacity.GUARDIAN,
        decided_by=PARENT,
        method="portal",
        given_on=NOW.date(),
        recorded_at=NOW,
    )


def asking(*items: ItemConsent) -> StudentFile:
    """A family that wants to be asked each time, with its answers for single pictures."""
    releases = releases_for(answer=Answer.ASK)
    earlier = tuple(replace(one, recorded_at=NOW - timedelta(days=9)) for one in releases)
    return replace(a_file(releases=earlier), items=items)


def a_face_of(height: int, media_id: str = "m1", finding_id: str = "f1") -> FaceFinding:
    return replace(a_face(finding_id, media_id=media_id), box=a_box(size=height))


def test_a_family_that_wants_to_be_asked_blocks_until_it_has_answered() -> None:
    verdict = decide(seen(a_face(), words={"f1": said()}, files=[asking()], media=[FIRST]))

    assert codes(verdict) == [ReasonCode.RELEASE_REFUSED]


def test_a_yes_for_this_picture_clears_it_and_is_named() -> None:
    answer = an_answer()

    verdict = decide(seen(a_face(), words={"f1": said()}, files=[asking(answer)], media=[FIRST]))

    assert verdict.outcome is Outcome.CLEARED
    assert verdict.rests_on == (answer.item_consent_id,)


def test_a_yes_for_another_picture_clears_nothing() -> None:
    answer = an_answer(item=OTHER_UPLOAD)

    verdict = decide(seen(a_face(), words={"f1": said()}, files=[asking(answer)], media=[FIRST]))

    assert verdict.outcome is Outcome.BLOCKED


def test_a_no_for_this_picture_blocks_it_though_all_else_is_allowed() -> None:
    file = replace(a_file(releases=releases_for()), items=(an_answer(answer=Answer.DENY),))

    blocked = decide(seen(a_face(), words={"f1": said()}, files=[file], media=[FIRST]))
    other = decide(seen(a_face(media_id="m2"), words={"f1": said()}, files=[file], media=[SECOND]))

    assert codes(blocked) == [ReasonCode.RELEASE_REFUSED]
    assert other.outcome is Outcome.CLEARED


@pytest.mark.parametrize(
    ("answered", "outcome"),
    [((UPLOAD,), Outcome.BLOCKED), ((UPLOAD, OTHER_UPLOAD), Outcome.CLEARED)],
)
def test_a_name_in_the_caption_is_about_every_picture(
    answered: Iterable[str], outcome: Outcome
) -> None:
    file = asking(*(an_answer(Use.NAME, item=upload) for upload in answered))

    verdict = decide(seen(a_name(), words={"n1": said()}, files=[file], media=[FIRST, SECOND]))

    assert verdict.outcome is outcome


def test_a_name_in_a_description_is_about_its_own_picture() -> None:
    file = asking(an_answer(Use.NAME))
    name = a_name(where=Where.ALT, media_id="m1")

    verdict = decide(seen(name, words={"n1": said()}, files=[file], media=[FIRST, SECOND]))

    assert verdict.outcome is Outcome.CLEARED


def test_a_close_up_is_refused_where_the_channel_takes_groups_only() -> None:
    face = a_face_of(NEAR)
    released = [a_file(releases=releases_for())]

    verdict = decide(seen(face, words={"f1": said()}, files=released, channel=GROUPS_ONLY))

    assert codes(verdict) == [ReasonCode.CLOSE_UP]
    assert verdict.outcome is Outcome.BLOCKED


def test_a_name_with_a_close_up_is_refused_with_it() -> None:
    released = [a_file(releases=releases_for())]
    words = {"f1": said(), "n1": said()}

    verdict = decide(
        seen(a_face_of(NEAR), a_name(), words=words, files=released, channel=GROUPS_ONLY)
    )

    assert codes(verdict) == [ReasonCode.CLOSE_UP, ReasonCode.CLOSE_UP]


def test_a_far_face_or_a_channel_that_takes_them_is_no_matter() -> None:
    released, words = [a_file(releases=releases_for())], {"f1": said()}

    far = decide(seen(a_face_of(NEAR - 1), words=words, files=released, channel=GROUPS_ONLY))
    near = decide(seen(a_face_of(NEAR), words=words, files=released))

    assert (far.outcome, near.outcome) == (Outcome.CLEARED, Outcome.CLEARED)


def test_company_makes_it_no_close_up() -> None:
    faces = (a_face_of(NEAR), a_face_of(40, finding_id="f2"))

    assert close_ups_in(seen(*faces)) == frozenset()


def test_a_face_that_is_nobodys_is_no_company() -> None:
    faces = (a_face_of(NEAR), a_face_of(40, finding_id="f2"))
    poster = NotAStudent(by=REVIEWER, kind=OtherPerson.PICTURE_ON_WALL)

    assert close_ups_in(seen(*faces, words={"f2": poster})) == {MediaId("m1")}


def test_only_the_picture_itself_is_near() -> None:
    media: list[Media] = [FIRST, SECOND]

    near = close_ups_in(seen(a_face_of(NEAR), a_face_of(40, "m2", "f2"), media=media))

    assert near == {MediaId("m1")}
