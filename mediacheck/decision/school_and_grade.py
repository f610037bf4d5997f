"""Whether the words of a post tell a student's school and grade, in English or Spanish.

A short name tells little; with the school and the grade beside it, it tells as much as a full one.
Only what the post itself says counts. A channel that carries the school's name does so for every
post, and families know it when they answer for that channel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from release_db.records import Student

#: Grades as numbers: those before the first, and a year that may be any grade's.
_BEFORE_SCHOOL, _KINDERGARTEN, _ANY = -1, 0, 99
_GRADES = range(1, 13)

_ENGLISH = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
#: Without the ending that tells the gender.
_SPANISH = (
    *("primer", "segund", "tercer", "cuart", "quint", "sext"),
    *("septim", "octav", "noven", "decim", "undecim", "duodecim"),
)
_NUMBERS = {
    **{str(number): number for number in _GRADES},
    **{f"{number:02}": number for number in _GRADES},
    **{word: number for number, word in enumerate(_ENGLISH, 1)},
    **{stem + end: number for number, stem in enumerate(_SPANISH, 1) for end in ("", "o", "a")},
    "k": _KINDERGARTEN,
}
#: What rosters write for the grades without a number.
_ON_ROSTERS = {
    **dict.fromkeys(("kg", "kn", "tk", "kinder", "kindergarten"), _KINDERGARTEN),
    **dict.fromkeys(("pk", "pr", "ps", "prek", "prekindergarten", "preschool"), _BEFORE_SCHOOL),
}
_YEARS = {"freshman": 9, "freshmen": 9, "sophomore": 10, "junior": 11, "senior": 12}

#: What stands between the numbers of a list of grades, and after a number ("5th", "5.º").
_BETWEEN = frozenset(
    (
        *("and", "or", "to", "y", "e", "o", "a", "de", "st", "nd", "rd", "th", "er", "ro", "ra"),
        *("do", "da", "ta", "mo", "ma", "vo", "va", "no", "na"),
    )
)
_NEAR_CHARS = 40

#: Accents, and signs that take no room.
_UNSEEN = frozenset({"Mn", "Me", "Cf"})
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_GRADE = re.compile(r"grad(?:e(?:rs?|s)?|os?)(?![a-z])|(?<![a-z])(?:curso|gr)(?![a-z])")
_AFTER_GRADE = re.compile(r"[ \t#:.-]{0,3}(?=[a-z0-9])")
_SENTENCE_END = re.compile(r"[!?;\n]|\.\s")
#: "quinto año", and "de quinto" without the word for grade.
_SPANISH_YEAR = re.compile(rf"({'|'.join(_SPANISH)})[oa]?[\W_]+ano(?![a-z])")
_SPANISH_OF = re.compile(rf"(?<![a-z])de[\W_]+({'|'.join(_SPANISH[2:])})[oa](?![a-z])")
_NAMED = (
    (re.compile(r"kinder(?:s|gart\w*)?(?![a-z])|jardin de (?:infan|nin)\w*"), _KINDERGARTEN),
    (
        re.compile(r"(?<![a-z])(?:tk|k[\W_]+(?:class|students?|kids|teachers?))(?![a-z])"),
        _KINDERGARTEN,
    ),
    (re.compile(r"pre[\W_]?(?:k(?![a-z])|kinder|school|escolar)\w*"), _BEFORE_SCHOOL),
    (re.compile(r"(?:class|clase|promocion|generacion)[\W_]*(?:of|del?)?[\W_]*20\d\d(?!\d)"), _ANY),
)
#: A lone capital K is a grade where it is no initial of a name.
_CAPITAL_K = re.compile(
    r"(?:^|[(\[,;|/-]\s*|\b(?:in|our|de)\s+)K(?=\s*(?:[)\],;|/!?]|$|at\b|en\b))",
    re.MULTILINE,
)
_YEAR = re.compile(r"(?<![a-z])(freshm[ae]n|sophomore|junior|senior)s?(?![a-z])")

#: Words that say that it is a school, and not which one.
_KINDS = frozenset(
    (
        *("elementary", "elem", "middle", "high", "school", "schools", "academy", "primary"),
        *("intermediate", "junior", "senior", "charter", "magnet", "prep", "preparatory", "public"),
        *("es", "ms", "hs", "escuela", "colegio", "primaria", "secundaria", "preparatoria"),
        *("instituto", "the", "of", "de", "del", "la", "el", "los", "las"),
    )
)
_KIND_AFTER = (
    r"(?:elem|middle|high|school|academy|primary|intermediate|junior|senior|charter|magnet|prep"
    r"|(?:es|ms|hs|k[\W_]?\d)(?![a-z]))"
)
_KIND_BEFORE = (
    r"(?<![a-z])(?:school|academy|escuela|colegio|instituto|primaria|secundaria|preparatoria)"
    r"(?:[\W_]+(?:of|the|de|del|la|el|los|las))*[\W_]+"
)
_PLACE_BEFORE = r"(?:(?<![a-z])(?:at|from|en|de|del)[\W_]+(?:the[\W_]+)?|[#@])"
_SPAN_OF_GRADES = re.compile(r"(?<![a-z])k[\W_]*\d+")
#: What may stand between a grade and the school beside it, and so many signs at most.
_BESIDE = re.compile(r"[\W_]{0,4}(?:s[\W_]{1,4})?")
_GAPS = range(10)


#: From where to where it stands, and which grade it names.
_Grade = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One text of a post in plain small letters, and every grade that it names."""

    letters: str
    grades: tuple[_Grade, ...]


def read_texts(texts: Iterable[str]) -> tuple[Said, ...]:
    """The texts of a post, read once for all its students."""
    return tuple(_read(text) for text in texts if text)


def is_told(said: Sequence[Said], student: Student, school: str) -> bool:
    """Whether the texts together tell the student's own grade or room, and the own school.

    Where the roster does not say which grade a student is in, any may be it.
    """
    own = [_own_grades(one, student) for one in said]
    if not any(own):
        return False
    return any(_tells_school(one, school, there) for one, there in zip(said, own, strict=True))


def _read(text: str) -> Said:
    plain = _plain(text)
    letters = plain.casefold()
    capital = ((*match.span(), _KINDERGARTEN) for match in _CAPITAL_K.finditer(plain))
    return Said(letters=letters, grades=(*capital, *_grades_in(letters)))


def _plain(text: str) -> str:
    """Without accents and signs that nobody sees, and with a gap in camelCase."""
    apart = unicodedata.normalize("NFKD", text)
    seen = "".join(char for char in apart if unicodedata.category(char) not in _UNSEEN)
    return _HUMP.sub(" ", seen)


def _grades_in(letters: str) -> Iterator[_Grade]:
    for match in _GRADE.finditer(letters):
        start, end = match.span()
        after = () if match[0].startswith("grader") else _numbers_after(letters, end)
        for at, until, number in (*_numbers_before(letters, start), *after):
            yield min(at, start), max(until, end), number
    for pattern in (_SPANISH_YEAR, _SPANISH_OF):
        yield from ((*match.span(), _NUMBERS[match[1]]) for match in pattern.finditer(letters))
    for pattern, grade in _NAMED:
        yield from ((*match.span(), grade) for match in pattern.finditer(letters))
    yield from ((*match.span(), _YEARS[match[1]]) for match in _YEAR.finditer(letters))


def _numbers_before(letters: str, end: int) -> Iterator[_Grade]:
    near = max(0, end - _NEAR_CHARS)
    stops = [stop.end() for stop in _SENTENCE_END.finditer(letters, near, end)]
    words = [*_WORD.finditer(letters, max([near, *stops]), end)]
    return _numbers_of(reversed(words))


def _numbers_after(letters: str, begin: int) -> Iterator[_Grade]:
    gap = _AFTER_GRADE.match(letters, begin)
    if gap is None:
        return iter(())
    near = begin + _NEAR_CHARS
    stop = _SENTENCE_END.search(letters, gap.end(), near)
    return _numbers_of(_WORD.finditer(letters, gap.end(), stop.start() if stop else near))


def _numbers_of(words: Iterable[re.Match[str]]) -> Iterator[_Grade]:
    """The numbers that the words begin with, and that stand in a list with them."""
    for word in words:
        number = _NUMBERS.get(word[0])
        if number is not None:
            yield *word.span(), number
        elif word[0] not in _BETWEEN:
            return


def _own_grades(said: Said, student: Student) -> list[tuple[int, int]]:
    """Where the text tells the student's own grade or room."""
    own = _grade_of(student.grade)
    grades = [(at, end) for at, end, grade in said.grades if own is None or grade in {own, _ANY}]
    keys = (key.rpartition("/")[2] for key in student.classes)
    rooms = [_alone(key) for key in keys if any(char.isdigit() for char in key)]
    return grades + [match.span() for room in rooms for match in room.finditer(said.letters)]


def _grade_of(roster: str) -> int | None:
    word = "".join(_words_of(roster))
    number = re.match(r"\d+", word)
    return _NUMBERS.get(number[0] if number else word, _ON_ROSTERS.get(word))


def _tells_school(said: Said, school: str, grades: Sequence[tuple[int, int]]) -> bool:
    """Whether it names the school: as one, as a place, or right beside the grade."""
    own, whole = _school(school)
    if whole.search(said.letters):
        return True
    begun, ended = {start for start, _ in grades}, {end for _, end in grades}
    return any(
        (end + gap in begun and _BESIDE.fullmatch(said.letters, end, end + gap))
        or (start - gap in ended and _BESIDE.fullmatch(said.letters, start - gap, start))
        for start, end in (found.span() for found in own.finditer(said.letters))
        for gap in _GAPS
    )


@lru_cache(maxsize=1_000)
def _school(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words that tell the school beside a grade, and how they tell it by themselves."""
    words = _WORD.findall(_SPAN_OF_GRADES.sub(" ", _plain(name).casefold()))
    own = [*words]
    while own and own[-1] in _KINDS:
        own.pop()
    while own and own[0] in _KINDS:
        own.pop(0)
    joined, alone = _joined(own or words), _alone(" ".join(own or words))
    ways = [
        rf"{joined}[\W_]{{0,3}}{_KIND_AFTER}",
        rf"(?:{_KIND_BEFORE}|{_PLACE_BEFORE}){joined}(?![a-z0-9])",
        # One word may be a president's or a town's; two say which school it is.
        *([alone.pattern] if len(own) != 1 or not joined.isascii() else []),
    ]
    return alone, re.compile("|".join(ways))


@lru_cache(maxsize=1_000)
def _alone(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){_joined(_words_of(words))}(?![a-z0-9])")


def _words_of(text: str) -> list[str]:
    return _WORD.findall(_plain(text).casefold())


def _joined(words: Sequence[str]) -> str:
    """The words as they stand in a text, in a tag or in a handle; no word is nowhere."""
    return r"[\W_]{0,3}".join(map(re.escape, words)) or "(?!)"
