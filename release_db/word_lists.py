"""A condition on a list of words of any length, asked with one parameter and one statement.

SQLAlchemy's ``in_`` writes a statement anew for every length of its list, which costs more than
SQLite takes to answer it. Both databases read a list from JSON, and search their indexes by it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, TypeDecorator, bindparam, select
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class WordList(TypeDecorator[Sequence[str]]):
    """A list of words on its way into the database; no column has this type."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """The words as JSON; None is a list without any."""
        del dialect
        return json.dumps(list(value or ()))


class _WordsOf(FunctionElement[str]):
    """The words of a list, as rows of one column that both databases call ``value``."""

    inherit_cache = True


@compiles(_WordsOf)
def _in_postgresql(element: _WordsOf, compiler: SQLCompiler, **options: object) -> str:
    words = compiler.process(element.clauses, **options)
    return f"json_array_elements_text(CAST({words} AS JSON))"


@compiles(_WordsOf, "sqlite")
def _in_sqlite(element: _WordsOf, compiler: SQLCompiler, **options: object) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


def is_one_of(column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
    """Whether the column holds one of the words given as that parameter when the query is run."""
    words = _WordsOf(bindparam(parameter, type_=WordList())).table_valued("value")
    return column.in_(select(words.c.value))
