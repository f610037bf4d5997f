"""What a family takes away: the receipt of a signature, and the history of what holds; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mediacheck.errors import NotFound
from mediacheck.flow.families import FamilyDesk
from mediacheck.flow.families_choices import decided_by, own_words
from release_db.records import Release, Scope, Student, StudentFile
from release_db.standing import last_day_of
from release_db.terms import Notice
from release_db.words import Answer, Capacity

#: The shape of the record that a receipt holds.
RECORD_SCHEMA = "ISO/IEC TS 27560:2023"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One decision, as a receipt or the history tells it. ``ends_on`` None: no end."""

    given_on: date
    scope: Scope
    answer: Answer
    capacity: Capacity
    is_own: bool
    ends_on: date | None
    revoked_on: date | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The proof of one signature."""

    act: str
    student: Student
    given_on: date
    recorded_at: datetime
    signature: str
    authenticated: str
    notice: Notice | None
    language: str
    lines: tuple[Line, ...]


def receipt_of(desk: FamilyDesk, file: StudentFile, act: str) -> Receipt:
    """The receipt of a signature of this person's.

    Raises:
        NotFound: there is none, or somebody else signed it.
    """
    words = [word for word in own_words(desk.visitor, file) if word.act == act]
    if not words:
        raise NotFound
    proof = proof_of(words[0].evidence)
    return Receipt(
        act=act,
        student=file.student,
        given_on=words[0].given_on,
        recorded_at=words[0].recorded_at,
        signature=proof.get("signature", ""),
        authenticated=proof.get("authenticated", ""),
        notice=_notice_or_none(desk, words[0]),
        language=words[0].language,
        lines=tuple(_line(word, file, is_own=True) for word in words),
    )


def history_of(desk: FamilyDesk, file: StudentFile) -> tuple[Line, ...]:
    """Every decision on file but those of other guardians, the newest first."""
    own = {word.release_id for word in own_words(desk.visitor, file)}
    lines = [
        _line(word, file, is_own=word.release_id in own)
        for word in reversed(file.releases)
        if word.release_id in own or word.capacity is not Capacity.GUARDIAN
    ]
    return tuple(lines)


def consent_record(receipt: Receipt, *, email: str, controller: str) -> Mapping[str, object]:
    """The receipt as a record in the shape of ISO/IEC TS 27560."""
    return {
        "schema_version": RECORD_SCHEMA,
        "record_id": receipt.act,
        "pii_principal_id": receipt.student.student_id,
        "pii_controllers": [{"controller_id": "district", "controller_name": controller}],
        "privacy_notice": _notice_record(receipt.notice),
        "language": receipt.language,
        "purposes": [_purpose(line) for line in receipt.lines],
        "event": {
            "event_time": receipt.recorded_at.isoformat(),
            "event_type": "explicit",
            "event_state": "given",
            "entity_id": email,
            "consent_type": "typed signature",
            "signature": receipt.signature,
            "authenticated": receipt.authenticated,
        },
    }


def proof_of(evidence: str) -> dict[str, str]:
    """What proves a decision; empty where it is not one of ours."""
    try:
        proof = json.loads(evidence)
    except ValueError:
        return {}
    return {key: str(value) for key, value in proof.items()} if isinstance(proof, dict) else {}


def entity_of(desk: FamilyDesk) -> str:
    """Under whom this person's decisions stand."""
    return decided_by(desk.visitor)


def _line(word: Release, file: StudentFile, *, is_own: bool) -> Line:
    last = last_day_of(word, file)
    return Line(
        given_on=word.given_on,
        scope=word.scope,
        answer=word.answer,
        capacity=word.capacity,
        is_own=is_own,
        ends_on=last if last != date.max else None,
        revoked_on=word.revoked_on,
        act=word.act,
    )


def _notice_or_none(desk: FamilyDesk, word: Release) -> Notice | None:
    for notice in desk.work.register.terms.notices():
        if (notice.reference, notice.language) == (word.notice, word.language):
            return notice
    return None


def _notice_record(notice: Notice | None) -> Mapping[str, object]:
    if notice is None:
        return {}
    return {
        "notice_id": notice.reference,
        "language": notice.language,
        "sha256": notice.sha256,
        "effective_date": notice.effective_on.isoformat(),
    }


def _purpose(line: Line) -> Mapping[str, object]:
    scope = line.scope
    return {
        "purpose": "publication by the school",
        "pii_category": scope.use.value,
        "recipients": scope.channel or scope.audience or "every channel",
        "name_form": scope.name_form.value if scope.name_form is not None else "any",
        "consent_status": line.answer.value,
        "valid_until": line.ends_on.isoformat() if line.ends_on is not None else None,
    }
