"""An import that makes the rules stricter stops what was cleared, in the same transaction."""

from __future__ import annotations

from datetime import date

import pytest

from mediacheck.errors import NotCleared
from mediacheck.flow import clear, imports, receive
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged
from mediacheck.flow.show import show_post
from mediacheck.model.audit import Event
from mediacheck.model.finding import NameFinding
from mediacheck.model.post import PostId
from mediacheck.model.publication import Trigger
from mediacheck.model.verdict import Outcome
from release_db.releases_source import plan_any_releases
from release_db.roster_plan import plan_roster
from release_db.roster_source import read_any_roster
from release_db.sis_codes import read_codes
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import CLASS, a_channel
from tests.mediacheck.flow.test_clear import TEACHER, a_cleared_post

TODAY = date(2026, 11, 24)
FILE = imports.ImportedFile(sha256="a" * 64, actor="registrar")
HEADER = (
    "student_id,given_name,middle_name,family_name,suffix,preferred_name,other_names,birth_date,"
    "grade,school,classes,guardian_emails,status\n"
)
TEDDY = "S2,Teddy,,Ramos,,,,2016-05-01,,lincoln,lincoln/room-12,,active\n"
SOMEBODY_ELSE = "S1,Zoe,,Quinn,,,,2017-09-09,,lincoln,lincoln/room-12,,active\n"
CODES = b"code,status,use,channel,name_form,answer\nNP,Y,image,,,deny\n"
NO_PICTURES = b"Student ID,Code,Status,Status Date\nS1,NP,Y,2026-11-23\n"


def import_roster(house: House, *rows: str) -> None:
    data = (HEADER + "".join(rows)).encode()
    with house.services.transaction() as work:
        plan = plan_roster(work.register, read_any_roster(data, work.register), TODAY)
        imports.import_roster(house.services, work, plan, FILE)


def import_a_no(house: House) -> None:
    with house.services.transaction() as work:
        imports.import_codes(work, read_codes(CODES, ()), FILE)
        plan = plan_any_releases(work.register, NO_PICTURES, TODAY)
        imports.import_releases(house.services, work, plan, FILE)


def entries(house: House) -> list[tuple[str, str, str]]:
    with house.services.transaction() as work:
        return [(one.event, one.actor, one.subject) for one in work.audit.entries()]


def require_void(house: House, post_id: PostId) -> None:
    assert (Event.CLEARANCE_VOID, "registrar", post_id) in entries(house)
    with pytest.raises(NotCleared):
        clear.hand_over(house.services, TEACHER, post_id)


def test_the_names_of_an_import_are_looked_up_without_a_wait(house: House) -> None:
    import_roster(house, TEDDY, SOMEBODY_ELSE)

    with house.services.transaction() as work:
        assert work.register.names.stale() == ()
        assert work.register.names.turn()


def test_a_departure_voids_what_was_cleared(house: House) -> None:
    post_id = a_cleared_post(house)

    import_roster(house, TEDDY)

    require_void(house, post_id)
    assert (Event.ROSTER_IMPORTED, "registrar", FILE.sha256) in entries(house)


def test_the_name_of_a_student_who_left_stops_a_post(house: House) -> None:
    import_roster(house, TEDDY)

    def judged(desk: Desk) -> object:
        words = receive.Words(
            caption="Maya Lopez flies a kite", channel=a_channel().key, class_key=CLASS
        )
        return show_post(desk, receive.start_post(desk, words).post_id).judged

    found = house.at_desk(TEACHER, judged)

    assert isinstance(found, Judged)
    assert found.verdict.outcome is not Outcome.CLEARED
    assert [name.candidates for name in found.findings if isinstance(name, NameFinding)] == [
        (StudentId("S1"),)
    ]


def test_an_id_that_was_given_to_somebody_else_voids_what_was_cleared(house: House) -> None:
    post_id = a_cleared_post(house)

    import_roster(house, SOMEBODY_ELSE, TEDDY)

    require_void(house, post_id)
    assert (Event.HOLD_PLACED, "registrar", "S1") in entries(house)


def test_a_no_from_the_system_voids_what_was_cleared(house: House) -> None:
    post_id = a_cleared_post(house)

    import_a_no(house)

    require_void(house, post_id)


def test_a_no_from_the_system_brings_down_what_is_out(house: House) -> None:
    post_id = a_cleared_post(house)
    clear.hand_over(house.services, TEACHER, post_id)

    import_a_no(house)

    with house.services.transaction() as work:
        (case,) = work.publications.cases_of([StudentId("S1")])
    assert (case.trigger, case.opened_by) == (Trigger.ANSWER, "registrar")


def test_every_change_that_a_permission_rests_on_is_recorded_with_the_files_hash(
    house: House,
) -> None:
    moved = TEDDY.replace("lincoln,lincoln/room-12", "roosevelt,").replace("2016-05", "2016-06")

    import_roster(house, moved)

    with house.services.transaction() as work:
        found = {
            entry.subject: entry.details
            for entry in work.audit.entries()
            if entry.event == Event.STANDING_CHANGED
        }
    assert '"change":"departed"' in found["S1"]
    assert "birth_on" in found["S2"]
    assert "school" in found["S2"]
    assert all(FILE.sha256 in details for details in found.values())


def test_an_import_that_changes_nothing_for_a_student_leaves_the_post(house: House) -> None:
    post_id = a_cleared_post(house)
    with house.services.transaction() as work:
        maya = work.register.student_or_none(StudentId("S1"))
    assert maya is not None
    same = f"S1,{maya.given_name},,{maya.family_name},,,,2016-05-01,,lincoln,lincoln/room-12,,"

    import_roster(house, f"{same}active\n", TEDDY)

    assert Event.CLEARANCE_VOID not in {event for event, *_ in entries(house)}
    assert clear.hand_over(house.services, TEACHER, post_id)
