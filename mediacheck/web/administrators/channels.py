"""The channels that posts go to: what each is called, who sees it, and the most it may show."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from release_db.records import Channel
from release_db.words import Audience, ChannelKey, NameForm, SchoolKey

_LIST = "administrators/channels.html"
_PAGE = "administrators/channel.html"
_FIT_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")

#: Who sees a channel, in the words of whoever sets it up.
AUDIENCES = {
    Audience.HOUSEHOLD: "One family",
    Audience.CLASS: "A class and its families",
    Audience.SCHOOL: "The school's families",
    Audience.DISTRICT: "The district's families",
    Audience.PUBLIC_WEB: "Everybody: a public web page",
    Audience.SOCIAL: "Everybody: a social network",
    Audience.PRINT: "Whoever holds the printed thing",
    Audience.PRESS: "The press and other outside media",
}
NAME_FORMS = {
    NameForm.NONE: "No names",
    NameForm.INITIALS: "Initials",
    NameForm.FIRST: "First name",
    NameForm.FIRST_INITIAL: "First name and initial",
    NameForm.FULL: "Full name",
}
_NEW = Channel(key=ChannelKey(""), name="", audience=Audience.CLASS, name_form=NameForm.FIRST)


@open_to(Role.ADMINISTRATOR)
def channels() -> ResponseReturnValue:
    """Every channel."""
    with services().transaction() as work:
        return render_template(_LIST, channels=work.register.channels(), **_choices(work))


@open_to(Role.ADMINISTRATOR)
def new_channel() -> ResponseReturnValue:
    """The form for a new channel."""
    with services().transaction() as work:
        return render_template(_PAGE, errors={}, channel=_NEW, is_new=True, **_choices(work))


@open_to(Role.ADMINISTRATOR)
def add_channel() -> ResponseReturnValue:
    """Adds a channel."""
    key = ChannelKey(line_of("key"))
    with services().transaction() as work:
        channel = _as_sent(work, replace(_NEW, key=key))
        errors = _wrong_in(channel)
        if not _FIT_KEY.fullmatch(key):
            errors["key"] = "Write a short key of small letters, digits and hyphens."
        elif work.register.channel_or_none(key) is not None:
            errors["key"] = "There is a channel with this key already."
        if errors:
            choices = _choices(work)
            return form_again(_PAGE, errors=errors, channel=channel, is_new=True, **choices)
        work.register.add_channel(channel)
        work.audit.write(Event.CHANNEL_ADDED, actor=current_staff().staff_id, subject=key)
    flash("The channel is added.")
    return redirect(url_for("administrators.channels"))


@open_to(Role.ADMINISTRATOR)
def channel(key: str) -> ResponseReturnValue:
    """One channel, with the form to change it."""
    with services().transaction() as work:
        found = _require_channel(work, key)
        return render_template(_PAGE, errors={}, channel=found, is_new=False, **_choices(work))


@open_to(Role.ADMINISTRATOR)
def change_channel(key: str) -> ResponseReturnValue:
    """Changes a channel. Every clearance that was given for it ends with that."""
    with services().transaction() as work:
        changed = _as_sent(work, _require_channel(work, key))
        errors = _wrong_in(changed)
        if errors:
            choices = _choices(work)
            return form_again(_PAGE, errors=errors, channel=changed, is_new=False, **choices)
        work.register.save_channel(changed)
        work.audit.write(
            Event.CHANNEL_CHANGED,
            actor=current_staff().staff_id,
            subject=key,
            audience=changed.audience,
            name_form=changed.name_form,
            is_official=changed.is_official,
            allows_close_ups=changed.allows_close_ups,
        )
    flash("The channel is changed.")
    return redirect(url_for("administrators.channels"))


def _require_channel(work: Work, key: str) -> Channel:
    found = work.register.channel_or_none(ChannelKey(key))
    if found is None:
        raise NotFound
    return found


def _as_sent(work: Work, channel: Channel) -> Channel:
    """The channel as the form says.

    Raises:
        BadRequest: the form names a school, an audience or a form of names that it never offered.
    """
    school = line_of("school")
    if school and school not in {one.key for one in work.register.schools()}:
        raise BadRequest
    try:
        return replace(
            channel,
            name=line_of("name"),
            audience=Audience(line_of("audience")),
            school=SchoolKey(school) if school else None,
            name_form=NameForm(line_of("name_form")),
            is_official=line_of("is_official") == "yes",
            allows_close_ups=line_of("close_ups") == "yes",
        )
    except ValueError as error:
        raise BadRequest from error


def _wrong_in(channel: Channel) -> dict[str, str]:
    return {} if channel.name else {"name": "Enter what people call this channel."}


def _choices(work: Work) -> dict[str, object]:
    schools = work.register.schools()
    return {
        "audiences": AUDIENCES,
        "name_forms": NAME_FORMS,
        "schools": schools,
        "school_names": {school.key: school.name for school in schools},
    }
