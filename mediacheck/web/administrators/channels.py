"""The channels that posts go to: what each is called, who sees it, and the most it may show."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.connections import ask_again
from mediacheck.model.audit import Event
from mediacheck.model.channel_rules import ChannelRules
from mediacheck.model.people import Role, StaffId, StaffMember
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
#: What a picture is made smaller to, whatever the account takes; by its longest side.
SIZES = {
    None: "As large as its account takes it",
    1600: "For a screen: 1,600 pixels",
    1200: "For a web page: 1,200 pixels",
    800: "Small, so that nobody can print it well: 800 pixels",
}
_STILL_CONNECTED = (
    "An account that others can see is connected to this channel. Have the communications office "
    "disconnect it first."
)
_NEW = Channel(key=ChannelKey(""), name="", audience=Audience.CLASS, name_form=NameForm.FIRST)


@open_to(Role.ADMINISTRATOR)
def channels() -> ResponseReturnValue:
    """Every channel."""
    with services().transaction() as work:
        found = work.register.channels()
        return render_template(
            _LIST,
            channels=found,
            posters={one.key: _posters_in_words(work, one.key) for one in found},
            **_choices(work),
        )


@open_to(Role.ADMINISTRATOR)
def new_channel() -> ResponseReturnValue:
    """The form for a new channel."""
    with services().transaction() as work:
        about = _about(work, _NEW, ChannelRules(channel=_NEW.key))
        return render_template(_PAGE, errors={}, is_new=True, **about)


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
            about = _about(work, channel, _rules_as_sent(work, key))
            return form_again(_PAGE, errors=errors, is_new=True, **about)
        work.register.add_channel(channel)
        work.channel_rules.save(_rules_as_sent(work, key))
        work.audit.write(Event.CHANNEL_ADDED, actor=current_staff().staff_id, subject=key)
    flash("The channel is added.")
    return redirect(url_for("administrators.channels"))


@open_to(Role.ADMINISTRATOR)
def channel(key: str) -> ResponseReturnValue:
    """One channel, with the form to change it."""
    with services().transaction() as work:
        found = _require_channel(work, key)
        about = _about(work, found, work.channel_rules.of(found.key))
        return render_template(_PAGE, errors={}, is_new=False, **about)


@open_to(Role.ADMINISTRATOR)
def change_channel(key: str) -> ResponseReturnValue:
    """Changes a channel. Every clearance that was given for it ends with that."""
    with services().transaction() as work:
        before = _require_channel(work, key)
        changed, rules = _as_sent(work, before), _rules_as_sent(work, before.key)
        errors = _wrong_in(changed) | _wrong_with_account(work, changed)
        if errors:
            return form_again(_PAGE, errors=errors, is_new=False, **_about(work, changed, rules))
        work.register.save_channel(changed)
        work.channel_rules.save(rules)
        if changed.is_official and not before.is_official:
            ask_again(work, changed.key, current_staff().staff_id)
        work.audit.write(
            Event.CHANNEL_CHANGED,
            actor=current_staff().staff_id,
            subject=key,
            audience=changed.audience,
            name_form=changed.name_form,
            is_official=changed.is_official,
            allows_close_ups=changed.allows_close_ups,
            is_named_only=rules.is_named_only,
            posters=len(rules.posters),
            largest_side_px=changed.largest_side_px or 0,
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
            largest_side_px=_size_as_sent(channel),
        )
    except ValueError as error:
        raise BadRequest from error


def _rules_as_sent(work: Work, key: ChannelKey) -> ChannelRules:
    """Who may post there, as the form says.

    Raises:
        BadRequest: the form names somebody whom it never offered.
    """
    named = tuple(StaffId(one) for one in dict.fromkeys(request.form.getlist("poster")))
    if not set(named) <= {one.staff_id for one in _offered(work, work.channel_rules.of(key))}:
        raise BadRequest
    # What was not sent opens the channel to nobody.
    is_named_only = line_of("who") != "all"
    return ChannelRules(channel=key, is_named_only=is_named_only, posters=named)


def _offered(work: Work, rules: ChannelRules) -> list[StaffMember]:
    """Every teacher, and whoever is named already: nobody drops out of the form unseen."""
    return [
        one
        for one in work.accounts.staff()
        if (one.role is Role.TEACHER and one.is_active) or one.staff_id in rules.posters
    ]


def _posters_in_words(work: Work, key: ChannelKey) -> str:
    rules = work.channel_rules.of(key)
    if not rules.is_named_only:
        return ""
    names = [one.name for one in work.accounts.staff() if one.staff_id in rules.posters]
    return ", ".join(names) or "No teacher"


def _about(work: Work, channel: Channel, rules: ChannelRules) -> dict[str, object]:
    return {
        "channel": channel,
        "rules": rules,
        "offered": _offered(work, rules),
        **_choices(work),
    }


def _size_as_sent(channel: Channel) -> int | None:
    """One of those that the form offers: the usual ones, and what the channel has already."""
    sent = line_of("largest")
    size = int(sent) if sent else None
    if size not in SIZES and size != channel.largest_side_px:
        raise ValueError
    return size


def _wrong_in(channel: Channel) -> dict[str, str]:
    return {} if channel.name else {"name": "Enter what people call this channel."}


def _wrong_with_account(work: Work, channel: Channel) -> dict[str, str]:
    """The account goes on showing posts to whom it did: the channel cannot be for fewer people."""
    connection = work.connections.of_channel_or_none(channel.key)
    if connection is None or connection.platform.is_for(channel.audience):
        return {}
    return {"audience": _STILL_CONNECTED}


def _choices(work: Work) -> dict[str, object]:
    schools = work.register.schools()
    return {
        "audiences": AUDIENCES,
        "name_forms": NAME_FORMS,
        "sizes": SIZES,
        "schools": schools,
        "school_names": {school.key: school.name for school in schools},
    }
