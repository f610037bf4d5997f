"""Missing, expiring, refused: counts for the offices, and names for the registrar."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mediacheck.errors import NotFound
from mediacheck.flow.counts import TOLD, Question, Standing, counts_of, students_in
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, require_school, services
from mediacheck.web.registrars.standing import USES
from release_db.records import School
from release_db.words import Audience, ClassKey, Use

#: Audiences in the words of the office.
AUDIENCES = {
    Audience.HOUSEHOLD: "The child's own family",
    Audience.CLASS: "The class",
    Audience.SCHOOL: "The school",
    Audience.DISTRICT: "The district",
    Audience.PUBLIC_WEB: "Public web pages",
    Audience.SOCIAL: "Social media",
    Audience.PRINT: "Print",
    Audience.PRESS: "The press",
}

_STANDINGS = {
    Standing.MISSING: "Missing",
    Standing.EXPIRING: "Ends within 30 days",
    Standing.REFUSED: "Refused",
}


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR, Role.COMMUNICATIONS)
def counts() -> ResponseReturnValue:
    """The counts of one school, for one audience and one use."""
    is_registrar = current_staff().role is Role.REGISTRAR
    with services().transaction() as work:
        schools = _schools(work)
        if not schools:
            return render_template("registrars/counts.html", schools=(), **_words())
        question = _question(schools)
        return render_template(
            "registrars/counts.html",
            schools=schools,
            question=question,
            school_name={school.key: school.name for school in schools}[question.school],
            shown=counts_of(work, services(), question, hides_small=not is_registrar),
            opens_names=is_registrar,
            **_words(),
        )


@open_to(Role.REGISTRAR)
def names() -> ResponseReturnValue:
    """The students behind one count."""
    try:
        standing = Standing(request.args.get("standing", ""))
    except ValueError:
        raise NotFound from None
    group = request.args.get("class", "")
    with services().transaction() as work:
        question = _question(_schools(work))
        class_key = ClassKey(group) if group else None
        students = students_in(work, services(), question, standing, class_key)
        classes = {one.key: one.name for one in work.register.classes(question.school)}
        return render_template(
            "registrars/counts_names.html",
            question=question,
            standing=standing,
            class_name=classes.get(class_key, "") if class_key else "",
            students=students,
            **_words(),
        )


def _schools(work: Work) -> tuple[School, ...]:
    return tuple(one for one in work.register.schools() if current_staff().works_at(one.key))


def _question(schools: tuple[School, ...]) -> Question:
    """What the address asks for; the first school, and photos on social media, where it is silent.

    Raises:
        NotFound: a school of somebody else, or words that the form never offered.
    """
    if not schools:
        raise NotFound
    try:
        audience = Audience(request.args.get("audience", Audience.SOCIAL))
        use = Use(request.args.get("use", Use.IMAGE))
    except ValueError:
        raise NotFound from None
    wanted = request.args.get("school", schools[0].key)
    school = next((one.key for one in schools if one.key == wanted), None)
    if school is None:
        raise NotFound
    require_school(school)
    return Question(school=school, audience=audience, use=use)


def _words() -> dict[str, object]:
    return {
        "audiences": AUDIENCES,
        "uses": USES,
        "standings": {standing: _STANDINGS[standing] for standing in TOLD},
    }
