"""What the doctor's checks say: something to mend, or a proof that something holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something unsafe or missing, and how to mend it."""

    what: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Something that was just measured to hold."""

    what: str
