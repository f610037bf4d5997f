"""The clock of a process: it never falls behind what was recorded, whatever the machine's says."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mediacheck.errors import NotReady
from mediacheck.ports.engines import Clock
from mediacheck.storage.audit_log import newest_moment_or_none
from release_db.engine import read_only

#: Clocks that are looked after differ by less.
WORTH_TELLING = timedelta(minutes=1)
#: By more a clock is wrong now, or was: a battery that died is years behind.
MOST_BEHIND = timedelta(days=1)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that everybody asks.


class SteadyClock:
    """The machine's clock while it goes forward; where it was set back, time goes on all the same.

    Which of two decisions is the later one, and whether a release has ended, is told by the clock:
    after one that was set back, or begins anew because its battery died, a family's no would be
    older than the yes that it takes back, and what has ended would hold again. So time goes on from
    the newest moment on record, at the pace of the clock that nobody can set.
    """

    def __init__(
        self,
        machine: Clock,
        newest: datetime | None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """``newest``: the newest moment on record; None: there is none.

        ``seconds`` counts seconds since any moment, and never goes back.
        """
        self._machine = machine
        self._seconds = seconds
        self._begun_at = seconds()
        now = machine.now()
        self._least = max(now, newest or now)

    def now(self) -> datetime:
        """The present moment, in UTC, as far as it is known."""
        passed = timedelta(seconds=self._seconds() - self._begun_at)
        return max(self._machine.now(), self._least + passed)


def open_clock(engine: Engine) -> Clock:
    """The clock of a process on that database.

    Raises:
        NotReady: the machine's clock is more than a day behind the newest entry of the audit.
    """
    machine = SystemClock()
    with Session(read_only(engine)) as session:
        newest = newest_moment_or_none(session)
    if newest is not None and newest - machine.now() > MOST_BEHIND:
        # To go on from a clock that ran ahead by years would end every release, and erase.
        raise NotReady(
            f"The clock of this machine says {machine.now():%Y-%m-%d}, and the newest entry of the "
            f"audit log is of {newest:%Y-%m-%d}. Set the clock right and start again. If it is "
            "right now, and was ahead before: mediacheck audit accept-clock"
        )
    return SteadyClock(machine, newest)
