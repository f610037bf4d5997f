"""What goes wrong with real exports, and with files that somebody made to do harm."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from release_db.errors import ImportRefused
from release_db.records import Granted, RefusalReason, Refused, Release, Scope
from release_db.register import ReleaseRegister
from release_db.words import (
    Answer,
    Capacity,
    ChannelKey,
    NameForm,
    ReleaseId,
    StudentId,
    StudentStatus,
    Use,
)
from tests.release_db.conftest import NOW
from tests.release_db.test_oneroster import (
    ANA,
    AUNT,
    BEN,
    BIRTHS,
    ENROLLMENTS,
    MAYA,
    NOBODY,
    ORGS,
    USERS_11,
    bundle,
    imported,
    manifest,
    plan,
    zipped,
)

S17, S18 = StudentId("0017"), StudentId("0018")
CHANGED = "2026-11-23T00:00:00Z"


@pytest.fixture
def kind() -> str:
    """The database in memory will do: these rules do not touch it but through the register."""
    return "memory"


def refusal_of(register: ReleaseRegister, data: bytes) -> str:
    with pytest.raises(ImportRefused) as caught:
        plan(register, data)
    return str(caught.value)


def allow(register: ReleaseRegister, student: StudentId = S18) -> None:
    release = Release(
        release_id=ReleaseId(f"{student}-yes"),
        student_id=student,
        scope=Scope(use=Use.IMAGE),
        answer=Answer.ALLOW,
        capacity=Capacity.GUARDIAN,
        decided_by="ana@home.example",
        method="portal",
        given_on=date(2026, 9, 1),
        recorded_at=NOW,
    )
    register.record([release])


def asked(register: ReleaseRegister, student: StudentId = S18) -> Granted | Refused:
    return register.permission_for(student, Use.IMAGE, ChannelKey("instagram"), NameForm.NONE, NOW)


def test_a_departed_student_stays_findable_and_has_no_live_release(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())
    allow(register)
    assert isinstance(asked(register), Granted)

    imported(register, bundle(users=USERS_11 + MAYA + ANA + AUNT))

    ben = register.student_or_none(S18)
    assert ben is not None
    assert (ben.display_name, ben.status) == ("Ben Adler", StudentStatus.DEPARTED)
    assert ben in register.everyone()
    refused = asked(register)
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.DEPARTED


def test_who_was_to_be_deleted_in_a_bulk_file_has_left_too(register: ReleaseRegister) -> None:
    imported(register, bundle())

    gone = BEN.replace("0018,,", f"0018,tobedeleted,{CHANGED}")

    assert plan(register, bundle(users=USERS_11 + MAYA + gone + ANA + AUNT)).gone == (S18,)


def test_who_is_absent_from_a_delta_has_not_left(register: ReleaseRegister) -> None:
    imported(register, bundle())

    made = plan(register, bundle("delta", users=USERS_11, enrollments=NOBODY))

    assert made.gone == ()


def test_who_left_before_anybody_knew_them_is_not_added(register: ReleaseRegister) -> None:
    imported(register, bundle())
    stranger = f"0099,tobedeleted,{CHANGED},true,,student,x,,Kim,Lee,,,,,,,03,\n"

    made = plan(register, bundle("delta", users=USERS_11 + stranger))

    assert made.is_empty
    assert made.new_schools == ()


def test_a_student_who_comes_back_is_told_of(register: ReleaseRegister) -> None:
    imported(register, bundle())
    imported(register, bundle(users=USERS_11 + MAYA + ANA + AUNT))

    assert plan(register, bundle()).returned == (S18,)


def test_an_id_keeps_its_leading_zeros(register: ReleaseRegister) -> None:
    assert imported(register, bundle()).added == ("0017", "0018")


@pytest.mark.parametrize("zeros", ["17", "017", "00017"])
def test_an_id_whose_zeros_a_spreadsheet_changed_is_refused(
    register: ReleaseRegister, zeros: str
) -> None:
    imported(register, bundle())
    users = (USERS_11 + MAYA + BEN + ANA + AUNT).replace("0017,", f"{zeros},")
    enrolled = ENROLLMENTS.replace("0017", zeros)

    assert "another number of zeros" in refusal_of(
        register, bundle(users=users, enrollments=enrolled)
    )


def test_two_students_whose_ids_differ_in_zeros_are_two(register: ReleaseRegister) -> None:
    imported(register, bundle())
    other = MAYA.replace("0017", "17").replace("Maya,Lopez", "Zoe,Quinn")

    assert plan(register, bundle(users=USERS_11 + MAYA + other + BEN + ANA + AUNT)).added == ("17",)


def test_an_id_that_is_in_the_file_twice_is_refused(register: ReleaseRegister) -> None:
    other = MAYA.replace("Maya,Lopez", "Zoe,Quinn")

    assert "twice" in refusal_of(register, bundle(users=USERS_11 + MAYA + other + ANA + AUNT))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("has_end", [True, False])
def test_every_end_of_line_is_read_and_the_last_may_be_missing(
    register: ReleaseRegister, end: str, has_end: bool
) -> None:
    users = (USERS_11 + MAYA + BEN + ANA + AUNT).replace("\n", end)

    made = plan(register, bundle(users=users if has_end else users.removesuffix(end)))

    assert made.added == (S17, S18)


def test_cells_that_hold_several_values_are_read_as_several(register: ReleaseRegister) -> None:
    users = USERS_11 + MAYA.replace(",03,", ',"03, 04",').replace('"g1,r1"', '" g1 ,r1,g1, "')

    imported(register, bundle(users=users + BEN + ANA + AUNT))

    maya = register.student_or_none(S17)
    assert maya is not None
    assert maya.grade == "03"
    assert len(register.guardians_of([S17])[S17]) == 2


def test_a_column_that_the_export_leaves_out_clears_nothing(register: ReleaseRegister) -> None:
    imported(register, bundle())
    maya = register.student_or_none(S17)
    assert maya is not None
    told = replace(maya, preferred_name="Mimi", suffix="III", other_names=("Maia",))
    register.save_students([told])

    users = (USERS_11 + MAYA + BEN + ANA + AUNT).replace(",email,", ",mail,")

    assert plan(register, bundle()).is_empty
    made = plan(register, bundle(users=users.replace("agentSourcedIds", "agents")))
    assert made.is_empty


def test_of_the_demographics_only_the_birth_date_is_read(register: ReleaseRegister) -> None:
    imported(register, bundle(demographics=BIRTHS.replace("female,true", "x-sex,x-race")))

    assert "x-" not in repr(register.everyone())


@pytest.mark.parametrize("table", ["users", "orgs", "enrollments", "demographics"])
def test_a_file_that_was_cut_off_in_the_middle_is_refused(
    register: ReleaseRegister, table: str
) -> None:
    whole = {
        "users": USERS_11 + MAYA + BEN + ANA + AUNT,
        "orgs": ORGS,
        "enrollments": ENROLLMENTS,
        "demographics": BIRTHS,
    }[table]

    assert "cells and the header" in refusal_of(register, bundle(**{table: whole[:-12]}))


def test_a_zip_file_that_was_cut_off_is_refused(register: ReleaseRegister) -> None:
    assert "damaged" in refusal_of(register, bundle()[:-30])


@pytest.mark.parametrize(
    "name",
    ["../users.csv", "/etc/users.csv", "..\\users.csv", "export/users.csv", "C:\\users.csv"],
)
def test_a_name_that_leads_elsewhere_is_refused(register: ReleaseRegister, name: str) -> None:
    files: dict[str, str | bytes] = {"manifest.csv": manifest("bulk", ["users"]), name: USERS_11}

    assert "folder inside" in refusal_of(register, zipped(files))


def test_a_file_that_is_twice_in_the_zip_is_refused(register: ReleaseRegister) -> None:
    files: dict[str, str | bytes] = {
        "manifest.csv": manifest("bulk", ["users"]),
        "users.csv": USERS_11,
        "Users.CSV": USERS_11 + MAYA,
    }

    assert "twice in the bundle" in refusal_of(register, zipped(files))


def test_a_link_in_the_zip_is_refused(register: ReleaseRegister) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("manifest.csv", manifest("bulk", ["users", "orgs"]))
        link = zipfile.ZipInfo("users.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    assert "link to another place" in refusal_of(register, made.getvalue())


def test_a_locked_zip_is_refused(register: ReleaseRegister) -> None:
    data = bytearray(bundle())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place, flags = data.find(mark), 6 if mark == b"PK\x03\x04" else 8
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(mark, place + 4)

    assert "locked" in refusal_of(register, bytes(data))


def test_a_zip_that_unpacks_to_more_than_a_roster_is_refused(register: ReleaseRegister) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", manifest("bulk", ["users", "orgs"]))
        for number in range(5):
            archive.writestr(f"{number}.csv", b"0" * (60 * 1024 * 1024))

    assert len(made.getvalue()) < 1_000_000
    assert "far larger" in refusal_of(register, made.getvalue())


def test_a_zip_that_lies_about_its_sizes_is_refused(register: ReleaseRegister) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", manifest("bulk", ["users", "orgs"]))
        archive.writestr("users.csv", b"0" * (80 * 1024 * 1024))
    data = bytearray(made.getvalue())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        found = data.rfind(mark)
        data[found + place : found + place + 4] = struct.pack("<I", 100)

    assert refusal_of(register, bytes(data))


def test_a_zip_of_many_files_is_refused(register: ReleaseRegister) -> None:
    files: dict[str, str | bytes] = {f"{number}.csv": "" for number in range(61)}

    assert "far larger" in refusal_of(register, zipped(files))


@pytest.mark.parametrize("table", ["orgs", "users"])
def test_a_bundle_without_what_makes_a_roster_is_refused(
    register: ReleaseRegister, table: str
) -> None:
    rest = {"users": USERS_11, "orgs": ORGS}
    del rest[table]
    files: dict[str, str | bytes] = {f"{name}.csv": text for name, text in rest.items()}

    said = zipped({"manifest.csv": manifest("bulk", list(rest)), **files})

    assert f"holds no {table}" in refusal_of(register, said)


def test_no_message_repeats_a_name_or_an_address(register: ReleaseRegister) -> None:
    users = USERS_11 + MAYA.replace("d1,linc", "d1") + MAYA + "0020,,,true,linc,student,Maya\n"

    said = refusal_of(register, bundle(users=users))

    assert "Maya" not in said
    assert "@" not in said
