"""A mutation check of the name matcher: no rule can be dropped without a caption that shows it.

Each rule is switched off in turn, as if it were deleted, and the labelled captions are read again;
at least one has to come out otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType

import pytest

from mediacheck.findings import name_pairs, name_singles, name_slips, name_tags, names
from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import Certainty, Where
from release_db.records import Student
from tests.mediacheck.findings.conftest import IN_CLASS, named

CERTAIN, LIKELY, POSSIBLE = Certainty.CERTAIN, Certainty.LIKELY, Certainty.POSSIBLE
Labels = list[tuple[str, Certainty]]

#: Made-up captions of room 1, and what stands in each.
CAPTIONS: dict[str, Labels] = {
    "Maya Lopez won": [("Maya Lopez", CERTAIN)],
    "Lopez, Maya won": [("Lopez, Maya", CERTAIN)],
    "Maya Elena Lopez won": [("Maya Elena Lopez", CERTAIN)],
    "Elena Lopez won": [("Elena Lopez", LIKELY)],
    "Tobias Engstrom visited": [("Tobias Engstrom", LIKELY)],
    "#MayaLopez": [("MayaLopez", CERTAIN)],
    "We saw mayalopez today": [("mayalopez", CERTAIN)],
    "#mlopez sang": [("mlopez", LIKELY)],
    "#TeamMaya sang": [("Maya", LIKELY)],
    "Mrya Lopez won": [("Mrya Lopez", LIKELY)],
    "Tobias Engstrum won": [("Tobias Engstrum", LIKELY)],
    "Maya L. won": [("Maya L", CERTAIN)],
    "M. Lopez won": [("M. Lopez", LIKELY)],
    "Well done M.L.": [("M.L", LIKELY)],
    "Today Maya sang": [("Maya", LIKELY)],
    "The Lopez family came": [("Lopez", LIKELY)],
    "Kowalski was there": [("Kowalski", POSSIBLE)],
    "Great job Francsco today": [("Francsco", LIKELY)],
    "Ms. Maya Lopez taught us": [("Maya Lopez", LIKELY)],
    "Grace Park Avenue is closed": [("Grace", POSSIBLE)],
    "Maya Lopez Elementary opened": [("Maya Lopez", LIKELY)],
    "They will park here": [("will park", POSSIBLE)],
    "Hunter green is the color": [("Hunter", POSSIBLE)],
    "Grace period ends": [("Grace", POSSIBLE)],
    "Dr. Madison spoke": [("Madison", POSSIBLE)],
    "Madison Avenue was closed": [("Madison", POSSIBLE)],
    "We drove to Madison today": [("Madison", LIKELY)],
    "Maya, Grace and Will sang": [("Maya", LIKELY), ("Grace", LIKELY), ("Will", LIKELY)],
    "Grace and Maya sang": [("Grace", LIKELY), ("Maya", LIKELY)],
    "The Hunter stood": [("Hunter", POSSIBLE)],
    "A grace of God": [],
    "Michael Jordan poster and James Madison": [("Madison", POSSIBLE)],
    "Congrats to Grace!": [("Grace", LIKELY)],
    "Grace won the race": [("Grace", LIKELY)],
    "Mr. Kowalsky spoke": [],
    "Coach Francsco spoke": [("Francsco", POSSIBLE)],
    "Ms. Maya L. spoke": [("Maya L", POSSIBLE)],
    "Dr. M. Lopez spoke": [("M. Lopez", POSSIBLE)],
    "Zoe Nunes read": [("Zoe Nunes", LIKELY)],
    "Samuel Whitaker Jr. read": [("Samuel Whitaker Jr", CERTAIN)],
    "Maya and Lopez": [("Maya", LIKELY), ("Lopez", POSSIBLE)],
    "Maya the Lopez": [("Maya", LIKELY), ("Lopez", POSSIBLE)],
    'Maya "Mo" Lopez read': [('Maya "Mo" Lopez', CERTAIN)],
    "Layla Hadad ran": [("Layla Hadad", LIKELY)],
    "Mo sang today": [("Mo", LIKELY)],
    "Lake Madison is cold": [("Madison", POSSIBLE)],
    "In Madison we ate": [("Madison", POSSIBLE)],
    "USA M.L. cap": [("M.L", LIKELY)],
    "Bo Li ate": [("Bo Li", CERTAIN)],
    "Will Parkhurst read": [("Will Parkhurst", CERTAIN)],
    "will parkhurst read a book about grace": [("will parkhurst", LIKELY), ("grace", POSSIBLE)],
    "Penelope A. came": [("Penelope A", LIKELY)],
    "Grace the Great": [("Grace", POSSIBLE)],
    "Hunter": [("Hunter", LIKELY)],
    "ash fell on the floor today": [("ash", POSSIBLE)],
    "Ash fell on the floor today": [("Ash", POSSIBLE)],
    "P.E. class": [],
    "Deshawn Oneil and Meling Zhang ate": [("Deshawn Oneil", LIKELY), ("Meling Zhang", LIKELY)],
    "Moving to Hunter Park": [("Hunter", POSSIBLE)],
    "Hunter, Ash and Bo sang": [("Hunter", LIKELY), ("Ash", LIKELY), ("Bo", LIKELY)],
    "Maya Today Lopez read": [("Maya", LIKELY), ("Lopez", POSSIBLE)],
    "The cars will park there": [("will park", POSSIBLE)],
    "The M.L.K. day": [],
    "Congrats to Mayy!": [("Mayy", LIKELY)],
    "Mayy won": [("Mayy", LIKELY)],
    "Lake Madisson is cold": [("Madisson", POSSIBLE)],
    "Today Kayla read": [("Kayla", LIKELY)],
    "Sammuell Whitaker read": [("Sammuell Whitaker", LIKELY)],
    "Samuel Whittakerr read": [("Samuel Whittakerr", LIKELY)],
    "Samuil Whitakar read": [("Samuil Whitakar", LIKELY)],
    "#teammayalopez2024": [("mayalopez", CERTAIN)],
    "#teammaya": [("maya", LIKELY)],
    "Grade Lopez": [("Lopez", POSSIBLE)],
    "Hunter Vane": [("Hunter Vane", LIKELY)],
    "Grade Odua": [],
}


def nothing(*_: object) -> tuple[()]:
    return ()


def nobody(*_: object) -> frozenset[int]:
    return frozenset()


def never(*_: object) -> bool:
    return False


def no_doubt(*_: object) -> str:
    return ""


def as_found(_: object, found: object, __: object) -> object:
    return found


def any_middle(_: object, __: object, numbers: Sequence[int]) -> frozenset[int]:
    return frozenset(numbers)


def no_longer(_: object, end: int, students: frozenset[int]) -> tuple[int, frozenset[int]]:
    return end, students


Rule = tuple[ModuleType, str, Callable[..., object]]
FINDERS = (
    *("exact_pairs", "joined_names", "fuzzy_pairs", "first_with_initial", "initial_with_last"),
    *("bare_initials", "lone_firsts", "lone_lasts", "fuzzy_firsts"),
)
RULES: tuple[Rule, ...] = (
    *((names, rule, nothing) for rule in FINDERS),
    *(
        (name_pairs, rule, never)
        for rule in (
            "has_title",
            "is_in_place_name",
            "is_ordinary",
            "is_word",
            "_are_plain_words",
        )
    ),
    *(
        (name_pairs, rule, nothing)
        for rule in (
            "_backward",
            "_forward",
        )
    ),
    *((name_pairs, rule, any_middle) for rule in ("_with_fitting_middle",)),
    *((name_pairs, rule, no_longer) for rule in ("_prolonged",)),
    *((name_pairs, rule, no_doubt) for rule in ("_doubt",)),
    *(
        (name_singles, rule, never)
        for rule in (
            "are_listed",
            "has_article",
            "has_cue",
            "has_title",
            "is_in_place_name",
            "is_named_as_place",
            "is_ordinary",
            "is_place",
            "_goes_on",
            "_is_something_else",
        )
    ),
    *((name_singles, rule, as_found) for rule in ("_raised_by_list",)),
    *(
        (name_slips, rule, never)
        for rule in (
            "has_cue",
            "has_title",
            "is_in_place_name",
            "is_ordinary",
            "_is_known",
            "_is_person",
        )
    ),
    *(
        (name_slips, rule, nobody)
        for rule in (
            "_with_near_first",
            "_with_near_last",
            "_with_both_near",
            "_elsewhere",
        )
    ),
    *(
        (name_tags, rule, nothing)
        for rule in (
            "_pairs_inside",
            "_initial_and_last",
            "_first_and_affixes",
            "_whole_pairs",
        )
    ),
)


@pytest.fixture
def classroom(roster: tuple[Student, ...]) -> RosterNameMatcher:
    return RosterNameMatcher(build_name_index([*roster, named(41, "Will", "Park")]))


def labels_of(matcher: RosterNameMatcher, caption: str) -> Labels:
    found = matcher.match_names(caption, IN_CLASS, Where.CAPTION)
    return [(finding.text, finding.certainty) for finding in found]


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_caption_says_what_its_labels_say(classroom: RosterNameMatcher, caption: str) -> None:
    assert labels_of(classroom, caption) == CAPTIONS[caption]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule[0].__name__[20:]}.{rule[1]}")
def test_no_rule_can_be_dropped_unseen(
    classroom: RosterNameMatcher, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, dropped = rule
    monkeypatch.setattr(module, name, dropped)

    changed = [one for one, labels in CAPTIONS.items() if labels_of(classroom, one) != labels]

    assert changed
