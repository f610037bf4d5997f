"""What the office does about what has to come down."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow import clear, takedowns
from mediacheck.flow.desk import Desk
from mediacheck.flow.show import show_post
from mediacheck.flow.works import SaidOfWork, say_of_work
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from mediacheck.model.post import MediaState, Post
from mediacheck.model.publication import Publication, TakedownAct, TakedownCase
from mediacheck.model.verdict import Outcome
from mediacheck.model.works import Credit
from release_db.words import Capacity, SchoolKey, StudentId, Use
from tests.conftest import House
from tests.factories import a_release, a_staff_member
from tests.mediacheck.flow.test_clear import TEACHER, a_cleared_post, at
from tests.mediacheck.flow.test_withdraw import a_no, change, published

OFFICE = a_staff_member("reviewer", role=Role.COMMUNICATIONS, schools=())
ELSEWHERE = a_staff_member("else", role=Role.COMMUNICATIONS, schools=(SchoolKey("roosevelt"),))


@pytest.fixture
def kept(house: House) -> Publication:
    """A post is out, and its student's family says no."""
    publication = published(house)
    change(house, a_no())
    return publication


def do(house: House, act: Callable[[Desk], object], staff: StaffMember = OFFICE) -> object:
    return house.at_desk(staff, act)


def the_case(house: House) -> TakedownCase:
    with house.services.transaction() as work:
        (case,) = work.publications.cases()
    return case


def settle(
    house: House, kept: Publication, act: TakedownAct, words: str = "I looked: it is gone."
) -> None:
    case_id, step = the_case(house).case_id, (kept.publication_id, act)
    do(house, lambda desk: takedowns.take_step(desk, case_id, step, words))


@pytest.mark.parametrize(
    "act", [TakedownAct.REMOVED, TakedownAct.REPLACED, TakedownAct.NEVER_POSTED]
)
def test_what_is_done_settles_it_and_is_kept(
    house: House, kept: Publication, act: TakedownAct
) -> None:
    settle(house, kept, act)

    case = the_case(house)
    assert case.left == ()
    assert [(step.act, step.by) for step in case.steps] == [(act, OFFICE.staff_id)]
    with house.services.transaction() as work:
        assert Event.TAKEDOWN_STEP in [entry.event for entry in work.audit.entries()]


def test_what_cannot_be_taken_down_needs_words(house: House, kept: Publication) -> None:
    with pytest.raises(BadRequest, match="why"):
        settle(house, kept, TakedownAct.CANNOT_REMOVE, "")

    assert the_case(house).left == (kept.publication_id,)
    settle(house, kept, TakedownAct.CANNOT_REMOVE, "It is in the printed yearbook.")
    assert the_case(house).left == ()


def test_what_is_done_is_not_done_again(house: House, kept: Publication) -> None:
    settle(house, kept, TakedownAct.REMOVED)

    with pytest.raises(BadRequest, match="already"):
        settle(house, kept, TakedownAct.NEVER_POSTED)


@pytest.mark.parametrize("act", [TakedownAct.REMOVED, TakedownAct.REPLACED])
def test_what_could_not_be_taken_down_may_come_down_later(
    house: House, kept: Publication, act: TakedownAct
) -> None:
    settle(house, kept, TakedownAct.CANNOT_REMOVE, "The site does not answer us.")
    assert the_case(house).stays_out(kept.publication_id)

    settle(house, kept, act)

    assert not the_case(house).stays_out(kept.publication_id)
    with pytest.raises(BadRequest, match="already"):
        settle(house, kept, act)


@pytest.mark.parametrize("act", [TakedownAct.CANNOT_REMOVE, TakedownAct.NEVER_POSTED])
def test_of_what_could_not_be_taken_down_nothing_else_is_said(
    house: House, kept: Publication, act: TakedownAct
) -> None:
    settle(house, kept, TakedownAct.CANNOT_REMOVE, "The site does not answer us.")

    with pytest.raises(BadRequest, match="already"):
        settle(house, kept, act)


def test_what_came_down_later_is_shown_to_be_gone(house: House, kept: Publication) -> None:
    settle(house, kept, TakedownAct.CANNOT_REMOVE, "The site does not answer us.")

    with pytest.raises(BadRequest, match="Show that it is gone"):
        settle(house, kept, TakedownAct.REMOVED, "")


def test_what_came_down_is_in_no_later_case(house: House, kept: Publication) -> None:
    settle(house, kept, TakedownAct.REMOVED)

    assert change(house, a_no(Use.NAME)).cases == ()


def test_another_schools_office_sees_no_case(house: House, kept: Publication) -> None:
    case_id = the_case(house).case_id

    assert do(house, takedowns.cases_for, ELSEWHERE) == ()
    with pytest.raises(NotFound):
        do(house, lambda desk: takedowns.require_case(desk, case_id), ELSEWHERE)


def a_covered_copy(house: House, kept: Publication) -> Post:
    case_id = the_case(house).case_id
    post = do(house, lambda desk: takedowns.start_covered_copy(desk, case_id, kept.publication_id))
    assert isinstance(post, Post)
    house.jobs.run()
    with house.services.transaction() as work:
        found = work.posts.post_or_none(post.post_id)
    assert found is not None
    return found


def test_a_covered_copy_hides_the_student_and_is_a_post_of_its_own(
    house: House, kept: Publication
) -> None:
    copy = a_covered_copy(house, kept)

    (media,) = copy.media
    assert copy.author == OFFICE.staff_id
    assert "Maya" not in copy.caption
    assert media.state is MediaState.CHECKED
    assert media.pixels_sha256 != kept.media[0].pixels_sha256
    assert {student for one in media.covers for student in one.students} == {StudentId("S1")}


def test_a_covered_copy_can_go_out_though_the_student_cannot(
    house: House, kept: Publication
) -> None:
    copy = a_covered_copy(house, kept)

    shown = do(house, lambda desk: show_post(desk, copy.post_id).judged.verdict.outcome)

    assert shown is Outcome.CLEARED


def test_a_covered_copy_settles_nothing_by_itself(house: House, kept: Publication) -> None:
    copy = a_covered_copy(house, kept)

    case = the_case(house)
    assert case.left == (kept.publication_id,)
    assert [step.post_id for step in case.steps] == [copy.post_id]


def test_a_picture_with_nothing_to_cover_stays_behind(house: House) -> None:
    kept = published(house, faces=())  # Only the file's name told that she is in the picture.
    change(house, a_no())

    assert a_covered_copy(house, kept).media == ()


def test_a_picture_of_the_students_work_stays_behind(house: House) -> None:
    kept = published_work(house, "S1")
    change(house, a_no(Use.WORK))

    assert a_covered_copy(house, kept).media == ()


def published_work(house: House, student: str) -> Publication:
    """The picture shows Maya, and work of that student."""
    post_id = a_cleared_post(house)
    with house.services.transaction() as work:
        post = work.posts.post_or_none(post_id)
    assert post is not None
    said = SaidOfWork(
        media_id=post.media[0].media_id,
        credit=Credit.STUDENTS,
        students=(StudentId(student),),
    )
    at(house, post_id, lambda desk, post: say_of_work(desk, post, said))
    at(house, post_id, clear.clear_post)
    clearance = clear.hand_over(house.services, TEACHER, post_id).clearance
    with house.services.transaction() as work:
        kept = work.publications.of_clearance_or_none(clearance.clearance_id)
    assert kept is not None
    return kept


def test_whose_work_it_is_stays_said_in_the_copy(house: House) -> None:
    with house.services.transaction() as work:
        work.register.record(
            [a_release("S2", use=Use.WORK, capacity=Capacity.OFFICE, decided_by="office")]
        )
    kept = published_work(house, "S2")
    change(house, a_no())

    copy = a_covered_copy(house, kept)

    with house.services.transaction() as work:
        (word,) = work.works.of_post(copy.post_id).values()
    assert word.students == (StudentId("S2"),)


def test_the_original_stays_as_it_was_published(house: House, kept: Publication) -> None:
    a_covered_copy(house, kept)

    with house.services.transaction() as work:
        assert work.publications.publication_or_none(kept.publication_id) == kept
