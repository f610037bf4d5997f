"""The permissions of a student information system: read by the district's codes, never wider."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from release_db.disagreements import sis_disagreements
from release_db.errors import ImportProblem, ImportRefused
from release_db.records import (
    Appearance,
    Granted,
    Permission,
    RefusalReason,
    Refused,
    Release,
    Scope,
)
from release_db.register import ReleaseRegister
from release_db.releases_plan import ReleasesPlan, apply_releases
from release_db.releases_source import plan_any_releases
from release_db.rules import permission_for
from release_db.sis_codes import read_codes
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    ReleaseId,
    StudentId,
    Use,
)
from tests.release_db.conftest import NOW

TODAY = date(2026, 11, 24)
MAYA = StudentId("S1")
INSTAGRAM = ChannelKey("instagram")
CODES = """code,status,use,channel,name_form,answer
MR,A,image;work,,,allow
MR,P,image;work,,,deny
WEB,A,image,public-web,,allow
WEB,P,image,public-web,,deny
NP,P,image,,,deny
NP,A,,,,
BUS,,,,,
"""
HEADER = "Student ID,Code,Status,Status Date,End Date\n"


@pytest.fixture
def kind() -> str:
    """The database in memory will do: these rules do not touch it but through the register."""
    return "memory"


@pytest.fixture(autouse=True)
def codes(register: ReleaseRegister) -> None:
    """The district has said what its codes mean."""
    register.terms.set_sis_codes(read_codes(CODES.encode(), {INSTAGRAM}), by="admin")


def export(*rows: str, header: str = HEADER) -> bytes:
    return (header + "".join(f"{row}\n" for row in rows)).encode()


def plan(register: ReleaseRegister, data: bytes) -> ReleasesPlan:
    return plan_any_releases(register, data, TODAY)


def imported(register: ReleaseRegister, *rows: str, at: datetime = NOW) -> ReleasesPlan:
    made = plan(register, export(*rows))
    apply_releases(register, made, at)
    return made


def problems_of(register: ReleaseRegister, data: bytes) -> tuple[ImportProblem, ...]:
    with pytest.raises(ImportRefused) as caught:
        plan(register, data)
    return caught.value.problems


def asked(register: ReleaseRegister, use: Use = Use.IMAGE) -> Permission:
    channel = register.channel_or_none(INSTAGRAM)
    assert channel is not None
    appearance = Appearance(student_id=MAYA, use=use, channel=channel)
    return permission_for(appearance, register.student_files([MAYA])[MAYA], TODAY)


def reason(register: ReleaseRegister) -> RefusalReason:
    permission = asked(register)
    assert isinstance(permission, Refused)
    return permission.reason


def test_a_code_with_its_status_becomes_what_the_district_says_it_means(
    register: ReleaseRegister,
) -> None:
    imported(register, "S1,MR,A,2026-09-01,2027-06-01")

    image, work = register.student_files([MAYA])[MAYA].releases
    assert (image.scope, work.scope) == (Scope(use=Use.IMAGE), Scope(use=Use.WORK))
    assert (image.capacity, image.decided_by, image.answer) == (Capacity.SIS, "sis", Answer.ALLOW)
    assert (image.given_on, image.ends_on) == (date(2026, 9, 1), date(2027, 6, 1))
    assert isinstance(asked(register), Granted)


@pytest.mark.parametrize(
    "header",
    [
        "StudentID,TypeCode,StatusCode,StatusDate,EffectiveEndDate\n",
        "STUDENT ID,CODE,STATUS,STATUS DATE,END DATE\n",
        "permanent id,type,status,date,expiration date\n",
        '"Comment","StudentID","MiscCode","Code","Status","StatusDate","EndDate"\n',
    ],
)
def test_the_columns_are_found_by_their_header(register: ReleaseRegister, header: str) -> None:
    row = "S1,MR,P,9/1/2026 12:00:00 AM,"
    data = export(f"hello,S1,,{row[3:]}" if "Comment" in header else row, header=header)

    made = plan(register, data)

    assert {one.answer for one in made.added} == {Answer.DENY}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_byte_order_mark_and_windows_letters_are_read(
    register: ReleaseRegister, encoding: str
) -> None:
    header = "Student ID,Code,Status,Status Date,Comment\n"

    made = plan(register, f"{header}S1,MR,P,2026-09-01,Señora López\n".encode(encoding))

    assert len(made.tightened) == 2


def test_a_yes_of_an_earlier_school_year_is_over_and_shown(register: ReleaseRegister) -> None:
    made = imported(register, "S1,MR,A,2025-09-01,", "S2,MR,A,2025-09-01,2027-06-01")

    assert {one.student_id for one in made.ended} == {MAYA}
    assert reason(register) is RefusalReason.EXPIRED


def test_a_code_that_nobody_explained_refuses_the_whole_file(register: ReleaseRegister) -> None:
    data = export("S1,MR,A,2026-09-01,", "S2,XX,A,2026-09-01,", "S2,MR,Q,2026-09-01,")

    code, status = problems_of(register, data)

    assert (code.row, code.column) == (3, "code")
    assert "XX" in code.message
    assert (status.row, status.column) == (4, "status")
    assert "status Q of the code MR" in status.message
    assert register.student_files([MAYA])[MAYA].releases == ()


def test_a_code_of_no_concern_says_nothing(register: ReleaseRegister) -> None:
    assert plan(register, export("S1,BUS,,2026-09-01,", "S1,NP,A,2026-09-01,")).is_empty


def test_the_same_export_twice_is_no_change_in_whatever_order(register: ReleaseRegister) -> None:
    rows = ("S1,MR,A,2026-09-01,", "S2,WEB,P,,", "S1,NP,P,2026-08-01,", "S1,BUS,,,")
    imported(register, *rows)

    again = plan(register, export(*reversed(rows)))

    assert again.is_empty
    assert again.unchanged == 3


def test_an_id_keeps_its_leading_zeros_and_one_without_them_is_refused(
    register: ReleaseRegister,
) -> None:
    maya = register.student_or_none(MAYA)
    assert maya is not None
    register.save_students([replace(maya, student_id=StudentId("0017"))])

    assert plan(register, export("0017,MR,P,,")).tightened
    (problem,) = problems_of(register, export("17,MR,P,,"))
    assert "zeros" in problem.message


def test_who_is_not_on_the_roster_is_set_aside(register: ReleaseRegister) -> None:
    made = plan(register, export("S1,MR,P,,", "S777,MR,A,,"))

    assert made.share_set_aside == pytest.approx(0.5)
    assert made.set_aside == ("S777",)
    assert {one.student_id for one in made.added} == {MAYA}


def test_a_file_of_many_who_are_not_on_the_roster_needs_a_confirmation(
    register: ReleaseRegister,
) -> None:
    made = plan(register, export("S1,MR,P,,", "S777,MR,P,,"))

    assert "1 of 2 students" in made.warning


def test_a_file_of_nobody_on_the_roster_is_refused(register: ReleaseRegister) -> None:
    (problem,) = problems_of(register, export("77701,MR,P,,", "77702,MR,P,,"))

    assert "No student of the file" in problem.message


def test_a_status_that_flips_counts_even_without_a_new_date(register: ReleaseRegister) -> None:
    imported(register, "S1,MR,A,2026-09-01,")
    made = imported(register, "S1,MR,P,2026-08-01,", at=NOW + timedelta(hours=1))

    assert len(made.tightened) == 2
    assert reason(register) is RefusalReason.SIS_DENIED


def test_a_no_that_flips_to_a_yes_is_shown_and_confirmed(register: ReleaseRegister) -> None:
    imported(register, "S1,MR,P,2026-09-01,")

    made = plan(register, export("S1,MR,A,2026-10-01,"))

    assert len(made.loosened) == 2
    assert "would become a yes" in made.warning


def test_a_yes_that_leaves_the_file_is_taken_back(register: ReleaseRegister) -> None:
    imported(register, "S1,MR,A,2026-09-01,", "S2,MR,A,2026-09-01,")

    made = imported(register, "S2,MR,A,2026-09-01,", at=NOW + timedelta(hours=1))

    assert {one.student_id for one in made.dropped} == {MAYA}
    assert made.stricter_for == {MAYA}
    assert made.needs_confirmation
    assert reason(register) is RefusalReason.EXPIRED
    assert plan(register, export("S2,MR,A,2026-09-01,")).is_empty


def test_a_yes_that_comes_back_counts_again(register: ReleaseRegister) -> None:
    imported(register, "S1,MR,A,2026-09-01,", "S2,MR,P,,")
    imported(register, "S2,MR,P,,", at=NOW + timedelta(hours=1))
    imported(register, "S1,MR,A,2026-09-01,", "S2,MR,P,,", at=NOW + timedelta(hours=2))

    assert isinstance(asked(register), Granted)


def test_a_no_that_leaves_the_file_stands_and_is_shown(register: ReleaseRegister) -> None:
    imported(register, "S1,MR,P,2026-09-01,", "S2,MR,P,2026-09-01,")

    made = plan(register, export("S2,MR,P,2026-09-01,"))

    assert made.is_empty
    assert {one.student_id for one in made.kept} == {MAYA}
    assert reason(register) is RefusalReason.SIS_DENIED


def test_of_two_codes_about_one_thing_the_stricter_counts(register: ReleaseRegister) -> None:
    imported(register, "S1,NP,P,2026-08-01,", "S1,MR,A,2026-09-01,")

    assert reason(register) is RefusalReason.SIS_DENIED


def test_of_one_code_twice_the_newer_counts_and_on_one_day_the_stricter(
    register: ReleaseRegister,
) -> None:
    newer = plan(register, export("S1,MR,A,2026-09-02,", "S1,MR,P,2026-09-01,"))
    same = plan(register, export("S1,MR,A,2026-09-01,", "S1,MR,P,2026-09-01,"))

    assert {one.answer for one in newer.added} == {Answer.ALLOW}
    assert {one.answer for one in same.added} == {Answer.DENY}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("S1,MR,A,2026-11-25,", "not come yet"),
        ("S1,MR,A,25/12/2025,", "month/day/year"),
        (",MR,A,,", "must not be blank"),
        ("S1,,A,,", "must not be blank"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused(
    register: ReleaseRegister, row: str, words: str
) -> None:
    assert words in problems_of(register, export(row))[0].message


def test_an_export_without_a_row_is_refused(register: ReleaseRegister) -> None:
    assert "no row" in problems_of(register, export())[0].message


@pytest.mark.parametrize(("portal", "system"), [("allow", "P"), ("deny", "A")])
def test_where_the_family_and_the_system_differ_the_stricter_counts_and_it_is_an_item(
    register: ReleaseRegister, portal: str, system: str
) -> None:
    register.record([said_on_the_portal(Answer(portal))])
    imported(register, f"S1,MR,{system},2026-10-01,")

    (item,) = sis_disagreements(register.student_files([MAYA])[MAYA], TODAY)

    assert isinstance(asked(register), Refused)
    assert {item.allow.capacity, item.refusal.capacity} == {Capacity.SIS, Capacity.GUARDIAN}
    assert MAYA in register.terms.students_with_both_answers()


def said_on_the_portal(answer: Answer) -> Release:
    return Release(
        release_id=ReleaseId("portal-1"),
        student_id=MAYA,
        scope=Scope(use=Use.IMAGE, audience=Audience.SOCIAL),
        answer=answer,
        capacity=Capacity.GUARDIAN,
        decided_by="ana@home.example",
        method="portal",
        given_on=date(2026, 9, 5),
        recorded_at=NOW,
    )
