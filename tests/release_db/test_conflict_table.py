"""Every case of the table, asked of the real register on SQLite."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy.orm import Session

from release_db.records import Appearance, Granted, Permission
from release_db.register import ReleaseRegister
from tests.release_db.conflict_table import TABLE, Case, Expected, Typo, cases_of
from tests.release_db.stage import MAYA, Stage, answer_of, moment_on

CASES = cases_of(TABLE.read_text(encoding="utf-8"))


@pytest.fixture
def kind() -> str:
    """One kind of SQLite is enough for so many."""
    return "memory"


def told(answer: Permission) -> Expected:
    """An answer in the words of the table."""
    if isinstance(answer, Granted):
        ids = (*answer.releases, *answer.items, *answer.deliveries)
        return Expected(said="granted", until=answer.until, by=ids, allowed_form=None)
    return Expected(
        said=answer.reason.value,
        until=None,
        by=tuple(sorted((*answer.releases, *answer.items, *answer.holds))),
        allowed_form=answer.allowed_form,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"line {case.line}: {case.scene}")
def test_the_register_answers_as_the_table_says(case: Case, session: Session) -> None:
    stage = Stage(lambda now: ReleaseRegister(session, now))
    for act in case.acts:
        stage.play(act)

    asked = Appearance(
        student_id=MAYA,
        use=case.use,
        channel=stage.channels[case.channel],
        name_form=case.name_form,
        item=case.item,
        is_close_up=case.is_close_up,
    )
    answer = answer_of(session, asked, moment_on(case.on, time(18)))

    assert told(answer) == case.expected


def test_the_table_has_what_it_promises() -> None:
    assert len(CASES) >= 200
    assert len({case.expected.said for case in CASES}) == 13


@pytest.mark.parametrize(
    "line",
    [
        "? 11-24 image on instagram -> refused",
        "? 11-24 image on instagram granted",
        "? 13-24 image on instagram -> granted",
        "? 11-24 image on instagram -> granted untill 06-30",
        "10-01 ana allows image",
    ],
)
def test_a_typo_in_the_table_fails(line: str) -> None:
    table = f"scene: one\n? 11-24 image on instagram -> no-record\n{line}\n"

    with pytest.raises(Typo):
        cases_of(table)


def test_a_typo_in_an_act_fails(session: Session) -> None:
    table = "scene: one\n10-01 ana alows image\n? 11-24 image on instagram -> no-record\n"
    (case,) = cases_of(table)

    with pytest.raises(Typo):
        Stage(lambda now: ReleaseRegister(session, now)).play(case.acts[0])
