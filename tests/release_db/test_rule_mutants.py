"""Every rule has a test that fails when it is changed: each mutant of the rules is found out.

The judges are the examples of the rules, and the conflict table asked on what the real register
holds.
"""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.orm import Session

from release_db import migrate
from release_db.engine import open_engine
from release_db.records import Appearance, StudentFile
from release_db.register import ReleaseRegister
from release_db.store_files import channel_at_or_none
from tests.release_db.conflict_table import TABLE, Case, Expected, cases_of
from tests.release_db.mutants import Mutant, mutants_of
from tests.release_db.stage import MAYA, ZONE, Stage, moment_on
from tests.release_db.test_conflict_table import told

pytestmark = [pytest.mark.slow, pytest.mark.lane]

#: What is mutated, each before those that import it.
RULES = ("release_db.standing", "release_db.orders", "release_db.items", "release_db.rules")
EXAMPLES = tuple(f"tests.release_db.test_{one}" for one in ("rules", "rule_edges", "ended_years"))

#: Mutants that answer every question as the rules do, and why nobody can tell them apart.
EQUIVALENT = {
    "standing: if len(words) == 1: return words[0] [0]": "one word is its own last",
    "orders: if (guardians, only_holder) == (file.guardians, file.is_rights_holder_only): "
    "return file [0]": "the file would only be made anew",
    "rules: permission if until == permission.until else replace(permission, until=until) [0]": (
        "the permission would only be made anew"
    ),
    "rules: asked.use in _NAMING_USES and asked.name_form is NameForm.NONE [1]": (
        "a form means nothing for any other use"
    ),
    "rules: None if item.name_form is NameForm.NONE else item.name_form [0]": (
        "every form covers none, too"
    ),
    "rules: shows_as_much and is_use_refused and _reaches(scope, asked.channel) [3]": (
        "what does not reach was left out before"
    ),
    "rules: for word in file.releases if word.scope.use in uses [0]": "it only saves time",
    "rules: for word in releases if _reaches(word.scope, channel) [0]": "it only saves time",
    "rules: granted.until or date.max [2]": "a grant of ours always has an end",
    "rules: on < day <= last_day [0]": "today's answer is the grant itself",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One case of the table as the rules see it, with what the table says."""

    asked: Appearance
    file: StudentFile | None
    on: date
    expected: Expected


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    """Every case of the table, played on a real register."""
    engine = open_engine("sqlite://")
    migrate.upgrade(engine)
    asked = []
    for case in cases_of(TABLE.read_text(encoding="utf-8")):
        with Session(engine) as session:
            asked.append(question_of(case, session))
            session.rollback()
    engine.dispose()
    return asked


def question_of(case: Case, session: Session) -> Question:
    stage = Stage(lambda now: ReleaseRegister(session, now))
    for act in case.acts:
        stage.play(act)
    at = moment_on(case.on, time(18))
    channel = channel_at_or_none(session, stage.channels[case.channel].key, at)
    assert channel is not None
    return Question(
        asked=Appearance(
            student_id=MAYA,
            use=case.use,
            channel=channel,
            name_form=case.name_form,
            item=case.item,
            is_close_up=case.is_close_up,
        ),
        file=ReleaseRegister(session, lambda: at).file_at_or_none(MAYA, at),
        on=at.astimezone(ZONE).date(),
        expected=case.expected,
    )


def test_every_change_of_a_rule_turns_a_test_red(
    questions: list[Question], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = {name: Path(str(sys.modules[name].__file__)).read_text("utf-8") for name in RULES}
    mutants = [one for name, source in sources.items() for one in mutants_of(name, source)]

    survivors = {
        f"{one.module.removeprefix('release_db.')}: {one.change}"
        for one in mutants
        if not is_found_out(one, sources, questions, monkeypatch)
    }

    with capsys.disabled():
        red = len(mutants) - len(survivors)
        print(f"\n{len(mutants)} mutants: {red} turn a test red, {len(survivors)} do not")
    assert len(mutants) > 200
    assert survivors == set(EQUIVALENT)


def is_found_out(
    mutant: Mutant,
    sources: dict[str, str],
    questions: list[Question],
    monkeypatch: pytest.MonkeyPatch,
) -> bool:
    """Whether a case or an example fails with the mutant in the place of its module."""
    with monkeypatch.context() as patch:
        for name, source in sources.items():
            code = compile(mutant.tree if name == mutant.module else source, name, "exec")
            module = ModuleType(name)
            patch.setitem(sys.modules, name, module)
            try:
                exec(code, module.__dict__)  # noqa: S102 - our own source, changed by us
            except Exception:  # A mutant that cannot be loaded is found out.
                return True
        return not (answers_as_before(sys.modules[RULES[-1]], questions) and examples_pass(patch))


def answers_as_before(rules: ModuleType, questions: list[Question]) -> bool:
    try:
        return all(
            told(rules.permission_for(one.asked, one.file, one.on)) == one.expected
            for one in questions
        )
    except Exception:
        return False


def examples_pass(patch: pytest.MonkeyPatch) -> bool:
    for name in EXAMPLES:
        patch.delitem(sys.modules, name, raising=False)
        for run in examples_of(importlib.import_module(name)):
            try:
                run()
            except BaseException:  # pytest's own failures are no Exceptions.
                return False
    return True


def examples_of(module: ModuleType) -> Iterator[Callable[[], None]]:
    """Every example of a module, once for each set of its parameters."""
    for name, test in vars(module).items():
        if not name.startswith("test_") or hasattr(test, "hypothesis"):
            continue
        marks = [one for one in getattr(test, "pytestmark", []) if one.name == "parametrize"]
        for chosen in itertools.product(*(sets_of(mark) for mark in marks)):
            arguments = {key: value for part in chosen for key, value in part.items()}
            yield lambda test=test, arguments=arguments: test(**arguments)


def sets_of(mark: pytest.Mark) -> Iterator[dict[str, object]]:
    names = mark.args[0]
    keys = [key.strip() for key in names.split(",")] if isinstance(names, str) else list(names)
    for values in mark.args[1]:
        is_param = hasattr(values, "marks")  # What pytest.param makes.
        given = values.values if is_param else values if len(keys) > 1 else [values]
        yield dict(zip(keys, given, strict=True))
