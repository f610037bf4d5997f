"""What a family is told of each question: six states, and never whose no or hold it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from mediacheck.flow.families import FamilyDesk, channels_for
from mediacheck.flow.families_choices import (
    NAMING_USES,
    PLACES,
    Place,
    channels_of,
    own_choices,
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
    FIRST_NAME = "first-name"
    ASKED = "asked"
    DIFFERS = "differs"
    NOT_ALLOWED = "not-allowed"
    OFFICE = "office"


_IN_ORDER = tuple(State)

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
    """What holds for one question. ``until`` is the last day of a yes."""

    state: State
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What would happen on one channel: a photo of the class, and the same with the name."""

    channel: Channel
    photo: Standing
    photo_with_name: Standing
    work: Standing


def summary_of(desk: FamilyDesk, file: StudentFile) -> dict[Place, Standing]:
    """What holds today in every place: the least that any channel of it allows."""
    reader = _Reader(desk, file)
    channels = channels_for(desk, file)
    summary = {}
    for place in PLACES:
        found = [
            reader.standing(place, replace(channel, name_form=NameForm.FULL))
            for channel in channels_of(place.audience, channels)
        ]
        summary[place] = max(found, key=_least)
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
        self._said = own_choices(desk.visitor, file, channels_for(desk, file), desk.today)

    def standing(self, place: Place, channel: Channel) -> Standing:
        """What holds for a use on a channel, in the widest form of the name that is allowed."""
        permission = self._ask(place, channel, NameForm.FULL)
        if isinstance(permission, Granted):
            return Standing(state=State.ALLOWED, until=permission.until)
        if place.use in NAMING_USES:
            narrower = self._ask(place, channel, NameForm.FIRST)
            if isinstance(narrower, Granted):
                return Standing(state=State.FIRST_NAME, until=narrower.until)
        return Standing(state=self._state(place, permission))

    def _ask(self, place: Place, channel: Channel, form: NameForm) -> Granted | Refused:
        asked = Appearance(
            student_id=self._file.student.student_id,
            use=place.use,
            channel=channel,
            name_form=form,
        )
        return permission_for(asked, self._file, self._on)

    def _state(self, place: Place, refused: Refused) -> State:
        if refused.reason in _OFFICE_REASONS:
            return State.OFFICE
        is_own = not refused.releases or any(one in self._own for one in refused.releases)
        if not is_own and self._said[place].allows:
            return State.DIFFERS
        return State.ASKED if refused.reason is RefusalReason.ASK_FIRST else State.NOT_ALLOWED


def _least(standing: Standing) -> tuple[int, int]:
    """The state that allows least; of two yeses the one that ends first."""
    until = standing.until.toordinal() if standing.until is not None else date.max.toordinal()
    return _IN_ORDER.index(standing.state), -until
