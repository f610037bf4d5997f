"""Reads a CSV file strictly: a table is whole and clean, or it is refused with every problem."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from release_db.errors import ImportProblem, ImportRefused

#: A district of 25,000 students with ten answers each stays well below these.
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_ROWS = 500_000
MAX_CELL_CHARACTERS = 2_000

#: More problems than a person mends in one go are not looked for.
MAX_PROBLEMS = 50

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SAVE_AS_UTF8 = (
    "The file is not in UTF-8. In Excel choose Save As and then 'CSV UTF-8 (Comma delimited)'; in "
    "Google Sheets choose Download and then 'Comma-separated values'."
)

#: Quotation marks, a dash and a fixed space, as Windows sets them in names and titles.
_WESTERN_SIGNS = frozenset("\u2018\u2019\u2013\xa0")

_Choice = TypeVar("_Choice", bound=StrEnum)


class Problems:
    """The problems found so far. Finding one too many refuses the file at once."""

    def __init__(self) -> None:
        """Begins with none."""
        self._found: list[ImportProblem] = []

    def add(self, row: int, column: str, message: str) -> None:
        """Notes a problem; ``message`` says how to mend it and repeats no cell.

        Raises:
            ImportRefused: there are ``MAX_PROBLEMS`` now.
        """
        self._found.append(ImportProblem(row=row, column=column, message=message))
        if len(self._found) >= MAX_PROBLEMS:
            self.refuse_if_any()

    def refuse_if_any(self) -> None:
        """Raises ``ImportRefused`` with all of them, in the order of the file."""
        if self._found:
            ordered = sorted(self._found, key=lambda problem: problem.row)
            raise ImportRefused(tuple(ordered))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table, trimmed. ``number`` is the row in the spreadsheet; the header is 1."""

    number: int
    cells: Mapping[str, str]
    problems: Problems

    def problem(self, column: str, message: str) -> None:
        """Notes what is wrong in a cell of this row."""
        self.problems.add(self.number, column, message)

    def text(self, column: str, most: int = 200) -> str:
        """The cell, of at most so many characters."""
        cell = self.cells[column]
        if len(cell) > most:
            self.problem(column, f"Shorten this to {most} characters.")
        return cell

    def required(self, column: str, most: int = 200) -> str:
        """The cell, which must not be blank."""
        if not self.cells[column]:
            self.problem(column, "Fill this in: it must not be blank.")
        return self.text(column, most)

    def several(self, column: str, most: int = 200) -> tuple[str, ...]:
        """The values between semicolons, each once, of at most so many characters each."""
        values = (value.strip() for value in self.cells[column].split(";"))
        found = tuple(dict.fromkeys(value for value in values if value))
        if any(len(value) > most for value in found):
            self.problem(column, f"Shorten each value to {most} characters; put ; between them.")
        return found

    def date_or_none(self, column: str) -> date | None:
        """The cell as an ISO date; None when it is blank."""
        cell = self.cells[column]
        if not cell:
            return None
        try:
            if _ISO_DATE.fullmatch(cell):
                return date.fromisoformat(cell)
        except ValueError:
            pass
        self.problem(column, "Write the date as YYYY-MM-DD, such as 2026-09-01.")
        return None

    def choice_or_none(self, column: str, words: type[_Choice]) -> _Choice | None:
        """The cell as one of these words, in any case; None when it is blank or another."""
        cell = self.cells[column]
        if not cell:
            return None
        try:
            return words(cell.casefold())
        except ValueError:
            self.problem(column, f"Write one of: {', '.join(words)}.")
            return None


def read_table(
    data: bytes, columns: tuple[str, ...], problems: Problems, *, optional: tuple[str, ...] = ()
) -> list[Row]:
    """The rows of a CSV file with exactly these columns, in any order. Blank rows are left out.

    A column of ``optional`` may be there too; no row has a cell for one that is not.

    Raises:
        ImportRefused: the file as a whole cannot be read. What is wrong in single cells is added
            to ``problems`` instead.
    """
    records = _records(_decode(data))
    header = _header(next(records, (1, []))[1], columns, optional)
    rows = [
        Row(number=number, cells=dict(zip(header, cells, strict=True)), problems=problems)
        for number, cells in records
        if _is_whole(number, cells, header, problems)
    ]
    if not rows:
        problems.add(0, "", "There is no row below the header. Export the file again.")
        problems.refuse_if_any()
    return rows


def read_wide_table(
    data: bytes, needed: tuple[str, ...], optional: tuple[str, ...], problems: Problems
) -> list[Row]:
    """The rows of a CSV file with at least these columns, in any case and order; others are unread.

    A column of ``optional`` that is not there is blank. A table may have no row.

    Raises:
        ImportRefused: the file as a whole cannot be read.
    """
    records = _records(_decode(data, _is_western))
    header = [cell.casefold() for cell in next(records, (1, []))[1]]
    missing = [column for column in needed if column.casefold() not in header]
    if missing or len(set(header)) != len(header):
        raise _refusal(f"A column is missing or there twice: {', '.join(missing) or 'twice'}.")
    places = {
        column: header.index(column.casefold())
        for column in (*needed, *optional)
        if column.casefold() in header
    }
    blank = dict.fromkeys(optional, "")
    return [
        Row(
            number=number,
            cells=blank | {column: cells[place] for column, place in places.items()},
            problems=problems,
        )
        for number, cells in records
        if _is_whole(number, cells, header, problems)
    ]


def header_of(data: bytes) -> tuple[str, ...]:
    """The names in the header, as they are written; none where there is no table to be read."""
    try:
        return tuple(next(_records(_decode(data, _is_western)), (1, []))[1])
    except ImportRefused:
        return ()


def _is_western(text: str) -> bool:
    """Whether what is not ASCII in it is letters and quotation marks, as in Western names."""
    return all(
        sign.isascii() or sign.isalpha() or sign in "\u2018\u2019\u2013\xa0" for sign in text
    )


def _decode(data: bytes, is_plausible: Callable[[str], bool] = lambda _: False) -> str:
    """The text in UTF-8, else in Windows' Western code page where that reads plausibly."""
    if len(data) > MAX_FILE_BYTES:
        raise _refusal(f"The file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB. Split it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        if "\ufffd" not in text and is_plausible(text):
            return text
        raise _refusal(_SAVE_AS_UTF8) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and trimmed cells, without the rows that are blank."""
    if "\0" in text:
        raise _refusal(f"The file holds NUL signs. {_SAVE_AS_UTF8}")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MAX_ROWS + 1:
                raise _refusal(f"The file has more than {MAX_ROWS} rows. Split it.")
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                yield number, trimmed
    except csv.Error:
        message = "This row cannot be read: look for a quotation mark that is not closed."
        raise ImportRefused((ImportProblem(row=number + 1, column="", message=message),)) from None


def _header(cells: list[str], columns: tuple[str, ...], optional: tuple[str, ...]) -> list[str]:
    if len(cells) == 1 and any(sign in cells[0] for sign in ";\t"):
        raise _refusal("The columns are not parted by commas. Save the file as CSV with commas.")
    problems = Problems()
    for column in (*columns, *optional):
        if column not in cells and column not in optional:
            problems.add(1, column, "This column is missing. Add it, even if it stays blank.")
        if cells.count(column) > 1:
            problems.add(1, column, "This column is there twice. Remove one.")
    for place, cell in enumerate(cells, start=1):
        if cell not in {*columns, *optional}:
            problems.add(
                1, f"column {place}", f"This column is not known. Known: {', '.join(columns)}."
            )
    problems.refuse_if_any()
    return cells


def _is_whole(number: int, cells: list[str], header: list[str], problems: Problems) -> bool:
    """Whether the row has a clean cell for each column; notes what is wrong if not."""
    if len(cells) != len(header):
        problems.add(
            number,
            "",
            f"This row has {len(cells)} cells and the header {len(header)}. Put a cell that holds "
            "a comma in quotation marks.",
        )
        return False
    unclean = [column for column, cell in zip(header, cells, strict=True) if not _is_clean(cell)]
    for column in unclean:
        problems.add(
            number,
            column,
            "This cell holds a line break or another control sign, or is longer than "
            f"{MAX_CELL_CHARACTERS} characters. Type it again.",
        )
    return not unclean


def _is_clean(cell: str) -> bool:
    is_short = len(cell) <= MAX_CELL_CHARACTERS
    return is_short and (cell.isprintable() or _has_no_controls(cell))


def _has_no_controls(cell: str) -> bool:
    return all(unicodedata.category(sign) not in {"Cc", "Cs", "Zl", "Zp"} for sign in cell)


def _refusal(message: str) -> ImportRefused:
    return ImportRefused((ImportProblem(row=0, column="", message=message),))
