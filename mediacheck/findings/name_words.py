"""The small word lists that tell a person's name from an ordinary word."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``, in lower case without accents or apostrophes."""
    return frozenset(word for line in line_list(name) for word in line.split())


@cache
def line_list(name: str) -> tuple[str, ...]:
    """The lines of ``data/<name>.txt``, without the comments at its head."""
    path = files("mediacheck.findings").joinpath("data", f"{name}.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
