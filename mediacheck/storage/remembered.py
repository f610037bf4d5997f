"""Remembered words on SQLAlchemy: ``SqlRememberedWords`` implements the ``RememberedWords`` port.

A phrase and whom it may be are kept as keyed hashes (HMAC-SHA-256, RFC 2104), so that a stolen
table tells no name. So that the office can look through what was said, the phrase is kept sealed
besides, in a row that can be removed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from mediacheck.model.people import StaffId
from mediacheck.model.post import PostId
from mediacheck.model.remembered import KeptWord, RememberedWord, Remembering
from mediacheck.storage.remembered_schema import (
    RememberedEndRow,
    RememberedPhraseRow,
    RememberedWordRow,
)
from release_db.sealing import Seal
from release_db.words import ClassKey, StudentId

_SEALED_FOR = "remembered-phrase"
#: Hexadecimal digits of a hash: 128 bits are enough to keep phrases apart.
_DIGITS = 32

_KEPT = (
    select(RememberedWordRow, RememberedEndRow, RememberedPhraseRow.sealed)
    .outerjoin(RememberedEndRow, RememberedEndRow.number == RememberedWordRow.number)
    .outerjoin(RememberedPhraseRow, RememberedPhraseRow.number == RememberedWordRow.number)
)


class SqlRememberedWords:
    """The remembered words as one transaction sees them. Never commits."""

    def __init__(self, session: Session, key: bytes) -> None:
        """Works inside the transaction of ``session``; ``key`` hashes and seals the phrases."""
        self._session = session
        self._key = hmac.digest(key, b"remembered words: hashes", "sha256")
        self._seal = Seal(hmac.digest(key, b"remembered words: phrases", "sha256"))

    def keep(
        self, class_key: ClassKey, about: Remembering, post_id: PostId, by: StaffId, at: datetime
    ) -> int:
        """Remembers that this is not a student; returns the number of the word."""
        row = RememberedWordRow(
            class_key=class_key,
            phrase_key=self._phrase_key(class_key, about),
            candidates=" ".join(sorted(self._candidate_keys(about))),
            post_id=post_id,
            said_by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        sealed = self._seal.seal(about.phrase.encode(), _SEALED_FOR, row.phrase_key)
        self._session.add(RememberedPhraseRow(number=row.number, sealed=sealed))
        self._session.flush()
        return row.number

    def said_of(
        self, class_key: ClassKey, asked: Collection[Remembering]
    ) -> Mapping[Remembering, tuple[RememberedWord, ...]]:
        """What was said in the class of each of these, and not taken back; the newest first."""
        keys = {about: self._phrase_key(class_key, about) for about in asked}
        query = (
            select(RememberedWordRow)
            .outerjoin(RememberedEndRow, RememberedEndRow.number == RememberedWordRow.number)
            .where(
                RememberedWordRow.class_key == class_key,
                RememberedWordRow.phrase_key.in_(set(keys.values())),
                RememberedEndRow.number.is_(None),
            )
            .order_by(RememberedWordRow.number.desc())
        )
        found: defaultdict[str, list[RememberedWordRow]] = defaultdict(list)
        for row in self._session.scalars(query):
            found[row.phrase_key].append(row)
        return {
            about: tuple(self._word_from(row, about) for row in found[key])
            for about, key in keys.items()
            if key in found
        }

    def take_back(self, number: int, by: StaffId, at: datetime) -> None:
        """Lets a word count no more. Nothing happens where it was taken back before."""
        if self._session.get(RememberedEndRow, number) is None:
            self._session.add(RememberedEndRow(number=number, ended_by=by, at=at))
            self._session.flush()

    def kept_in(self, classes: Collection[ClassKey], most: int) -> tuple[KeptWord, ...]:
        """The words of these classes, those that were taken back too; the newest first."""
        query = (
            _KEPT.where(RememberedWordRow.class_key.in_(classes))
            .order_by(RememberedWordRow.number.desc())
            .limit(most)
        )
        return tuple(self._kept_from(*row) for row in self._session.execute(query))

    def kept_or_none(self, number: int) -> KeptWord | None:
        """The word with that number."""
        query = _KEPT.where(RememberedWordRow.number == number)
        row = self._session.execute(query).one_or_none()
        return self._kept_from(*row) if row is not None else None

    def forget(self, student_id: StudentId) -> None:
        """Removes the phrases that may have been this student's name. Who spoke when stays."""
        keys = [self._hash("candidate", student_id, where) for where in ("near", "far")]
        mine = select(RememberedWordRow.number).where(
            or_(*(RememberedWordRow.candidates.contains(key, autoescape=True) for key in keys))
        )
        self._session.execute(
            delete(RememberedPhraseRow).where(RememberedPhraseRow.number.in_(mine))
        )

    def _word_from(self, row: RememberedWordRow, about: Remembering) -> RememberedWord:
        return RememberedWord(
            number=row.number,
            by=StaffId(row.said_by),
            at=row.at,
            fits=self._candidate_keys(about) <= set(row.candidates.split()),
        )

    def _kept_from(
        self, row: RememberedWordRow, end: RememberedEndRow | None, sealed: bytes | None
    ) -> KeptWord:
        return KeptWord(
            number=row.number,
            class_key=ClassKey(row.class_key),
            post_id=PostId(row.post_id),
            by=StaffId(row.said_by),
            at=row.at,
            phrase=self._unsealed(row, sealed),
            ended=(StaffId(end.ended_by), end.at) if end is not None else None,
        )

    def _unsealed(self, row: RememberedWordRow, sealed: bytes | None) -> str:
        if sealed is None:
            return ""
        return self._seal.unseal(sealed, _SEALED_FOR, row.phrase_key).decode()

    def _phrase_key(self, class_key: ClassKey, about: Remembering) -> str:
        kind = "words" if about.with_words else "name"
        return self._hash(kind, class_key, about.phrase)

    def _candidate_keys(self, about: Remembering) -> set[str]:
        """Whoever has come into the class since is somebody else than she was outside of it."""
        near = {self._hash("candidate", one, "near") for one in about.near}
        return near | {self._hash("candidate", one, "far") for one in about.far}

    def _hash(self, *parts: str) -> str:
        # A list in JSON keeps ("ab", "c") and ("a", "bc") apart.
        text = json.dumps(parts).encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:_DIGITS]
