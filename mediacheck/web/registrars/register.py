"""Finds a student of the register."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mediacheck.model.people import Role
from mediacheck.web.access import current_staff, open_to, services

#: More than this is no answer: the page asks for more letters.
_MOST_SHOWN = 50
_LONGEST = 200


@open_to(Role.REGISTRAR)
def register() -> ResponseReturnValue:
    """The students of this person's schools whose names or id hold what was typed."""
    wanted = " ".join(request.args.get("q", "")[:_LONGEST].split())
    with services().transaction() as work:
        found = work.register.terms.find_students(
            wanted, schools=current_staff().schools, limit=_MOST_SHOWN
        )
        return render_template(
            "registrars/register.html",
            wanted=wanted,
            found=found,
            school_names={school.key: school.name for school in work.register.schools()},
        )
