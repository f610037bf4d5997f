"""Tells most words that are no name from those that may be one, without asking anybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable

#: A slot is a byte. So many a word, of which each fills two, let some 1.4 % of other words through.
_SLOTS_A_WORD = 16
_FEWEST_SLOTS = 1024
_SECOND_HASH = 32


class NameSieve:
    """What is not in it is no name of the district; what is in it may be one, and is looked up.

    A Bloom filter (B. Bloom, 1970) of two hashes: 16 to 32 bytes for each word, so one megabyte for
    the names of 100,000 students, and no name in it can be read back.
    """

    __slots__ = ("_mask", "_slots", "starts")

    def __init__(self, words: Iterable[str], start_letters: int) -> None:
        """Holds all of ``words``; ``starts`` are their first ``start_letters`` letters."""
        every = tuple(words)
        size = max(_FEWEST_SLOTS, 1 << (len(every) * _SLOTS_A_WORD - 1).bit_length())
        self._mask = size - 1
        self._slots = bytearray(size)
        self.starts = frozenset(word[:start_letters] for word in every)
        for word in every:
            first = hash(word)
            self._slots[first & self._mask] = 1
            self._slots[first >> _SECOND_HASH & self._mask] = 1

    def sifted(self, words: Collection[str]) -> list[str]:
        """Those of ``words`` that may be names."""
        slots, mask = self._slots, self._mask
        return [
            word
            for word in words
            if slots[(first := hash(word)) & mask] and slots[first >> _SECOND_HASH & mask]
        ]
