"""A student's file in the words of the office: what may be done today, and on what it rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from mediacheck.flow.registrars_holds import is_due, is_open
from mediacheck.web.registrars.words import AUDIENCES, HOLD_KINDS, where_words
from release_db.records import (
    Appearance,
    BiometricConsent,
    Channel,
    Granted,
    Hold,
    Permission,
    RefusalReason,
    Refused,
    Release,
    StudentFile,
)
from release_db.rules import biometric_consent_or_none, permission_for
from release_db.standing import last_day_of
from release_db.words import Answer, Capacity, ChannelKey, NameForm, Use

USES = {
    Use.IMAGE: "Picture",
    Use.NAME: "Name",
    Use.IMAGE_WITH_NAME: "Picture with name",
    Use.WORK: "Work",
    Use.VOICE: "Voice",
}
_ANSWERS = {Answer.ALLOW: "Allowed", Answer.DENY: "Refused", Answer.ASK: "Ask each time"}
_CAPACITIES = {
    Capacity.GUARDIAN: "Guardian",
    Capacity.STUDENT: "Student",
    Capacity.OFFICE: "Office, from a form",
    Capacity.SIS: "Student information system",
}
NAME_FORMS = {
    NameForm.NONE: "no name",
    NameForm.INITIALS: "initials",
    NameForm.FIRST: "first name",
    NameForm.FIRST_INITIAL: "first name and initial",
    NameForm.FULL: "full name",
}
_REASONS = {
    RefusalReason.HOLD: "On hold",
    RefusalReason.STUDENT_REFUSED: "The student refused",
    RefusalReason.GUARDIAN_DENIED: "A guardian refused",
    RefusalReason.SIS_DENIED: "Refused in the student information system",
    RefusalReason.OFFICE_DENIED: "Refused on a form",
    RefusalReason.ASK_FIRST: "Ask each time",
    RefusalReason.NAME_FORM: "Not in this form of the name",
    RefusalReason.SCHOOL_AND_GRADE: "Not with the school and the grade beside the name",
    RefusalReason.CLOSE_UP: "No single close-ups on this channel",
    RefusalReason.EXPIRED: "The release has ended",
    RefusalReason.DEPARTED: "Has left",
    RefusalReason.NO_RECORD: "Nothing on file that counts",
    RefusalReason.UNKNOWN_STUDENT: "Not on the roster",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """Whether one use is allowed on one channel. ``kind`` is that of the badge."""

    use: Use
    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAnswers:
    """The answers for one channel, one for each use."""

    channel: Channel
    answers: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRelease:
    """A release on file, in words."""

    use: str
    where: str
    answer: str
    by: str
    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDecision:
    """A decision on file as a row of the table of all of them."""

    given_on: date
    answer: str
    use: str
    where: str
    by: str
    ends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHold:
    """A hold, in words. ``is_open``: it can still be lifted; ``is_due``: it is to be looked at."""

    hold: Hold
    kind: str
    where: str
    review_on: date | None
    is_open: bool
    is_due: bool


def answers_of(
    file: StudentFile, channels: tuple[Channel, ...], on: date, *, shows_holds: bool
) -> tuple[ChannelAnswers, ...]:
    """What the rules say today, for every channel and use."""
    return tuple(
        ChannelAnswers(
            channel=channel,
            answers=tuple(_answer_of(file, channel, use, on, shows_holds) for use in USES),
        )
        for channel in channels
    )


def decisions_of(file: StudentFile, channels: tuple[Channel, ...]) -> tuple[ShownDecision, ...]:
    """Every decision on file, those on a face template among them, the newest first."""
    names = {channel.key: channel.name for channel in channels}
    decisions: tuple[Release | BiometricConsent, ...] = (*file.releases, *file.biometric)
    newest_first = sorted(
        decisions, key=lambda decision: (decision.given_on, decision.recorded_at), reverse=True
    )
    return tuple(_shown_decision(decision, file, names) for decision in newest_first)


def _shown_decision(
    decision: Release | BiometricConsent, file: StudentFile, names: Mapping[ChannelKey, str]
) -> ShownDecision:
    answer, use, where = _ANSWERS[decision.answer], "Face template", "Face search"
    if isinstance(decision, Release):
        use, where = USES[decision.scope.use], _where(decision, names)
        if decision.revoked_on is not None:
            answer = f"{answer}, taken back on {decision.revoked_on.isoformat()}"
    last = last_day_of(decision, file)
    return ShownDecision(
        given_on=decision.given_on,
        answer=answer,
        use=use,
        where=where,
        by=f"{_CAPACITIES[decision.capacity]}: {decision.decided_by}",
        ends=last.isoformat() if last != date.max else "Does not end by itself",
    )


def shown_release(release: Release, names: Mapping[ChannelKey, str]) -> ShownRelease:
    """A decision in words; ``names`` are those of the channels."""
    return ShownRelease(
        use=USES[release.scope.use],
        where=_where(release, names),
        answer=_ANSWERS[release.answer],
        by=_CAPACITIES[release.capacity],
        release=release,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A permission in words, with what it rests on. ``kind`` is that of the badge."""

    kind: str
    words: str
    releases: tuple[ShownRelease, ...]
    others: tuple[str, ...]


def explained(
    permission: Permission,
    file: StudentFile,
    names: Mapping[ChannelKey, str],
    *,
    shows_holds: bool,
) -> Explained:
    """A permission with every decision that it names."""
    rests_on = tuple(
        shown_release(release, names)
        for release in file.releases
        if release.release_id in permission.releases
    )
    items = tuple("An answer for this one picture" for _ in permission.items)
    match permission:
        case Granted(until=until, deliveries=deliveries):
            words = f"Allowed until {until.isoformat()}" if until else "Allowed"
            sent = tuple("A notice that nobody objected to" for _ in deliveries)
            others = (*items, *sent)
        case Refused(reason=reason, holds=holds, allowed_form=narrower):
            words = _reason_words(reason, shows_holds)
            if narrower is not None:
                words = f"{words}: allowed as {NAME_FORMS[narrower]}"
            others = (*items, *("A protective hold" for _ in holds if shows_holds))
        case _:
            assert_never(permission)
    kind = "cleared" if isinstance(permission, Granted) else "blocked"
    return Explained(kind=kind, words=words, releases=rests_on, others=others)


def holds_of(
    file: StudentFile,
    on: date,
    names: Mapping[ChannelKey, str],
    reviews: Mapping[str, date | None],
) -> tuple[ShownHold, ...]:
    """Every hold, the newest first; ``reviews`` says when those looked at already are due again."""
    newest_first = sorted(file.holds, key=lambda hold: hold.starts_on, reverse=True)
    return tuple(
        ShownHold(
            hold=hold,
            kind=HOLD_KINDS.get(hold.kind, hold.kind),
            where=where_words(hold.channel, hold.audience, names),
            review_on=reviews.get(hold.hold_id, hold.review_on),
            is_open=is_open(hold, on),
            is_due=is_open(hold, on) and is_due(reviews.get(hold.hold_id, hold.review_on), on),
        )
        for hold in newest_first
    )


def biometric_of(file: StudentFile, on: date) -> ShownAnswer:
    """Whether a face template may be held."""
    if biometric_consent_or_none(file, on) is not None:
        return ShownAnswer(use=Use.IMAGE, kind="cleared", words="Consent on file")
    return ShownAnswer(use=Use.IMAGE, kind="blocked", words="No consent: no template is held")


def _reason_words(reason: RefusalReason, shows_holds: bool) -> str:
    if reason is RefusalReason.HOLD and not shows_holds:
        return "Not allowed"
    return _REASONS[reason]


def _answer_of(
    file: StudentFile, channel: Channel, use: Use, on: date, shows_holds: bool
) -> ShownAnswer:
    """Names are asked for in the widest form that the channel ever shows."""
    is_named = use in {Use.NAME, Use.IMAGE_WITH_NAME}
    asked = Appearance(
        student_id=file.student.student_id,
        use=use,
        channel=channel,
        name_form=channel.name_form if is_named else NameForm.NONE,
    )
    permission = permission_for(asked, file, on)
    match permission:
        case Granted(until=until):
            form = f" ({NAME_FORMS[channel.name_form]})" if is_named else ""
            until_words = f" until {until.isoformat()}" if until else ""
            return ShownAnswer(use=use, kind="cleared", words=f"Allowed{form}{until_words}")
        case Refused(allowed_form=NameForm() as narrower):
            words = f"Only as {NAME_FORMS[narrower]}"
            return ShownAnswer(use=use, kind="review", words=words)
        case Refused(reason=reason):
            words = _reason_words(reason, shows_holds)
            return ShownAnswer(use=use, kind="blocked", words=words)
        case _:
            assert_never(permission)


def _where(release: Release, names: Mapping[ChannelKey, str]) -> str:
    scope = release.scope
    if scope.channel is not None:
        where = names.get(scope.channel, scope.channel)
    elif scope.audience is not None:
        where = AUDIENCES[scope.audience]
    else:
        where = "Everywhere"
    return f"{where}, {NAME_FORMS[scope.name_form]}" if scope.name_form else where
