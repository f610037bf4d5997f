"""What the matcher knows of one text before it looks for names: words, scope and traits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mediacheck.findings.name_asking import JoinedTable, ask, holding
from mediacheck.findings.name_figures import figure_words
from mediacheck.findings.name_folding import FoldedText
from mediacheck.findings.name_index import START_LETTERS, NameGroup, NameIndex, group_of
from mediacheck.findings.name_tokens import Gap, Shape, Token, tokens_of
from mediacheck.findings.name_words import word_list
from mediacheck.model.finding import Certainty
from mediacheck.ports.engines import NameScope
from release_db.words import NameForm

_LONGEST_GRAM = 3
#: A family name begins at most so many words after its given name: three, and two between.
_FARTHEST = 5
_JOINS = frozenset({Gap.NONE, Gap.LIGHT})
_Begun = Mapping[int, tuple[tuple[int, str], ...]]
_NO_GROUP = NameGroup(firsts={}, lasts={})


class Hit(NamedTuple):
    """Words ``start:end`` that may name ``students``; of two that overlap the higher rank stands.

    ``letters`` is the exact range in the folded text where the name is only a part of its words;
    ``is_slip`` says that the words are only spelt nearly like the students' names.

    A named tuple and not a dataclass, because captions are read thousands of times a second.
    """

    start: int
    end: int
    students: frozenset[int]
    form: NameForm
    certainty: Certainty
    rank: int
    note: str = ""
    letters: tuple[int, int] | None = None
    is_slip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far names reach from one post: its class, its school, the district.

    ``near`` holds the names that count when they stand alone: the class's, or the school's when no
    class is chosen, or everybody's when the post comes from no school either. ``school`` are those
    in which a slip of the pen is looked for, and an initial with a family name. ``guests`` are in
    the post's pictures without belonging to its class: they count as its members.
    """

    index: NameIndex
    school: NameGroup
    near: NameGroup
    scope: NameScope
    members: frozenset[int]
    guests: frozenset[int] = frozenset()

    @property
    def is_everywhere(self) -> bool:
        """Whether the post comes from no school and no class, so that nobody is far away."""
        return self.scope.school is None and self.scope.class_key is None

    def is_here(self, number: int) -> bool:
        """Whether the student belongs to the post's school or class."""
        if self.is_everywhere:
            return True
        is_known = number in self.members or number in self.guests
        return is_known or self.index.schools[number] == self.scope.school

    def here(self, numbers: Iterable[int]) -> frozenset[int]:
        """Those of ``numbers`` that are here."""
        return frozenset(number for number in numbers if self.is_here(number))


def reach_of(index: NameIndex, scope: NameScope) -> Reach:
    """The reach of a post from ``scope``. An unknown school or class has no names of its own."""
    if scope.school is None and scope.class_key is None:
        school = near = index.district
    else:
        in_school = index.by_school.get(scope.school) if scope.school is not None else None
        in_class = index.by_class.get(scope.class_key) if scope.class_key is not None else None
        school = in_school or in_class or _NO_GROUP
        near = in_class or school
    listed = index.class_members.get(scope.class_key) if scope.class_key is not None else None
    members = listed or frozenset()
    known = (index.numbers[student] for student in scope.present if student in index.numbers)
    guests = frozenset(known) - members
    return Reach(
        index=index,
        school=school,
        near=_with_guests(index, near, guests) if guests else near,
        scope=scope,
        # Without a class list the whole school is near, and guests must not narrow that.
        members=members | guests if members else members,
        guests=guests,
    )


def _with_guests(index: NameIndex, near: NameGroup, guests: frozenset[int]) -> NameGroup:
    names = group_of(guests, index.names)
    return NameGroup(
        firsts=JoinedTable(near.firsts, names.firsts), lasts=JoinedTable(near.lasts, names.lasts)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One view of a text, cut into words, with the names that begin at each word.

    ``firsts[i]`` and ``lasts[i]`` list (end, key) for the district's names that begin at word i;
    ``figures`` are the places of words that belong to a public figure's name. ``has_case`` is
    whether a capital letter tells anything here.
    """

    view: FoldedText
    tokens: tuple[Token, ...]
    reach: Reach
    firsts: Mapping[int, tuple[tuple[int, str], ...]]
    lasts: Mapping[int, tuple[tuple[int, str], ...]]
    figures: frozenset[int]
    has_case: bool

    def span_of(self, hit: Hit) -> tuple[int, int]:
        """The range of the original text that ``hit`` fills."""
        first, last = self.tokens[hit.start], self.tokens[hit.end - 1]
        return self.view.span(*(hit.letters or (first.start, last.end)))

    def is_light(self, place: int) -> bool:
        """Whether the word at ``place`` stands close to the one before it."""
        return 0 < place < len(self.tokens) and self.tokens[place].gap in _JOINS


def read_view(view: FoldedText, reach: Reach) -> Reading:
    """Cuts ``view`` into words and looks up which names may begin at each."""
    tokens = tokens_of(view.letters)
    firsts: dict[int, tuple[tuple[int, str], ...]] = {}
    lasts: dict[int, tuple[tuple[int, str], ...]] = {}
    index, starts = reach.index, reach.index.starts
    begun = {
        place: _grams_at(tokens, place)
        for place, token in enumerate(tokens)
        if token.key[:START_LETTERS] in starts or len(token.key) < START_LETTERS
    }
    keys = [key for grams in begun.values() for _, key in grams]
    first_keys, last_keys = holding(index.firsts, keys), holding(index.lasts, keys)
    for place, grams in begun.items():
        if found := tuple([gram for gram in grams if gram[1] in first_keys]):
            found = tuple(gram for gram in found if not _are_words(tokens[place : gram[0]]))
            if found:
                firsts[place] = found
        if found := tuple([gram for gram in grams if gram[1] in last_keys]):
            lasts[place] = found
    _ask_pairs(reach.index, firsts, lasts)
    return Reading(
        view=view,
        tokens=tokens,
        reach=reach,
        firsts=firsts,
        lasts=lasts,
        figures=figure_words(tokens),
        has_case=_has_case(tokens),
    )


def _ask_pairs(index: NameIndex, firsts: _Begun, lasts: _Begun) -> None:
    """Looks up every given name with every family name close to it, in one go."""
    near = {
        (given, last)
        for place, heads in firsts.items()
        for other in range(place - _LONGEST_GRAM, place + _FARTHEST + 1)
        for _, last in lasts.get(other, ())
        for _, head in heads
        for given in index.firsts[head]
    }
    ask(index.pairs, near)
    ask(index.middle_pairs, (pair for pair in near if pair not in index.pairs))


def _grams_at(tokens: tuple[Token, ...], place: int) -> list[tuple[int, str]]:
    """The word at ``place``, and it with one and two words after it that stand close to it."""
    end, key = place + 1, tokens[place].key
    grams = [(end, key)]
    last = min(place + _LONGEST_GRAM, len(tokens))
    while end < last and tokens[end].gap in _JOINS:
        end, key = end + 1, key + tokens[end].key
        grams.append((end, key))
    return grams


def _are_words(tokens: tuple[Token, ...]) -> bool:
    """Whether several words are no name put together: "this is a test" names no Isa."""
    if len(tokens) == 1:
        return False
    is_named = all(token.shape is Shape.CAPITAL for token in tokens)
    return not is_named and all(token.key in word_list("common_words") for token in tokens)


def _has_case(tokens: tuple[Token, ...]) -> bool:
    """Whether a capital letter tells anything: not in text all in capitals, or all without."""
    words = [token.shape for token in tokens if len(token.key) > 1]
    lower = sum(shape is Shape.LOWER for shape in words)
    return 0 < lower < len(words) and lower * 3 >= len(words) - 1
