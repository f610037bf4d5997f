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
    """An answer in a form. ``UNSAID``: this person has not answered, and nothing is recorded.

    ``KEPT``: what was said before stays, whatever it was. ``SINGLE``: nothing but what is answered
    for single channels of the audience; wider grants of one's own end.
    """

    UNSAID = "unsaid"
    KEPT = "kept"
    YES = "yes"
    FIRST_INITIAL = "first-initial"
    FIRST_NAME = "first-name"
    INITIALS = "initials"
    SINGLE = "single-channels"
    ASK = "ask"
    NO = "no"

    @property
    def allows(self) -> bool:
        """Whether something may be shown without asking again, wherever the question is about."""
        return self is Choice.YES or self in LIMITED_TO

    @property
    def is_said(self) -> bool:
        """Whether it is an answer at all, and not that there is none or that it stays."""
        return self not in {Choice.UNSAID, Choice.KEPT}

    @property
    def strictness(self) -> int:
        """How little it allows: nothing said allows nothing, but stops nobody else's yes."""
        return _BY_STRICTNESS.index(self)


_BY_STRICTNESS = (
    Choice.YES,
    Choice.FIRST_INITIAL,
    Choice.FIRST_NAME,
    Choice.INITIALS,
    Choice.KEPT,
    Choice.SINGLE,
    Choice.UNSAID,
    Choice.ASK,
    Choice.NO,
)
#: The answers that allow a part of the name, and the form whose refusal stops just the rest.
LIMITED_TO = {
    Choice.FIRST_INITIAL: (NameForm.FIRST_INITIAL, NameForm.FULL),
    Choice.FIRST_NAME: (NameForm.FIRST, NameForm.INITIALS),
    Choice.INITIALS: (NameForm.INITIALS, NameForm.FIRST),
}


_COARSE = {Choice.FIRST_INITIAL: Choice.FIRST_NAME, Choice.INITIALS: Choice.NO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one question of the form is about. ``channel``: of the audience, that one only."""

    audience: Audience
    use: Use
    channel: ChannelKey | None = None

    @property
    def field(self) -> str:
        """The name of the form's field."""
        where = f"@{self.channel}" if self.channel is not None else ""
        return f"{self.audience.value}.{self.use.value}{where}"

    def scope(self, form: NameForm | None = None) -> Scope:
        """What a word on this question covers."""
        if self.channel is not None:
            return Scope(use=self.use, channel=self.channel, name_form=form)
        return Scope(use=self.use, audience=self.audience, name_form=form)


Choices = Mapping[Place, Choice]
Scoped = tuple[Scope, Answer]

#: Every question, by audience.
PLACES = tuple(Place(audience=audience, use=use) for audience in Audience for use in Use)


def choices_of_preset(preset: Preset) -> dict[Place, Choice]:
    """What a preset answers everywhere: its strictest line, and no where it is silent.

    A line for one channel only allows nothing to its whole audience, and so counts as a no; of the
    forms of a name this knows the first name only.
    """
    found = {place: _choice_by(preset.lines, place) for place in PLACES}
    return {place: _COARSE.get(choice, choice) for place, choice in found.items()}


def answers_of_preset(preset: Preset, channels: Sequence[Channel]) -> dict[Place, Choice]:
    """What a preset answers on a family's page: its lines for single channels are their own."""
    answers = {}
    for place in PLACES:
        single = _single_lines(preset.lines, place, channels)
        for_all = [line for line in preset.lines if line.channel is None]
        silent = Choice.SINGLE if single else Choice.NO
        answers[place] = _choice_by(for_all, place, silent)
        answers |= single
    return answers


def single_places(channels: Sequence[Channel]) -> tuple[Place, ...]:
    """The questions about one channel each."""
    return tuple(
        Place(audience=channel.audience, use=use, channel=channel.key)
        for channel in channels
        for use in Use
    )


def own_choices(
    visitor: FamilyVisitor, file: StudentFile, channels: Sequence[Channel], on: date
) -> dict[Place, Choice]:
    """What this person's own words say in every place: the strictest of its channels."""
    alone = alone_with(visitor, file)
    choices = {}
    for place in PLACES:
        said = [
            _own_choice(appearance_in(place, channel, file, NameForm.FULL), alone, on)
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
    probe = probe_of(visitor, file, date.min)
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
    visitor: FamilyVisitor,
    file: StudentFile,
    choices: Choices,
    on: date,
    channels: Sequence[Channel] = (),
) -> tuple[Scoped, ...]:
    """What has to be recorded so that exactly the choices hold, of this person's words.

    Older refusals of theirs on other scopes are lifted where they would contradict a yes; what
    such a lifting word allows is narrowed again by the refusals in ``choices``. One that reaches
    where nothing is answered anew stays.
    """
    audiences = {channel.key: channel.audience for channel in channels}
    said = _said(choices)
    scopes = {scope for scope, _ in said}
    own = counting_decisions(own_words(visitor, file), file, on)
    lifted = {
        word.scope: answer
        for word in own
        if word.answer is not Answer.ALLOW and word.scope not in scopes
        for answer in _loosened(word.scope, choices, audiences)
        if answer is not word.answer
    }
    return (*said, *sorted(lifted.items(), key=repr))


def grants_to_end(
    visitor: FamilyVisitor,
    file: StudentFile,
    choices: Choices,
    on: date,
    channels: Sequence[Channel],
) -> tuple[ReleaseId, ...]:
    """This person's own grants that are wider than the single channels chosen."""
    audiences = {channel.key: channel.audience for channel in channels}
    single = {(place.audience, place.use) for place in choices if choices[place] is Choice.SINGLE}
    named = {(place.channel, place.use) for place in choices if place.channel is not None}
    ended = []
    for word in counting_decisions(own_words(visitor, file), file, on):
        scope = word.scope
        if word.answer is not Answer.ALLOW or (scope.channel, scope.use) in named:
            continue
        where = audiences.get(scope.channel) if scope.channel is not None else scope.audience
        if any(use is scope.use and where in {None, audience} for audience, use in single):
            ended.append(word.release_id)
    return tuple(ended)


def restrictions_for(choices: Choices) -> tuple[Scoped, ...]:
    """Only what refuses, of what the choices say: nothing in it can ever allow anything."""
    return tuple(scoped for scoped in _said(choices) if scoped[1] is not Answer.ALLOW)


def _said(choices: Choices) -> tuple[Scoped, ...]:
    return tuple(scoped for place, choice in choices.items() for scoped in _said_in(place, choice))


def _choice_by(lines: Sequence[PresetLine], place: Place, silent: Choice = Choice.NO) -> Choice:
    found = [
        _choice_of(line)
        for line in lines
        if line.use is place.use and line.audience in {None, place.audience}
    ]
    return max(found, key=lambda choice: choice.strictness, default=silent)


def _single_lines(
    lines: Sequence[PresetLine], place: Place, channels: Sequence[Channel]
) -> dict[Place, Choice]:
    """The preset's answers for single channels of the place's audience."""
    found = {}
    for channel in channels:
        about_it = [replace(one, channel=None) for one in lines if one.channel == channel.key]
        if channel.audience is place.audience and any(one.use is place.use for one in about_it):
            anywhere = [replace(one, audience=None) for one in about_it]
            found[replace(place, channel=channel.key)] = _choice_by(anywhere, place)
    return found


def _choice_of(line: PresetLine) -> Choice:
    if line.answer is Answer.DENY or line.channel is not None:
        return Choice.NO
    if line.answer is Answer.ASK:
        return Choice.ASK
    if line.use not in NAMING_USES or line.name_form in {None, NameForm.FULL}:
        return Choice.YES
    limited = (choice for choice, (form, _) in LIMITED_TO.items() if form is line.name_form)
    return next(limited, Choice.NO)


def _own_choice(asked: Appearance, alone: StudentFile, on: date) -> Choice:
    permission = permission_for(asked, alone, on)
    if isinstance(permission, Granted):
        return Choice.YES
    if permission.allowed_form is not None and permission.allowed_form.covers(NameForm.FIRST):
        return Choice.FIRST_NAME
    if permission.reason in {RefusalReason.NO_RECORD, RefusalReason.EXPIRED}:
        return Choice.UNSAID
    return Choice.ASK if permission.reason is RefusalReason.ASK_FIRST else Choice.NO


def alone_with(visitor: FamilyVisitor, file: StudentFile) -> StudentFile:
    """The file as if this person's own words were all there is, and all of them counted."""
    who = decider_of(probe_of(visitor, file, date.min), file)
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


def appearance_in(place: Place, channel: Channel, file: StudentFile, form: NameForm) -> Appearance:
    """The appearance that a question is about, on a channel without rules of its own."""
    unbound = replace(channel, name_form=NameForm.FULL, allows_close_ups=True)
    return Appearance(
        student_id=file.student.student_id,
        use=place.use,
        channel=unbound,
        name_form=form,
    )


def probe_of(visitor: FamilyVisitor, file: StudentFile, on: date) -> Release:
    """A yes of this person's, to ask the register whose it would be and until when it counts."""
    return Release(
        release_id=ReleaseId(""),
        student_id=file.student.student_id,
        scope=Scope(use=Use.IMAGE),
        answer=Answer.ALLOW,
        capacity=capacity_of(visitor),
        decided_by=decided_by(visitor),
        method="",
        given_on=on,
        recorded_at=datetime.min.replace(tzinfo=UTC),
    )


def _said_in(place: Place, choice: Choice) -> Iterator[Scoped]:
    if choice is Choice.YES:
        yield place.scope(), Answer.ALLOW
    elif choice in LIMITED_TO and place.use in NAMING_USES:
        yield place.scope(), Answer.ALLOW
        # Refusing a form refuses every form that tells as much, and none that tells less.
        yield place.scope(LIMITED_TO[choice][1]), Answer.DENY
    elif choice is Choice.ASK:
        yield place.scope(), Answer.ASK
    elif choice.is_said and choice is not Choice.SINGLE:
        yield place.scope(), Answer.DENY


def _loosened(
    scope: Scope, choices: Choices, audiences: Mapping[ChannelKey, Audience]
) -> Iterator[Answer]:
    """What has to stand on a scope instead of a refusal that the choices contradict, if any."""
    where = audiences.get(scope.channel) if scope.channel is not None else scope.audience
    touched = [
        choice
        for place, choice in choices.items()
        if place.use is scope.use and _is_touched(place, scope, where)
    ]
    if any(choice in {Choice.KEPT, Choice.SINGLE} for choice in touched):
        return
    if any(choice.allows for choice in touched):
        yield Answer.ALLOW
    elif Choice.ASK in touched:
        yield Answer.ASK


def _is_touched(place: Place, scope: Scope, where: Audience | None) -> bool:
    """A word on one channel touches what is said of it, or else of its audience."""
    if place.channel is not None:
        return scope.channel == place.channel
    return where in {None, place.audience}
