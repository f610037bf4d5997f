"""What is posted by hand goes through the same door, and comes down by a named person's hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mediacheck.decision.decide import LONGEST_VALIDITY
from mediacheck.errors import BadRequest, ConnectorError, NotAllowed, NotCleared, NotFound
from mediacheck.flow import clear, publish
from mediacheck.flow.by_hand import say_posted
from mediacheck.flow.connections import begin_link, finish_link
from mediacheck.flow.desk import Desk
from mediacheck.flow.withdraw import after_change
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffId, StaffMember
from mediacheck.model.publication import Trigger
from mediacheck.model.publishing import (
    Connection,
    ConnectionState,
    Dispatch,
    DispatchState,
    Platform,
    RemovalState,
)
from mediacheck.ports.services import Work
from mediacheck.publish.connectors.handoff.linking import HandOffLinking
from release_db.words import Answer, Capacity, StudentId
from tests.conftest import House
from tests.factories import a_channel, a_release, a_staff_member
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import OFFICE, STRANGER, TEACHER, a_cleared_post


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    """The account is gone; the channel is posted to by hand."""
    with open_press_room(house) as opened:
        with opened.publisher.transaction() as work:
            (account,) = work.connections.all()
            work.connections.save(replace(account, state=ConnectionState.ENDED))
        name_the_place(opened)
        yield opened


def name_the_place(room: PressRoom, place: str = "ParentSquare") -> Connection:
    services = room.house.services
    there = begin_link(services, OFFICE, a_channel().key, Platform.HAND_OFF, place)
    state = there.split("state=")[1].split("&")[0]
    return finish_link(services, OFFICE, state, {"place": "named"})


def posted(room: PressRoom, address: str, staff: StaffMember = TEACHER) -> Dispatch:
    dispatch_id = room.dispatch().dispatch_id
    said = room.house.at_desk(staff, lambda desk: say_posted(desk, dispatch_id, address))
    assert isinstance(said, Dispatch)
    return said


def revoke(room: PressRoom) -> None:
    def do(work: Work) -> None:
        no = a_release(answer=Answer.DENY, capacity=Capacity.OFFICE, decided_by="office")
        work.register.record([no])
        students = [StudentId("S1")]
        after_change(room.house.services, work, students, trigger=Trigger.ANSWER, by="office")

    room.with_work(do)


def test_the_package_opens_after_the_hand_over_alone(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    with pytest.raises(NotCleared, match="Hand over"):
        clear.hand_over(room.house.services, TEACHER, post_id)

    dispatch = room.publish(post_id)

    assert (dispatch.state, dispatch.is_by_hand) == (DispatchState.PUBLISHED, True)
    packed = clear.hand_over(room.house.services, TEACHER, post_id).data
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        assert package.read("caption.txt") == b"A windy day"
    with room.publisher.transaction() as work:
        out = work.publications.of_clearance_or_none(dispatch.clearance_id)
    assert out is not None
    assert out.publication_id == dispatch.publication_id


def test_an_official_channel_wants_a_second_person_here_too(room: PressRoom) -> None:
    room.with_work(lambda work: work.register.save_channel(replace(a_channel(), is_official=True)))
    with room.publisher.transaction() as work:
        connection = work.connections.of_channel_or_none(a_channel().key)
        assert connection is not None
        work.connections.save(replace(connection, confirmed_by=StaffId("second")))
    post_id = a_cleared_post(room.house, author=OFFICE)
    asked = room.ask(post_id, OFFICE)

    assert asked.state is DispatchState.ASKED
    with pytest.raises(NotCleared, match="second person"):
        clear.hand_over(room.house.services, OFFICE, post_id)


def test_what_is_revoked_before_its_turn_is_never_handed_over(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    room.ask(post_id)
    revoke(room)

    room.run()

    assert room.dispatch().state is DispatchState.STOPPED
    with pytest.raises(NotCleared):
        clear.hand_over(room.house.services, TEACHER, post_id)


def test_whoever_posted_it_says_so_and_where(room: PressRoom) -> None:
    room.publish()

    said = posted(room, " https://parentsquare.example/feeds/1 ")

    assert said.posted is not None
    assert said.posted.address == "https://parentsquare.example/feeds/1"
    assert (said.posted_by_hand_by, said.is_by_hand) == (TEACHER.staff_id, True)
    with room.publisher.transaction() as work:
        assert Event.POSTED_BY_HAND in [entry.event for entry in work.audit.entries()]


def test_what_is_printed_has_no_link(room: PressRoom) -> None:
    room.publish()

    assert posted(room, "").posted_by_hand_at is not None
    with pytest.raises(BadRequest, match="link"):
        posted(room, "javascript:alert(1)")


def test_a_stranger_says_nothing_of_it(room: PressRoom) -> None:
    room.publish()

    with pytest.raises(NotFound):
        posted(room, "https://elsewhere.example", STRANGER)


def test_a_colleague_says_nothing_of_it_either(room: PressRoom) -> None:
    room.publish()

    with pytest.raises(NotAllowed):
        posted(room, "https://elsewhere.example", a_staff_member("colleague"))


def test_a_no_becomes_the_task_of_a_named_person(room: PressRoom) -> None:
    dispatch = room.publish()
    posted(room, "https://parentsquare.example/feeds/1")

    revoke(room)
    room.run()

    assert room.dispatch().removal.state is RemovalState.BY_HAND
    with room.publisher.transaction() as work:
        (task,) = work.takedown_tasks.open_tasks()
    assert task.publication_id == dispatch.publication_id
    assert task.assigned_to == OFFICE.staff_id
    with pytest.raises(BadRequest, match="come down"):
        posted(room, "https://parentsquare.example/feeds/2")
    with pytest.raises(NotCleared):
        clear.hand_over(room.house.services, TEACHER, dispatch.post_id)


def test_what_nobody_posted_may_be_handed_over_again(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    room.publish(post_id)
    room.house.clock.move(LONGEST_VALIDITY)

    with pytest.raises(NotCleared):
        clear.hand_over(room.house.services, TEACHER, post_id)
    room.ask(post_id)
    room.run()
    clear.hand_over(room.house.services, TEACHER, post_id)
    posted(room, "")

    def out(desk: Desk) -> bool:
        post = desk.work.posts.post_or_none(post_id)
        assert post is not None
        return publish.is_out_already(desk, post)

    assert room.house.at_desk(TEACHER, out) is True


@pytest.mark.parametrize("place", ["", "   ", "p" * 81])
def test_a_place_has_a_name(place: str) -> None:
    with pytest.raises(ConnectorError, match="Write where"):
        HandOffLinking().begin(place, "https://media.district.example/connections/return")


def test_a_channel_has_one_way_out(room: PressRoom) -> None:
    with pytest.raises(BadRequest, match="connected to this channel"):
        name_the_place(room, "The newsletter")


def test_the_place_is_connected_as_it_was_named(room: PressRoom) -> None:
    with room.publisher.transaction() as work:
        connection = work.connections.of_channel_or_none(a_channel().key)
    assert connection is not None
    assert connection.account.handle == "ParentSquare"
    assert connection.state is ConnectionState.ACTIVE
