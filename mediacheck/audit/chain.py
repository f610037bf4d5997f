"""Seals entries with a keyed hash over themselves and the one before, and finds every change.

After Schneier and Kelsey, "Secure Audit Logs to Support Computer Forensics" (1999), without the
evolving key: whoever holds the key can write a chain anew, and whoever cuts the end off leaves a
sound chain. Both show against a head that was recorded elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from mediacheck.errors import MediacheckError
from mediacheck.model.audit import AuditEntry, ChainProblem, ChainReport, Event

#: What the first entry points back to.
GENESIS_MAC = "0" * 64

LONGEST_DETAIL = 200


class UnfitDetail(MediacheckError):
    """A detail that is no id, count, hash or flag. It is refused, not cut: it may hold a name."""

    message = "An audit entry holds ids, counts, hashes and flags only."


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditChain:
    """The chain under one key, of at least 32 bytes."""

    key: bytes = field(repr=False)

    def next_entry(
        self,
        previous: AuditEntry | None,
        event: Event,
        *,
        at: datetime,
        actor: str,
        subject: str,
        details: Mapping[str, str | int | bool],
    ) -> AuditEntry:
        """The entry that follows ``previous`` (None: the first of all).

        Raises:
            UnfitDetail: a word is longer than 200 characters, or holds a line's end or another
                control sign.
        """
        for word in (actor, subject, *details, *details.values()):
            _require_fit(word)
        entry = AuditEntry(
            number=previous.number + 1 if previous else 1,
            at=at.astimezone(UTC),
            event=event.value,
            actor=actor,
            subject=subject,
            details=_canonical(dict(details)),
            previous_mac=previous.mac if previous else GENESIS_MAC,
            mac="",
        )
        return replace(entry, mac=self._mac_of(entry))

    def verify(
        self, entries: Iterable[AuditEntry], expected_head: str | None = None
    ) -> ChainReport:
        """Walks a whole chain from its first entry and reports everything that does not fit.

        ``expected_head`` is the ``mac`` of an entry that was the newest once, recorded elsewhere:
        without it, a chain that was cut at its end looks sound.
        """
        problems: list[ChainProblem] = []
        count, number, mac, is_head_seen = 0, 0, GENESIS_MAC, expected_head is None
        for count, entry in enumerate(entries, start=1):  # noqa: B007 - the last one is reported.
            words = self._fault_of(entry, number, mac)
            if words:
                problems.append(ChainProblem(number=entry.number, words=words))
            number, mac = entry.number, entry.mac
            is_head_seen = is_head_seen or hmac.compare_digest(mac, expected_head or "")
        if not is_head_seen:
            words = (
                "the recorded newest entry is missing: the end was cut off, or all was rewritten"
            )
            problems.append(ChainProblem(number=number + 1, words=words))
        return ChainReport(entries=count, head=mac, problems=tuple(problems))

    def _fault_of(self, entry: AuditEntry, number: int, mac: str) -> str:
        """What is wrong with the entry after ``number`` and ``mac``; empty when nothing is."""
        if entry.number != number + 1:
            return f"entries are missing, doubled or out of order after {number}"
        if not hmac.compare_digest(entry.mac, self._mac_of(entry)):
            return "the entry was changed or written by somebody without the key"
        if not hmac.compare_digest(entry.previous_mac, mac):
            return "the entry does not follow the one before it"
        return ""

    def _mac_of(self, entry: AuditEntry) -> str:
        sealed = _canonical(
            {
                "number": entry.number,
                "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "event": entry.event,
                "actor": entry.actor,
                "subject": entry.subject,
                "details": entry.details,
                "previous_mac": entry.previous_mac,
            }
        )
        return hmac.new(self.key, sealed.encode(), hashlib.sha256).hexdigest()


def _require_fit(word: str | int | bool) -> None:
    if isinstance(word, str) and (len(word) > LONGEST_DETAIL or not word.isprintable()):
        raise UnfitDetail


def _canonical(value: Mapping[str, object]) -> str:
    """One spelling for each value: keys sorted, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
