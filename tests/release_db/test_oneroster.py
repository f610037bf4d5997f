"""OneRoster bundles, whole, half-written and tricky."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from release_db.errors import ImportRefused
from release_db.register import ReleaseRegister
from release_db.roster_plan import RosterPlan, apply_roster, plan_roster
from release_db.roster_source import read_any_roster, roster_bytes
from release_db.words import ClassKey, SchoolKey, StudentId, StudentStatus
from tests.release_db.conftest import NOW

TODAY = date(2026, 11, 24)
USERS_11 = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
)
MAYA = '0017,,,true,"d1,linc",student,maya,{LDAP:12},Maya,Lopez,,,maya@s.example,,,"g1,r1",03,\n'
BEN = "0018,,,false,linc,student,ben,,Ben,Adler,,,,,,g1,03,\n"
ANA = "g1,,,true,linc,Guardian,ana,,Ana,Lopez,,,ana@home.example,,,,,\n"
AUNT = "r1,,,true,linc,relative,eva,,Eva,Lopez,,,eva@home.example,,,,,\n"
ORGS = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n" + (
    "d1,,,District,district,,\nlinc,,,Lincoln School,school,,d1\n"
)
CLASSES = (
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
    "c12,,,Room 12,03,co1,,homeroom,,linc,t1,,,\n"
)
ENROLLMENTS = (
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role\n"
    "e1,,,c12,linc,0017,student\ne2,,,c12,linc,0018,student"
)
NOBODY = ENROLLMENTS.partition("\n")[0] + "\n"
BIRTHS = "sourcedId,status,dateLastModified,birthDate,sex,white\n0017,,,2015-03-04,female,true\n"
SESSIONS = (
    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
    "y1,,,2026-27,schoolYear,2026-08-17,2027-06-09,,2027\n"
)


def manifest(mode: str, tables: list[str], version: str = "1.1") -> str:
    lines = [f"file.{table},{mode}" for table in tables]
    return "\n".join(["propertyName,value", f"oneroster.version,{version}", *lines, ""])


def bundle(mode: str = "bulk", version: str = "1.1", **changed: str | bytes | None) -> bytes:
    """A small bundle; a table that is None is named by the manifest and missing."""
    tables: dict[str, str | bytes | None] = {
        "users": USERS_11 + MAYA + BEN + ANA + AUNT,
        "orgs": ORGS,
        "classes": CLASSES,
        "enrollments": ENROLLMENTS,
        "demographics": BIRTHS,
        "academicSessions": SESSIONS,
    } | changed
    files = {f"{table}.csv": text for table, text in tables.items() if text is not None}
    return zipped({"manifest.csv": manifest(mode, list(tables), version), **files})


def zipped(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def plan(register: ReleaseRegister, data: bytes) -> RosterPlan:
    return plan_roster(register, read_any_roster(data, register), TODAY)


def imported(register: ReleaseRegister, data: bytes, at: datetime = NOW) -> RosterPlan:
    made = plan(register, data)
    apply_roster(register, made, at)
    return made


def test_a_bulk_bundle_is_a_roster(register: ReleaseRegister) -> None:
    imported(register, bundle())

    maya = register.student_or_none(StudentId("0017"))
    assert maya is not None
    assert (maya.given_name, maya.family_name, maya.grade) == ("Maya", "Lopez", "03")
    assert maya.birth_on == date(2015, 3, 4)
    assert maya.email == "maya@s.example"
    assert (maya.school, maya.classes) == (SchoolKey("linc"), (ClassKey("linc/c12"),))
    assert "Lincoln School" in [school.name for school in register.schools()]
    assert "Room 12" in [group.name for group in register.classes(SchoolKey("linc"))]
    assert register.policy_or_none("school_year_ends_on") == "2027-06-09"


def test_the_same_bundle_twice_is_no_change(register: ReleaseRegister) -> None:
    imported(register, bundle())

    assert plan(register, bundle()).is_empty


def test_in_bulk_absence_means_gone_and_somebody_disabled_has_not_left(
    register: ReleaseRegister,
) -> None:
    made = imported(register, bundle())

    assert set(made.gone) == {"S1", "S2", "S3"}
    assert made.needs_confirmation
    ben = register.student_or_none(StudentId("0018"))
    assert ben is not None
    assert ben.status is StudentStatus.ACTIVE


def test_in_a_delta_only_tobedeleted_means_gone(register: ReleaseRegister) -> None:
    imported(register, bundle())
    gone = BEN.replace("0018,,", "0018,tobedeleted,2026-11-23T00:00:00Z")

    made = imported(register, bundle("delta", users=USERS_11 + gone + ANA))

    assert made.gone == ("0018",)
    assert plan(register, bundle("delta", users=USERS_11 + ANA, enrollments=NOBODY)).gone == ()
    maya = register.student_or_none(StudentId("0017"))
    assert maya is not None
    assert maya.status is StudentStatus.ACTIVE


def test_a_delta_changes_classes_and_keeps_the_rest(register: ReleaseRegister) -> None:
    imported(register, bundle())
    moved = ENROLLMENTS.partition("\n")[0] + (
        "\ne1,tobedeleted,2026-11-23T00:00:00Z,c12,linc,0017,student"
        "\ne3,active,2026-11-23T00:00:00Z,c14,linc,0017,student"
    )
    data = zipped(
        {
            "manifest.csv": manifest("delta", ["users", "orgs", "enrollments"]),
            "users.csv": USERS_11,
            "orgs.csv": ORGS,
            "enrollments.csv": moved,
        }
    )

    made = imported(register, data)

    assert [change.fields for change in made.changed] == [("classes",)]
    maya = register.student_or_none(StudentId("0017"))
    assert maya is not None
    assert maya.classes == (ClassKey("linc/c14"),)
    assert maya.birth_on == date(2015, 3, 4)


def test_version_1_2_takes_roles_from_their_own_file(register: ReleaseRegister) -> None:
    users = (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
        "userMasterIdentifier,resourceSourcedIds,preferredGivenName,primaryOrgSourcedId\n"
        "0017,,,true,maya,,Maya,Lopez,,,,,,g1,03,,,,Mimi,\n"
        "g1,,,true,ana,,Ana,Lopez,,,ana@home.example,,,,,,,,,\n"
    )
    roles = (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
        "orgSourcedId,userProfileSourcedId\n"
        "x1,,,0017,primary,student,,,linc,\nx2,,,g1,primary,parent,,,linc,\n"
    )

    imported(register, bundle(version="1.2", users=users, roles=roles))

    maya = register.student_or_none(StudentId("0017"))
    assert maya is not None
    assert (maya.preferred_name, maya.school) == ("Mimi", "linc")
    assert len(register.guardians_of([StudentId("0017")])[StudentId("0017")]) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_names_survive_byte_order_marks_windows_letters_and_shouted_headers(
    register: ReleaseRegister, encoding: str
) -> None:
    users = USERS_11.upper() + MAYA.replace("Lopez", "Núñez") + BEN + ANA + AUNT

    imported(register, bundle(users=users.encode(encoding)))

    maya = register.student_or_none(StudentId("0017"))
    assert maya is not None
    assert maya.family_name == "Núñez"


HUGE = b"sourcedId,name,type\n" + b"0" * (70 * 1024 * 1024)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped({"users.csv": USERS_11}), "no manifest"),
        (zipped({"export/manifest.csv": manifest("bulk", ["users"])}), "folder inside"),
        (zipped({"../manifest.csv": manifest("bulk", ["users"])}), "folder inside"),
        (bundle(version="2.0"), "no OneRoster version"),
        (bundle("yearly"), "absent, bulk or delta"),
        (bundle(users=None), "is not there"),
        (bundle(users=USERS_11 + MAYA[:40]), "cells and the header"),
        (bundle(users=USERS_11.replace("givenName", "vorname") + MAYA), "A column is missing"),
        (bundle(demographics=BIRTHS.replace("2015-03-04", "4/03/2015")), "YYYY-MM-DD"),
        (bundle(users=USERS_11 + MAYA.replace("d1,linc", "d1")), "no school"),
        (bundle(orgs=HUGE), "larger than"),
        (b"PK\x03\x04 and nothing more", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bundle_that_is_not_whole_is_refused(
    register: ReleaseRegister, data: bytes, words: str
) -> None:
    with pytest.raises(ImportRefused, match=words):
        plan(register, data)


def test_files_of_two_kinds_are_refused(register: ReleaseRegister) -> None:
    said = manifest("bulk", ["users"]) + "file.orgs,delta\n"

    with pytest.raises(ImportRefused, match="some delta"):
        plan(register, zipped({"manifest.csv": said, "users.csv": USERS_11, "orgs.csv": ORGS}))


def test_a_folder_is_read_like_its_zip(register: ReleaseRegister, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle())) as archive:
        archive.extractall(tmp_path)

    assert imported(register, roster_bytes(tmp_path)).added == ("0017", "0018")
    assert roster_bytes(tmp_path) == roster_bytes(tmp_path)


def test_a_bulk_bundle_without_birth_dates_takes_none_away(register: ReleaseRegister) -> None:
    imported(register, bundle())
    nobody = BIRTHS.splitlines(keepends=True)[0]

    made = plan(register, bundle(demographics=nobody))

    assert made.is_empty


def test_a_shrinking_export_needs_a_confirmation(register: ReleaseRegister) -> None:
    imported(register, bundle())

    assert plan(register, bundle(users=USERS_11 + MAYA + ANA)).needs_confirmation
