"""Which teachers a roster tells of, in a bundle of either version and in a plain CSV file."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from release_db.errors import ImportRefused
from release_db.oneroster import roster_of
from release_db.oneroster_bundle import read_bundle
from release_db.roster_file import ToldTeacher
from release_db.teachers_csv import read_teachers
from release_db.words import SchoolKey
from tests.release_db.test_oneroster import MAYA, USERS_11, bundle
from tests.release_db.test_oneroster_people import MAYA_12, ROLES, USERS_12

LINC = SchoolKey("linc")
PAT = "t1,,,true,linc,teacher,pat,,Pat,Doe,,,pat@d.org,,,,,\n"
PAT_12 = "t1,,,true,pat,,Pat,Doe,,,pat@d.org,,,,,,,,,,,,\n"
OF_MAYA = "x1,,,0017,primary,student,,,linc,\n"
CSV = "teacher_id,name,email,schools,status\n"


def told(data: bytes) -> Mapping[str, ToldTeacher]:
    found = roster_of(read_bundle(data), {}).teachers
    assert found is not None
    return {one.roster_id: one for one in found}


def bundle_11(pat: str) -> bytes:
    return bundle(users=USERS_11 + MAYA + pat)


def bundle_12(roles: str, mode: str = "bulk", users: str = PAT_12) -> bytes:
    return bundle(
        mode, version="1.2", users=USERS_12 + MAYA_12 + users, roles=ROLES + OF_MAYA + roles
    )


def test_a_teacher_of_the_older_version_has_the_schools_of_the_row() -> None:
    (pat,) = told(bundle_11(PAT)).values()

    assert (pat.roster_id, pat.email, pat.name) == ("t1", "pat@d.org", "Pat Doe")
    assert pat.joined == (LINC,)
    assert pat.has_all_schools
    assert not pat.is_gone


def test_a_teacher_of_the_newer_version_has_the_schools_of_the_roles() -> None:
    (pat,) = told(bundle_12("x2,,,t1,primary,teacher,,,linc,\n")).values()

    assert (pat.joined, pat.has_all_schools) == ((LINC,), True)


@pytest.mark.parametrize("role", ["aide", "administrator", "proctor", "guardian", "student"])
def test_nobody_else_is_a_teacher(role: str) -> None:
    found = told(bundle_11(PAT.replace("teacher", role)))

    assert "t1" not in found


def test_a_student_who_teaches_is_no_teacher() -> None:
    roles = "x2,,,t1,primary,teacher,,,linc,\nx3,,,t1,secondary,student,,,linc,\n"

    assert told(bundle_12(roles))["t1"].is_gone


def test_a_school_that_the_bundle_does_not_know_is_none() -> None:
    (pat,) = told(bundle_12("x2,,,t1,primary,teacher,,,elsewhere,\n")).values()

    assert pat.joined == ()


def test_a_delta_tells_what_came_and_what_went() -> None:
    roles = "x2,tobedeleted,,t1,primary,teacher,,,linc,\nx4,active,,t1,primary,teacher,,,oak,\n"
    found = told(bundle_12(roles, "delta", users=""))

    assert (found["t1"].left, found["t1"].has_all_schools) == ((LINC,), False)
    assert not found["t1"].is_gone


def test_a_teacher_who_is_taken_back_is_gone() -> None:
    gone = PAT.replace("t1,,", "t1,tobedeleted,")

    assert told(bundle("delta", users=USERS_11 + gone))["t1"].is_gone


def test_a_plain_file_tells_the_same() -> None:
    data = f"{CSV}t1,Pat Doe,pat@d.org,linc;oak,active\nt2,Sam Roe,sam@d.org,oak,departed\n"

    pat, sam = read_teachers(data.encode())

    assert (pat.joined, pat.is_gone) == (("linc", "oak"), False)
    assert sam.is_gone


@pytest.mark.parametrize(
    "row",
    [
        "t1,Pat Doe,,linc,active\n",
        "t1,Pat Doe,pat,linc,active\n",
        "t1,Pat Doe,pat@d.org,,active\n",
        "t1,,pat@d.org,linc,active\n",
        ",Pat Doe,pat@d.org,linc,active\n",
        "t1,Pat Doe,pat@d.org,linc,maybe\n",
        "t1,Pat Doe,pat@d.org,linc,\nt1,Sam,sam@d.org,linc,\n",
    ],
)
def test_a_plain_file_with_a_slip_is_refused(row: str) -> None:
    with pytest.raises(ImportRefused):
        read_teachers((CSV + row).encode())


def test_what_is_told_shows_nobody() -> None:
    assert "pat@d.org" not in repr(told(bundle_11(PAT)))
