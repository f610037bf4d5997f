"""What author and office say to each other about a post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mediacheck.model.people import StaffId


class ReviewAct(StrEnum):
    """What somebody did with the post as a whole."""

    SENT_TO_OFFICE = "sent-to-office"
    TAKEN_BACK = "taken-back"
    SENT_BACK = "sent-back"
    CLEARED = "cleared"
    PULLED = "pulled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNote:
    """One act and the words that came with it."""

    act: ReviewAct
    by: StaffId
    at: datetime
    words: str = ""
