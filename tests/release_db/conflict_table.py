"""Reads the table of cases: scenes of acts and questions, one a line. A typo fails.

What an act may say is in ``stage``; what a question may say is here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from release_db.records import RefusalReason
from release_db.words import NameForm, Use

TABLE = Path(__file__).with_name("conflict_cases.txt")

_QUESTION = re.compile(
    r"\? (?P<on>\S+) (?P<use>[a-z+]+)(\((?P<form>[a-z+]+)\))? on (?P<channel>[a-z]+)"
    r"( of (?P<item>[a-z]+))?(?P<close> close-up)? -> (?P<said>[a-z-]+)"
    r"( until (?P<until>\S+))?( by (?P<by>[\d,]+))?( form (?P<allowed>[a-z+]+))?"
)
_ANSWERS = {"granted", *RefusalReason}


class Typo(Exception):
    """A line of the table that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that was done: its number in the scene, the day, and what in the table's words."""

    number: int
    on: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The answer: what it says, its last good day, the acts it rests on, the form allowed."""

    said: str
    until: date | None
    by: tuple[str, ...]
    allowed_form: NameForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question about one scene, with the answer it must get."""

    line: int
    scene: str
    acts: tuple[Act, ...]
    on: date
    use: Use
    name_form: NameForm
    channel: str
    item: str | None
    is_close_up: bool
    expected: Expected


def cases_of(text: str) -> list[Case]:
    """Every case of a table.

    Raises:
        Typo: a line cannot be read, an act follows a question, or a scene asks nothing.
    """
    cases: list[Case] = []
    scene, acts, asked = "", list[Act](), 1
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("scene: "):
            _require(asked > 0, number, line)
            scene, acts, asked = line.removeprefix("scene: "), [], 0
        elif line.startswith("?"):
            cases.append(_case(number, line, scene, acts))
            asked += 1
        else:
            _require(asked == 0, number, line)
            on, _, words = line.partition(" ")
            acts.append(Act(number=len(acts) + 1, on=day_of(on), words=words))
    _require(asked > 0, 0, scene)
    return cases


def day_of(text: str) -> date:
    """A day; without a year it is one of the school year 2026.

    Raises:
        Typo: there is no such day.
    """
    try:
        if len(text) == len("11-24"):
            return date.fromisoformat(f"{2026 if int(text[:2]) >= 8 else 2027}-{text}")
        return date.fromisoformat(text)
    except ValueError as error:
        raise Typo(text) from error


def _case(number: int, line: str, scene: str, acts: list[Act]) -> Case:
    said = _QUESTION.fullmatch(line)
    if said is None:
        raise Typo(f"line {number}: {line}")
    _require(said["said"] in _ANSWERS, number, line)
    return Case(
        line=number,
        scene=scene,
        acts=tuple(acts),
        on=day_of(said["on"]),
        use=Use(said["use"]),
        name_form=NameForm(said["form"] or "none"),
        channel=said["channel"],
        item=said["item"],
        is_close_up=said["close"] is not None,
        expected=Expected(
            said=said["said"],
            until=day_of(said["until"]) if said["until"] else None,
            by=tuple(said["by"].split(",")) if said["by"] else (),
            allowed_form=NameForm(said["allowed"]) if said["allowed"] else None,
        ),
    )


def _require(is_right: bool, number: int, line: str) -> None:
    if not is_right:
        raise Typo(f"line {number}: {line}")
