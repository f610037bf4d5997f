"""A mutation check of the name matcher: no rule can be dropped without a caption that shows it.

Each rule has captions of its own, with what a person who knows the class would expect: whom a
caption names for sure, about whom she would want to be asked, and nothing else. The labels were
written before the matcher read them. Each rule is then switched off, as if it were deleted, and one
of its own captions has to come out otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType

import pytest

from mediacheck.findings import (
    name_context,
    name_folding,
    name_index,
    name_pairs,
    name_reading,
    name_singles,
    name_slips,
    name_tags,
    names,
)
from mediacheck.findings.name_reading import Reach
from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import Certainty, Where
from release_db.records import Student
from tests.mediacheck.findings.conftest import IN_CLASS, named

SURE, ASK = Certainty.CERTAIN, Certainty.LIKELY
#: A caption, and the words in it that name somebody: for sure, or to be asked about.
Captions = dict[str, dict[str, Certainty]]
Rule = tuple[ModuleType, str, Callable[..., object], Captions]

#: More classmates, whose names are words or parts of words.
MORE = (
    *(named(41, "Will", "Park"), named(42, "David", "Okoye"), named(43, "Hope", "Winters")),
    *(named(44, "Matt", "Park"), named(45, "Leslie", "Son"), named(46, "Austin", "Rivera")),
    *(named(47, "Paul", "Eaton"), named(48, "Dai", "Ly"), named(49, "Isabella", "Frost")),
    named(50, "Susan", "Becker"),
)


def nothing(*_: object) -> tuple[()]:
    return ()


def nobody(*_: object) -> frozenset[int]:
    return frozenset()


def never(*_: object) -> bool:
    return False


def always(*_: object) -> bool:
    return True


def no_doubt(*_: object) -> str:
    return ""


def as_found(_: object, found: object, __: object) -> object:
    return found


def any_middle(_: object, __: object, numbers: Sequence[int]) -> frozenset[int]:
    return frozenset(numbers)


def no_longer(_: object, end: int, students: frozenset[int]) -> tuple[int, frozenset[int]]:
    return end, students


def itself_only(given: str) -> frozenset[str]:
    return frozenset({given})


def no_word(_: object) -> frozenset[str]:
    return frozenset()


def only_as_it_is(text: str) -> tuple[name_folding.FoldedText]:
    return (name_folding.fold(text),)


def as_it_is(view: name_folding.FoldedText, _: int) -> name_folding.FoldedText:
    return view


def everybody(_: Reach, numbers: Sequence[int]) -> frozenset[int]:
    return frozenset(numbers)


RULES: tuple[Rule, ...] = (
    # Who may be named.
    (names, "exact_pairs", nothing, {"Maya Lopez won the spelling bee": {"Maya Lopez": SURE}}),
    (name_pairs, "_forward", nothing, {"Bo Li scored twice": {"Bo Li": SURE}}),
    (
        name_pairs,
        "_backward",
        nothing,
        {"Absent today: Kowalski, Madison": {"Kowalski, Madison": SURE}},
    ),
    (
        name_pairs,
        "_prolonged",
        no_longer,
        {"Samuel Whitaker Jr. spoke": {"Samuel Whitaker Jr": SURE}},
    ),
    (names, "joined_names", nothing, {"Go #mayalopez": {"mayalopez": SURE}}),
    (name_tags, "_pairs_inside", nothing, {"#congratsmayalopez2026": {"mayalopez": SURE}}),
    (name_tags, "_whole_pairs", nothing, {"write to mayalopez at once": {"mayalopez": SURE}}),
    (name_tags, "_initial_and_last", nothing, {"Photo by @mlopez": {"mlopez": ASK}}),
    (name_tags, "_first_and_affixes", nothing, {"#teamfrancisco": {"francisco": ASK}}),
    (name_tags, "_spelt_by_a_word", nothing, {"Well done #daily": {"daily": ASK}}),
    (names, "fuzzy_pairs", nothing, {"Well done Maya Lopze": {"Maya Lopze": ASK}}),
    (
        name_slips,
        "_with_near_first",
        nobody,
        {"Art by Sammeul Whitaker": {"Sammeul Whitaker": ASK}},
    ),
    (
        name_slips,
        "_with_near_last",
        nobody,
        {"Art by Samuel Whittacker": {"Samuel Whittacker": ASK}},
    ),
    (name_slips, "_with_both_near", nobody, {"Art by Madisn Kowalsky": {"Madisn Kowalsky": ASK}}),
    (name_slips, "_elsewhere", nobody, {"Art by Tobias Engstrum": {"Tobias Engstrum": ASK}}),
    (names, "first_with_initial", nothing, {"A poem by Layla H.": {"Layla H": SURE}}),
    (names, "initial_with_last", nothing, {"Art by S. Whitaker": {"S. Whitaker": ASK}}),
    (names, "last_with_initial", nothing, {"3rd: Whitaker S. in 9.8 s": {"Whitaker S": ASK}}),
    (names, "bare_initials", nothing, {"Artist: M.K.": {"M.K": ASK}}),
    (names, "lone_firsts", nothing, {"Bo fed the class fish": {"Bo": ASK}}),
    (names, "lone_lasts", nothing, {"The Haddad family brought bread": {"Haddad": ASK}}),
    (names, "fuzzy_firsts", nothing, {"A big hand for Franciso!": {"Franciso": ASK}}),
    (name_index, "surfaces_of", itself_only, {"Paco read us a story": {"Paco": ASK}}),
    # How it may be disguised.
    (names, "views_of", only_as_it_is, {"M A Y A  L O P E Z won": {"M A Y A  L O P E Z": SURE}}),
    (name_folding, "_leet_views", nothing, {"M4y4 L0p3z won": {"M4y4 L0p3z": SURE}}),
    (
        name_folding,
        "_foreign_views",
        nothing,
        {"Will \u0420ark won": {"Will \u0420ark": SURE}},
    ),
    (name_folding, "_respelt_views", nothing, {"L a y l a won": {"L a y l a": ASK}}),
    (name_folding, "_shortened", as_it_is, {"Yay Maaaya Lopez": {"Maaaya Lopez": SURE}}),
    # What is somebody or something else.
    (name_reading, "_are_words", never, {"This is a great day for all": {}}),
    (name_pairs, "has_title", never, {"Our principal, Dr. Maya Lopez, spoke": {"Maya Lopez": ASK}}),
    (name_pairs, "is_in_place_name", never, {"Meet at Maya Lopez Elementary": {"Maya Lopez": ASK}}),
    (name_pairs, "is_ordinary", never, {"Parents will park on the grass": {}}),
    (name_pairs, "_are_plain_words", never, {"Everybody will park behind the gym": {}}),
    (name_pairs, "_doubt", no_doubt, {"Thank you, Mrs. Bo Li": {"Bo Li": ASK}}),
    (name_pairs, "_with_fitting_middle", any_middle, {"Maya and Lopez": {"Maya": ASK}}),
    (name_pairs, "is_word", never, {"Maya Today Lopez": {"Maya": ASK}}),
    (
        name_reading.Reach,
        "here",
        everybody,
        {"Tobias Engstrom came to visit": {"Tobias Engstrom": ASK}},
    ),  # type: ignore[list-item]
    (name_reading, "figure_words", nobody, {"We read poems by Maya Angelou": {}}),
    (name_reading, "figure_words", nobody, {"A Susan B. Anthony dollar": {}}),
    (name_singles, "has_title", never, {"Ms. Madison teaches art": {}}),
    (name_singles, "is_in_place_name", never, {"The fair is at Madison Elementary": {}}),
    (name_singles, "_is_of_kin", never, {"La familia Haddad bakes": {"Haddad": ASK}}),
    (name_singles, "_is_something_else", never, {"Coach Francisco leads the warm-up": {}}),
    (name_singles, "has_article", never, {"We sang the Grace before lunch": {}}),
    (name_singles, "is_ordinary", never, {"Hunter green is our new color": {}}),
    (
        name_singles,
        "is_rarely_a_name",
        never,
        {
            "Photos of our Field Day": {},
            "A Day at the Museum": {},
            "Our Field Day is on Friday": {},
        },
    ),
    (name_singles, "is_place", never, {"Our pen pals live in Austin": {}}),
    (
        name_singles,
        "is_named_as_place",
        never,
        {"We took the bus to see Austin, Dallas and Houston": {}},
    ),
    (name_singles, "_goes_on", never, {"No school on M.L.K. Day": {}}),
    (name_slips, "has_title", never, {"Coach Franciso leads the warm-up": {}}),
    (name_slips, "is_in_place_name", never, {"We swam in Lake Madisson": {}}),
    (name_slips, "is_ordinary", never, {"Join the Grade Level Assembly in the gym": {}}),
    (name_slips, "is_word", never, {"Hope Winter Coat Drive starts Monday": {}}),
    (name_slips, "_is_known", never, {"Everyone in third grade sang": {}}),
    (name_slips, "_is_another_name", never, {"We got a card from Kayla": {}}),
    (name_tags, "is_ordinary", never, {"The lesson was about frogs": {}, "#lesson": {}}),
    (name_tags, "_spells", always, {"#lesson": {}}),
    # What shows that a person is meant.
    (name_singles, "has_cue", never, {"Grace won the race": {"Grace": ASK}}),
    (name_context, "_has_cue_before", never, {"Winner: Grace": {"Grace": ASK}}),
    (name_context, "_has_cue_after", never, {"Hunter built a bridge": {"Hunter": ASK}}),
    (name_context, "stands_alone", never, {"Grace!": {"Grace": ASK}}),
    (name_context, "_is_role", never, {"Grace: artist of the month": {"Grace": ASK}}),
    (name_context, "_is_doing", never, {"Hunter jumping rope": {"Hunter": ASK}}),
    (
        name_singles,
        "are_listed",
        never,
        {"Maya, Hunter, Bo": {"Maya": ASK, "Hunter": ASK, "Bo": ASK}},
    ),
    (
        name_singles,
        "_raised_by_list",
        as_found,
        {"Grace and Madison": {"Grace": ASK, "Madison": ASK}},
    ),
    (name_slips, "has_cue", never, {"Mayy won a prize": {"Mayy": ASK}}),
    (name_slips, "_lacks_apostrophe", never, {"Zoës goats ate": {"Zoës": ASK}}),
    (name_slips, "_is_person", never, {"We are all so proud of Mayy": {"Mayy": ASK}}),
)

#: A list of words is a rule as well.
LISTS: dict[str, Captions] = {
    "titles": {"Nurse Madison checked our ears": {}},
    "places": {"The bus stops at Madison Boulevard": {}},
    "place_openers": {"We camped at Fort Madison": {}},
    "person_cues": {"Our soloist: Grace": {"Grace": ASK}},
    "first_verbs": {"Hunter explained the rules": {"Hunter": ASK}},
    "weak_cues": {"Hunter at the science fair": {"Hunter": ASK}},
    "tag_affixes": {"#teamfrancisco": {"francisco": ASK}},
    "word_names": {"Hunter green is our new color": {}},
    "common_words": {"Photos of our Field Day": {}},
    "place_names": {"Austin, Dallas and Houston are cities in Texas": {}},
    "initials_words": {"Wear sneakers for P.E. on Monday": {}},
}


def interruptions(
    matcher: RosterNameMatcher, caption: str
) -> list[tuple[tuple[int, int], Certainty]]:
    """Where a teacher is stopped, and how surely."""
    found = matcher.match_names(caption, IN_CLASS, Where.CAPTION)
    return [
        (finding.span or (0, 0), finding.certainty)
        for finding in found
        if finding.certainty is not Certainty.POSSIBLE
    ]


def is_as_labelled(matcher: RosterNameMatcher, captions: Captions) -> bool:
    """Whether each caption stops a teacher at its labelled words, and nowhere else."""
    return all(
        interruptions(matcher, caption)
        == [
            ((caption.index(words), caption.index(words) + len(words)), certainty)
            for words, certainty in labels.items()
        ]
        for caption, labels in captions.items()
    )


@pytest.fixture(scope="module")
def classmates(roster: tuple[Student, ...]) -> tuple[Student, ...]:
    return (*roster, *MORE)


def reads_as_labelled(classmates: tuple[Student, ...], captions: Captions) -> bool:
    return is_as_labelled(RosterNameMatcher(build_name_index(classmates)), captions)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule[0].__name__}.{rule[1]}")
def test_no_rule_can_be_dropped_unseen(
    classmates: tuple[Student, ...], rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, dropped, captions = rule
    assert reads_as_labelled(classmates, captions)

    monkeypatch.setattr(module, name, dropped)

    assert not reads_as_labelled(classmates, captions)


@pytest.mark.parametrize("dropped", LISTS)
def test_no_list_of_words_can_be_dropped_unseen(
    classmates: tuple[Student, ...], dropped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reads_as_labelled(classmates, LISTS[dropped])
    kept = name_context.word_list

    for module in (name_context, name_singles, name_tags):
        monkeypatch.setattr(
            module, "word_list", lambda name: no_word(name) if name == dropped else kept(name)
        )

    assert not reads_as_labelled(classmates, LISTS[dropped])
