"""Hands a cleared post to a person: the same door as every other, and nothing leaves by itself.

"Published" means here that the package may be taken; who posted it says so, and where. What has to
come down again is a person's task.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import BY_HAND, Account, ClearedContent, Limits, Posted

#: What a package holds; a place of its own may want less, and its channel says so.
LIMITS = Limits(
    words=10_000,
    pictures=60,
    alt_text=1_500,
    picture_bytes=25_000_000,
    picture_pixels=50_000_000,
)
_BY_HAND = "Nobody but a person can take it down there."


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOffConnector:
    """One place. See the ``Connector`` port for what each method promises."""

    place: Account

    @property
    def key_life(self) -> timedelta:
        """A repeated key hands over the same: nothing went anywhere the first time."""
        return timedelta(days=3_650)

    def account(self) -> Account:
        """The place, as it was named."""
        return self.place

    def limits(self) -> Limits:
        """What a package holds."""
        return LIMITS

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        """Nothing goes anywhere."""
        del content
        return ()

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        """From now on the package may be taken."""
        del content, parts
        return Posted(reference=f"{BY_HAND}{key}", address="")

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        """Nothing was sent, so that nothing can have arrived."""
        del words, parts, since
        return None

    def posted_at(self, address: str) -> Posted:
        """What a person says is kept beside the hand-over, and never looked for."""
        del address
        raise ConnectorError(_BY_HAND, retry=Retry.NEVER, code="by-hand")

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        """There is nothing that the tool could see."""
        del posted, content
        return True

    def take_down(self, posted: Posted) -> None:
        """A named person's task, with a day to do it."""
        del posted
        raise ConnectorError(_BY_HAND, retry=Retry.NEVER, code="by-hand")

    def is_gone(self, posted: Posted) -> bool:
        """Whoever took it down shows it."""
        del posted
        return False

    def discard(self, parts: tuple[str, ...]) -> None:
        """There is nothing to remove."""

    def end(self) -> None:
        """Nobody let the tool in."""
