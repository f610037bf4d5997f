"""A person at work: who it is, the transaction, and the services at hand."""

from __future__ import annotations

from dataclasses import dataclass

from mediacheck.model.people import StaffMember
from mediacheck.ports.services import Services, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One person in one transaction. Every act of ``receive``, ``mend`` and ``clear`` takes it."""

    services: Services
    work: Work
    staff: StaffMember
