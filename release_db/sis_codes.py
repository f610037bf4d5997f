"""What the permission codes of a student information system mean here: the district's own table.

A code with a status means an answer for a scope, several of them, or nothing at all. Nobody else
knows: the codes are free words of each district.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from release_db.csv_table import Problems, Row, read_wide_table
from release_db.records import Scope
from release_db.words import Answer, Audience, ChannelKey, NameForm, Use

COLUMNS = ("code", "status", "use", "channel", "name_form", "answer")

CODE_CHARACTERS = 40
_NAMING_USES = frozenset({Use.NAME, Use.IMAGE_WITH_NAME})


@dataclass(frozen=True, slots=True, kw_only=True)
class SisCode:
    """One meaning of a code with a status. ``scope`` and ``answer`` None: it says nothing here."""

    code: str
    status: str
    scope: Scope | None = None
    answer: Answer | None = None

    @property
    def words(self) -> str:
        """The meaning in one line."""
        said = f"{self.code} with status {self.status or '(blank)'}"
        if self.scope is None or self.answer is None:
            return f"{said}: of no concern here"
        where = self.scope.channel or self.scope.audience or "every channel"
        form = f", {self.scope.name_form.value}" if self.scope.name_form else ""
        return f"{said}: {self.scope.use.value} on {where}{form}: {self.answer.value}"

    @property
    def key(self) -> tuple[str, str]:
        """The code and the status in one case: the systems do not tell them apart."""
        return self.code.casefold(), self.status.casefold()


def read_codes(data: bytes, channels: Collection[ChannelKey]) -> tuple[SisCode, ...]:
    """Reads the table of codes; a row without a use says that its code is of no concern here.

    Raises:
        ImportRefused: with every problem of the file, up to fifty.
    """
    problems = Problems()
    rows = read_wide_table(data, COLUMNS, (), problems)
    codes: list[SisCode] = []
    for row in rows:
        meant = _codes_of(row, channels)
        if {(code.key, code.scope) for code in codes} & {(code.key, code.scope) for code in meant}:
            row.problem("code", "Another row says what this code means for this. Remove one.")
        codes += meant
    if not codes:
        problems.add(0, "", "Write one row below the header for each code and status.")
    problems.refuse_if_any()
    return tuple(codes)


def _codes_of(row: Row, channels: Collection[ChannelKey]) -> list[SisCode]:
    """The meanings in a row, one for each of its uses."""
    code = row.required("code", CODE_CHARACTERS)
    status = row.text("status", CODE_CHARACTERS)
    answer = row.choice_or_none("answer", Answer)
    words = row.several("use")
    if not words:
        _require_no_meaning(row)
        return [SisCode(code=code, status=status)]
    if answer is None:
        row.problem("answer", f"Say what it means: {', '.join(Answer)}.")
    scopes = _scopes_of(row, words, channels)
    return [SisCode(code=code, status=status, scope=scope, answer=answer) for scope in scopes]


def _require_no_meaning(row: Row) -> None:
    for column in ("channel", "name_form", "answer"):
        if row.cells[column]:
            row.problem("use", "Say for which use this is, or leave the other cells blank too.")
            return


def _scopes_of(row: Row, words: Collection[str], channels: Collection[ChannelKey]) -> list[Scope]:
    form = row.choice_or_none("name_form", NameForm)
    word = row.text("channel", 100)
    if word not in {"", *channels, *Audience}:
        row.problem("channel", "Write the key of an account, a group, or leave it blank for all.")
        return []
    if not set(words) <= set(Use):
        row.problem("use", f"Write one or more of: {', '.join(Use)}, with ; between them.")
        return []
    uses = [Use(one) for one in words]
    if form is not None and not _NAMING_USES.issuperset(uses):
        row.problem("name_form", "Leave this blank: it only means something where a name is shown.")
    return [
        Scope(
            use=use,
            channel=ChannelKey(word) if word in channels else None,
            audience=Audience(word) if word in set(Audience) else None,
            name_form=form,
        )
        for use in uses
    ]
