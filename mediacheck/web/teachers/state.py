"""A post as its page shows it: one JSON object that the page's script draws from.

Reasons are in the words of the decision, so no page can tell more than it does. Boxes are pixels
of the published picture; spans are UTF-16 offsets, as scripts count characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any, assert_never

from flask import url_for

from mediacheck.decision.remedies import remedies_for
from mediacheck.decision.wording import OUTCOMES
from mediacheck.flow.judge import Judged
from mediacheck.model.finding import (
    Certainty,
    FaceFinding,
    FaceMark,
    Finding,
    FindingId,
    NameFinding,
    UnreadText,
    Where,
)
from mediacheck.model.people import StaffId
from mediacheck.model.post import Box, Media, MediaId, Post
from mediacheck.model.resolution import (
    Covered,
    Identified,
    Nobody,
    NotAStudent,
    Noted,
    OtherPerson,
    Overruled,
    Suggested,
    Unresolved,
)
from mediacheck.model.review import ReviewNote
from mediacheck.model.verdict import Clearance, Outcome, Reason, ReasonCode
from mediacheck.review.whereabouts import NAME_WITH_SCHOOL_AND_GRADE, tells_where
from mediacheck.web.teachers.remembered_state import is_remembered, remembered_words
from mediacheck.web.teachers.renditions import is_waiting, notices_of
from mediacheck.web.teachers.works_state import artist_state, work_state
from release_db.words import StudentId

# The values are JSON, which has no narrower type.
Json = dict[str, Any]

_ASK, _BLOCKED, _OK, _WAITING = "ask", "blocked", "ok", "waiting"
#: The contact sheet shows first what needs the teacher.
_ORDER = (_BLOCKED, _ASK, _WAITING, _OK)

_OTHERS = {
    OtherPerson.STAFF: "A staff member",
    OtherPerson.VISITOR: "A visitor",
    OtherPerson.PICTURE_ON_WALL: "A picture on a wall",
    OtherPerson.OTHER: "Somebody else",
}
_MARKS = {
    FaceMark.TOO_SMALL: "Too small to tell",
    FaceMark.TURNED: "Turned away",
    FaceMark.BLURRED: "Blurred",
    FaceMark.DRAWN_BY_HAND: "Drawn by hand",
    FaceMark.ENGINE_LIMIT: "So many people, or so dark, that faces may have been missed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What the page needs besides the judged post."""

    judged: Judged
    may_edit: bool
    may_review: bool
    clearance: Clearance | None
    clearance_trouble: str
    notes: tuple[ReviewNote, ...]
    names: Mapping[StaffId, str]
    is_mine: bool = False
    """Whether the person who looks at it is the post's author."""
    school_name: str = ""
    zone: tzinfo = UTC
    """The district's own time, in which days are told."""
    publishing: Json | None = None


def state_of(page: PageState) -> Json:
    """The whole page as one JSON object."""
    judged = page.judged
    post = judged.post
    by_finding = _reasons_by_finding(judged.verdict.reasons)
    media = [_media_state(page, one, by_finding) for one in post.media]
    return {
        "version": post.version,
        "state": post.state,
        "may_edit": page.may_edit,
        "may_review": page.may_review,
        "is_mine": page.is_mine,
        "school": post.school,
        "caption": post.caption,
        "channel": post.channel,
        "channel_name": judged.channel.name if judged.channel else post.channel,
        "class_key": post.class_key,
        "outcome": judged.verdict.outcome,
        "headline": _headline(judged),
        "reasons": _general_reasons(judged.verdict.reasons),
        "media": sorted(media, key=lambda one: (_ORDER.index(one["status"]), one["position"])),
        "names": names_in_words(page),
        "clearance": _clearance_state(page),
        "publishing": page.publishing,
        "notes": [
            {
                "act": note.act,
                "by": page.names.get(note.by, ""),
                "at": note.at.isoformat(),
                "words": note.words,
            }
            for note in page.notes
        ],
    }


def names_in_words(page: PageState, media_id: MediaId | None = None) -> list[Json]:
    """The names in the caption, or in the description of a picture, left to right."""
    where = Where.CAPTION if media_id is None else Where.ALT
    by_finding = _reasons_by_finding(page.judged.verdict.reasons)
    return [
        _name_state(page, found, by_finding.get(found.finding_id, []))
        for found in page.judged.findings
        if isinstance(found, NameFinding) and (found.where, found.media_id) == (where, media_id)
    ]


def _headline(judged: Judged) -> str:
    waiting = sum(is_waiting(judged, media) for media in judged.post.media)
    if waiting:
        total = len(judged.post.media)
        return f"Checking {total - waiting + 1} of {total} photos"
    if any(reason.code is ReasonCode.NOTHING_TO_CHECK for reason in judged.verdict.reasons):
        return "Add the photos and the words of your post"
    match judged.verdict.outcome:
        case Outcome.CLEARED:
            return "This post may go out"
        case Outcome.BLOCKED:
            return "This post cannot go out as it is"
        case Outcome.NEEDS_REVIEW:
            return "A few things are left to settle"
        case other:
            assert_never(other)


def _reasons_by_finding(reasons: Iterable[Reason]) -> dict[FindingId, list[Reason]]:
    grouped: dict[FindingId, list[Reason]] = {}
    for reason in reasons:
        if reason.finding is not None:
            grouped.setdefault(reason.finding, []).append(reason)
    return grouped


def _general_reasons(reasons: Iterable[Reason]) -> list[Json]:
    return [
        {"code": reason.code, "message": reason.message, "status": _status([reason])}
        for reason in reasons
        if reason.finding is None and reason.media is None
    ]


def _status(reasons: Iterable[Reason]) -> str:
    outcomes = {OUTCOMES[reason.code] for reason in reasons}
    if Outcome.BLOCKED in outcomes:
        return _BLOCKED
    return _ASK if outcomes else _OK


# --- One picture ----------------------------------------------------------------------------


def _media_state(
    page: PageState, media: Media, by_finding: Mapping[FindingId, list[Reason]]
) -> Json:
    judged = page.judged
    reasons = [reason for reason in judged.verdict.reasons if reason.media == media.media_id]
    messages = [
        {"code": reason.code, "message": reason.message}
        for reason in reasons
        if reason.finding is None and reason.code is not ReasonCode.FILE_WAITING
    ]
    return {
        "id": media.media_id,
        "position": media.position,
        "file_name": media.file_name,
        "state": media.state,
        "status": _WAITING if is_waiting(judged, media) else _status(reasons),
        "refused": media.refused.message if media.refused else None,
        "messages": messages,
        "notices": notices_of(media),
        "alt_text": media.alt_text,
        "width": media.width_px,
        "height": media.height_px,
        **_picture_urls(judged.post, media),
        **_seen_in(page, media, by_finding),
        "work": work_state(judged, media.media_id),
        "covers": [
            {
                "index": index,
                "box": _box(cover.box),
                "style": cover.style,
                "is_writing": cover.is_writing,
            }
            for index, cover in enumerate(media.covers)
        ],
    }


def _seen_in(page: PageState, media: Media, by_finding: Mapping[FindingId, list[Reason]]) -> Json:
    judged = page.judged
    seen: dict[str, list[Json]] = {"faces": [], "names": [], "unread": []}
    for found in judged.findings:
        reasons = by_finding.get(found.finding_id, [])
        match found:
            case _ if found.media_id != media.media_id:
                pass
            case FaceFinding():
                seen["faces"].append(_face_state(judged, found, reasons))
            case NameFinding():
                seen["names"].append(_name_state(page, found, reasons))
            case UnreadText():
                seen["unread"].append(_unread_state(found, reasons))
            case other:
                assert_never(other)
    return seen


def _picture_urls(post: Post, media: Media) -> Json:
    """The address changes with the pixels, so a browser never shows the picture before a cover."""
    if media.pixels_sha256 is None:
        return {"picture_url": None, "thumbnail_url": None}

    def url_of(endpoint: str) -> str:
        return url_for(
            endpoint,
            post_id=post.post_id,
            media_id=media.media_id,
            pixels=(media.pixels_sha256 or "")[:16],
        )

    return {
        "picture_url": url_of("teachers.picture"),
        "thumbnail_url": url_of("teachers.thumbnail"),
    }


def _box(box: Box) -> list[int]:
    return [box.left, box.top, box.width, box.height]


def _face_state(judged: Judged, face: FaceFinding, reasons: list[Reason]) -> Json:
    label, suggestion, is_settled = _who(judged, face)
    return {
        "id": face.finding_id,
        "box": _box(face.box),
        "status": _status(reasons),
        "label": label,
        "messages": [reason.message for reason in reasons],
        "marks": [_MARKS[mark] for mark in sorted(face.marks)],
        "suggestion": suggestion,
        "is_settled": is_settled,
    }


def _who(judged: Judged, found: Finding) -> tuple[str, Json | None, bool]:
    """Label, suggestion, and whether a person has settled it."""
    spoken = found.finding_id in judged.words
    match judged.resolution_of(found.finding_id):
        case Identified(students=students):
            return ", ".join(_name_of(judged, student) for student in students), None, spoken
        case Suggested(candidates=candidates) if candidates:
            student = candidates[0].student_id
            name = _name_of(judged, student)
            return f"Is this {name}?", _student_state(judged, student), False
        case NotAStudent(kind=kind):
            return _OTHERS[kind], None, True
        case Nobody():
            words = "Not a face" if isinstance(found, FaceFinding) else "No student's name"
            return words, None, True
        case Overruled():
            return "Let through by the office", None, True
        case Noted(note=note):
            return note, None, False
        case Suggested() | Unresolved() | Covered():
            return "Who is this?", None, False
        case other:
            assert_never(other)


def _name_of(judged: Judged, student_id: StudentId) -> str:
    student = judged.students.get(student_id)
    return student.display_name if student is not None else "a student"


def _student_state(judged: Judged, student_id: StudentId) -> Json:
    return {
        "student_id": student_id,
        "name": _name_of(judged, student_id),
        "portrait_url": url_for("teachers.portrait", student_id=student_id),
    }


# --- One name, one piece of writing ---------------------------------------------------------


def _name_state(page: PageState, name: NameFinding, reasons: list[Reason]) -> Json:
    judged = page.judged
    label, suggestion, is_settled = _who(judged, name)
    return {
        "id": name.finding_id,
        "label": label,
        "where": name.where,
        "text": name.text,
        "span": _utf16_span(_text_of(judged.post, name), name.span),
        "box": _box(name.box) if name.box else None,
        "status": _status(reasons),
        "messages": [
            *([reason.message for reason in reasons] or _whereabouts(page, name)),
            *remembered_words(judged, name, page.names, page.zone, is_open=bool(reasons)),
        ],
        "note": name.note,
        "is_remembered": is_remembered(judged, name),
        "certainty": name.certainty,
        "candidates": [
            {"student_id": student, "name": _name_of(judged, student)}
            for student in name.candidates
        ],
        "suggestion": suggestion,
        "is_settled": is_settled,
        "remedies": _remedies(judged, name),
        "artist": artist_state(judged, name),
    }


def _whereabouts(page: PageState, name: NameFinding) -> list[str]:
    """What to know of a name that may go out and stands beside the school and the grade."""
    is_told = name.certainty is not Certainty.POSSIBLE and tells_where(
        _text_of(page.judged.post, name), page.school_name
    )
    return [NAME_WITH_SCHOOL_AND_GRADE] if is_told else []


def _remedies(judged: Judged, name: NameFinding) -> list[Json]:
    if name.where not in {Where.CAPTION, Where.ALT}:
        return []
    student = judged.students.get(name.candidates[0]) if len(name.candidates) == 1 else None
    permission = judged.verdict.permissions.get(name.finding_id)
    return [
        {"label": remedy.label, "replacement": remedy.replacement}
        for remedy in remedies_for(name, permission, student)
    ]


def _text_of(post: Post, name: NameFinding) -> str:
    if name.where is Where.CAPTION:
        return post.caption
    media = post.media_or_none(name.media_id) if name.media_id is not None else None
    return media.alt_text if media is not None and name.where is Where.ALT else ""


def _utf16_span(text: str, span: tuple[int, int] | None) -> list[int] | None:
    if span is None or not text:
        return None
    return [len(text[:end].encode("utf-16-le")) // 2 for end in span]


def _unread_state(text: UnreadText, reasons: list[Reason]) -> Json:
    return {
        "id": text.finding_id,
        "box": _box(text.box),
        "guess": text.guess,
        "status": _status(reasons),
        "messages": [reason.message for reason in reasons],
        "is_settled": not reasons,
    }


def _clearance_state(page: PageState) -> Json | None:
    if page.clearance is None:
        return None
    return {
        "good_until": page.clearance.good_until.isoformat(),
        "holds": not page.clearance_trouble,
        "trouble": page.clearance_trouble,
        "package_url": url_for("teachers.package", post_id=page.judged.post.post_id),
    }
