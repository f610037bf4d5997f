"""A district of 25,000: its roster imports, and a post with thirty faces is answered at once."""

from __future__ import annotations

import resource
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mediacheck.wiring.engines import RosterMatchers
from release_db import migrate
from release_db.engine import open_engine
from release_db.records import Appearance, Channel, Granted, Release, Scope
from release_db.register import ReleaseRegister
from release_db.roster_plan import RosterPlan, apply_roster, plan_roster
from release_db.roster_source import read_any_roster
from release_db.rules import permission_for
from release_db.words import Answer, Audience, Capacity, ChannelKey, ReleaseId, StudentId, Use
from tests.release_db.bundles import a_bundle

pytestmark = [pytest.mark.slow, pytest.mark.lane]

STUDENTS, FACES, ANSWERS = 25_000, 30, 4
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
TODAY = date(2026, 11, 24)
INSTAGRAM = Channel(key=ChannelKey("instagram"), name="Instagram", audience=Audience.SOCIAL)


def releases_of(number: int) -> list[Release]:
    student = StudentId(f"{number:06d}")
    return [
        Release(
            release_id=ReleaseId(f"{student}-r{use}"),
            student_id=student,
            scope=Scope(use=use),
            answer=Answer.ALLOW,
            capacity=Capacity.GUARDIAN,
            decided_by=f"{student}g1@home.example",
            method="portal",
            given_on=date(2026, 9, 1),
            recorded_at=NOW,
        )
        for use in list(Use)[:ANSWERS]
    ]


def imported(engine: Engine, data: bytes) -> tuple[RosterPlan, float]:
    """What the bundle changed, and the seconds that it took to read, compare and save it."""
    began = time.perf_counter()
    with Session(engine) as session, session.begin():
        register = ReleaseRegister(session, lambda: NOW)
        plan = plan_roster(register, read_any_roster(data, register), TODAY)
        if not plan.is_empty:
            apply_roster(register, plan, NOW)
            # As every import does: the keys of the names are made before anybody waits for them.
            RosterMatchers()(register)
    return plan, time.perf_counter() - began


def test_a_large_district_imports_and_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'large' / 'register.sqlite'}")
    migrate.upgrade(engine)
    data = a_bundle(STUDENTS)
    first, imported_s = imported(engine, data)
    again, again_s = imported(engine, data)
    assert len(first.added) == STUDENTS
    assert again.is_empty
    with Session(engine) as session, session.begin():
        register = ReleaseRegister(session, lambda: NOW)
        register.record([one for number in range(STUDENTS) for one in releases_of(number)])

    read_s, judged_s = [], []
    asked = [StudentId(f"{number * 811 % STUDENTS:06d}") for number in range(FACES)]
    for _ in range(20):
        with Session(engine) as session, session.begin():
            register = ReleaseRegister(session, lambda: NOW)
            began = time.process_time()
            files = register.student_files(asked)
            read_at = time.process_time()
            answers = [
                permission_for(
                    Appearance(student_id=one, use=Use.IMAGE, channel=INSTAGRAM), files[one], TODAY
                )
                for one in asked
            ]
            read_s.append(read_at - began)
            judged_s.append(time.process_time() - read_at)
        assert sum(isinstance(answer, Granted) for answer in answers) == FACES
    engine.dispose()

    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(
            f"\n{STUDENTS:,} students imported in {imported_s:.1f} s, again in {again_s:.1f} s, "
            f"peak {memory_mb:.0f} MB; "
            f"{FACES} faces answered in {median_ms(judged_s):.1f} ms, after "
            f"{median_ms(read_s):.1f} ms of reading the register (median, CPU)"
        )


def median_ms(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2] * 1000
