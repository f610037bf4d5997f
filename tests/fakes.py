"""Stand-ins for the outside world: a clock that tests turn, and ids that can be foretold."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories import NOW


class TurnedClock:
    """Stands still until it is turned."""

    def __init__(self, at: datetime = NOW) -> None:
        """Begins at ``at``."""
        self._moment = at

    def now(self) -> datetime:
        """The moment it was turned to."""
        return self._moment

    def turn(self, by: timedelta) -> None:
        """Lets time pass."""
        self._moment += by


class CountingIds:
    """Ids that differ from each other, and nothing more."""

    def __init__(self) -> None:
        """Begins with 1."""
        self._count = 0

    def new(self) -> str:
        """The next one, 32 signs long."""
        self._count += 1
        return f"id{self._count:030d}"
