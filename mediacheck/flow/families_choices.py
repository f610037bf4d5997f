"""A family's answers as a form asks them, one for each audience and use; pure.

What a form shows is read strictly from the person's own words. What it saves says in every place
that was answered what holds there, so that no older, wider word shows through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from mediacheck.model.families import FamilyKind, FamilyVisitor
from release_db.records import (
    Appearance,
    Channel,
    Granted,
    Guardian,
    RefusalReason,
    Release,
    Scope,
    StudentFile,
)
from release_db.rules import permission_for
from release_db.standing import counting_decisions, decider_of
from release_db.terms import OPT_IN, Preset, PresetLine
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    NameForm,
    ReleaseId,
    Rights,
    StudentStatus,
    Use,
)

#: The uses that show a name, for which a family may allow the first name only.
NAMING_USES = frozenset({Use.NAME, Use.IMAGE_WITH_NAME})
#: Under whom a student's own words stand in the register.
STUDENT = "student"


class Choice(StrEnum):
    """An answer in a form. ``UNSAID``: this person has not answered, and nothing is recorded."""

    UNSAID = "unsaid"
    YES = "yes"
    FIRST_NAME = "first-name"
    ASK = "ask"
    NO = "no"

    @property
    def allows(self) -> bool:
        """Whether something may be shown without asking again."""
        return self in {Choice.YES, Choice.FIRST_NAME}

    @property
    def strictness(self) -> int:
        """How little it allows: nothing said allows nothing, but stops nobody else's yes."""
        return _BY_STRICTNESS.index(self)


_BY_STRICTNESS = (Choice.YES, Choice.FIRST_NAME, Choice.UNSAID, Choice.ASK, Choice.NO)
_ANSWERS = {
    Choice.YES: Answer.ALLOW,
    Choice.FIRST_NAME: Answer.ALLOW,
    Choice.ASK: Answer.ASK,
    Choice.NO: Answer.DENY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one question of the form is about."""

    audience: Audience
    use: Use

    @property
    def field(self) -> str:
        """The name of the form's field."""
        return f"{self.audience.value}.{self.use.value}"


Choices = Mapping[Place, Choice]
Scoped = tuple[Scope, Answer]

#: Every question, by audience.
PLACES = tuple(Place(audience=audience, use=use) for audience in Audience for use in Use)


def choices_of_preset(preset: Preset) -> dict[Place, Choice]:
    """What a preset answers everywhere: its strictest line, and no where it is silent.

    A line for one channel only allows nothing to its whole audience, and so counts as a no.
    """
    return {place: _choice_by(preset.lines, place) for place in PLACES}


def own_choices(
    visitor: FamilyVisitor, file: StudentFile, channels: Sequence[Channel], on: date
) -> dict[Place, Choice]:
    """What this person's own words say in every place: the strictest of its channels."""
    alone = _alone(visitor, file)
    choices = {}
    for place in PLACES:
        said = [
            _own_choice(_appearance(file, place, channel), alone, on)
            for channel in channels_of(place.audience, channels)
        ]
        choices[place] = max(said, key=lambda choice: choice.strictness)
    return choices


def channels_of(audience: Audience, channels: Sequence[Channel]) -> tuple[Channel, ...]:
    """The channels of an audience, and one that stands for any that may come."""
    any_one = Channel(key=ChannelKey(f"any-{audience.value}"), name="", audience=audience)
    return (any_one, *(channel for channel in channels if channel.audience is audience))


def own_words(visitor: FamilyVisitor, file: StudentFile) -> tuple[Release, ...]:
    """This person's own decisions, under a former address too."""
    probe = _probe(visitor, file)
    who = decider_of(probe, file)
    return tuple(
        word
        for word in file.releases
        if word.capacity is probe.capacity and decider_of(word, file) == who
    )


def capacity_of(visitor: FamilyVisitor) -> Capacity:
    """In what right this person decides."""
    return Capacity.STUDENT if visitor.kind is FamilyKind.STUDENT else Capacity.GUARDIAN


def decided_by(visitor: FamilyVisitor) -> str:
    """Under whom this person's words stand in the register."""
    return STUDENT if visitor.kind is FamilyKind.STUDENT else visitor.email


def decisions_for(
    visitor: FamilyVisitor, file: StudentFile, choices: Choices, on: date
) -> tuple[Scoped, ...]:
    """What has to be recorded so that exactly the choices hold, of this person's words.

    Older refusals of theirs on other scopes are lifted where they would contradict a yes; what
    such a lifting word allows is narrowed again by the refusals in ``choices``.
    """
    said = _said(choices)
    scopes = {scope for scope, _ in said}
    own = counting_decisions(own_words(visitor, file), file, on)
    lifted = {
        word.scope
        for word in own
        if word.answer is not Answer.ALLOW
        and word.scope not in scopes
        and _contradicts(word.scope, choices)
    }
    lifting = [(scope, Answer.ALLOW) for scope in sorted(lifted, key=repr)]
    return (*said, *lifting)


def restrictions_for(choices: Choices) -> tuple[Scoped, ...]:
    """Only what refuses, of what the choices say: nothing in it can ever allow anything."""
    return tuple(scoped for scoped in _said(choices) if scoped[1] is not Answer.ALLOW)


def _said(choices: Choices) -> tuple[Scoped, ...]:
    return tuple(scoped for place, choice in choices.items() for scoped in _said_in(place, choice))


def _choice_by(lines: Sequence[PresetLine], place: Place) -> Choice:
    found = [
        _choice_of(line)
        for line in lines
        if line.use is place.use and line.audience in {None, place.audience}
    ]
    return max(found, key=lambda choice: choice.strictness, default=Choice.NO)


def _choice_of(line: PresetLine) -> Choice:
    if line.answer is Answer.DENY or line.channel is not None:
        return Choice.NO
    if line.answer is Answer.ASK:
        return Choice.ASK
    if line.use not in NAMING_USES or line.name_form in {None, NameForm.FULL}:
        return Choice.YES
    return Choice.FIRST_NAME if line.name_form.covers(NameForm.FIRST) else Choice.NO


def _own_choice(asked: Appearance, alone: StudentFile, on: date) -> Choice:
    permission = permission_for(asked, alone, on)
    if isinstance(permission, Granted):
        return Choice.YES
    if permission.allowed_form is not None and permission.allowed_form.covers(NameForm.FIRST):
        return Choice.FIRST_NAME
    if permission.reason in {RefusalReason.NO_RECORD, RefusalReason.EXPIRED}:
        return Choice.UNSAID
    return Choice.ASK if permission.reason is RefusalReason.ASK_FIRST else Choice.NO


def _alone(visitor: FamilyVisitor, file: StudentFile) -> StudentFile:
    """The file as if this person's own words were all there is, and all of them counted."""
    who = decider_of(_probe(visitor, file), file)
    student = replace(file.student, status=StudentStatus.ACTIVE, left_on=None)
    links = tuple(_trusted(link) for link in file.guardians if link.guardian_id.casefold() == who)
    return replace(
        file,
        student=student,
        guardians=links,
        releases=own_words(visitor, file),
        holds=(),
        orders=(),
        items=(),
        deliveries=(),
        policy=OPT_IN,
    )


def _trusted(link: Guardian) -> Guardian:
    return replace(link, rights=Rights.FULL)


def _appearance(file: StudentFile, place: Place, channel: Channel) -> Appearance:
    unbound = replace(channel, name_form=NameForm.FULL, allows_close_ups=True)
    return Appearance(
        student_id=file.student.student_id,
        use=place.use,
        channel=unbound,
        name_form=NameForm.FULL,
    )


def _probe(visitor: FamilyVisitor, file: StudentFile) -> Release:
    """A word of this person's, to ask the register whose it would be."""
    return Release(
        release_id=ReleaseId(""),
        student_id=file.student.student_id,
        scope=Scope(use=Use.IMAGE),
        answer=Answer.DENY,
        capacity=capacity_of(visitor),
        decided_by=decided_by(visitor),
        method="",
        given_on=date.min,
        recorded_at=datetime.min.replace(tzinfo=UTC),
    )


def _said_in(place: Place, choice: Choice) -> Iterator[Scoped]:
    if choice is Choice.UNSAID:
        return
    yield Scope(use=place.use, audience=place.audience), _ANSWERS[choice]
    if place.use in NAMING_USES and choice is Choice.FIRST_NAME:
        # Refusing initials refuses every form that tells the family name, and not the first name.
        more = Scope(use=place.use, audience=place.audience, name_form=NameForm.INITIALS)
        yield more, Answer.DENY


def _contradicts(scope: Scope, choices: Choices) -> bool:
    """Whether a refusal on that scope stops something that the choices allow."""
    return any(
        choice.allows and place.use is scope.use and scope.audience in {None, place.audience}
        for place, choice in choices.items()
    )
