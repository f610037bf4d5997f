"""What a person's own words come to in every place, told without loss; pure.

A form has one answer for a whole audience. Words that no such answer tells (a yes for one channel
only, or one that ends early) are shown as they are, and stay so until another answer is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mediacheck.flow.families_about import file_about
from mediacheck.flow.families_choices import (
    NAMING_USES,
    PLACES,
    Choice,
    Place,
    alone_with,
    appearance_in,
    channels_of,
    probe_of,
)
from mediacheck.model.families import FamilyVisitor
from release_db.records import Channel, Granted, RefusalReason, Refused, StudentFile
from release_db.rules import permission_for
from release_db.standing import last_day_of
from release_db.words import ChannelKey, NameForm

#: The forms of a name that are allowed, and the answer of a form that allows just these.
_CHOICES_BY_FORMS = {
    frozenset({NameForm.INITIALS, NameForm.FIRST, NameForm.FIRST_INITIAL, NameForm.FULL}): (
        Choice.YES
    ),
    frozenset({NameForm.INITIALS, NameForm.FIRST, NameForm.FIRST_INITIAL}): Choice.FIRST_INITIAL,
    frozenset({NameForm.FIRST}): Choice.FIRST_NAME,
    frozenset({NameForm.INITIALS}): Choice.INITIALS,
}
#: What was never allowed, or ended, was not answered; every other refusal is somebody's no.
_REFUSED = {
    RefusalReason.NO_RECORD: Choice.UNSAID,
    RefusalReason.EXPIRED: Choice.UNSAID,
    RefusalReason.NAME_FORM: Choice.UNSAID,
    RefusalReason.ASK_FIRST: Choice.ASK,
}
_FORMS = (NameForm.FULL, NameForm.FIRST_INITIAL, NameForm.FIRST, NameForm.INITIALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody's own words say on one channel. ``until`` is the last day of a yes.

    ``is_exact``: to say it again would change nothing. A yes to initials that refuses nothing else
    is not the answer "initials only", which stops another guardian's yes to more.
    """

    choice: Choice
    until: date | None = None
    is_exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody's own words say in one place.

    ``choice`` is ``KEPT`` where no single answer tells it. ``elsewhere`` is what holds on every
    channel that is not in ``by_channel``.
    """

    choice: Choice
    elsewhere: Said
    by_channel: tuple[tuple[Channel, Said], ...] = ()

    def says_yes_on(self, channel: ChannelKey) -> bool:
        """Whether something is allowed on that channel."""
        said = {one.key: word for one, word in self.by_channel}.get(channel, self.elsewhere)
        return said.choice.allows or said.until is not None


def told_by(
    visitor: FamilyVisitor, file: StudentFile, channels: Sequence[Channel], on: date
) -> dict[Place, Told]:
    """What this person's own words say in every place."""
    alone = alone_with(visitor, file)
    usual_end = last_day_of(probe_of(visitor, file, on), alone)
    told = {}
    for place in PLACES:
        any_one, *named = channels_of(place.audience, channels)
        about = file_about(alone, place, {channel.key for channel in named})
        elsewhere = _said_on(place, any_one, about, on)
        by_channel = tuple((channel, _said_on(place, channel, about, on)) for channel in named)
        told[place] = Told(
            choice=_choice_of(elsewhere, [said for _, said in by_channel], usual_end),
            elsewhere=elsewhere,
            by_channel=by_channel,
        )
    return told


def _choice_of(elsewhere: Said, others: Sequence[Said], usual_end: date) -> Choice:
    """The answer that tells all of it, and would change nothing if it were given again."""
    is_alike = all(said == elsewhere for said in others)
    is_usual = not elsewhere.choice.allows or elsewhere.until == usual_end
    is_whole = is_alike and is_usual and elsewhere.is_exact
    return elsewhere.choice if is_whole else Choice.KEPT


def _said_on(place: Place, channel: Channel, alone: StudentFile, on: date) -> Said:
    forms = _FORMS if place.use in NAMING_USES else _FORMS[:1]
    asked = [appearance_in(place, channel, alone, form) for form in forms]
    found = [permission_for(one, alone, on) for one in asked]
    granted = [one for one in found if isinstance(one, Granted)]
    if not granted:
        return Said(choice=_refused(found))
    until = min((one.until or date.max for one in granted), default=None)
    if place.use not in NAMING_USES:
        return Said(choice=Choice.YES, until=until)
    allowed = {form for form, one in zip(forms, found, strict=True) if isinstance(one, Granted)}
    is_exact = len(granted) == len(found) or _refused(found) is Choice.NO
    choice = _CHOICES_BY_FORMS.get(frozenset(allowed), Choice.KEPT)
    return Said(choice=choice, until=until, is_exact=is_exact)


def _refused(found: Sequence[Granted | Refused]) -> Choice:
    answers = {_REFUSED.get(one.reason, Choice.NO) for one in found if isinstance(one, Refused)}
    return answers.pop() if len(answers) == 1 else Choice.KEPT
