"""Other ways to write a given name: short forms and spellings.

English short forms come from the package ``nicknames`` (Apache-2.0), those that it lacks, Spanish
ones and groups of spellings from this package's own lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from nicknames import NickNamer

from mediacheck.findings.name_folding import fold
from mediacheck.findings.name_words import line_list

#: Spanish makes any name that ends so smaller: Maya, Mayita.
_DIMINUTIVES = {"a": "ita", "o": "ito"}


@cache
def surfaces_of(given: str) -> frozenset[str]:
    """Every way to write ``given`` (a key), itself among them."""
    small = {given[:-1] + _DIMINUTIVES[given[-1]]} if given[-1:] in _DIMINUTIVES else ()
    return frozenset({given, *small, *_variants().get(given, ())})


@cache
def known_given_names() -> frozenset[str]:
    """Every given or short name of the lists, as keys."""
    return frozenset(_variants())


@cache
def _variants() -> dict[str, frozenset[str]]:
    variants: dict[str, set[str]] = defaultdict(set)
    for formal, shorts in NickNamer().nickname_lookup.items():
        _add_short(variants, formal, shorts)
    for line in (*line_list("nicknames_en"), *line_list("nicknames_es")):
        names = fold(line).letters.split()
        _add_short(variants, names[0], names[1:])
    for line in line_list("spelling_groups"):
        group = line.split()
        for name in group:
            variants[name].update(group)
    return {name: frozenset(ways) for name, ways in variants.items()}


def _add_short(variants: dict[str, set[str]], formal: str, shorts: Iterable[str]) -> None:
    for short in shorts:
        variants[formal].add(short)
        variants[short].add(formal)
