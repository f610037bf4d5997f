"""What is remembered of words that are no student's: who said it when, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.desk import Desk
from mediacheck.flow.remembered import classes_of, end_kept_word, kept_words
from mediacheck.model.people import Role
from mediacheck.model.post import PostId
from mediacheck.model.remembered import KeptWord
from mediacheck.web.access import current_staff, open_to
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

#: So many are looked through in one sitting; older ones have settled.
_MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One remembered word, as the page shows it. ``ended`` is empty while it counts."""

    number: int
    phrase: str
    class_name: str
    by: str
    when: str
    post_id: PostId
    ended: str


@open_to(Role.COMMUNICATIONS, Role.ADMINISTRATOR)
def words() -> ResponseReturnValue:
    """Every word of this person's classes: those that count, then those taken back."""
    with open_desk() as desk:
        lines = _lines(desk, kept_words(desk, _MOST))
    return render_template(
        "communications/remembered.html",
        living=[line for line in lines if not line.ended],
        ended=[line for line in lines if line.ended],
        opens_posts=current_staff().role is Role.COMMUNICATIONS,
    )


@open_to(Role.COMMUNICATIONS, Role.ADMINISTRATOR)
def end(number: int) -> ResponseReturnValue:
    """Takes one word back: the class is asked again."""
    with open_desk() as desk:
        end_kept_word(desk, number)
    flash("Taken back. The class is asked about it again.")
    return redirect(url_for("communications.remembered"))


def _lines(desk: Desk, kept: tuple[KeptWord, ...]) -> list[_Line]:
    zone = zone_of(desk.work.register)
    classes = classes_of(desk)
    names = {member.staff_id: member.name for member in desk.work.accounts.staff()}
    return [
        _Line(
            number=word.number,
            phrase=word.phrase,
            class_name=classes[word.class_key].name,
            by=names.get(word.by, "Somebody"),
            when=moment_words(word.at.astimezone(zone)),
            post_id=word.post_id,
            ended=f"{names.get(word.ended[0], 'Somebody')}, "
            f"{moment_words(word.ended[1].astimezone(zone))}"
            if word.ended is not None
            else "",
        )
        for word in kept
    ]
