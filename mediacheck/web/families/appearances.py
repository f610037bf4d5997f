"""My child's appearances: everything that was published of her, and asking for its removal."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.families_appearances import (
    Rule,
    RuleKind,
    Seen,
    StepKind,
    Whereabouts,
    appearances_of,
    ask_removal,
    box_in,
    face_in,
    require_entitled,
)
from mediacheck.flow.families_export import note_look
from mediacheck.intake.encoding import crop_jpeg, picture_from_jpeg
from mediacheck.model.family_log import Looked
from mediacheck.web.access import open_to_families
from mediacheck.web.families import words
from mediacheck.web.families.desk import open_desk
from mediacheck.web.families.language import _
from release_db.policy import zone_of

_PAGE = "families/appearances.html"
_CROP_PX = 240


@open_to_families()
def appearances(student_id: str) -> ResponseReturnValue:
    """Every published post with the child in it, the newest first."""
    with open_desk() as desk:
        file = require_entitled(desk, student_id)
        zone = zone_of(desk.work.register)
        found = appearances_of(desk, file)
        note_look(desk, file.student.student_id, Looked.APPEARANCES)
    lines = [
        (
            seen,
            words.day_words(seen.published_at.astimezone(zone).date()),
            _named(seen),
            [_rule_words(rule) for rule in seen.rules],
            _badge(seen),
            [
                (_step_words(kind), words.day_words(at.astimezone(zone).date()))
                for kind, at in seen.steps
            ],
            words.day_words(seen.by_hand_until.astimezone(zone).date())
            if seen.by_hand_until is not None
            else "",
        )
        for seen in found
    ]
    return render_template(_PAGE, student=file.student, lines=lines)


@open_to_families()
def crop(student_id: str, publication_id: str, number: int) -> ResponseReturnValue:
    """The child as she was published, and nobody else in the picture."""
    with open_desk() as desk:
        file = require_entitled(desk, student_id)
        jpeg = face_in(desk, file, publication_id, number)
        box = box_in(desk, file, publication_id, number)
    picture = picture_from_jpeg(jpeg, source_width_px=1, source_height_px=1)
    return Response(crop_jpeg(picture, box, _CROP_PX), mimetype="image/jpeg")


@open_to_families()
def ask(student_id: str, publication_id: str) -> ResponseReturnValue:
    """Asks the office to take a publication down."""
    with open_desk() as desk:
        ask_removal(desk, student_id, publication_id)
    flash(_("The office has your request and takes it from here."))
    return redirect(url_for("families.appearances", student_id=student_id))


def _named(seen: Seen) -> str:
    return ", ".join(f"“{name}”" for name in seen.names)


def _badge(seen: Seen) -> tuple[str, str]:
    match seen.whereabouts:
        case Whereabouts.COMING_DOWN:
            return "review", _("The office is taking it down")
        case Whereabouts.PROVEN_GONE:
            return "cleared", _("Taken down, and checked: its page and every photo are gone")
        case Whereabouts.DOWN:
            return "cleared", _("Taken down")
        case Whereabouts.NEVER_POSTED:
            return "cleared", _("It was prepared, and never posted")
        case Whereabouts.STAYS if not seen.is_asked:
            return "blocked", _("It cannot be taken down")
        case _ if seen.is_asked:
            return "review", _("You asked for its removal")
        case _:
            return "", _("Published")


def _step_words(kind: StepKind) -> str:
    return {
        StepKind.BEGUN: _("The school began to take it down"),
        StepKind.BY_A_PERSON: _("A person of the school was asked to take it down"),
        StepKind.COVERED_COPY: _("A version without your child was started"),
        StepKind.DELETED: _("Deleted, and checked that it is gone"),
        StepKind.REMOVED: _("Taken down by a person, who showed that it is gone"),
        StepKind.REPLACED: _("Replaced by a version without your child"),
        StepKind.NEVER_POSTED: _("The school found that it was never posted"),
        StepKind.CANNOT_REMOVE: _("The school found that it cannot be taken down"),
    }[kind]


def _rule_words(rule: Rule) -> str:
    plain = {
        RuleKind.OWN_ANSWER: _("your own yes"),
        RuleKind.OTHER_GUARDIAN: _("the yes of another guardian, which nobody contradicted"),
        RuleKind.STUDENT: _("the student's own yes"),
        RuleKind.OFFICE: _("a signed form that the school office entered"),
        RuleKind.SCHOOL_RECORDS: _("a yes in the school's records"),
        RuleKind.ITEM: _("a yes for this very picture"),
        RuleKind.NOTICE: _("the district's yearly notice, to which nobody objected"),
    }[rule.kind]
    if rule.given_on is None:
        return plain
    return _("%(rule)s, of %(day)s", rule=plain, day=words.day_words(rule.given_on))
