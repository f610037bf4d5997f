"""Whatever a student system exports, one export after another: never wider than it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from release_db import migrate
from release_db.engine import open_engine
from release_db.records import Appearance, Channel, Granted, School, Student
from release_db.register import ReleaseRegister
from release_db.releases_plan import ReleasesPlan, apply_releases
from release_db.releases_source import plan_any_releases
from release_db.rules import permission_for
from release_db.sis_codes import read_codes
from release_db.words import Audience, ChannelKey, SchoolKey, StudentId, Use
from tests.release_db.conftest import NOW

TODAY = date(2026, 11, 24)
MAYA = StudentId("S1")
PAGE = Channel(key=ChannelKey("page"), name="Page", audience=Audience.PUBLIC_WEB)
CODES = b"""code,status,use,channel,name_form,answer
MR,A,image,,,allow
MR,P,image,,,deny
WEB,A,image,public-web,,allow
WEB,P,image,public-web,,ask
NP,P,image,,,deny
NP,A,,,,
"""
ENGINE: Engine = open_engine("sqlite://")
migrate.upgrade(ENGINE)

Row = tuple[str, str, str]
rows = st.tuples(
    st.sampled_from(["MR", "WEB", "NP"]),
    st.sampled_from(["A", "P"]),
    st.sampled_from(["", "2026-09-01", "2026-10-01"]),
)
exports = st.lists(st.lists(rows, min_size=1, max_size=5), min_size=1, max_size=3)


@contextmanager
def a_register() -> Iterator[ReleaseRegister]:
    """A register with one student and the codes; it is gone afterwards."""
    with Session(ENGINE) as session:
        register = ReleaseRegister(session, lambda: NOW)
        register.save_school(School(key=SchoolKey("linc"), name="Lincoln"))
        register.add_channel(PAGE)
        student = Student(
            student_id=MAYA, given_name="Maya", family_name="Lopez", school=SchoolKey("linc")
        )
        register.save_students([student])
        register.terms.set_sis_codes(read_codes(CODES, ()), by="admin")
        yield register
        session.rollback()


def planned(register: ReleaseRegister, export: list[Row]) -> ReleasesPlan:
    lines = [f"S1,{code},{status},{day}" for code, status, day in export]
    data = "\n".join(["Student ID,Code,Status,Status Date", *lines, ""])
    return plan_any_releases(register, data.encode(), TODAY)


def granted(register: ReleaseRegister) -> bool:
    asked = Appearance(student_id=MAYA, use=Use.IMAGE, channel=PAGE)
    file = register.student_files([MAYA])[MAYA]
    return isinstance(permission_for(asked, file, TODAY), Granted)


def newest(export: list[Row], code: str) -> set[str]:
    """The statuses of a code on its newest day."""
    days = [day for one, _, day in export if one == code]
    return {status for one, status, day in export if one == code and day == max(days)}


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(exports)
def test_no_run_of_exports_allows_more_than_the_last_one_says(history: list[list[Row]]) -> None:
    with a_register() as register:
        for hour, export in enumerate(history):
            apply_releases(register, planned(register, export), NOW + timedelta(hours=hour))

        last = history[-1]
        allows = "A" in newest(last, "MR") | newest(last, "WEB")
        refuses = "P" in newest(last, "MR") | newest(last, "WEB") | newest(last, "NP")
        assert not granted(register) or (allows and not refuses)
        assert planned(register, last).is_empty


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(export: list[Row], random: Random) -> None:
    swapped = list(export)
    random.shuffle(swapped)
    with a_register() as register:
        apply_releases(register, planned(register, export), NOW)

        assert planned(register, swapped).is_empty
