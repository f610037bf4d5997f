"""What the tool cannot delete is a named person's, by a day, with a proof and with mails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow import takedown_tasks
from mediacheck.flow.staff_mail import send_staff_mail
from mediacheck.flow.takedown_tasks import BY_HAND, sweep_tasks
from mediacheck.flow.takedowns import take_step
from mediacheck.mail.smtp import SmtpServer
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.model.publication import Publication, TakedownAct
from mediacheck.model.publishing import RemovalState
from mediacheck.model.takedown_tasks import TakedownTask
from mediacheck.ports.services import Services
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import a_staff_member
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import OFFICE, a_cleared_post
from tests.mediacheck.flow.test_dispatch import withdraw
from tests.mediacheck.flow.test_takedowns import ELSEWHERE, kept, settle, the_case
from tests.mediacheck.mail.test_sending import PostOffice, office
from tests.servers.strict import Fault

__all__ = ("kept", "office")

BOSS = a_staff_member("boss", role=Role.ADMINISTRATOR, schools=())
SECOND = a_staff_member("second", role=Role.COMMUNICATIONS, schools=())


@pytest.fixture
def staffed(house: House, office: tuple[PostOffice, str]) -> Services:
    """An office of two, an administrator, and a server that takes mail."""
    with house.services.transaction() as work:
        for member in (OFFICE, SECOND, BOSS):
            work.accounts.save_staff(member)
    server = SmtpServer(office[1], "The district <releases@district.example>")
    return replace(house.services, mail_server=server)


@pytest.fixture
def task(staffed: Services, kept: Publication, house: House) -> TakedownTask:
    """A package was handed over, so that nobody but a person can take it down."""
    return the_task(house, kept)


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


def the_task(house: House, publication: Publication) -> TakedownTask:
    with house.services.transaction() as work:
        (case,) = work.publications.cases()
        found = work.takedown_tasks.task_or_none(case.case_id, publication.publication_id)
    assert found is not None
    return found


def mails(services: Services, office: tuple[PostOffice, str]) -> list[tuple[str, str]]:
    """Sends what waits: to whom, and the subject."""
    send_staff_mail(services)
    taken = [(str(mail["To"]), str(mail["Subject"])) for mail in office[0].taken]
    office[0].taken.clear()
    return taken


def test_what_was_handed_over_is_the_task_of_one_of_the_office_for_a_day(
    task: TakedownTask, house: House
) -> None:
    assert task.assigned_to in {OFFICE.staff_id, SECOND.staff_id}
    assert task.due_at - task.opened_at == BY_HAND
    with house.services.transaction() as work:
        assert Event.TAKEDOWN_ASSIGNED in [entry.event for entry in work.audit.entries()]


def test_its_person_is_told_reminded_once_and_then_the_administrators_hear_of_it(
    task: TakedownTask, staffed: Services, house: House, office: tuple[PostOffice, str]
) -> None:
    person = {OFFICE.staff_id: OFFICE, SECOND.staff_id: SECOND}[task.assigned_to].email
    assert mails(staffed, office) == [(person, "Something has to be taken down by hand")]

    house.clock.move(BY_HAND / 2)
    for _ in range(2):
        sweep_tasks(staffed)
    assert mails(staffed, office) == [(person, "Reminder: something has to be taken down by hand")]
    house.clock.move(BY_HAND / 2)
    for _ in range(2):
        sweep_tasks(staffed)

    assert sorted(mails(staffed, office)) == sorted(
        [(BOSS.email, "A takedown is overdue"), (person, "A takedown is overdue")]
    )
    with house.services.transaction() as work:
        assert Event.TAKEDOWN_OVERDUE in [entry.event for entry in work.audit.entries()]


def test_a_mail_names_no_student_and_leads_to_the_page(
    task: TakedownTask, staffed: Services, office: tuple[PostOffice, str]
) -> None:
    send_staff_mail(staffed)

    (mail,) = office[0].taken
    text = mail.as_string()
    assert "Maya" not in text
    assert "S1" not in text
    assert f"{staffed.settings.base_url}/takedowns/tasks" in text


def test_a_mail_that_no_server_takes_yet_is_sent_later_and_once(
    task: TakedownTask, staffed: Services, house: House, office: tuple[PostOffice, str]
) -> None:
    office[0].at_recipient = "451 busy"
    assert mails(staffed, office) == []
    office[0].at_recipient = "250 OK"
    assert mails(staffed, office) == []

    house.clock.move(timedelta(minutes=3))

    assert len(mails(staffed, office)) == 1
    house.clock.move(timedelta(days=1))
    assert mails(staffed, office) == []


def test_what_is_done_reminds_nobody(
    task: TakedownTask,
    staffed: Services,
    house: House,
    kept: Publication,
    office: tuple[PostOffice, str],
) -> None:
    mails(staffed, office)
    settle(house, kept, TakedownAct.REMOVED)

    house.clock.move(2 * BY_HAND)
    sweep_tasks(staffed)

    assert mails(staffed, office) == []
    with house.services.transaction() as work:
        assert work.takedown_tasks.open_tasks() == ()
        (proof,) = work.takedown_tasks.proofs_of(task.case_id)
    assert proof.by == OFFICE.staff_id


def test_the_picture_of_a_screen_goes_with_the_student_whom_it_shows(
    task: TakedownTask, house: House, kept: Publication
) -> None:
    step, shown = (kept.publication_id, TakedownAct.REMOVED), ("", b"a picture of a screen")
    house.at_desk(OFFICE, lambda desk: take_step(desk, task.case_id, step, "", shown))

    with house.services.transaction() as work:
        (proof,) = work.takedown_tasks.proofs_of(task.case_id)
        assert work.traces.forget(StudentId("S2")) == ()
        assert work.traces.forget(StudentId("S1")) == (proof.screenshot,)


@pytest.mark.parametrize("act", [TakedownAct.REMOVED, TakedownAct.REPLACED])
def test_whoever_says_that_it_is_gone_shows_it(
    task: TakedownTask, house: House, kept: Publication, act: TakedownAct
) -> None:
    with pytest.raises(BadRequest, match="Show that it is gone"):
        settle(house, kept, act, "")

    assert the_case(house).left == (kept.publication_id,)


def test_a_task_is_given_to_another_of_the_same_office_only(
    task: TakedownTask, staffed: Services, house: House, office: tuple[PostOffice, str]
) -> None:
    mails(staffed, office)
    other = SECOND if task.assigned_to == OFFICE.staff_id else OFFICE
    ids = (task.case_id, task.publication_id)

    house.at_desk(BOSS, lambda desk: takedown_tasks.assign(desk, *ids, other.staff_id))

    assert mails(staffed, office) == [(other.email, "Something has to be taken down by hand")]
    with pytest.raises(BadRequest):
        house.at_desk(BOSS, lambda desk: takedown_tasks.assign(desk, *ids, BOSS.staff_id))
    with pytest.raises(NotFound):
        house.at_desk(ELSEWHERE, lambda desk: takedown_tasks.assign(desk, *ids, other.staff_id))
    assert house.at_desk(ELSEWHERE, takedown_tasks.tasks_for) == ()


def test_what_the_tool_deletes_is_nobody_s_task(room: PressRoom) -> None:
    room.publish()
    withdraw(room)
    room.run()

    assert room.dispatch().removal.state is RemovalState.GONE
    assert room.with_work(lambda work: work.takedown_tasks.open_tasks()) == ()


def test_what_the_tool_cannot_delete_becomes_somebody_s_task(room: PressRoom) -> None:
    room.publish()
    room.server.fail_next("DELETE", r"/api/v1/statuses/\d+", Fault.UNPROCESSABLE)
    withdraw(room)
    room.run()

    assert room.dispatch().removal.state is RemovalState.BY_HAND
    with room.publisher.transaction() as work:
        (task,) = work.takedown_tasks.open_tasks()
    assert task.assigned_to == OFFICE.staff_id
    assert task.due_at == room.dispatch().removal.by_hand_until


def test_a_limit_of_deletions_keeps_the_whole_queue_and_counts_no_try(room: PressRoom) -> None:
    room.publish()
    room.publish(a_cleared_post(room.house, "Another windy day"))
    room.server.fail_next("DELETE", r"/api/v1/statuses/\d+", Fault.BUSY, times=15)
    withdraw(room)

    room.run()
    for _ in range(16):
        asked = len(room.server.heard)
        room.later(minutes=2)
        deletes = [one for one in room.server.heard[asked:] if one.startswith("DELETE")]
        # After the first no of a round the account is left alone.
        assert len(deletes) == 1 or room.server.faults == []

    assert room.texts == []
    with room.publisher.transaction() as work:
        found = [one.removal.state for one in work.dispatches.newest(5)]
        assert work.takedown_tasks.open_tasks() == ()
    assert found == [RemovalState.GONE, RemovalState.GONE]
