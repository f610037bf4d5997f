"""Questions about many keys that are asked again and again, with as little round them as can be.

SQLAlchemy writes a query with ``IN`` anew at every execution and makes its rows with care, which
takes four times as long as the database needs for its answer. Here the text is made once for each
size of the list and handed to the driver; shorter lists are filled up with their last key, which
asks nothing new. An error is the driver's own, and does not quote the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from sqlalchemy import BindParameter, Connection, Dialect, bindparam
from sqlalchemy.sql.expression import SelectBase

_KEYS = "keys"
#: The keys of a ``Lookup``: ``column.in_(KEYS)``.
KEYS: BindParameter[str] = bindparam(_KEYS, expanding=True)


class Lookup:
    """One query with ``KEYS`` in it. It may have other parameters besides, by name."""

    def __init__(self, query: SelectBase) -> None:
        """Any query with ``KEYS``."""
        self._query = query
        self._texts: dict[tuple[str, str, int], _Text] = {}

    def ask(
        self, connection: Connection, keys: Sequence[str], **more: str
    ) -> Sequence[tuple[str, ...]]:
        """Its rows for these keys, of which there is at least one."""
        size = 1 << (len(keys) - 1).bit_length()
        dialect = connection.dialect
        place = (dialect.name, dialect.driver, size)
        text = self._texts.get(place)
        if text is None:
            text = self._texts[place] = _Text(self._query, dialect, size, more)
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(text.sql, text.filled(keys, more))
            return cursor.fetchall()


class _Text:
    """The query in the words of one database, for lists of one size."""

    def __init__(
        self, query: SelectBase, dialect: Dialect, size: int, more: dict[str, str]
    ) -> None:
        state = query.compile(dialect=dialect).construct_expanded_state(
            {_KEYS: [""] * size, **more}
        )
        self.sql = state.statement
        self._size = size
        self._usual = dict(state.parameters)
        self._names = state.parameter_expansion[_KEYS]
        self._order = state.positiontup

    def filled(
        self, keys: Sequence[str], more: dict[str, str]
    ) -> tuple[object, ...] | dict[str, object]:
        padding = [keys[-1]] * (self._size - len(keys))
        values = self._usual | more | dict(zip(self._names, [*keys, *padding], strict=True))
        return values if self._order is None else tuple([values[name] for name in self._order])
