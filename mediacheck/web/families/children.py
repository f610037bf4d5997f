"""A family's first page, and the page of one child: what holds today."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from mediacheck.flow.coming_of_age import grown_children_of
from mediacheck.flow.families import (
    FamilyDesk,
    asks_for_templates,
    children_of,
    may_widen,
    require_child,
    told_of,
)
from mediacheck.flow.families_choices import Choice, Place
from mediacheck.flow.families_pictures import questions_for
from mediacheck.flow.families_summary import State, summary_of
from mediacheck.web.access import open_to_families
from mediacheck.web.families import words
from mediacheck.web.families.desk import open_desk
from release_db.records import StudentFile
from release_db.rules import biometric_consent_or_none
from release_db.words import Audience, Use


@open_to_families(restrict_links=True)
def children() -> ResponseReturnValue:
    """The children of whoever is visiting, each with what photos of her are allowed where."""
    with open_desk() as desk:
        lines = [_line(desk, file) for file in children_of(desk)]
        grown = grown_children_of(desk)
    return render_template("families/children.html", lines=lines, grown=grown)


@open_to_families(restrict_links=True)
def child(student_id: str) -> ResponseReturnValue:
    """What holds for one child, by audience."""
    with open_desk() as desk:
        file = require_child(desk, student_id)
        summary = summary_of(desk, file)
        template = biometric_consent_or_none(file, desk.today) is not None
        context = {
            "student": file.student,
            "may_widen": may_widen(desk, file),
            "questions": len(questions_for(desk, file)) if may_widen(desk, file) else 0,
            "asks_for_templates": asks_for_templates(desk, file) or template,
        }
    audiences, uses = words.audience_words(), words.use_words()
    rows = [
        (
            audiences[audience],
            [
                (uses[use], words.badge_of(summary[Place(audience=audience, use=use)]))
                for use in Use
            ],
        )
        for audience in Audience
    ]
    return render_template("families/child.html", rows=rows, has_template=template, **context)


def _line(desk: FamilyDesk, file: StudentFile) -> dict[str, object]:
    """One child in the list: where photos are allowed, and whether anything was answered."""
    summary = summary_of(desk, file)
    names = words.audience_words()
    photos = [(names[one][0], summary[Place(audience=one, use=Use.IMAGE)]) for one in Audience]
    allowed = [
        f"{name} ({', '.join(standing.channels)})" if standing.channels else name
        for name, standing in photos
        if standing.state in {State.ALLOWED, State.SINGLE}
    ]
    told = told_of(desk, file).values()
    is_answered = any(one.choice is not Choice.UNSAID for one in told)
    states = {standing.state for standing in summary.values()}
    return {
        "student": file.student,
        "allowed": allowed,
        "is_answered": is_answered,
        "differs": State.DIFFERS in states,
    }
