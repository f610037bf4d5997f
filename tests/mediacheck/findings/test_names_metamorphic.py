"""What may not change the findings, and what must change exactly one of them."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

import pytest

from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import Certainty, NameFinding, Where
from mediacheck.ports.engines import NameScope
from tests.mediacheck.findings.made_names import MadeCaption, made_captions, made_roster

ROSTER = made_roster(240, seed=2)
CAPTIONS = [caption for caption in made_captions(ROSTER, 240, seed=9) if caption.student]
INVISIBLE = "\u200b\u200d\u2060\ufeff"


@pytest.fixture(scope="module")
def made() -> RosterNameMatcher:
    return RosterNameMatcher(build_name_index(ROSTER))


def alerts(matcher: RosterNameMatcher, text: str, caption: MadeCaption) -> list[NameFinding]:
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
def test_the_form_of_letters_changes_nothing(made: RosterNameMatcher, form: str) -> None:
    for one in CAPTIONS:
        written = unicodedata.normalize(form, one.text)  # type: ignore[arg-type]

        assert people(alerts(made, written, one)) == people(alerts(made, one.text, one))


def test_invisible_characters_between_all_letters_change_nothing(made: RosterNameMatcher) -> None:
    dice = random.Random(1)  # noqa: S311 - the same every time, and no secret.
    for one in CAPTIONS:
        hidden = "".join(letter + dice.choice(INVISIBLE) for letter in one.text)

        assert people(alerts(made, hidden, one)) == people(alerts(made, one.text, one))


@pytest.mark.parametrize("change", [str.upper, str.title])
def test_a_full_name_is_found_in_any_case(made: RosterNameMatcher, change: object) -> None:
    assert callable(change)
    for one in (one for one in CAPTIONS if one.form == "full"):
        found = alerts(made, change(one.text), one)

        assert any(one.student in finding.candidates for finding in found)


def test_an_alert_that_is_covered_goes_and_no_other_does(made: RosterNameMatcher) -> None:
    for one, other in pairwise(CAPTIONS):
        if one.form != "full":
            continue
        text = f"{one.text}\n\n🌟\n\n{other.text}"
        before = alerts(made, text, one)
        start, end = before[0].span or (0, 0)

        covered = text[:start] + "…" + text[end:]

        assert people(alerts(made, covered, one)) == people(before[1:])
