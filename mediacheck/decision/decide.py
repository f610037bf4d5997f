"""The decision: evidence in, verdict out. Silence refuses, and a refusal beats everything.

Each check looks at one kind of trouble and yields a reason for each instance. A post is cleared
when no check has anything to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import assert_never

from mediacheck.decision.appearances import (
    Shown,
    permission_for_face,
    permission_for_name,
    shown_in,
    together,
)
from mediacheck.decision.combinations import explained
from mediacheck.decision.evidence import Evidence
from mediacheck.decision.wording import OUTCOMES, WORDS
from mediacheck.decision.works import (
    Credited,
    artists_in_question,
    credited_in,
    recalled_in,
    unsaid_works,
)
from mediacheck.model.finding import Certainty, FaceFinding, FindingId, NameFinding
from mediacheck.model.post import Media, MediaId, MediaState
from mediacheck.model.resolution import (
    Covered,
    Identified,
    Nobody,
    NotAStudent,
    Noted,
    Overruled,
    Suggested,
    Unresolved,
)
from mediacheck.model.verdict import Outcome, Reason, ReasonCode, Verdict
from release_db.records import Granted, Permission, RefusalReason, Refused
from release_db.words import Ground, StudentId, Use

#: A verdict is good for a day at the longest, whatever the releases say.
LONGEST_VALIDITY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """One finding: its reasons, and the strictest permission of those it points at."""

    finding: FindingId
    reasons: tuple[Reason, ...] = ()
    permission: Permission | None = None


def decide(evidence: Evidence) -> Verdict:
    """May the post go out on its channel at that moment? Never raises."""
    shown = shown_in(evidence)
    judged = [
        *(_judge_face(evidence, shown, face) for face in evidence.faces),
        *(_judge_name(evidence, shown, name) for name in evidence.names),
    ]
    works = credited_in(evidence, shown)
    reasons = (
        *(reason for check in _CHECKS for reason in check(evidence)),
        *(reason for one in judged for reason in one.reasons),
        *dict.fromkeys(_refused_works(works)),
        *_recalled_works(evidence, shown),
    )
    permissions = {one.finding: one.permission for one in judged if one.permission is not None}
    credits_ = {(one.media_id, one.student_id): one.permission for one in works}
    given = [*permissions.values(), *credits_.values()]
    granted = [one for one in given if isinstance(one, Granted)]
    return Verdict(
        outcome=_worst(reasons),
        reasons=tuple(
            explained(evidence, shown, reason) for reason in sorted(reasons, key=_in_order)
        ),
        permissions=permissions,
        credits=credits_,
        rests_on=_grounds_of(granted),
        good_until=_good_until(evidence, granted),
    )


# --- One finding ----------------------------------------------------------------------------


def _judge_face(evidence: Evidence, shown: Shown, face: FaceFinding) -> _Judged:
    match evidence.resolution_of(face.finding_id):
        case Identified(students=students, by=by):
            return _identified_face(evidence, shown, face, (students, by))
        case Suggested(likely=likely) if likely:
            asked = [permission_for_face(evidence, shown, face, student) for student in likely]
            refused = any(isinstance(given, Refused) for given in asked)
            code = ReasonCode.LIKELY_REFUSED if refused else ReasonCode.CONFIRM_FACE
            return _judged(face, code, *asked[:1])
        case Suggested() | Unresolved() | Noted() | Covered():
            # A cover is in the pixels: a face that is still found here is not covered.
            return _judged(face, ReasonCode.UNKNOWN_FACE)
        case Overruled() if not face.marks:
            # Nobody answers for a face that can be told: it has to be named or covered.
            return _judged(face, ReasonCode.UNKNOWN_FACE)
        case Overruled(by=by) | NotAStudent(by=by) | Nobody(by=by):
            return _judged(face, *_second_look_at_face(evidence, shown, face, by))
        case other:
            assert_never(other)


def _identified_face(
    evidence: Evidence,
    shown: Shown,
    face: FaceFinding,
    said: tuple[tuple[StudentId, ...], object],
) -> _Judged:
    students, by = said
    asked = [permission_for_face(evidence, shown, face, student) for student in students]
    permission = _strictest(asked) or Refused(reason=RefusalReason.UNKNOWN_STUDENT)
    if isinstance(permission, Refused):
        return _judged(face, _code_of(Use.IMAGE, permission), permission)
    codes = _second_look_at_face(evidence, shown, face, by) if isinstance(by, str) else ()
    return _judged(face, *codes, permission)


def _second_look_at_face(
    evidence: Evidence, shown: Shown, face: FaceFinding, by: object
) -> tuple[ReasonCode, ...]:
    """An author alone cannot talk away a likely match to a student who is refused."""
    match evidence.match_of(face.finding_id):
        case Suggested(likely=likely) | Identified(students=likely):
            pass
        case _:
            likely = ()
    asked = [permission_for_face(evidence, shown, face, student) for student in likely]
    return _second_look(evidence, asked, by)


def _judge_name(evidence: Evidence, shown: Shown, name: NameFinding) -> _Judged:
    match evidence.resolution_of(name.finding_id):
        case Identified(students=students, by=by):
            return _named(evidence, shown, name, students, by)
        case Noted() if name.certainty is Certainty.POSSIBLE:
            return _judged(name)
        case Suggested() | Unresolved() | Noted() | Covered():
            return _unsettled(evidence, shown, name)
        case Overruled(by=by):
            asked = _asked(evidence, shown, name, name.candidates)
            talked_away = any(isinstance(given, Refused) for _, given in asked)
            code = (ReasonCode.UNSETTLED_NAME,) if talked_away else ()
            return _judged(name, *code, *_second_look(evidence, [], by))
        case NotAStudent(by=by) | Nobody(by=by):
            return _judged(name, *_second_look_at_name(evidence, shown, name, by))
        case other:
            assert_never(other)


def _named(
    evidence: Evidence,
    shown: Shown,
    name: NameFinding,
    students: tuple[StudentId, ...],
    by: object,
) -> _Judged:
    asked = _asked(evidence, shown, name, students)
    refused = next((pair for pair in asked if isinstance(pair[1], Refused)), None)
    if refused is not None:
        return _judged(name, _code_of(*refused), refused[1])
    permission = _strictest([given for _, given in asked])
    if permission is None:
        return _judged(name, ReasonCode.UNSETTLED_NAME)
    codes = _second_look_at_name(evidence, shown, name, by) if isinstance(by, str) else ()
    return _judged(name, *codes, permission)


def _unsettled(evidence: Evidence, shown: Shown, name: NameFinding) -> _Judged:
    """Nobody has said who is meant: fine only when every one of them may be named so."""
    asked = _asked(evidence, shown, name, name.candidates)
    refused = [pair for pair in asked if isinstance(pair[1], Refused)]
    if asked and not refused:
        return _judged(name, _strictest([given for _, given in asked]))
    if asked and len(refused) == len(asked) and name.certainty is Certainty.CERTAIN:
        return _judged(name, _code_of(*refused[0]), refused[0][1])
    return _judged(name, ReasonCode.UNSETTLED_NAME, refused[0][1] if refused else None)


def _second_look_at_name(
    evidence: Evidence, shown: Shown, name: NameFinding, by: object
) -> tuple[ReasonCode, ...]:
    """An author alone cannot talk away the certain name of a student who is refused."""
    if name.certainty is not Certainty.CERTAIN:
        return ()
    asked = [given for _, given in _asked(evidence, shown, name, name.candidates)]
    return _second_look(evidence, asked, by)


def _second_look(
    evidence: Evidence, asked: Iterable[Permission], by: object
) -> tuple[ReasonCode, ...]:
    is_contradiction = any(isinstance(given, Refused) for given in asked)
    is_alone = evidence.author is None or by == evidence.author
    return (ReasonCode.SECOND_LOOK,) if is_contradiction and is_alone else ()


def _asked(
    evidence: Evidence, shown: Shown, name: NameFinding, students: Iterable[StudentId]
) -> list[tuple[Use, Permission]]:
    return [permission_for_name(evidence, shown, name, student) for student in students]


def _code_of(use: Use, permission: Permission) -> ReasonCode:
    match permission:
        case Refused(reason=RefusalReason.NAME_FORM):
            return ReasonCode.NAME_FORM
        case Refused(reason=RefusalReason.SCHOOL_AND_GRADE):
            return ReasonCode.SCHOOL_AND_GRADE
        case Refused(reason=RefusalReason.CLOSE_UP):
            return ReasonCode.CLOSE_UP
        case _ if use is Use.IMAGE_WITH_NAME:
            return ReasonCode.IMAGE_WITH_NAME
        case _:
            return ReasonCode.RELEASE_REFUSED


def _judged(found: FaceFinding | NameFinding, *parts: ReasonCode | Permission | None) -> _Judged:
    codes = [part for part in parts if isinstance(part, ReasonCode)]
    given = [part for part in parts if isinstance(part, Granted | Refused)]
    return _Judged(
        finding=found.finding_id,
        reasons=tuple(_reason(code, found.finding_id, found.media_id) for code in codes),
        permission=given[0] if given else None,
    )


# --- Student work ---------------------------------------------------------------------------


def _refused_works(works: Iterable[Credited]) -> Iterator[Reason]:
    for one in works:
        if isinstance(one.permission, Refused):
            yield _reason(_code_of(one.use, one.permission), media=one.media_id)


def _recalled_works(evidence: Evidence, shown: Shown) -> Iterator[Reason]:
    """An author alone cannot talk away the work of a student who is refused."""
    for one in recalled_in(evidence, shown):
        is_refused = any(isinstance(given, Refused) for given in one.permissions)
        if one.word is None:
            code = ReasonCode.LIKELY_WORK if is_refused else ReasonCode.KNOWN_WORK
            yield _reason(code, media=one.media_id)
        else:
            for look in _second_look(evidence, one.permissions, one.word.by):
                yield _reason(look, media=one.media_id)


def _check_works(evidence: Evidence) -> Iterator[Reason]:
    for media_id in unsaid_works(evidence):
        yield _reason(ReasonCode.WHOSE_WORK, media=media_id)
    for name in artists_in_question(evidence):
        yield _reason(ReasonCode.IS_ARTIST, name.finding_id, name.media_id)


# --- The post as a whole --------------------------------------------------------------------


def _check_roster(evidence: Evidence) -> Iterator[Reason]:
    if evidence.roster_size == 0:
        yield _reason(ReasonCode.EMPTY_ROSTER)


def _check_content(evidence: Evidence) -> Iterator[Reason]:
    if not evidence.media and not evidence.has_words:
        yield _reason(ReasonCode.NOTHING_TO_CHECK)


def _check_files(evidence: Evidence) -> Iterator[Reason]:
    for media in evidence.media:
        match media.state:
            case MediaState.REFUSED:
                words = media.refused.message if media.refused else WORDS[ReasonCode.FILE_REFUSED]
                yield Reason(code=ReasonCode.FILE_REFUSED, message=words, media=media.media_id)
            case MediaState.WAITING | MediaState.CHECKING:
                yield _reason(ReasonCode.FILE_WAITING, media=media.media_id)
            case MediaState.FAILED:
                yield _reason(ReasonCode.STAGE_FAILED, media=media.media_id)
            case MediaState.CHECKED if media.pixels_sha256 is None:
                yield _reason(ReasonCode.STAGE_FAILED, media=media.media_id)
            case MediaState.CHECKED:
                yield from _check_rendition(media, evidence)
            case other:
                assert_never(other)


def _check_rendition(media: Media, evidence: Evidence) -> Iterator[Reason]:
    """What goes out has to be made for this channel, from what was checked."""
    if not media.is_fitted(evidence.needs):
        yield _reason(ReasonCode.FILE_WAITING, media=media.media_id)
    elif media.rendition is not None and media.rendition.refused is not None:
        words = media.rendition.refused.message
        yield Reason(code=ReasonCode.FILE_REFUSED, message=words, media=media.media_id)


def _check_alt_texts(evidence: Evidence) -> Iterator[Reason]:
    for media in evidence.media:
        if evidence.is_alt_text_required and not media.alt_text.strip():
            yield _reason(ReasonCode.ALT_TEXT_MISSING, media=media.media_id)


def _check_unread(evidence: Evidence) -> Iterator[Reason]:
    for text in evidence.unread:
        match evidence.resolution_of(text.finding_id):
            case Nobody() | NotAStudent() | Overruled():
                pass
            case _:
                yield _reason(ReasonCode.UNREAD_TEXT, text.finding_id, text.media_id)


def _check_twins(evidence: Evidence) -> Iterator[Reason]:
    """Two faces in one picture are never one student."""
    seen: Counter[tuple[MediaId, StudentId]] = Counter()
    for face in evidence.faces:
        match evidence.resolution_of(face.finding_id):
            case Identified(students=students):
                seen.update((face.media_id, student) for student in set(students))
            case _:
                pass
    for media_id in sorted({media for (media, _), count in seen.items() if count > 1}):
        yield _reason(ReasonCode.SAME_STUDENT_TWICE, media=media_id)


_CHECKS: tuple[Callable[[Evidence], Iterator[Reason]], ...] = (
    _check_roster,
    _check_content,
    _check_files,
    _check_alt_texts,
    _check_unread,
    _check_twins,
    _check_works,
)


# --- The sum --------------------------------------------------------------------------------


def _reason(
    code: ReasonCode, finding: FindingId | None = None, media: MediaId | None = None
) -> Reason:
    return Reason(code=code, message=WORDS[code], finding=finding, media=media)


def _in_order(reason: Reason) -> tuple[int, str, str, str]:
    is_block = OUTCOMES[reason.code] is Outcome.BLOCKED
    return (0 if is_block else 1, reason.code, reason.media or "", reason.finding or "")


def _worst(reasons: Iterable[Reason]) -> Outcome:
    outcomes = {OUTCOMES[reason.code] for reason in reasons}
    for outcome in (Outcome.BLOCKED, Outcome.NEEDS_REVIEW):
        if outcome in outcomes:
            return outcome
    return Outcome.CLEARED


def _strictest(permissions: Iterable[Permission]) -> Permission | None:
    asked = list(permissions)
    refused = next((given for given in asked if isinstance(given, Refused)), None)
    if refused is not None:
        return refused
    granted = [given for given in asked if isinstance(given, Granted)]
    if not granted:
        return None
    return together(granted)


def _grounds_of(granted: Iterable[Granted]) -> tuple[Ground, ...]:
    return tuple(sorted({ground for given in granted for ground in given.grounds}))


def _first_end(granted: Iterable[Granted]) -> date | None:
    return min((given.until for given in granted if given.until is not None), default=None)


def _good_until(evidence: Evidence, granted: Iterable[Granted]) -> datetime:
    latest = evidence.now + LONGEST_VALIDITY
    last_day = _first_end(granted)
    if last_day is None or last_day > latest.date():
        return latest
    midnight = datetime.combine(last_day + timedelta(days=1), time.min, evidence.zone)
    return min(latest, midnight.astimezone(evidence.now.tzinfo))
