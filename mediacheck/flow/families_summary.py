"""What a family is told of each question: a state, and never whose no or hold it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from mediacheck.flow.families import FamilyDesk, channels_for, told_of
from mediacheck.flow.families_about import file_about
from mediacheck.flow.families_choices import (
    NAMING_USES,
    PLACES,
    Place,
    channels_of,
    own_words,
)
from release_db.records import (
    Appearance,
    Channel,
    Granted,
    RefusalReason,
    Refused,
    StudentFile,
)
from release_db.rules import permission_for
from release_db.words import NameForm, Use


class State(StrEnum):
    """What a family is told; the order is from the most to the least that may be done."""

    ALLOWED = "allowed"
    FIRST_INITIAL = "first-initial"
    FIRST_NAME = "first-name"
    INITIALS = "initials"
    SINGLE = "single-channels"
    ASKED = "asked"
    DIFFERS = "differs"
    NOT_ALLOWED = "not-allowed"
    OFFICE = "office"


_IN_ORDER = tuple(State)
#: What may be shown of a name, from the most to the least.
_BY_FORM = {
    NameForm.FULL: State.ALLOWED,
    NameForm.FIRST_INITIAL: State.FIRST_INITIAL,
    NameForm.FIRST: State.FIRST_NAME,
    NameForm.INITIALS: State.INITIALS,
}

#: Refusals that are the office's to explain; a hold looks like all the others.
_OFFICE_REASONS = frozenset(
    {
        RefusalReason.HOLD,
        RefusalReason.SIS_DENIED,
        RefusalReason.OFFICE_DENIED,
        RefusalReason.DEPARTED,
        RefusalReason.UNKNOWN_STUDENT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds for one question. ``until`` is the last day of a yes.

    ``channels``: with ``SINGLE``, the names of the only channels on which something is allowed.
    """

    state: State
    until: date | None = None
    channels: tuple[str, ...] = ()

    @property
    def is_yes(self) -> bool:
        """Whether something may be shown wherever the question is about."""
        return self.state in _BY_FORM.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What would happen on one channel: a photo of the class, and the same with the name."""

    channel: Channel
    photo: Standing
    photo_with_name: Standing
    work: Standing


def summary_of(desk: FamilyDesk, file: StudentFile) -> dict[Place, Standing]:
    """What holds today in every place: the least that any channel of it allows.

    Where that is nothing, but something on some channels, it is told on which.
    """
    reader = _Reader(desk, file)
    channels = channels_for(desk, file)
    summary = {}
    for place in PLACES:
        found = [
            (channel.name, reader.standing(place, replace(channel, name_form=NameForm.FULL)))
            for channel in channels_of(place.audience, channels)
        ]
        summary[place] = _together(found)
    return summary


def examples_of(desk: FamilyDesk, file: StudentFile) -> tuple[Example, ...]:
    """What would happen on each of the student's channels, by the channels' own rules too."""
    reader = _Reader(desk, file)
    return tuple(
        Example(
            channel=channel,
            photo=reader.standing(Place(audience=channel.audience, use=Use.IMAGE), channel),
            photo_with_name=reader.standing(
                Place(audience=channel.audience, use=Use.IMAGE_WITH_NAME), channel
            ),
            work=reader.standing(Place(audience=channel.audience, use=Use.WORK), channel),
        )
        for channel in channels_for(desk, file)
    )


class _Reader:
    """Reads one file for one person: which words are their own is asked once."""

    def __init__(self, desk: FamilyDesk, file: StudentFile) -> None:
        self._file, self._on = file, desk.today
        self._own = {word.release_id for word in own_words(desk.visitor, file)}
        self._said = told_of(desk, file)
        self._channels = {channel.key for channel in channels_for(desk, file)}
        self._about: dict[Place, StudentFile] = {}

    def standing(self, place: Place, channel: Channel) -> Standing:
        """What holds for a use on a channel, in the widest form of the name that is allowed."""
        permission = self._ask(place, channel, NameForm.FULL)
        if isinstance(permission, Granted):
            return Standing(state=State.ALLOWED, until=permission.until)
        form = permission.allowed_form if place.use in NAMING_USES else None
        narrower = self._ask(place, channel, form) if form in _BY_FORM else permission
        if form is not None and isinstance(narrower, Granted):
            return Standing(state=_BY_FORM[form], until=narrower.until)
        return Standing(state=self._state(self._said[place].says_yes_on(channel.key), permission))

    def _ask(self, place: Place, channel: Channel, form: NameForm) -> Granted | Refused:
        asked = Appearance(
            student_id=self._file.student.student_id,
            use=place.use,
            channel=channel,
            name_form=form,
        )
        about = self._about.get(place)
        if about is None:
            about = file_about(self._file, place, self._channels)
            self._about[place] = about
        return permission_for(asked, about, self._on)

    def _state(self, says_yes: bool, refused: Refused) -> State:
        if refused.reason in _OFFICE_REASONS:
            return State.OFFICE
        is_own = not refused.releases or any(one in self._own for one in refused.releases)
        if not is_own and says_yes:
            return State.DIFFERS
        return State.ASKED if refused.reason is RefusalReason.ASK_FIRST else State.NOT_ALLOWED


def _together(found: Sequence[tuple[str, Standing]]) -> Standing:
    """What to tell of an audience; a part that is not settled is told before all others."""
    least = max((standing for _, standing in found), key=_least)
    allowed = [(name, standing) for name, standing in found if standing.is_yes]
    if least.is_yes or least.state in {State.OFFICE, State.DIFFERS} or not allowed:
        return least
    ends = max((standing for _, standing in allowed), key=_least).until
    return Standing(state=State.SINGLE, until=ends, channels=tuple(name for name, _ in allowed))


def _least(standing: Standing) -> tuple[int, int]:
    """The state that allows least; of two yeses the one that ends first."""
    until = standing.until.toordinal() if standing.until is not None else date.max.toordinal()
    return _IN_ORDER.index(standing.state), -until
