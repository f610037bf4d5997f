"""Old pictures, judged against the releases of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mediacheck.model.publication import CaseId, PublicationId
from release_db.words import ChannelKey


class Triage(StrEnum):
    """What is to be done about an old picture."""

    CLEAR = "clear"
    NEEDS_A_PERSON = "needs-a-person"
    MUST_COME_DOWN = "must-come-down"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePicture:
    """One file of an archive, as it was judged for one channel on one day.

    ``publications`` are those that are known to have shown it; ``cases`` what was opened for them.
    """

    channel: ChannelKey
    sha256: str
    path: str
    judged_on: date
    triage: Triage
    reasons: tuple[str, ...] = ()
    publications: tuple[PublicationId, ...] = ()
    cases: tuple[CaseId, ...] = ()
