"""What a change of the register stops, and what it brings down."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mediacheck.errors import NotCleared
from mediacheck.flow import clear
from mediacheck.flow.withdraw import Withdrawn, after_change, open_case
from mediacheck.model.audit import Event
from mediacheck.model.post import Box
from mediacheck.model.publication import Manner, Publication, Trigger
from mediacheck.model.review import ReviewAct
from mediacheck.model.verdict import Outcome
from mediacheck.ports.services import Work
from release_db.words import Answer, Audience, Capacity, StudentId, Use
from tests.conftest import House
from tests.factories import NOW, a_box, a_channel, a_hold, a_release
from tests.mediacheck.flow.test_clear import TEACHER, a_cleared_post
from tests.postgresql import reads_sqlite

S1 = StudentId("S1")


def change(
    house: House,
    act: Callable[[Work], object],
    *students: StudentId,
    trigger: Trigger = Trigger.ANSWER,
) -> Withdrawn:
    """Something is changed, and what follows from it, in one transaction."""
    with house.services.transaction() as work:
        act(work)
        return after_change(house.services, work, students or (S1,), trigger=trigger, by="somebody")


def a_no(use: Use = Use.IMAGE, audience: Audience | None = None) -> Callable[[Work], object]:
    refusal = a_release(use=use, answer=Answer.DENY, capacity=Capacity.STUDENT)
    scope = replace(refusal.scope, channel=None, audience=audience)
    later = NOW + timedelta(minutes=1)
    return lambda work: work.register.record(
        [replace(refusal, scope=scope, recorded_at=later, release_id=f"no-{use}")]
    )


def published(
    house: House, caption: str = "Maya and a windy day", faces: tuple[Box, ...] = (a_box(),)
) -> Publication:
    post_id = a_cleared_post(house, caption, faces)
    clearance = clear.hand_over(house.services, TEACHER, post_id).clearance
    with house.services.transaction() as work:
        kept = work.publications.of_clearance_or_none(clearance.clearance_id)
    assert kept is not None
    return kept


def test_what_is_handed_over_is_kept_with_whom_it_shows_and_why(house: House) -> None:
    kept = published(house)

    seen = {(one.student_id, one.manner) for one in kept.appearances}
    assert seen == {(S1, Manner.FACE), (S1, Manner.NAME)}
    assert all(one.grounds for one in kept.appearances)
    assert (kept.caption, kept.channel) == ("Maya and a windy day", a_channel().key)
    assert kept.media[0].alt_text == "A kite"


def test_a_files_name_tells_who_is_in_the_picture_and_is_no_name_that_went_out(
    house: House,
) -> None:
    kept = published(house, "A windy day")

    assert [(one.manner, one.text) for one in kept.appearances] == [(Manner.FACE, "")] * 2


def test_one_clearance_is_one_publication(house: House) -> None:
    kept = published(house)

    clear.hand_over(house.services, TEACHER, kept.post_id)

    with house.services.transaction() as work:
        assert [one.publication_id for one in work.publications.of_students([S1])] == [
            kept.publication_id
        ]


def test_a_no_voids_the_clearance_and_pulls_the_post(house: House) -> None:
    post_id = a_cleared_post(house)

    withdrawn = change(house, a_no())

    assert withdrawn.pulled == (post_id,)
    with house.services.transaction() as work:
        clearance = work.posts.latest_clearance_or_none(post_id)
        assert clearance is not None
        assert work.publications.is_void(clearance.clearance_id)
        assert work.posts.outcome_or_none(post_id) is Outcome.BLOCKED
        (note,) = work.posts.notes(post_id)
        assert note.act is ReviewAct.PULLED
        assert "take it down" not in note.words


def test_whoever_has_the_package_is_told_to_take_the_post_down(house: House) -> None:
    kept = published(house)

    change(house, a_no())

    with house.services.transaction() as work:
        assert "take it down now" in work.posts.notes(kept.post_id)[-1].words


def test_a_void_clearance_opens_no_door_even_when_the_no_is_taken_back(house: House) -> None:
    post_id = a_cleared_post(house)
    with house.services.transaction() as work:
        clearance = work.posts.latest_clearance_or_none(post_id)
        assert clearance is not None
        work.publications.make_void(
            clearance.clearance_id, Trigger.ANSWER, by="somebody", at=house.clock.now()
        )

    with pytest.raises(NotCleared, match="void"):
        clear.hand_over(house.services, TEACHER, post_id)


def test_what_is_still_allowed_is_left_alone(house: House) -> None:
    post_id = a_cleared_post(house)

    withdrawn = change(house, a_no(Use.VOICE))

    assert withdrawn == Withdrawn()
    with house.services.transaction() as work:
        assert work.posts.notes(post_id) == ()


def test_another_students_change_is_no_matter(house: House) -> None:
    a_cleared_post(house)

    assert change(house, a_no(), StudentId("S2")) == Withdrawn()


def test_a_cleared_post_of_a_failed_judging_is_pulled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id = a_cleared_post(house)
    broken = replace(house.services, name_matcher=_fails)

    with broken.transaction() as work:
        withdrawn = after_change(broken, work, [S1], trigger=Trigger.ROSTER, by="somebody")

    assert withdrawn.pulled == (post_id,)


@reads_sqlite
def test_what_cannot_be_read_stops_no_withdrawal(house: House) -> None:
    post_id = a_cleared_post(house)
    database = house.services.settings.data_folder / "test.sqlite3"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE seen SET seen = 'not what was kept'")

    withdrawn = change(house, a_no())

    assert withdrawn.pulled == (post_id,)
    with house.services.transaction() as work:
        assert work.posts.outcome_or_none(post_id) is Outcome.NEEDS_REVIEW
        assert "no-image" in [
            one.release_id for one in work.register.student_files([S1])[S1].releases
        ]


def _fails(*_: object) -> None:
    raise RuntimeError("no matcher")


def test_a_no_opens_a_case_for_everything_that_is_out(house: House) -> None:
    kept = published(house)

    withdrawn = change(house, a_no())

    with house.services.transaction() as work:
        (case,) = work.publications.cases()
        assert (case.case_id,) == withdrawn.cases
        assert case.left == (kept.publication_id,)
        assert (case.student_id, case.trigger) == (S1, Trigger.ANSWER)
        assert Event.TAKEDOWN_OPENED in [entry.event for entry in work.audit.entries()]


@pytest.mark.parametrize("use", [Use.NAME, Use.IMAGE_WITH_NAME])
def test_a_no_to_a_name_beside_a_face_is_enough(house: House, use: Use) -> None:
    published(house)

    assert len(change(house, a_no(use)).cases) == 1


def test_a_no_to_other_channels_brings_nothing_down(house: House) -> None:
    published(house)

    assert change(house, a_no(audience=Audience.PRINT)) == Withdrawn()


def test_the_same_change_again_opens_no_second_case(house: House) -> None:
    published(house)
    change(house, a_no())

    assert change(house, a_no(Use.NAME)).cases == ()


def test_a_hold_stops_and_brings_down_as_a_no_does(house: House) -> None:
    published(house)

    withdrawn = change(house, lambda work: work.register.place_hold(a_hold()), trigger=Trigger.HOLD)

    assert (len(withdrawn.pulled), len(withdrawn.cases)) == (1, 1)


def test_an_erased_student_is_brought_down(house: House) -> None:
    published(house)

    def erase(work: Work) -> None:
        work.register.delete_student(S1, why="erasure", at=house.clock.now())

    assert len(change(house, erase, trigger=Trigger.ERASURE).cases) == 1


def test_what_has_merely_run_out_stays_where_it_is(house: House) -> None:
    published(house)
    house.clock.move(timedelta(days=400))

    assert change(house, _nothing).cases == ()


def test_a_student_who_left_stays_in_what_was_published(house: House) -> None:
    published(house)

    def leave(work: Work) -> None:
        student = work.register.student_or_none(S1)
        assert student is not None
        work.register.save_students([replace(student, left_on=date(2026, 9, 1))])

    assert change(house, leave, trigger=Trigger.ROSTER).cases == ()


def test_a_case_never_lists_what_another_lists(house: House) -> None:
    kept = published(house)

    with house.services.transaction() as work:
        first, second = (
            open_case(
                house.services,
                work,
                S1,
                [kept.publication_id],
                trigger=Trigger.FAMILY_ASKED,
                by="family",
            )
            for _ in range(2)
        )

    assert first is not None
    assert second is None


def _nothing(_: Work) -> None:
    """Time went by, and nobody said anything."""
