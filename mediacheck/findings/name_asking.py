"""Tables of names that are looked up elsewhere, many keys at a time, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from typing import TypeVar, overload

Key = TypeVar("Key")
Value = TypeVar("Value")
Other = TypeVar("Other")

Find = Callable[[list[Key]], Mapping[Key, tuple[Value, ...]]]


class AskedTable(Mapping[Key, tuple[Value, ...]]):
    """A mapping that asks for what it does not know, and remembers that a key has nothing.

    It behaves as a dictionary without empty values, but cannot be listed. ``known`` may be shared
    by all tables that ask the same.
    """

    def __init__(
        self,
        find: Find[Key, Value],
        known: dict[Key, tuple[Value, ...]],
        sifted: Callable[[Collection[Key]], list[Key]] = list,
    ) -> None:
        """``find`` gives the values of those keys that have any; ``sifted`` those that may."""
        self._find = find
        self._known = known
        self._sifted = sifted

    def ask(self, keys: Iterable[Key]) -> None:
        """Looks up all of ``keys`` that are not known yet, in one go."""
        known = self._known
        if new := {key: None for key in keys if key not in known}:
            likely = self._sifted(new)
            found = self._find(likely) if likely else {}
            for key in new:
                known[key] = found.get(key, ())

    def holding(self, keys: Collection[Key]) -> set[Key]:
        """Those of ``keys`` that have values, looked up in one go."""
        self.ask(keys)
        known = self._known
        return {key for key in keys if known[key]}

    def __getitem__(self, key: Key) -> tuple[Value, ...]:
        """The values of ``key``.

        Raises:
            KeyError: there are none.
        """
        if values := self.get(key):
            return values
        raise KeyError(key)

    @overload
    def get(self, key: Key, /) -> tuple[Value, ...] | None: ...
    @overload
    def get(self, key: Key, /, default: tuple[Value, ...] | Other) -> tuple[Value, ...] | Other: ...
    def get(self, key: Key, /, default: object = None) -> object:
        """The values of ``key``, else ``default``."""
        values = self._known.get(key)
        if values is None:
            self.ask((key,))
            values = self._known[key]
        return values or default

    def __contains__(self, key: object) -> bool:
        """Whether ``key`` has values."""
        values = self._known.get(key)  # type: ignore[arg-type]  # any other type has no values
        return bool(self.get(key) if values is None else values)  # type: ignore[arg-type]  # so too

    def __iter__(self) -> Iterator[Key]:
        raise TypeError("this table can only be asked")

    def __len__(self) -> int:
        raise TypeError("this table can only be asked")


class JoinedTable(Mapping[Key, tuple[Value, ...]]):
    """Two tables read as one: a key has the values of both. It cannot be listed either."""

    def __init__(
        self, one: Mapping[Key, tuple[Value, ...]], other: Mapping[Key, tuple[Value, ...]]
    ) -> None:
        """Neither has empty values."""
        self._one = one
        self._other = other

    def __getitem__(self, key: Key) -> tuple[Value, ...]:
        """The values of ``key``.

        Raises:
            KeyError: there are none in either.
        """
        if values := self._one.get(key, ()) + self._other.get(key, ()):
            return values
        raise KeyError(key)

    def __iter__(self) -> Iterator[Key]:
        raise TypeError("this table can only be asked")

    def __len__(self) -> int:
        raise TypeError("this table can only be asked")


def ask(table: Container[Key], keys: Iterable[Key]) -> None:
    """Looks up many keys at once where the table is elsewhere; a dictionary knows them already."""
    if isinstance(table, AskedTable):
        table.ask(keys)


def holding(table: Container[Key], keys: Collection[Key]) -> set[Key]:
    """Those of ``keys`` that are in the table, looked up in one go where it is elsewhere."""
    if isinstance(table, AskedTable):
        return table.holding(keys)
    return {key for key in keys if key in table}
