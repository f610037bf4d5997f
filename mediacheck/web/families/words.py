"""What the closed choices of the register are called on a family's pages."""

from __future__ import annotations

from datetime import date, datetime

import flask_babel

from mediacheck.flow.families_choices import Choice
from mediacheck.flow.families_summary import Standing, State
from mediacheck.flow.families_told import Told
from mediacheck.web.families.language import _
from release_db.words import Answer, Audience, Capacity, NameForm, Use

_KINDS = {
    State.ALLOWED: "cleared",
    State.FIRST_INITIAL: "cleared",
    State.FIRST_NAME: "cleared",
    State.INITIALS: "cleared",
    State.SINGLE: "review",
    State.ASKED: "review",
    State.DIFFERS: "review",
    State.NOT_ALLOWED: "blocked",
    State.OFFICE: "review",
}


def audience_words() -> dict[Audience, tuple[str, str]]:
    """What each audience is called, and who that is."""
    return {
        Audience.HOUSEHOLD: (_("At home"), _("What your child brings home.")),
        Audience.CLASS: (_("In class"), _("Pages that only this class and its families see.")),
        Audience.SCHOOL: (_("In the school"), _("Places that only this school's families see.")),
        Audience.DISTRICT: (_("In the district"), _("Places that families of the district see.")),
        Audience.PUBLIC_WEB: (_("On public web pages"), _("Anybody can see it.")),
        Audience.SOCIAL: (_("On social networks"), _("Anybody can see, copy and share it.")),
        Audience.PRINT: (_("In print"), _("Newsletters, yearbooks and posters.")),
        Audience.PRESS: (
            _("For the press"),
            _("Newspapers and broadcasters, who decide for themselves what they keep."),
        ),
    }


def use_words() -> dict[Use, str]:
    """What each use is called."""
    return {
        Use.IMAGE: _("Photo or video"),
        Use.NAME: _("Name"),
        Use.IMAGE_WITH_NAME: _("Photo with the name"),
        Use.WORK: _("Schoolwork"),
        Use.VOICE: _("Voice"),
    }


def choice_words() -> dict[Choice, str]:
    """What each answer of a form is called."""
    return {
        Choice.UNSAID: _("Not answered yet"),
        Choice.YES: _("Yes"),
        Choice.FIRST_INITIAL: _("First name and initial"),
        Choice.FIRST_NAME: _("First name only"),
        Choice.INITIALS: _("Initials only"),
        Choice.ASK: _("Ask me each time"),
        Choice.NO: _("No"),
    }


def kept_words(told: Told) -> str:
    """What somebody has said where no single answer of a form tells it."""
    names = {**choice_words(), Choice.KEPT: _("Yes, in some forms of the name")}
    yes = [(channel.name, said) for channel, said in told.by_channel if said.until is not None]
    no = [channel.name for channel, said in told.by_channel if said.until is None]
    first = told.elsewhere if told.elsewhere.until is not None else (yes[0][1] if yes else None)
    if first is None:
        return _("As it is now")
    answer = names[first.choice]
    until = told.elsewhere.until
    if until is None:
        channels = ", ".join(name for name, _said in yes)
        return _("%(answer)s, on %(channels)s only", answer=answer, channels=channels)
    if no:
        return _("%(answer)s, but not on %(channels)s", answer=answer, channels=", ".join(no))
    return _("%(answer)s, until %(day)s", answer=answer, day=day_words(until))


def answer_words() -> dict[Answer, str]:
    """What each recorded answer is called."""
    return {Answer.ALLOW: _("Yes"), Answer.ASK: _("Ask me each time"), Answer.DENY: _("No")}


def capacity_words() -> dict[Capacity, str]:
    """Who somebody is who decided."""
    return {
        Capacity.GUARDIAN: _("You"),
        Capacity.STUDENT: _("The student"),
        Capacity.OFFICE: _("The office, from a form"),
        Capacity.SIS: _("The school's records"),
    }


def form_words() -> dict[NameForm, str]:
    """What each form of a name is called."""
    return {
        NameForm.NONE: _("no name"),
        NameForm.INITIALS: _("initials"),
        NameForm.FIRST: _("first name"),
        NameForm.FIRST_INITIAL: _("first name and initial"),
        NameForm.FULL: _("full name"),
    }


def badge_of(standing: Standing) -> tuple[str, str]:
    """The kind of badge, and its words."""
    return _KINDS[standing.state], standing_words(standing)


def standing_words(standing: Standing) -> str:
    """What a family is told of one question."""
    words = {
        State.ALLOWED: _("Allowed"),
        State.FIRST_INITIAL: _("Allowed, first name and initial"),
        State.FIRST_NAME: _("Allowed, first name only"),
        State.INITIALS: _("Allowed, initials only"),
        State.SINGLE: _("Allowed on %(channels)s only", channels=", ".join(standing.channels)),
        State.ASKED: _("You are asked each time"),
        State.DIFFERS: _("Another guardian differs: not allowed until settled"),
        State.NOT_ALLOWED: _("Not allowed"),
        State.OFFICE: _("Managed by the office"),
    }
    if standing.until is None or standing.until == date.max:
        return words[standing.state]
    until = day_words(standing.until)
    if standing.state is State.FIRST_NAME:
        return _("First name only, until %(day)s", day=until)
    if standing.state is State.ALLOWED:
        return _("Allowed until %(day)s", day=until)
    return _("%(answer)s, until %(day)s", answer=words[standing.state], day=until)


def yes_or_no(standing: Standing) -> str:
    """A standing as the short answer of an example."""
    words = {
        State.ALLOWED: _("yes"),
        State.FIRST_INITIAL: _("first name and initial"),
        State.FIRST_NAME: _("first name only"),
        State.INITIALS: _("initials only"),
    }
    return words.get(standing.state, _("no"))


def day_words(day: date) -> str:
    """A date in the words of the page's language."""
    return str(flask_babel.format_date(day, "long"))


def moment_words(moment: object) -> str:
    """A moment in the words of the page's language; in UTC, and says so."""
    if not isinstance(moment, datetime):
        return ""
    return str(flask_babel.format_datetime(moment, "medium", rebase=False)) + " UTC"
