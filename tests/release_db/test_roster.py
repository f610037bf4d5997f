"""The plain roster CSV: read strictly, planned openly, applied whole."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_db import csv_table
from release_db.errors import ImportProblem, ImportRefused
from release_db.records import Guardian
from release_db.register import ReleaseRegister
from release_db.roster import COLUMNS, read_roster
from release_db.roster_plan import (
    IMPORTED_AT_KEY,
    RosterPlan,
    StudentChange,
    apply_roster,
    plan_roster,
)
from release_db.words import (
    WITHDRAWN,
    ClassKey,
    GuardianId,
    Rights,
    SchoolKey,
    StudentId,
    StudentStatus,
)

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MAYA, BEN, CLEO = StudentId("S1"), StudentId("S2"), StudentId("S3")

#: The roster of the register that the tests begin with.
STANDING = (
    {"student_id": "S1", "given_name": "Maya", "family_name": "Lopez"},
    {"student_id": "S2", "given_name": "Ben", "family_name": "adler"},
    {
        "student_id": "S3",
        "given_name": "Cleo",
        "family_name": "Marsh",
        "school": "roosevelt",
        "classes": "",
        "guardian_emails": "",
    },
)
DEFAULTS = {
    "school": "lincoln",
    "classes": "lincoln/room-12",
    "birth_date": "2015-03-04",
    "guardian_emails": "ana@home.example",
}


@pytest.fixture
def kind() -> str:
    """The database in memory will do: these rules do not touch it but through the register."""
    return "memory"


def a_roster(*changes: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """A roster of these rows; what a row does not say is as in ``DEFAULTS``, else blank."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**DEFAULTS, **change} for change in changes)
    return out.getvalue().encode()


def standing_with(student_id: str, **change: str) -> bytes:
    """The standing roster with one student changed."""
    return a_roster(
        *({**row, **change} if row["student_id"] == student_id else dict(row) for row in STANDING)
    )


def refused(data: bytes) -> tuple[ImportProblem, ...]:
    with pytest.raises(ImportRefused) as caught:
        read_roster(data)
    return caught.value.problems


def plan(register: ReleaseRegister, data: bytes) -> RosterPlan:
    return plan_roster(register, read_roster(data), TODAY)


def apply(register: ReleaseRegister, data: bytes) -> None:
    apply_roster(register, plan(register, data), NOW)


def rights_of(register: ReleaseRegister, student_id: StudentId) -> dict[str, Rights]:
    links = register.guardians_of([student_id])[student_id]
    return {link.email: link.rights for link in links}


def test_a_row_becomes_a_student_with_every_cell_trimmed() -> None:
    data = a_roster(
        {
            "student_id": " 007 ",
            "given_name": "José Luis",
            "middle_name": "de la",
            "family_name": " García Peña",
            "suffix": "Jr.",
            "preferred_name": "Pepe",
            "other_names": "Pepito; ホセ ;;Pepito",
            "birth_date": "2014-02-28",
            "grade": "05",
            "classes": "lincoln/room-12;lincoln/band",
            "guardian_emails": "Ana@home.example ; ben@home.example",
        }
    )

    (row,) = read_roster(data).rows

    student = row.student
    assert row.number == 2
    assert student.student_id == "007"
    assert student.family_name == "García Peña"
    assert student.other_names == ("Pepito", "ホセ")
    assert student.birth_on == date(2014, 2, 28)
    assert student.grade == "05"
    assert student.classes == ("lincoln/band", "lincoln/room-12")
    assert student.status is StudentStatus.ACTIVE
    assert row.guardians is not None
    assert [one.email for one in row.guardians] == ["Ana@home.example", "ben@home.example"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("", StudentStatus.ACTIVE),
        ("Active", StudentStatus.ACTIVE),
        ("departed", StudentStatus.DEPARTED),
        ("inactive", StudentStatus.DEPARTED),
        ("WITHDRAWN", StudentStatus.DEPARTED),
        ("graduated", StudentStatus.DEPARTED),
    ],
)
def test_every_known_status_is_read(status: str, expected: StudentStatus) -> None:
    (row,) = read_roster(a_roster({**STANDING[0], "status": status})).rows

    assert row.student.status is expected


def test_columns_may_stand_in_any_order_and_after_a_mark_of_utf8() -> None:
    data = a_roster(STANDING[0], columns=tuple(reversed(COLUMNS)))

    assert read_roster(b"\xef\xbb\xbf" + data) == read_roster(a_roster(STANDING[0]))


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_every_end_of_line_is_read(end: str) -> None:
    text = a_roster(*STANDING).decode().replace("\r\n", "\n").rstrip("\n")

    assert len(read_roster((text.replace("\n", end or "\n") + end).encode()).rows) == 3


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-2", "@SUM(A1)"])
def test_a_cell_that_begins_like_a_formula_is_data(name: str) -> None:
    (row,) = read_roster(a_roster({**STANDING[0], "given_name": name})).rows

    assert row.student.given_name == name


def test_blank_rows_are_left_out_and_still_counted() -> None:
    header, first, second = a_roster(*STANDING[:2]).splitlines()

    rows = read_roster(b"\n".join([header, b"", first, b"," * 12, second])).rows

    assert [row.number for row in rows] == [3, 5]


@pytest.mark.parametrize(
    ("columns", "column", "word"),
    [
        (COLUMNS[:-1], "status", "missing"),
        ((*COLUMNS, "status"), "status", "twice"),
        ((*COLUMNS, "shoe_size"), "column 14", "not known"),
        (("Student_ID", *COLUMNS[1:]), "student_id", "missing"),
    ],
)
def test_a_header_that_is_not_exact_is_refused_by_name(
    columns: tuple[str, ...], column: str, word: str
) -> None:
    problems = refused(a_roster(STANDING[0], columns=columns))

    assert problems[0].row == 1
    assert problems[0].column == column
    assert word in problems[0].message


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252"])
def test_another_encoding_is_refused_with_the_way_to_mend_it(encoding: str) -> None:
    text = a_roster({**STANDING[0], "given_name": "José"}).decode()

    (problem,) = refused(text.encode(encoding))

    assert "CSV UTF-8" in problem.message


@pytest.mark.parametrize("sign", [";", "\t"])
def test_another_delimiter_is_refused_with_the_way_to_mend_it(sign: str) -> None:
    (problem,) = refused(a_roster(STANDING[0]).replace(b",", sign.encode()))

    assert "commas" in problem.message


@pytest.mark.parametrize("data", [b"", b"\n\n", a_roster()])
def test_an_empty_roster_is_refused(data: bytes) -> None:
    assert refused(data)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"student_id": ""}, "student_id"),
        ({"student_id": "S" * 65}, "student_id"),
        ({"given_name": "", "family_name": ""}, "given_name"),
        ({"given_name": "A" * 201}, "given_name"),
        ({"given_name": "A" * 2001}, "given_name"),
        ({"given_name": "Ma\nya"}, "given_name"),
        ({"given_name": "Ma\x07ya"}, "given_name"),
        ({"given_name": "Ma\u2028ya"}, "given_name"),
        ({"other_names": "ok;" + "A" * 201}, "other_names"),
        ({"birth_date": "03/04/2015"}, "birth_date"),
        ({"birth_date": "2015-02-30"}, "birth_date"),
        ({"birth_date": "20150304"}, "birth_date"),
        ({"school": ""}, "school"),
        ({"classes": "c" * 101}, "classes"),
        ({"guardian_emails": "ana at home"}, "guardian_emails"),
        ({"guardian_emails": "a@b.c d@e.f"}, "guardian_emails"),
        ({"guardian_emails": "a@b@c"}, "guardian_emails"),
        ({"status": "perhaps"}, "status"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused_by_row_and_column(
    change: dict[str, str], column: str
) -> None:
    problems = refused(a_roster(STANDING[1], {**STANDING[0], **change}))

    assert [(problem.row, problem.column) for problem in problems] == [(3, column)]


def test_a_nul_sign_is_refused() -> None:
    assert refused(a_roster(STANDING[0]).replace(b"Maya", b"Ma\0ya"))


def test_a_name_that_joins_signs_invisibly_is_kept() -> None:
    (row,) = read_roster(a_roster({**STANDING[0], "given_name": "क्\u200dषमा"})).rows

    assert row.student.given_name == "क्\u200dषमा"


def test_a_row_of_another_length_is_refused() -> None:
    (problem,) = refused(a_roster(STANDING[0]) + b"S9,Too,short\n")

    assert problem.row == 3
    assert "3 cells and the header 13" in problem.message


def test_an_open_quotation_mark_is_refused_at_its_row() -> None:
    (problem,) = refused(a_roster(STANDING[0]) + b'S9,"open,,,,,,,,,,,\n')

    assert problem.row == 3
    assert "quotation mark" in problem.message


def test_the_same_student_twice_is_refused_with_both_rows() -> None:
    (problem,) = refused(a_roster(STANDING[0], STANDING[1], STANDING[0]))

    assert (problem.row, problem.column) == (4, "student_id")
    assert "S1" in problem.message
    assert "row 2" in problem.message


def test_every_problem_is_told_at_once_up_to_fifty() -> None:
    bad = {**STANDING[0], "school": "", "birth_date": "soon"}

    few = refused(a_roster(*({**bad, "student_id": f"S{number}"} for number in range(10))))
    many = refused(a_roster(*({**bad, "student_id": f"S{number}"} for number in range(100))))

    assert len(few) == 20
    assert len(many) == csv_table.MAX_PROBLEMS


def test_no_message_repeats_a_name_or_an_address() -> None:
    bad = {
        "given_name": "Zebedee\x07",
        "birth_date": "Zebedee",
        "guardian_emails": "zebedee",
        "status": "Zebedee",
        "other_names": "Zebedee" * 40,
    }

    with pytest.raises(ImportRefused) as caught:
        read_roster(a_roster({**STANDING[0], **bad}))

    assert "zebedee" not in str(caught.value).casefold()


@pytest.mark.parametrize(("limit", "value"), [("MAX_FILE_BYTES", 100), ("MAX_ROWS", 2)])
def test_a_file_that_is_too_large_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(csv_table, limit, value)

    (problem,) = refused(a_roster(*STANDING))

    assert "Split it" in problem.message


def test_a_cell_beyond_what_the_reader_takes_is_refused() -> None:
    problems = refused(a_roster({**STANDING[0], "given_name": "A" * 200_000}))

    assert problems[0].row == 2


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_do_more_than_refuse(data: bytes) -> None:
    header = ",".join(COLUMNS).encode()
    for file in (data, header + b"\n" + data):
        try:
            assert read_roster(file).rows
        except ImportRefused as error:
            assert error.problems  # noqa: PT017  Either outcome is good.


def test_the_same_roster_plans_no_change(register: ReleaseRegister) -> None:
    nothing = plan(register, a_roster(*STANDING))

    assert nothing.is_empty
    assert nothing == RosterPlan(
        added=(),
        changed=(),
        returned=(),
        gone=(),
        new_schools=(),
        new_classes=(),
        active_before=3,
        signed_for_before=2,
        students=(),
        guardians=(),
    )


def test_what_was_applied_is_planned_no_more(register: ReleaseRegister) -> None:
    data = a_roster(
        {**STANDING[0], "preferred_name": "May", "guardian_emails": "x@y.example;z@y.example"},
        {**STANDING[1], "status": "withdrawn"},
        {"student_id": "S9", "given_name": "New", "school": "grant", "classes": "grant/a;band"},
    )

    apply(register, data)

    assert plan(register, data).is_empty


def test_a_new_student_comes_with_school_and_classes(register: ReleaseRegister) -> None:
    new = {
        "student_id": "S9",
        "given_name": "Noor",
        "school": "grant",
        "classes": "grant/room-1;lincoln/chess;robotics",
    }
    data = a_roster(*STANDING, new)

    planned = plan(register, data)
    apply_roster(register, planned, NOW)

    assert planned.added == (StudentId("S9"),)
    assert planned.new_schools[0].key == "grant"
    groups = {group.key: group for group in planned.new_classes}
    assert {key: group.school for key, group in groups.items()} == {
        "grant/room-1": "grant",
        "lincoln/chess": "lincoln",
        "robotics": "grant",
    }
    assert groups[ClassKey("grant/room-1")].name == "room-1"
    noor = register.student_or_none(StudentId("S9"))
    assert noor is not None
    assert noor.classes == ("grant/room-1", "lincoln/chess", "robotics")
    assert rights_of(register, StudentId("S9")) == {"ana@home.example": Rights.FULL}


def test_a_change_names_its_columns(register: ReleaseRegister) -> None:
    data = standing_with("S1", preferred_name="May", grade="4", school="roosevelt", classes="")

    planned = plan(register, data)
    apply_roster(register, planned, NOW)

    assert planned.changed == (
        StudentChange(student_id=MAYA, fields=("preferred_name", "grade", "school", "classes")),
    )
    maya = register.student_or_none(MAYA)
    assert maya is not None
    assert maya.display_name == "May Lopez"
    assert maya.school == "roosevelt"


def test_who_is_missing_is_departed_and_stays_findable(register: ReleaseRegister) -> None:
    planned = plan(register, a_roster(*STANDING[:2]))
    apply_roster(register, planned, NOW)

    assert planned.gone == (CLEO,)
    assert planned.changed == ()
    cleo = register.student_or_none(CLEO)
    assert cleo is not None
    assert (cleo.status, cleo.left_on) == (StudentStatus.DEPARTED, TODAY)
    assert CLEO not in {student.student_id for student in register.students()}


def test_who_is_marked_as_departed_is_gone_from_today(register: ReleaseRegister) -> None:
    data = standing_with("S3", status="graduated")

    planned = plan(register, data)
    apply_roster(register, planned, NOW)

    assert planned.gone == (CLEO,)
    later = plan_roster(register, read_roster(data), date(2027, 1, 1))
    assert later.is_empty
    cleo = register.student_or_none(CLEO)
    assert cleo is not None
    assert cleo.left_on == TODAY


def test_who_returns_is_told(register: ReleaseRegister) -> None:
    apply(register, a_roster(*STANDING[:2]))

    planned = plan(register, a_roster(*STANDING))
    apply_roster(register, planned, NOW)

    assert planned.returned == (CLEO,)
    assert planned.changed == (StudentChange(student_id=CLEO, fields=("status",)),)
    cleo = register.student_or_none(CLEO)
    assert cleo is not None
    assert cleo.left_on is None


def test_a_roster_that_drops_many_needs_a_person(register: ReleaseRegister) -> None:
    many = [{**STANDING[0], "student_id": f"T{number:03}"} for number in range(97)]
    apply(register, a_roster(*STANDING, *many))

    five = plan(register, a_roster(*STANDING, *many[5:]))
    six = plan(register, a_roster(*STANDING, *many[6:]))

    assert five.share_gone == pytest.approx(0.05)
    assert not five.needs_confirmation
    assert six.needs_confirmation


def test_a_first_roster_needs_no_confirmation(register: ReleaseRegister) -> None:
    for student_id in (MAYA, BEN, CLEO):
        register.delete_student(student_id, why="asked", at=NOW)

    planned = plan(register, a_roster(*STANDING))

    assert planned.share_gone == 0
    assert not planned.needs_confirmation
    assert planned.added == (MAYA, BEN, CLEO)


def test_a_guardian_who_is_no_longer_listed_can_only_refuse(register: ReleaseRegister) -> None:
    data = standing_with("S1", guardian_emails="new@home.example")

    planned = plan(register, data)
    apply_roster(register, planned, NOW)

    assert planned.changed == (StudentChange(student_id=MAYA, fields=("guardian_emails",)),)
    assert rights_of(register, MAYA) == {
        "Ana@home.example": Rights.UNVERIFIED,
        "new@home.example": Rights.FULL,
    }
    assert rights_of(register, BEN) == {"Ana@home.example": Rights.FULL}


def test_a_guardian_who_is_listed_again_has_full_rights_again(register: ReleaseRegister) -> None:
    apply(register, standing_with("S1", guardian_emails=""))

    apply(register, a_roster(*STANDING))

    assert rights_of(register, MAYA) == {"Ana@home.example": Rights.FULL}


@pytest.mark.parametrize("emails", ["ana@home.example", ""])
def test_rights_that_were_removed_stay_removed(register: ReleaseRegister, emails: str) -> None:
    (link,) = register.guardians_of([MAYA])[MAYA]
    register.save_guardians(
        [
            Guardian(
                guardian_id=link.guardian_id,
                student_id=MAYA,
                email=link.email,
                rights=Rights.REMOVED,
            )
        ]
    )

    assert plan(register, standing_with("S1", guardian_emails=emails)).is_empty


def test_a_verification_that_the_office_withdrew_is_not_given_back(
    register: ReleaseRegister,
) -> None:
    (link,) = register.guardians_of([MAYA])[MAYA]
    withdrawn = replace(link, rights=Rights.UNVERIFIED, verified_how=WITHDRAWN)
    register.save_guardians([withdrawn])

    assert plan(register, a_roster(*STANDING)).is_empty
    assert rights_of(register, MAYA) == {"Ana@home.example": Rights.UNVERIFIED}


def test_a_new_guardian_gets_an_id_that_is_free(register: ReleaseRegister) -> None:
    register.save_guardians(
        [Guardian(guardian_id=GuardianId("S1-g3"), student_id=MAYA, email="b@home.example")]
    )
    emails = "ana@home.example;b@home.example;c@home.example;d@home.example"

    apply(register, standing_with("S1", guardian_emails=emails))

    ids = [link.guardian_id for link in register.guardians_of([MAYA])[MAYA]]
    assert ids == ["S1-g1", "S1-g3", "S1-g4", "S1-g5"]


@pytest.mark.parametrize("born", ["2025-01-01", "1999-01-01", "2027-01-01"])
def test_an_age_that_cannot_be_right_is_refused(register: ReleaseRegister, born: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        plan(register, standing_with("S2", birth_date=born))

    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (3, "birth_date")


def test_the_age_of_a_departed_student_does_not_matter(register: ReleaseRegister) -> None:
    assert plan(register, standing_with("S2", birth_date="1990-01-01", status="graduated")).gone


def test_an_import_leaves_its_moment(register: ReleaseRegister) -> None:
    apply(register, a_roster(*STANDING))

    assert register.policy_or_none(IMPORTED_AT_KEY) == NOW.isoformat()


def test_a_class_without_a_known_school_belongs_to_the_students(
    register: ReleaseRegister,
) -> None:
    data = standing_with("S3", classes="band/brass")

    (group,) = plan(register, data).new_classes

    assert group.school == SchoolKey("roosevelt")
    assert group.name == "brass"


def with_an_email(register: ReleaseRegister) -> None:
    (maya,) = (one for one in register.everyone() if one.student_id == MAYA)
    register.save_students([replace(maya, email="maya@school.example")])


def test_a_roster_without_a_column_of_emails_takes_none_away(register: ReleaseRegister) -> None:
    with_an_email(register)

    assert plan(register, a_roster(*STANDING)).is_empty


def test_a_roster_with_a_column_of_emails_sets_and_clears_them(
    register: ReleaseRegister,
) -> None:
    with_an_email(register)
    header, *rows = a_roster(*STANDING).decode().splitlines()
    cells = ("", "ben@school.example", "")
    told = "\n".join([f"{header},email", *(f"{a},{b}" for a, b in zip(rows, cells, strict=True))])

    apply(register, told.encode())

    assert {one.student_id: one.email for one in register.everyone()} == {
        MAYA: "",
        BEN: "ben@school.example",
        CLEO: "",
    }


def test_an_email_that_is_none_is_refused() -> None:
    header, *rows = a_roster(*STANDING).decode().splitlines()
    told = "\n".join([f"{header},email", *(f"{row},ben at school" for row in rows)])

    with pytest.raises(ImportRefused, match="e-mail"):
        read_roster(told.encode())


def test_a_blank_birth_date_takes_none_away(register: ReleaseRegister) -> None:
    assert plan(register, standing_with("S1", birth_date="")).is_empty
