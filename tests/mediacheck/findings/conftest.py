"""A made-up school for the name matcher: one class whose names try everything, and strangers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import NameFinding, Where
from mediacheck.ports.engines import NameScope
from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId

LINCOLN, ADAMS = SchoolKey("lincoln"), SchoolKey("adams")
ROOM_1, ROOM_2 = ClassKey("lincoln/room-1"), ClassKey("lincoln/room-2")
IN_CLASS = NameScope(school=LINCOLN, class_key=ROOM_1)

Match = Callable[..., tuple[NameFinding, ...]]


def named(number: int, given: str, family: str, **more: object) -> Student:
    fields: dict[str, object] = {"school": LINCOLN, "classes": (ROOM_1,)} | more
    return Student(
        student_id=StudentId(f"S{number:02}"), given_name=given, family_name=family, **fields
    )  # type: ignore[arg-type]  # the extra fields are Student's own


CLASSMATES = (
    named(1, "Maya", "Lopez", middle_name="Elena"),
    named(2, "Samuel", "Whitaker", suffix="Jr."),
    named(3, "Zoë", "Núñez"),
    named(4, "Juan Carlos", "García-Fuentes"),
    named(5, "Min-jun", "Park", other_names=("박민준",)),
    named(6, "Grace", "Oduya"),
    named(7, "Madison", "Kowalski"),
    named(8, "Mohammed", "Rahman"),
    named(9, "Francisco", "De La Rosa"),
    named(10, "Bo", "Li"),
    named(11, "Hunter", "Vance", preferred_name="Ash"),
    named(12, "DeShawn", "O'Neill"),
    named(13, "Will", "Parkhurst"),
    named(14, "Layla", "Haddad", other_names=("ليلى حداد",)),
    named(15, "Meiling", "Zhang", other_names=("张美玲",)),
)
ROOM_2_STUDENTS = (
    named(21, "Penelope", "Ashworth", classes=(ROOM_2,)),
    named(22, "Maya", "Ferreira", classes=(ROOM_2,)),
)
STRANGERS = (
    named(31, "Tobias", "Engstrom", school=ADAMS, classes=()),
    named(32, "Maya", "Winslow", school=ADAMS, classes=()),
)


@pytest.fixture(scope="session")
def roster() -> tuple[Student, ...]:
    return (*CLASSMATES, *ROOM_2_STUDENTS, *STRANGERS)


@pytest.fixture(scope="session")
def matcher(roster: tuple[Student, ...]) -> RosterNameMatcher:
    return RosterNameMatcher(build_name_index(roster))


@pytest.fixture(scope="session")
def match(matcher: RosterNameMatcher) -> Match:
    """Matches a caption of room 1; ``scope`` may say otherwise."""

    def match_caption(text: str, scope: NameScope = IN_CLASS) -> tuple[NameFinding, ...]:
        return matcher.match_names(text, scope, Where.CAPTION)

    return match_caption
