"""The JSON object of ``mediacheck check``, as the contract of the command line gives it.

Boxes are pixels of the upright picture as it was given, not of the smaller one that is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from mediacheck.flow.judge import Judged
from mediacheck.model.finding import (
    FaceFinding,
    Finding,
    FindingId,
    NameFinding,
    UnreadText,
)
from mediacheck.model.post import Box, Media
from mediacheck.model.resolution import (
    Covered,
    Identified,
    ModelMatch,
    Nobody,
    NotAStudent,
    Noted,
    Overruled,
    Suggested,
    Unresolved,
)
from mediacheck.model.verdict import Clearance
from release_db.records import Granted, Permission

# The values are JSON, which has no narrower type.
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A checked post with how long each stage took, in milliseconds."""

    judged: Judged
    clearance: Clearance | None
    paths: Mapping[str, str] = field(default_factory=dict)
    """Media id to the path that was given."""
    timings_ms: Mapping[str, int] = field(default_factory=dict)


def report_as_json(report: Report) -> Json:
    """The whole report as one JSON object."""
    judged = report.judged
    ids = _short_ids(judged.findings)
    return {
        "verdict": judged.verdict.outcome,
        "channel": judged.post.channel,
        "clearance": _clearance(report.clearance),
        "reasons": [
            {
                "code": reason.code,
                "message": reason.message,
                "finding": ids.get(reason.finding) if reason.finding else None,
                "media": report.paths.get(reason.media) if reason.media else None,
            }
            for reason in judged.verdict.reasons
        ],
        "media": [_media(report, media, ids) for media in judged.post.media],
        "names": [
            _name(report, found, ids[found.finding_id])
            for found in judged.findings
            if isinstance(found, NameFinding)
        ],
        "timings_ms": dict(report.timings_ms),
    }


def _short_ids(findings: tuple[Finding, ...]) -> dict[FindingId, str]:
    """``f1, f2, …`` for faces, ``n1, …`` for names, ``t1, …`` for unread text, in order."""
    counts = {"f": 0, "n": 0, "t": 0}
    ids: dict[FindingId, str] = {}
    for found in findings:
        match found:
            case FaceFinding():
                kind = "f"
            case NameFinding():
                kind = "n"
            case UnreadText():
                kind = "t"
            case other:
                assert_never(other)
        counts[kind] += 1
        ids[found.finding_id] = f"{kind}{counts[kind]}"
    return ids


def _clearance(clearance: Clearance | None) -> Json | None:
    if clearance is None:
        return None
    return {
        "id": clearance.clearance_id,
        "channel": clearance.channel,
        "pixels_sha256": list(clearance.pixels),
        "words_sha256": clearance.words_sha256,
        "rests_on": list(clearance.rests_on),
        "good_until": clearance.good_until.isoformat(timespec="seconds"),
    }


def _media(report: Report, media: Media, ids: Mapping[FindingId, str]) -> Json:
    mine = [found for found in report.judged.findings if found.media_id == media.media_id]
    scale = media.source_width_px / media.width_px if media.width_px else 1.0
    refused = (
        {"code": media.refused.code, "message": media.refused.message} if media.refused else None
    )
    return {
        "path": report.paths.get(media.media_id, media.file_name),
        "sha256": media.sha256,
        "pixels_sha256": media.pixels_sha256,
        "width": media.source_width_px or None,
        "height": media.source_height_px or None,
        "refused": refused,
        "notices": list(media.notices),
        "faces": [
            _face(report.judged, found, ids[found.finding_id], scale)
            for found in mine
            if isinstance(found, FaceFinding)
        ],
        "unread_text": [
            {"id": ids[found.finding_id], "box": _box(found.box, scale)}
            for found in mine
            if isinstance(found, UnreadText)
        ],
    }


def _box(box: Box, scale: float) -> list[int]:
    scaled = box.scaled(scale)
    return [scaled.left, scaled.top, scaled.width, scaled.height]


def _face(judged: Judged, face: FaceFinding, short_id: str, scale: float) -> Json:
    return {
        "id": short_id,
        "box": _box(face.box, scale),
        "detectors": list(face.detectors),
        "marks": sorted(face.marks),
        **_resolution(judged, face),
        "permission": _permission(judged.verdict.permissions.get(face.finding_id)),
    }


def _resolution(judged: Judged, face: FaceFinding) -> Json:
    match judged.resolution_of(face.finding_id):
        case Identified(students=students, by=ModelMatch(distance=distance, margin=margin)):
            return _match("identified", students[0], distance, margin)
        case Identified(students=students):
            return _match("identified", students[0] if students else None, None, None)
        case Suggested(candidates=candidates) if candidates:
            best = candidates[0]
            return _match("suggested", best.student_id, best.distance, best.margin)
        case NotAStudent() | Nobody() | Overruled():
            return _match("not_student", None, None, None)
        case Covered():
            return _match("covered", None, None, None)
        case Suggested() | Unresolved() | Noted():
            return _match("unresolved", None, None, None)
        case other:
            assert_never(other)


def _match(
    resolution: str, student: str | None, distance: float | None, margin: float | None
) -> Json:
    return {
        "resolution": resolution,
        "student": student,
        "distance": round(distance, 4) if distance is not None else None,
        "margin": round(margin, 4) if margin is not None else None,
    }


def _permission(permission: Permission | None) -> str | None:
    if permission is None:
        return None
    return "granted" if isinstance(permission, Granted) else "refused"


def _name(report: Report, name: NameFinding, short_id: str) -> Json:
    return {
        "id": short_id,
        "where": name.where,
        "media": report.paths.get(name.media_id) if name.media_id is not None else None,
        "source": name.source or None,
        "text": name.text,
        "span": list(name.span) if name.span else None,
        "form": name.form,
        "candidates": list(name.candidates),
        "certainty": name.certainty,
        "note": name.note or None,
        "permission": _permission(report.judged.verdict.permissions.get(name.finding_id)),
    }
