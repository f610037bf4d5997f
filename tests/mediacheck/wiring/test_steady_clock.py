"""Where the machine's clock is set back, time goes on: a no stays later than the yes before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mediacheck.errors import NotReady
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import require_student
from mediacheck.flow.registrars_refusals import Told, record_refusal
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.ports.engines import Clock
from mediacheck.wiring.services import open_services
from mediacheck.wiring.steady_clock import SteadyClock, SystemClock
from release_db.records import Appearance, Refused
from release_db.rules import permission_for
from release_db.words import ReleaseId, StudentId, Use
from tests.conftest import House
from tests.factories import NOW, TODAY, a_channel, a_file, a_release, a_staff_member
from tests.fakes import FixedClock

REGISTRAR = a_staff_member("registrar", role=Role.REGISTRAR, schools=())
MAYA = StudentId("S1")
(GUARDIAN,) = a_file().guardians


class Seconds:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


def test_it_is_the_machine_s_clock_while_that_goes_forward() -> None:
    machine = FixedClock()
    clock = SteadyClock(machine, NOW - timedelta(days=1), Seconds())
    assert clock.now() == NOW

    machine.move(timedelta(hours=1))

    assert clock.now() == NOW + timedelta(hours=1)


@pytest.mark.parametrize("newest", [NOW + timedelta(days=3), None])
def test_time_goes_on_from_the_newest_moment_at_its_own_pace(newest: datetime | None) -> None:
    machine, seconds = FixedClock(), Seconds()
    clock = SteadyClock(machine, newest, seconds)

    machine.move(-timedelta(days=400))
    seconds.passed += 60

    assert clock.now() == (newest or NOW) + timedelta(minutes=1)


def write_at(house: House, moment: datetime) -> None:
    with open_services(house.services.settings, FixedClock(moment)).transaction() as work:
        work.audit.write(Event.POST_CHECKED, actor="a")


def test_a_process_begins_at_the_newest_entry_of_the_audit(house: House) -> None:
    later = SystemClock().now() + timedelta(hours=2)
    write_at(house, later)

    assert open_services(house.services.settings).clock.now() >= later


def test_more_than_a_day_behind_no_process_begins(house: House) -> None:
    write_at(house, SystemClock().now() + timedelta(days=2))

    with pytest.raises(NotReady, match="accept-clock"):
        open_services(house.services.settings)


def refuse(house: House, clock: Clock) -> None:
    services = open_services(house.services.settings, clock)
    with services.transaction() as work:
        desk = Desk(services=services, work=work, staff=REGISTRAR)
        told = Told(by=GUARDIAN.guardian_id, uses=(Use.IMAGE,))
        record_refusal(desk, require_student(desk, MAYA), told)


def test_a_no_after_the_clock_was_set_back_is_later_than_the_yes(house: House) -> None:
    with house.services.transaction() as work:
        work.register.save_guardians([GUARDIAN])
        work.register.record(
            [replace(a_release(), release_id=ReleaseId("yes"), given_on=TODAY, recorded_at=NOW)]
        )
        work.audit.write(Event.RELEASES_SIGNED, actor="a")
        head = work.audit.head()
    assert head is not None

    refuse(house, SteadyClock(FixedClock(NOW - timedelta(days=3)), head.at))

    with house.services.transaction() as work:
        file = work.register.student_files([MAYA])[MAYA]
    asked = Appearance(student_id=MAYA, use=Use.IMAGE, channel=a_channel())
    assert isinstance(permission_for(asked, file, TODAY), Refused)
