"""Who may do what to a post, and what a word on a finding becomes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.errors import BadRequest, NotAllowed, NotFound
from mediacheck.model.channel_rules import ChannelRules
from mediacheck.model.finding import FaceMark
from mediacheck.model.people import Role, StaffMember
from mediacheck.model.post import PostState
from mediacheck.model.resolution import (
    Candidate,
    Identified,
    Nobody,
    NotAStudent,
    Overruled,
    Suggested,
    Unresolved,
)
from mediacheck.review.rights import (
    is_visible_to,
    may_edit,
    may_review,
    may_use_channel,
    require_editable,
    require_reviewable,
    require_visible,
)
from mediacheck.review.words import Word, overruling, resolution_of_word
from release_db.words import SchoolKey, StudentId
from tests.factories import (
    AUTHOR,
    REVIEWER,
    a_channel,
    a_face,
    a_name,
    a_post,
    a_staff_member,
)

AUTHOR_MEMBER = a_staff_member()
COLLEAGUE = a_staff_member("colleague")
STRANGER = a_staff_member("stranger", schools=(SchoolKey("roosevelt"),))
OFFICE = a_staff_member("reviewer", role=Role.COMMUNICATIONS, schools=())
REGISTRAR = a_staff_member("registrar", role=Role.REGISTRAR, schools=())
DRAFT = a_post()
WITH_OFFICE = a_post(state=PostState.WITH_OFFICE)
MATCH = Suggested(candidates=(Candidate(student_id=StudentId("S1"), distance=0.3, margin=0.1),))


@pytest.mark.parametrize(
    ("staff", "is_visible"),
    [
        (AUTHOR_MEMBER, True),
        (COLLEAGUE, True),
        (OFFICE, True),
        (STRANGER, False),
        (REGISTRAR, False),
    ],
)
def test_a_post_is_visible_within_its_school(staff: StaffMember, is_visible: bool) -> None:
    assert is_visible_to(staff, DRAFT) is is_visible


ANYBODY = ChannelRules(channel=a_channel().key)


def test_a_post_of_another_school_reads_like_none() -> None:
    with pytest.raises(NotFound) as hidden:
        require_visible(STRANGER, DRAFT)
    with pytest.raises(NotFound) as missing:
        require_visible(STRANGER, None)

    assert hidden.value.message == missing.value.message


def test_only_the_author_edits_a_draft() -> None:
    assert may_edit(AUTHOR_MEMBER, DRAFT)
    assert not may_edit(COLLEAGUE, DRAFT)
    assert not may_edit(OFFICE, DRAFT)
    with pytest.raises(NotAllowed, match="author"):
        require_editable(COLLEAGUE, DRAFT)


def test_with_the_office_only_a_reviewer_edits() -> None:
    assert may_edit(OFFICE, WITH_OFFICE)
    with pytest.raises(NotAllowed, match="Take it back"):
        require_editable(AUTHOR_MEMBER, WITH_OFFICE)


def test_nobody_reviews_an_own_post() -> None:
    own = a_post(state=PostState.WITH_OFFICE, author=REVIEWER)

    assert not may_review(OFFICE, own)
    with pytest.raises(NotAllowed, match="Somebody else"):
        require_reviewable(OFFICE, own)


def test_a_post_is_reviewed_only_when_it_was_sent() -> None:
    with pytest.raises(NotAllowed, match="not waiting"):
        require_reviewable(OFFICE, DRAFT)


def test_official_channels_are_the_office_s() -> None:
    official = a_channel(school=None, is_official=True)

    assert not may_use_channel(AUTHOR_MEMBER, official, ANYBODY)
    assert may_use_channel(OFFICE, official, ANYBODY)


def test_a_channel_of_another_school_is_not_offered() -> None:
    assert not may_use_channel(STRANGER, a_channel(), ANYBODY)
    assert may_use_channel(STRANGER, a_channel(school=None), ANYBODY)


def test_of_the_teachers_only_those_who_are_named_post_where_that_is_the_rule() -> None:
    nobody = replace(ANYBODY, is_named_only=True)
    named = replace(nobody, posters=(AUTHOR_MEMBER.staff_id, STRANGER.staff_id))

    assert may_use_channel(AUTHOR_MEMBER, a_channel(), ANYBODY)
    assert not may_use_channel(AUTHOR_MEMBER, a_channel(), nobody)
    assert may_use_channel(AUTHOR_MEMBER, a_channel(), named)
    assert may_use_channel(OFFICE, a_channel(), nobody)


def test_a_channel_s_own_rules_open_nothing_that_role_and_school_close() -> None:
    named = replace(
        ANYBODY, is_named_only=True, posters=(AUTHOR_MEMBER.staff_id, STRANGER.staff_id)
    )

    assert not may_use_channel(STRANGER, a_channel(), named)
    assert not may_use_channel(AUTHOR_MEMBER, a_channel(is_official=True), named)


def word(
    spoken: Word, student: str | None = None, match: object = MATCH
) -> Identified | NotAStudent | Nobody | Unresolved:
    made = resolution_of_word(
        spoken,
        match=match,  # type: ignore[arg-type]
        by=AUTHOR,
        student=StudentId(student) if student else None,
        choices={StudentId("S1"), StudentId("S2")},
    )
    assert isinstance(made, Identified | NotAStudent | Nobody | Unresolved)
    return made


def test_a_confirmation_names_the_suggested_student() -> None:
    assert word(Word.CONFIRM) == Identified(students=(StudentId("S1"),), by=AUTHOR)


def test_nothing_is_confirmed_where_nothing_was_suggested() -> None:
    with pytest.raises(BadRequest):
        word(Word.CONFIRM, match=Unresolved())


def test_only_a_student_of_the_list_can_be_chosen() -> None:
    assert word(Word.CHOOSE, "S2") == Identified(students=(StudentId("S2"),), by=AUTHOR)
    with pytest.raises(BadRequest):
        word(Word.CHOOSE, "S9")


@pytest.mark.parametrize("other", [Word.STAFF, Word.VISITOR, Word.PICTURE_ON_WALL])
def test_somebody_else_is_not_a_student(other: Word) -> None:
    assert isinstance(word(other), NotAStudent)


def test_an_overruling_needs_a_reason_and_a_face_that_cannot_be_told() -> None:
    far = a_face(marks=[FaceMark.TOO_SMALL])

    assert isinstance(overruling(far, by=REVIEWER, reason="At the far end"), Overruled)
    assert isinstance(overruling(a_name(), by=REVIEWER, reason="A street's name"), Overruled)
    with pytest.raises(BadRequest):
        overruling(far, by=REVIEWER, reason="ok")
    with pytest.raises(NotAllowed):
        overruling(a_face(), by=REVIEWER, reason="I do not know who it is")
