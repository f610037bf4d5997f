"""Folds text to plain ASCII letters, and remembers where in the original each one stood.

People write a name in bold mathematical letters, with Cyrillic look-alikes, with invisible
characters inside it, spelt out with dots or upside down. Each such habit is a *view*: the same
text read in another way. The matcher runs over all views, and spans always lead back to the
original string.
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

from anyascii import anyascii

from mediacheck.findings.name_words import line_list

#: Stands for an emoji or another symbol that is neither a letter nor punctuation.
SYMBOL = "\x01"

_CODES = (
    r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z]{2,31};|nbsp|shy)"
    r"|%[0-7][0-9A-Fa-f]"
    r"|%[CDcd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]"
    r"|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}"
    r"|%[Ff][0-7](?:%[89ABab][0-9A-Fa-f]){3}"
    r"|[\\%]u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}"
    r"|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
)
#: What a browser does not show: an element's angle brackets with all that is in them, a remark.
_MARKUP = r"</?[A-Za-z][A-Za-z0-9]{0,9}(?:\s[^<>]{0,200})?/?>|<!--[^<>]{0,200}-->"
_CODED = re.compile(_CODES)
_ENCODED = re.compile(f"{_MARKUP}|{_CODES}")
_IGNORED = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5\u180e")
_PUNCTUATION = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060\u00b4\uff07\u05f3", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033\u300c\u300d", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00b7\u30fb\uff65", "-"),
    **dict.fromkeys("\u3001\u060c\uff0c", ","),
    **dict.fromkeys("\u3002\u06d4\u0964", "."),
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
}
#: Letters in a sign that Unicode does not fold, or folds to more than the letter.
_SIGNED = ((0x249C, 26), (0x1F150, 26), (0x1F170, 26), (0x1F1E6, 26))
_HANGUL = range(0xAC00, 0xD7A4)
#: Beside a Latin letter a word of a script without blanks ends, or begins: "Mayaさん", "Maya는".
_NO_BLANKS = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]"
_LATIN = "[A-Za-z\u00c0-\u024f]"
_MEETING = re.compile(f"(?<={_LATIN})(?={_NO_BLANKS})|(?<={_NO_BLANKS})(?={_LATIN})")
_REVERSING = re.compile("[\u202b\u202e\u2067]")

_TURNED = {
    **dict(zip("ɐɔǝɟƃɥᴉıɾʞɯɹʇʌʍʎ", "acefghiijkmrtvwy", strict=True)),
    **dict(zip("nudpbqwm", "unpdqbmw", strict=True)),
    **dict(zip("∀ƆƎℲ⅁˥ꓶԀΛ⅄∩┴ꓕꓤꓘMW", "ACEFGLLPVYUTTRKWM", strict=True)),
}
_ONLY_TURNED = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]")

_LEET = str.maketrans("0134567892@$!|+", "oieasgtbgzasilt")
_LEET_ELL = str.maketrans("1!", "ll")
_LEET_WORD = re.compile(
    r"[A-Za-z][0-9@$!|+]{1,2}[A-Za-z]|(?<![\w@#])[0-9$][A-Za-z]{3,}"
    r"|[A-Za-z]{2}[013457@$](?![0-9A-Za-z])"
)
_RUN = re.compile(r"[A-Za-z0-9@$!|+]+")
_ONE_OR_BANG = re.compile(r"[1!]")
_SPACED = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[^A-Za-z0-9]{1,4}[A-Za-z](?![A-Za-z0-9])){2,}")
_LETTER = re.compile(r"[A-Za-z]")
_STRETCHED = re.compile(r"([A-Za-z])\1{2,}", re.IGNORECASE)

_Reading = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedText:
    """A text in plain letters: ``starts[i]:ends[i]`` is where ``letters[i]`` came from."""

    letters: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that became ``letters[start:end]``, which is not empty."""
        first, last = start, end - 1
        return (
            min(self.starts[first], self.starts[last]),
            max(self.ends[first], self.ends[last]),
        )


def fold(text: str) -> FoldedText:
    """``text`` in plain letters, decoded once, case kept, marks and invisible characters gone."""
    if text.isascii() and not (_may_be_coded(text) and _ENCODED.search(text)):
        return FoldedText(letters=text, starts=range(len(text)), ends=range(1, len(text) + 1))
    return _folded(text, _plain)


def _may_be_coded(text: str) -> bool:
    # Most captions hold none of these, and this takes a tenth of what the pattern takes.
    return "&" in text or "%" in text or "<" in text or "\\" in text


def views_of(text: str) -> tuple[FoldedText, ...]:
    """``text`` folded, then every other way of reading it that it gives a reason for."""
    base = fold(text)
    views = [base]
    if not text.isascii():
        views += _foreign_views(text, base)
    views += _respelt_views(base)
    if "<" in text and ">" in text:
        # "<Maya>" is no element of HTML, and "<v Maya Lopez>" and an ``alt`` say who it is.
        shown = _folded(text, _plain, _CODED)
        views += [shown, *_respelt_views(shown)]
    return tuple(views)


def _respelt_views(base: FoldedText) -> Iterator[FoldedText]:
    if _LEET_WORD.search(base.letters):
        yield from _leet_views(base)
    if _SPACED.search(base.letters):
        yield _joined(base)
    if _STRETCHED.search(base.letters):
        yield from (_shortened(base, most) for most in (1, 2))


def _foreign_views(text: str, base: FoldedText) -> Iterator[FoldedText]:
    if any(letter in _lookalikes() for letter in set(text)):
        yield _folded(text, _as_seen)
    if _ONLY_TURNED.search(text):
        yield _reversed(_folded(text, _turned))
    if _REVERSING.search(text):
        yield _reversed(base)


class _Folder:
    """Collects letters with their places."""

    __slots__ = ("ends", "letters", "starts")

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, letters: str, start: int, end: int) -> None:
        for letter in letters:
            self.letters.append(letter)
            self.starts.append(start)
            self.ends.append(end)

    def text(self) -> FoldedText:
        return FoldedText(letters="".join(self.letters), starts=self.starts, ends=self.ends)


def _folded(text: str, reading: _Reading, encoded: re.Pattern[str] = _ENCODED) -> FoldedText:
    folder = _Folder()
    place = 0
    for match in encoded.finditer(text):
        _fold_part(folder, text, place, match.start(), reading)
        for letter in _decoded(match.group()):
            folder.add(reading(letter), match.start(), match.end())
        place = match.end()
    _fold_part(folder, text, place, len(text), reading)
    return folder.text()


def _fold_part(folder: _Folder, text: str, start: int, end: int, reading: _Reading) -> None:
    parted = {meeting.start() for meeting in _MEETING.finditer(text, start, end)}
    for place in range(start, end):
        letters = reading(text[place])
        if letters:
            if place in parted and reading is _plain:
                folder.add(" ", place, place)
            folder.add(letters, place, place + 1)
        elif folder.ends and folder.ends[-1] == place and unicodedata.combining(text[place]):
            # An accent belongs to the letter before it, so that a span never cuts the two apart.
            folder.ends[-1] = place + 1


def _decoded(encoded: str) -> str:
    match encoded[0]:
        case "&":
            return html.unescape(encoded)
        case "<":
            return " " if encoded.strip("</> ").lower() in {"br", "p", "div", "li"} else ""
        case "%" if encoded[1] != "u":
            return unquote(encoded, errors="replace")
        case "%" | "\\":
            number = int(encoded[2:].strip("{}"), 16)
            return chr(number) if number <= sys.maxunicode else ""
        case _:
            return unicodedata.normalize("NFC", encoded)


@lru_cache(maxsize=20_000)
def _plain(letter: str) -> str:
    """One character in plain letters: empty when it is invisible or an accent."""
    if letter.isascii():
        return letter
    if letter in _PUNCTUATION:
        return _PUNCTUATION[letter]
    if letter in _IGNORED:
        return ""
    for first, count in _SIGNED:
        if first <= ord(letter) < first + count:
            return chr(ord("A") + ord(letter) - first)
    if ord(letter) in _HANGUL:
        return anyascii(letter)
    return "".join(_plain_part(part) for part in unicodedata.normalize("NFKD", letter))


def _plain_part(part: str) -> str:
    if part.isascii():
        return part
    if part in _PUNCTUATION:
        return _PUNCTUATION[part]
    category = unicodedata.category(part)
    if category in {"Mn", "Me", "Cf"}:
        return ""
    if category[0] in "LMN":
        plain = "".join(filter(str.isalnum, anyascii(part)))
        return plain.upper() if _is_small_capital(part) else plain
    return " " if category[0] == "Z" else SYMBOL


def _is_small_capital(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN LETTER SMALL CAPITAL")


@lru_cache(maxsize=20_000)
def _as_seen(letter: str) -> str:
    return _lookalikes().get(letter) or _plain(letter)


def _turned(letter: str) -> str:
    return _TURNED.get(letter) or _plain(letter)


@lru_cache(maxsize=1)
def _lookalikes() -> dict[str, str]:
    pairs = (line.split() for line in line_list("lookalikes"))
    return {letter: plain for plain, letters in pairs for letter in letters}


def _reversed(view: FoldedText) -> FoldedText:
    return FoldedText(letters=view.letters[::-1], starts=view.starts[::-1], ends=view.ends[::-1])


def _leet_views(base: FoldedText) -> Iterator[FoldedText]:
    letters = _RUN.sub(lambda run: _unleet(run.group(), _LEET), base.letters)
    yield FoldedText(letters=letters, starts=base.starts, ends=base.ends)
    if _ONE_OR_BANG.search(base.letters):
        as_ell = _RUN.sub(
            lambda run: _unleet(run.group().translate(_LEET_ELL), _LEET), base.letters
        )
        yield FoldedText(letters=as_ell, starts=base.starts, ends=base.ends)


def _unleet(run: str, table: dict[int, int]) -> str:
    body = run.rstrip("!|+")
    if run[0] == "@" or not _LETTER.search(run):
        return run[:1] + body[1:].translate(table) + run[len(body) :] if run[0] == "@" else run
    return body.translate(table) + run[len(body) :]


def _joined(base: FoldedText) -> FoldedText:
    """Letters that stand one by one, joined to words; a wider gap parts two words."""
    folder = _Folder()
    place = 0
    for run in _SPACED.finditer(base.letters):
        _copy(folder, base, range(place, run.start()))
        letters = [match.start() for match in _LETTER.finditer(base.letters, *run.span())]
        usual = min(after - before for before, after in pairwise(letters))
        for before, after in zip([letters[0], *letters], letters, strict=False):
            if after - before > usual:
                folder.add(" ", base.starts[after - 1], base.ends[after - 1])
            _copy(folder, base, range(after, after + 1))
        # The dot of the last initial of a dotted word ends no sentence.
        is_dotted = "." in run.group() and base.letters[run.end() : run.end() + 1] == "."
        place = run.end() + is_dotted
    _copy(folder, base, range(place, len(base.letters)))
    return folder.text()


def _shortened(base: FoldedText, most: int) -> FoldedText:
    """A letter that stands three times or more in a row, so many times: "Mayaaa" is a cheer."""
    folder = _Folder()
    place = 0
    for run in _STRETCHED.finditer(base.letters):
        _copy(folder, base, range(place, run.start() + most))
        folder.ends[-1] = base.ends[run.end() - 1]
        place = run.end()
    _copy(folder, base, range(place, len(base.letters)))
    return folder.text()


def _copy(folder: _Folder, base: FoldedText, places: range) -> None:
    for place in places:
        folder.add(base.letters[place], base.starts[place], base.ends[place])
