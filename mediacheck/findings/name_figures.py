"""Knows the public figures and the titles that school captions quote."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from mediacheck.findings.name_tokens import Token, tokens_of
from mediacheck.findings.name_words import line_list


def figure_words(tokens: tuple[Token, ...]) -> frozenset[int]:
    """The places of words that belong to a public figure's name or a well-known title."""
    figures = _figures()
    covered: set[int] = set()
    for place, token in enumerate(tokens):
        for words in figures.get(token.key, ()):
            end = place + len(words)
            if tuple(word.key for word in tokens[place:end]) == words:
                covered.update(range(place, end))
    return frozenset(covered)


@cache
def _figures() -> dict[str, tuple[tuple[str, ...], ...]]:
    figures: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in line_list("public_figures"):
        words = tuple(token.key for token in tokens_of(line))
        figures[words[0]].append(words)
    return {first: tuple(lines) for first, lines in figures.items()}
