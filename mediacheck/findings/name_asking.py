"""Tables of names that are looked up elsewhere, many keys at a time, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

Find = Callable[[list[Key]], Mapping[Key, tuple[Value, ...]]]


class AskedTable(Mapping[Key, tuple[Value, ...]]):
    """A mapping that asks for what it does not know, and remembers that a key has nothing.

    It behaves as a dictionary without empty values, but cannot be listed. ``known`` may be shared
    by all tables that ask the same.
    """

    def __init__(self, find: Find[Key, Value], known: dict[Key, tuple[Value, ...]]) -> None:
        """``find`` gives the values of those keys that have any."""
        self._find = find
        self._known = known

    def ask(self, keys: Iterable[Key]) -> None:
        """Looks up all of ``keys`` that are not known yet, in one go."""
        if new := [key for key in dict.fromkeys(keys) if key not in self._known]:
            found = self._find(new)
            for key in new:
                self._known[key] = found.get(key, ())

    def __getitem__(self, key: Key) -> tuple[Value, ...]:
        """The values of ``key``.

        Raises:
            KeyError: there are none.
        """
        if key not in self._known:
            self.ask((key,))
        if values := self._known[key]:
            return values
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        """Whether ``key`` has values."""
        try:
            self[key]  # type: ignore[index]  # a key of another type has no values
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[Key]:
        raise TypeError("this table can only be asked")

    def __len__(self) -> int:
        raise TypeError("this table can only be asked")


def ask(table: Container[Key], keys: Iterable[Key]) -> None:
    """Looks up many keys at once where the table is elsewhere; a dictionary knows them already."""
    if isinstance(table, AskedTable):
        table.ask(keys)
