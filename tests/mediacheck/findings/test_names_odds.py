"""Names of the class list scored on the reader's own odds, where no reading spells them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from mediacheck.findings import name_lines
from mediacheck.findings.letter_odds import (
    BLANK,
    LETTERS,
    OTHER,
    SPACE,
    LetterAlphabet,
    Odds,
    pack,
    unpack,
)
from mediacheck.findings.name_odds import Bars, NameList, Scored, scores_in
from mediacheck.findings.names import RosterNameMatcher
from mediacheck.model.finding import Certainty, NameFinding, UnreadText
from mediacheck.model.post import Box, MediaId
from mediacheck.ports.engines import TextLine
from tests.mediacheck.findings.conftest import IN_CLASS

COLUMNS = OTHER + 1
PICTURE = MediaId("picture")
ANY = Bars(-20.0, -20.0)
Step = dict[str, float]


def column(sign: str) -> int:
    return {"-": BLANK, " ": SPACE, "#": OTHER}.get(sign, LETTERS.find(sign))


def steps(*each: Step | str) -> Odds:
    """A row a step: a sign alone is sure, a mapping says how likely each of several is."""
    odds = np.full((len(each), COLUMNS), 1e-6, dtype=np.float32)
    for row, one in zip(odds, each, strict=True):
        for sign, share in (one if isinstance(one, dict) else {one: 1.0}).items():
            row[column(sign)] = share
    return odds / odds.sum(axis=1, keepdims=True)


def written(text: str, **doubts: Step) -> Odds:
    """Every sign of ``text`` with a blank after it; ``doubts`` replace a sign, by its place."""
    signs = [doubts.get(f"at{place}", sign) for place, sign in enumerate(text)]
    return steps(*(step for sign in signs for step in (sign, "-")))


def found(odds: Odds, *names: str, least: Bars = ANY) -> list[Scored]:
    return scores_in(pack(odds), NameList(names), least)


def score(odds: Odds, name: str) -> float:
    """How likely the name is beside what a reader spells."""
    return max((one.beside for one in found(odds, name) if one.is_whole), default=-math.inf)


def all_paths(odds: Odds, name: str) -> float:
    """The probability of ``name``, by going through every path there is."""
    signs = [BLANK, *sorted({LETTERS.index(letter) for letter in name})]
    wanted = [LETTERS.index(letter) for letter in name]
    total = 0.0
    for path in itertools.product(signs, repeat=len(odds)):
        merged = [sign for sign, _ in itertools.groupby(path)]
        if [sign for sign in merged if sign != BLANK] == wanted:
            total += math.prod(float(odds[step, sign]) for step, sign in enumerate(path))
    return total


@pytest.mark.parametrize("name", ["ana", "anna", "an", "naan"])
def test_a_score_is_the_probability_over_every_path(name: str) -> None:
    dice = np.random.default_rng(len(name))
    odds = np.full((7, COLUMNS), 1e-9, dtype=np.float32)
    odds[:, [BLANK, column("a"), column("n")]] = dice.dirichlet([1, 1, 1], size=7)
    # One that is silent would be left out, and nothing is as likely as two things at once.
    odds = unpack(pack(odds))
    best = odds.argmax(axis=1)
    free = "".join(LETTERS[sign] for sign, _ in itertools.groupby(best) if sign != BLANK)

    likely = math.log(all_paths(odds, name))
    (scored,) = found(odds, name)

    assert scored.alone == pytest.approx(likely / len(name), abs=0.01)
    beside = (likely - math.log(all_paths(odds, free))) / len(name)
    assert scored.beside == pytest.approx(beside, abs=0.01)


def test_what_is_spelt_scores_nought_and_another_name_far_less() -> None:
    odds = written("claudia")

    assert score(odds, "claudia") == pytest.approx(0.0, abs=0.01)
    assert score(odds, "mathias") < -5


def test_a_letter_in_doubt_costs_as_much_as_it_is_less_likely() -> None:
    odds = written("elaudia", at0={"e": 0.6, "c": 0.3, "o": 0.1})

    assert score(odds, "claudia") == pytest.approx(math.log(0.5) / 7, abs=0.01)
    assert score(odds, "olaudia") == pytest.approx(math.log(1 / 6) / 7, abs=0.01)


def test_a_doubled_letter_needs_a_gap_between() -> None:
    assert score(steps("a", "n", "-", "n", "a"), "anna") == pytest.approx(0.0, abs=0.01)
    assert score(steps("a", "n", "n", "n", "a"), "anna") < -2
    assert score(steps("a", "n", " ", "n", "a"), "anna") == pytest.approx(0.0, abs=0.01)


def test_noise_in_which_anything_is_as_likely_is_no_name() -> None:
    noise = np.full((40, COLUMNS), 1 / COLUMNS, dtype=np.float32)
    noise[np.arange(40), np.arange(40) % len(LETTERS)] += 0.02
    noise /= noise.sum(axis=1, keepdims=True)

    assert score(noise, "claudia") > 0
    assert found(noise, "claudia", least=Bars(-20.0, -1.5)) == []


def test_a_name_among_other_words_is_not_the_whole_line() -> None:
    alike = found(written("by maya today"), "maya", "bymaya", least=Bars(-1.0, -1.5))

    assert {(one.spelling, one.is_whole) for one in alike} == {("maya", False), ("bymaya", False)}


def test_what_stands_behind_a_colon_is_all_that_is_said() -> None:
    (one,) = found(written("name#maya"), "maya", least=Bars(-1.0, -1.5))

    assert (one.spelling, one.is_whole) == ("maya", True)


@pytest.mark.parametrize("odds", [np.zeros((0, COLUMNS), dtype=np.float32), steps("-", "-", "#")])
def test_a_line_without_letters_scores_nothing(odds: Odds) -> None:
    assert found(odds, "maya") == []


def test_names_in_other_letters_are_left_out() -> None:
    assert NameList(["maya", "", "박민준", "o'neill"]).spellings == ("maya",)
    assert found(written("maya"), "박민준") == []


def test_packed_odds_come_back_as_they_were() -> None:
    odds = written("maya", at1={"a": 0.5, "o": 0.4, "-": 0.1})

    back = unpack(pack(odds))

    assert back.shape == odds.shape
    assert np.allclose(np.log(back), np.log(odds), atol=0.5 / 16 + 1e-3)


def test_every_way_to_write_a_letter_counts_for_it() -> None:
    alphabet = LetterAlphabet(["blank", "a", "Á", "ñ", "0", "山", " ", "'", "!"])

    (row,) = unpack(
        alphabet.odds_of(np.array([[0.1, 0.1, 0.2, 0.05, 0.15, 0.1, 0.1, 0.1, 0.1]], dtype="f4"))
    )

    shares = [row[column(sign)] for sign in ("a", "n", "o", "-", " ", "#")]
    assert shares == pytest.approx([0.3, 0.05, 0.15, 0.1, 0.2, 0.2], rel=0.04)


def test_a_long_silence_is_kept_as_one_step() -> None:
    alphabet = LetterAlphabet(["blank", "a"])
    silence, letter = [1.0, 0.0], [0.1, 0.9]

    odds = unpack(alphabet.odds_of(np.array([*[silence] * 30, letter, *[silence] * 30])))

    assert len(odds) == 3


def a_line(odds: Odds, *, text: str, score: float = 0.7) -> TextLine:
    box = Box(left=100, top=100, width=300, height=50)
    return TextLine(text=text, box=box, score=score, odds=(pack(odds),))


#: A reader spells neither of the two, and neither is near enough as it is spelt.
_FAINT = {
    "at1": {"e": 0.4, "a": 0.3},
    "at2": {"v": 0.5, "y": 0.4},
    "at3": {"o": 0.4, "a": 0.3},
    "at5": {"c": 0.5, "l": 0.4},
    "at7": {"q": 0.5, "p": 0.4},
}
FAINT_MAYA = a_line(written("mevo coqez", **_FAINT), text="mevo coqez")


def test_a_name_that_no_reading_spells_is_asked_about(matcher: RosterNameMatcher) -> None:
    (asked,) = matcher.match_lines([FAINT_MAYA], IN_CLASS, PICTURE)

    assert isinstance(asked, NameFinding)
    assert asked.candidates == ("S01",)
    assert asked.certainty is Certainty.LIKELY
    assert (asked.text, asked.box, asked.span) == ("mevo coqez", FAINT_MAYA.box, None)


def test_without_its_odds_the_same_line_is_unread(matcher: RosterNameMatcher) -> None:
    bare = TextLine(text=FAINT_MAYA.text, box=FAINT_MAYA.box, score=FAINT_MAYA.score)

    (asked,) = matcher.match_lines([bare], IN_CLASS, PICTURE)

    assert isinstance(asked, UnreadText)


def test_a_line_that_is_no_name_of_the_list_stays_unread(matcher: RosterNameMatcher) -> None:
    odds = written("wqrtn lyb", at0={"w": 0.5, "m": 0.4}, at4={"n": 0.5, "r": 0.4})

    (asked,) = matcher.match_lines([a_line(odds, text="wqrtn lyb")], IN_CLASS, PICTURE)

    assert isinstance(asked, UnreadText)


def test_a_short_name_has_to_be_likelier_than_a_long_one(
    matcher: RosterNameMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    # "Ash" for "osn": each letter in doubt, as they are in Maya's name above.
    odds = written("osn", at0={"o": 0.5, "a": 0.4}, at2={"n": 0.55, "h": 0.2})
    line = a_line(odds, text="osn")

    short = matcher.match_lines([line], IN_CLASS, PICTURE)
    monkeypatch.setattr(name_lines, "_ODDS_BARS", {})
    (as_long,) = matcher.match_lines([line], IN_CLASS, PICTURE)

    assert not any(isinstance(one, NameFinding) for one in short)
    assert isinstance(as_long, NameFinding)


def test_a_first_name_among_other_words_is_no_answer(matcher: RosterNameMatcher) -> None:
    odds = written("modison won", at1={"o": 0.5, "a": 0.45})

    asked = matcher.match_lines([a_line(odds, text="mqqison won")], IN_CLASS, PICTURE)

    assert not any(isinstance(one, NameFinding) for one in asked)


def test_names_that_are_as_likely_are_one_question(matcher: RosterNameMatcher) -> None:
    # Layla and Maya: a reader that spells neither cannot tell them apart.
    odds = steps(
        *(
            {"m": 0.45, "l": 0.40},
            "-",
            "a",
            "-",
            "y",
            {"-": 0.5, "l": 0.5},
            "-",
            {"e": 0.5, "a": 0.5},
        ),
        "-",
    )

    (asked,) = matcher.match_lines([a_line(odds, text="mqyqe")], IN_CLASS, PICTURE)

    assert isinstance(asked, NameFinding)
    assert asked.candidates == ("S01", "S14")
