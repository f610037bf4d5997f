"""What a post's page shows of student work: whose it is, and which names may be the artist's."""

from __future__ import annotations

from typing import Any

from mediacheck.flow.judge import Judged
from mediacheck.flow.works import suggested_word
from mediacheck.model.finding import NameFinding, Where
from mediacheck.model.post import MediaId
from mediacheck.model.works import Credit, WorkWord, students_named, work_beside
from release_db.words import NameForm, StudentId

#: How much of a name can be seen, in the words of the page.
NAME_FORMS = {
    NameForm.NONE: "nothing of it",
    NameForm.INITIALS: "initials",
    NameForm.FIRST: "first name",
    NameForm.FIRST_INITIAL: "first name and an initial",
    NameForm.FULL: "full name",
}


# The values are JSON, which has no narrower type.
def work_state(judged: Judged, media_id: MediaId) -> dict[str, Any]:
    """What was said of the work in a picture, and the form of the names that were read in it."""
    word = judged.works.get(media_id)
    return {
        "credit": word.credit if word is not None else None,
        "label": _label(judged, word),
        "suggestion": _suggestion(judged, media_id) if word is None or word.is_unsaid else "",
        "students": [_student(judged, one) for one in (word.students if word else ())],
        "name_form": word.name_form if word and word.students else _read(judged, media_id),
    }


def artist_state(judged: Judged, name: NameFinding) -> dict[str, Any] | None:
    """Whom a name may credit, while that is a question; None where it is none.

    It has to be answered where the picture is said to show work, and may be where the name stands
    in the pixels.
    """
    place = work_beside(name, judged.post.media)
    word = judged.works.get(place) if place is not None else None
    is_asked = word is not None and word.shows_work
    if not is_asked and name.where is not Where.PIXELS:
        return None
    answered = {*word.students, *word.others} if word is not None else set()
    meant = students_named(name, judged.resolution_of(name.finding_id))
    students = [_student(judged, one) for one in meant if one not in answered]
    return {"students": students, "is_asked": is_asked} if students else None


def _suggestion(judged: Judged, media_id: MediaId) -> str:
    """What was said before of a work that looks the same, as an offer; empty without one."""
    word = suggested_word(judged, media_id)
    if word is None:
        return ""
    if word.credit is Credit.UNNAMED:
        return "Yes, the same work: no names visible, not credited"
    return f"Yes, the same work, by {_listed(_names(judged, word))}"


def _names(judged: Judged, word: WorkWord) -> list[str]:
    return [_student(judged, one)["name"] for one in word.students]


def _label(judged: Judged, word: WorkWord | None) -> str:
    if word is None or word.credit is Credit.NO_WORK:
        return ""
    if word.is_unsaid:
        return "It shows student work, and whose is not said yet."
    if word.credit is Credit.UNNAMED:
        return "Student work without a name that can be seen. Nobody is credited."
    makers = _listed(_names(judged, word))
    names = "Their names" if len(word.students) > 1 else "The name"
    if word.name_form is NameForm.NONE:
        return f"Work of {makers}. {names} cannot be seen."
    return f"Work of {makers}. Seen with it: {NAME_FORMS[word.name_form]}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _student(judged: Judged, student: StudentId) -> dict[str, str]:
    known = judged.students.get(student)
    return {"student_id": student, "name": known.display_name if known else "a student"}


def _read(judged: Judged, media_id: MediaId) -> NameForm:
    """The form that shows as much as every name that was read in the picture."""
    form = NameForm.NONE
    for found in judged.findings:
        match found:
            case NameFinding(where=Where.PIXELS, media_id=here) if here == media_id:
                form = form.joined(found.form)
            case _:
                pass
    return form
