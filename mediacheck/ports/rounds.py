"""The mailings of renewal rounds."""

from __future__ import annotations

from typing import Protocol

from mediacheck.model.rounds import Mailing, MailingId, MailingProgress


class RoundMailings(Protocol):
    """Keeps which mailings were asked for and how far each has come, for good."""

    def begin(self, mailing: Mailing) -> None:
        """Keeps that a mailing was asked for."""
        ...

    def step(self, mailing_id: MailingId, *, up_to: str, is_last: bool, mails: int) -> None:
        """Keeps that every student up to that id was looked at."""
        ...

    def progress_of(self, mailing_id: MailingId) -> MailingProgress:
        """How far a mailing has come."""
        ...

    def of_round(self, round_id: str) -> tuple[Mailing, ...]:
        """The mailings of a round, oldest first."""
        ...

    def unfinished(self) -> tuple[Mailing, ...]:
        """The mailings that are under way, oldest first."""
        ...
