"""Records the newest audit entry in a file outside the database: shows when its end was cut off.

The file helps as far as it is out of reach of whoever changes the database: copy it elsewhere.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from mediacheck.model.audit import AuditEntry

_LINE = re.compile(r"(?P<number>\d+) (?P<mac>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHeadFile:
    """One line per recorded head: its number and its ``mac``. Only ever appended to."""

    path: Path

    def record(self, head: AuditEntry) -> None:
        """Appends the head and waits until it is on the disk. Call it after the commit."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="ascii") as file:
            file.write(f"{head.number} {head.mac}\n")
            file.flush()
            os.fsync(file.fileno())

    def latest_or_none(self) -> str | None:
        """The ``mac`` of the highest number recorded; None when nothing was.

        Two processes may record out of order, so the last line is not always the newest. A line
        that was torn by a crash is passed over.
        """
        try:
            lines = self.path.read_text("ascii").splitlines()
        except FileNotFoundError:
            return None
        whole = (_LINE.fullmatch(line) for line in lines)
        heads = [(int(match["number"]), match["mac"]) for match in whole if match]
        return max(heads)[1] if heads else None
