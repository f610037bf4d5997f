"""Moves between schools and classes, whole or by changes, in whatever order the rows come."""

from __future__ import annotations

from datetime import date

import pytest

from release_db.records import Channel, Granted, RefusalReason, Refused, Release, Scope
from release_db.register import ReleaseRegister
from release_db.roster_plan import RosterPlan
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    ClassKey,
    NameForm,
    ReleaseId,
    SchoolKey,
    StudentId,
    StudentStatus,
    Use,
)
from tests.release_db.conftest import NOW
from tests.release_db.test_oneroster import (
    ANA,
    AUNT,
    BEN,
    ENROLLMENTS,
    MAYA,
    ORGS,
    USERS_11,
    bundle,
    imported,
    manifest,
    plan,
    zipped,
)
from tests.release_db.test_oneroster_people import ANA_12, MAYA_12, ROLES, USERS_12

S17 = StudentId("0017")
TWO_SCHOOLS = ORGS + "roos,,,Roosevelt School,school,,d1\n"
NO_ORGS = ORGS.partition("\n")[0] + "\n"
ENROLLED = ENROLLMENTS.partition("\n")[0] + "\n"
LEFT_C12 = "e1,tobedeleted,2026-11-23T00:00:00Z,c12,linc,0017,student\n"
JOINED_R3 = "e9,active,2026-11-23T00:00:00Z,r3,roos,0017,student\n"


@pytest.fixture
def kind() -> str:
    """The database in memory will do: these rules do not touch it but through the register."""
    return "memory"


@pytest.fixture(autouse=True)
def standing(register: ReleaseRegister) -> None:
    """Maya goes to Lincoln and Ben to Roosevelt."""
    users = USERS_11 + MAYA + BEN.replace("linc", "roos") + ANA + AUNT
    enrolled = ENROLLED + "e1,,,c12,linc,0017,student\ne2,,,r3,roos,0018,student\n"
    imported(register, bundle(users=users, orgs=TWO_SCHOOLS, enrollments=enrolled))


def delta(**changed: str) -> bytes:
    tables = {"users": USERS_11, "orgs": NO_ORGS} | changed
    files: dict[str, str | bytes] = {f"{table}.csv": text for table, text in tables.items()}
    return zipped({"manifest.csv": manifest("delta", list(tables)), **files})


def where(register: ReleaseRegister) -> tuple[SchoolKey, tuple[ClassKey, ...]]:
    maya = register.student_or_none(S17)
    assert maya is not None
    assert maya.status is StudentStatus.ACTIVE
    return maya.school, maya.classes


def moved(register: ReleaseRegister, data: bytes) -> RosterPlan:
    """Imported, and found to be imported."""
    made = imported(register, data)
    assert plan(register, data).is_empty
    return made


@pytest.mark.parametrize("rows", [LEFT_C12 + JOINED_R3, JOINED_R3 + LEFT_C12])
def test_a_delta_of_enrollments_moves_a_student_to_the_other_school(
    register: ReleaseRegister, rows: str
) -> None:
    made = moved(register, delta(enrollments=ENROLLED + rows))

    assert made.gone == ()
    assert where(register) == (SchoolKey("roos"), (ClassKey("roos/r3"),))


def test_who_is_enrolled_in_two_schools_stays_with_the_first(register: ReleaseRegister) -> None:
    moved(register, delta(enrollments=ENROLLED + JOINED_R3))

    assert where(register) == (SchoolKey("linc"), (ClassKey("linc/c12"), ClassKey("roos/r3")))


@pytest.mark.parametrize("swapped", [False, True])
def test_an_enrollment_that_is_made_anew_is_no_departure(
    register: ReleaseRegister, swapped: bool
) -> None:
    rows = [LEFT_C12, "e8,active,2026-11-23T00:00:00Z,c12,linc,0017,student\n"]

    data = delta(enrollments=ENROLLED + "".join(reversed(rows) if swapped else rows))

    assert plan(register, data).is_empty


def test_a_delta_that_does_not_repeat_the_schools_moves_a_student(
    register: ReleaseRegister,
) -> None:
    user = MAYA.replace('"d1,linc"', "roos").replace("0017,,", "0017,active,2026-11-23")

    moved(register, delta(users=USERS_11 + user))

    assert where(register)[0] == "roos"


@pytest.mark.parametrize("listed", ["linc,roos", "roos,linc"])
def test_of_several_schools_the_one_with_the_classes_counts(
    register: ReleaseRegister, listed: str
) -> None:
    users = USERS_11 + MAYA.replace("d1,linc", listed) + BEN + ANA + AUNT
    enrolled = ENROLLED + JOINED_R3.replace("active", "") + "e2,,,c12,linc,0018,student\n"

    moved(register, bundle(users=users, orgs=TWO_SCHOOLS, enrollments=enrolled))

    assert where(register) == (SchoolKey("roos"), (ClassKey("roos/r3"),))


@pytest.mark.parametrize("swapped", [False, True])
def test_the_primary_role_says_where_a_student_goes(
    register: ReleaseRegister, swapped: bool
) -> None:
    rows = [
        "x1,tobedeleted,2026-11-23,0017,primary,student,,,linc,\n",
        "x5,active,2026-11-23,0017,secondary,student,,,linc,\n",
        "x6,active,2026-11-23,0017,primary,student,,,roos,\n",
        "x7,active,2026-11-23,0017,primary,aide,,,linc,\n",
    ]
    files: dict[str, str | bytes] = {
        "manifest.csv": manifest("delta", ["users", "roles", "orgs"], "1.2"),
        "users.csv": USERS_12,
        "roles.csv": ROLES + "".join(reversed(rows) if swapped else rows),
        "orgs.csv": NO_ORGS,
    }

    made = moved(register, zipped(files))

    assert made.gone == ()
    assert where(register)[0] == "roos"


def test_a_primary_school_of_the_user_comes_before_a_role(register: ReleaseRegister) -> None:
    users = USERS_12 + MAYA_12.replace("Rivera,linc", "Rivera,roos") + ANA_12
    roles = ROLES + "x1,,,0017,primary,student,,,linc,\nx2,,,g1,primary,parent,,,linc,\n"

    moved(register, bundle(version="1.2", users=users, roles=roles, orgs=TWO_SCHOOLS))

    assert where(register)[0] == "roos"


def test_a_release_for_the_old_schools_account_is_none_for_the_new_ones(
    register: ReleaseRegister,
) -> None:
    for school in ("linc", "roos"):
        register.add_channel(
            Channel(
                key=ChannelKey(f"{school}-page"),
                name=school,
                audience=Audience.SOCIAL,
                school=SchoolKey(school),
            )
        )
    register.record([for_the_page_of("linc")])

    moved(register, delta(enrollments=ENROLLED + LEFT_C12 + JOINED_R3))

    assert isinstance(asked(register, "linc-page"), Granted)
    refused = asked(register, "roos-page")
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.NO_RECORD


def for_the_page_of(school: str) -> Release:
    return Release(
        release_id=ReleaseId("r1"),
        student_id=S17,
        scope=Scope(use=Use.IMAGE, channel=ChannelKey(f"{school}-page")),
        answer=Answer.ALLOW,
        capacity=Capacity.GUARDIAN,
        decided_by="ana@home.example",
        method="portal",
        given_on=date(2026, 9, 1),
        recorded_at=NOW,
    )


def asked(register: ReleaseRegister, channel: str) -> Granted | Refused:
    return register.permission_for(S17, Use.IMAGE, ChannelKey(channel), NameForm.NONE, NOW)


def test_what_was_released_before_a_move_is_still_on_file(register: ReleaseRegister) -> None:
    register.record([for_the_page_of("linc")])

    moved(register, delta(enrollments=ENROLLED + LEFT_C12 + JOINED_R3))

    assert len(register.student_files([S17])[S17].releases) == 1
