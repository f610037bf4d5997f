"""What may not change the findings, and what must change exactly one of them."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from itertools import pairwise

import pytest

from mediacheck.evaluation.roster_database import matcher_on
from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import Certainty, NameFinding, Where
from mediacheck.ports.engines import NameMatcher, NameScope
from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId
from tests.mediacheck.findings.made_names import MadeCaption, made_captions, made_roster

ROSTER = made_roster(240, seed=2)
CAPTIONS = [caption for caption in made_captions(ROSTER, 240, seed=9) if caption.student]
INVISIBLE = "\u200b\u200d\u2060\ufeff"


@pytest.fixture(scope="module", params=["in memory", "in the database"])
def made(request: pytest.FixtureRequest) -> Iterator[NameMatcher]:
    if request.param == "in memory":
        yield RosterNameMatcher(build_name_index(ROSTER))
        return
    with matcher_on(ROSTER) as matcher:
        yield matcher


def elsewhere() -> list[Student]:
    """Students of another school, whose names are drawn from the same tables."""
    room = ClassKey("elsewhere/room-1")
    return [
        replace(
            one,
            student_id=StudentId(f"other-{one.student_id}"),
            school=SchoolKey("elsewhere"),
            classes=(room,),
        )
        for one in made_roster(240, seed=77)
    ]


def alerts(matcher: NameMatcher, text: str, caption: MadeCaption) -> list[NameFinding]:
    school = caption.class_key.partition("/")[0]
    scope = NameScope(
        school=next(one.school for one in ROSTER if one.school == school),
        class_key=caption.class_key,
    )
    found = matcher.match_names(text, scope, Where.CAPTION)
    return [finding for finding in found if finding.certainty is not Certainty.POSSIBLE]


def people(found: Iterable[NameFinding]) -> list[tuple[object, ...]]:
    return [(finding.candidates, finding.certainty) for finding in found]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_form_of_letters_changes_nothing(made: NameMatcher, form: str) -> None:
    for one in CAPTIONS:
        written = unicodedata.normalize(form, one.text)  # type: ignore[arg-type]

        assert people(alerts(made, written, one)) == people(alerts(made, one.text, one))


def test_invisible_characters_between_all_letters_change_nothing(made: NameMatcher) -> None:
    dice = random.Random(1)  # noqa: S311 - the same every time, and no secret.
    # An escape with something inside it is none any more.
    for one in (one for one in CAPTIONS if one.form != "escaped"):
        hidden = "".join(letter + dice.choice(INVISIBLE) for letter in one.text)

        assert people(alerts(made, hidden, one)) == people(alerts(made, one.text, one))


@pytest.mark.parametrize("change", [str.upper, str.title])
def test_a_full_name_is_found_in_any_case(made: NameMatcher, change: object) -> None:
    assert callable(change)
    for one in (one for one in CAPTIONS if one.form == "full"):
        found = alerts(made, change(one.text), one)

        assert any(one.student in finding.candidates for finding in found)


@pytest.mark.parametrize("where", ["in memory", "in the database"])
def test_students_of_another_school_change_nothing(where: str) -> None:
    everybody = [*ROSTER, *elsewhere()]
    with (
        matcher_on(everybody)
        if where == "in the database"
        else nullcontext(RosterNameMatcher(build_name_index(everybody)))
    ) as wider:
        alone = RosterNameMatcher(build_name_index(ROSTER))
        for one in made_captions(ROSTER, 240, seed=9):
            assert people(alerts(wider, one.text, one)) == people(alerts(alone, one.text, one))


def test_an_alert_that_is_covered_goes_and_no_other_does(made: NameMatcher) -> None:
    for one, other in pairwise(CAPTIONS):
        if one.form != "full":
            continue
        text = f"{one.text}\n\n🌟\n\n{other.text}"
        before = alerts(made, text, one)
        start, end = before[0].span or (0, 0)

        covered = text[:start] + "…" + text[end:]

        assert people(alerts(made, covered, one)) == people(before[1:])
