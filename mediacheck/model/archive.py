"""Old pictures, judged against the releases of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.people import StaffId
from mediacheck.model.publication import CaseId, PublicationId
from release_db.words import ChannelKey, SchoolKey

OldPictureId = NewType("OldPictureId", str)


class Triage(StrEnum):
    """What is to be done about an old picture."""

    CLEAR = "clear"
    NEEDS_A_PERSON = "needs-a-person"
    MUST_COME_DOWN = "must-come-down"

    @property
    def strictness(self) -> int:
        """Its place from what is clear to what must come down."""
        return list(Triage).index(self)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPicture:
    """A file of a folder that the office has brought, until it is judged.

    ``path`` is where it lay in the folder; ``sha256`` the key of its bytes.
    """

    old_picture_id: OldPictureId
    channel: ChannelKey
    school: SchoolKey | None
    path: str
    sha256: str
    asked_by: StaffId
    asked_at: datetime
