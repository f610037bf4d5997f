"""May this student appear here, in this way, on this day? The deciding itself: pure, and total.

``standing`` says which decisions count on a day; among those, any refusal beats any grant, a
refusal is read broadly and a grant exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

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
    Scope,
    Student,
    StudentFile,
)
from release_db.standing import (
    counting_decisions,
    day_after,
    day_before,
    ended_grants,
    last_day_of,
    may_allow,
)
from release_db.words import Answer, Capacity, NameForm, StudentStatus, Use

_NAMING_USES = frozenset({Use.NAME, Use.IMAGE_WITH_NAME})

#: The uses whose refusal also refuses the use asked for.
_REFUSED_WITH = {
    Use.IMAGE: frozenset({Use.IMAGE}),
    Use.NAME: frozenset({Use.NAME}),
    Use.IMAGE_WITH_NAME: frozenset({Use.IMAGE, Use.NAME, Use.IMAGE_WITH_NAME}),
    Use.WORK: frozenset({Use.WORK}),
    Use.VOICE: frozenset({Use.VOICE}),
}

#: Refusals in the order in which they are named; a student's own comes first at any age.
_REFUSALS_IN_ORDER = (
    (Answer.DENY, frozenset({Capacity.STUDENT}), RefusalReason.STUDENT_REFUSED),
    (Answer.DENY, frozenset({Capacity.GUARDIAN}), RefusalReason.GUARDIAN_DENIED),
    (Answer.DENY, frozenset({Capacity.SIS}), RefusalReason.SIS_DENIED),
    (Answer.DENY, frozenset({Capacity.OFFICE}), RefusalReason.OFFICE_DENIED),
    (Answer.ASK, frozenset(Capacity), RefusalReason.ASK_FIRST),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """The words that count on a day. ``allows`` has the longest-lasting one first."""

    refusals: tuple[Release, ...]
    allows: tuple[tuple[date, Release], ...]
    ended: tuple[Release, ...]


def permission_for(appearance: Appearance, file: StudentFile | None, on: date) -> Permission:
    """Whether the appearance is allowed on that day, on which releases and until when.

    Never raises. A use that shows a name and does not say in which form is read as the full name.
    A refusal tells the widest form of the name that would be allowed, if there is one.
    """
    if file is None or file.student.student_id != appearance.student_id:
        return Refused(reason=RefusalReason.UNKNOWN_STUDENT)
    asked = appearance
    if asked.name_form is NameForm.NONE:
        # Where no name is shown the form means nothing, so that this changes nothing there.
        asked = replace(asked, name_form=NameForm.FULL)
    permission = _permission_on(asked, file, on)
    if isinstance(permission, Refused):
        return permission
    return replace(permission, until=_last_good_day(permission, asked, file, on))


def biometric_consent_or_none(file: StudentFile, on: date) -> BiometricConsent | None:
    """The live consent to hold a template, or None: nobody consented, or somebody refuses.

    A release never implies it, and neither does the student information system.
    """
    if _has_left(file.student, on):
        return None
    counting = counting_decisions(file.biometric, file, on)
    if any(word.answer is not Answer.ALLOW for word in counting):
        return None
    allows = [
        word for word in counting if word.capacity is not Capacity.SIS and may_allow(word, file)
    ]
    return max(allows, key=lambda word: (last_day_of(word, file), word.release_id), default=None)


def live_refusals(file: StudentFile, on: date) -> tuple[Release | BiometricConsent, ...]:
    """Every denial and ``ask`` that counts on that day, whatever it is about."""
    counting: list[Release | BiometricConsent] = [
        *counting_decisions(file.releases, file, on),
        *counting_decisions(file.biometric, file, on),
    ]
    return tuple(word for word in counting if word.answer is not Answer.ALLOW)


def _permission_on(asked: Appearance, file: StudentFile, on: date) -> Permission:
    if _has_left(file.student, on):
        return Refused(reason=RefusalReason.DEPARTED)
    if any(_is_active(hold, on) for hold in file.holds):
        return Refused(reason=RefusalReason.HOLD)
    answers = _answers_on(file, on)
    if asked.use not in _NAMING_USES:
        return _permission_by(asked, answers)
    return _permission_to_name(asked, answers)


def _permission_to_name(asked: Appearance, answers: _Answers) -> Permission:
    cap = asked.channel.name_form
    is_within = cap.covers(asked.name_form)
    permission = _permission_by(asked if is_within else replace(asked, name_form=cap), answers)
    if isinstance(permission, Granted) and is_within:
        return permission
    reason = RefusalReason.NAME_FORM if isinstance(permission, Granted) else permission.reason
    return Refused(
        reason=reason,
        releases=permission.releases,
        allowed_form=_widest_form_or_none(asked, answers),
    )


def _widest_form_or_none(asked: Appearance, answers: _Answers) -> NameForm | None:
    for form in reversed(NameForm):
        narrower = replace(asked, name_form=form)
        is_within = asked.channel.name_form.covers(form)
        if is_within and isinstance(_permission_by(narrower, answers), Granted):
            return form
    return None


def _permission_by(asked: Appearance, answers: _Answers) -> Permission:
    refusal = _refusal_or_none(asked, answers.refusals)
    if refusal is not None:
        return refusal
    for last_day, release in answers.allows:
        if _covers(release.scope, asked):
            return Granted(releases=(release.release_id,), until=last_day)
    return Refused(reason=_reason_without_allow(asked, answers))


def _refusal_or_none(asked: Appearance, refusals: Iterable[Release]) -> Refused | None:
    touching = [release for release in refusals if _refuses(release.scope, asked)]
    for answer, capacities, reason in _REFUSALS_IN_ORDER:
        named = sorted(
            release.release_id
            for release in touching
            if release.answer is answer and release.capacity in capacities
        )
        if named:
            return Refused(reason=reason, releases=tuple(named))
    return None


def _reason_without_allow(asked: Appearance, answers: _Answers) -> RefusalReason:
    if any(_covers_but_for_form(release.scope, asked) for _, release in answers.allows):
        return RefusalReason.NAME_FORM
    if any(_covers(release.scope, asked) for release in answers.ended):
        return RefusalReason.EXPIRED
    return RefusalReason.NO_RECORD


def _covers(scope: Scope, asked: Appearance) -> bool:
    """A grant is exact: it covers its own use, and what shows no more of the name."""
    shows_no_more = (
        asked.use not in _NAMING_USES
        or scope.name_form is None
        or scope.name_form.covers(asked.name_form)
    )
    return shows_no_more and _covers_but_for_form(scope, asked)


def _covers_but_for_form(scope: Scope, asked: Appearance) -> bool:
    channel = asked.channel
    return (
        scope.use is asked.use
        and scope.channel in {None, channel.key}
        and scope.audience in {None, channel.audience}
    )


def _refuses(scope: Scope, asked: Appearance) -> bool:
    """A refusal is broad: it also refuses what contains its use, and every form that shows more."""
    shows_as_much = (
        scope.use not in _NAMING_USES
        or scope.name_form is None
        or asked.name_form.covers(scope.name_form)
    )
    is_use_refused = scope.use in _REFUSED_WITH[asked.use]
    return shows_as_much and is_use_refused and _reaches(scope, asked.channel)


def _reaches(scope: Scope, channel: Channel) -> bool:
    is_everywhere = scope.channel is None and scope.audience is None
    return is_everywhere or scope.channel == channel.key or scope.audience is channel.audience


def _answers_on(file: StudentFile, on: date) -> _Answers:
    counting = counting_decisions(file.releases, file, on)
    allows = [
        (last_day_of(word, file), word)
        for word in counting
        if word.answer is Answer.ALLOW and may_allow(word, file)
    ]
    return _Answers(
        refusals=tuple(word for word in counting if word.answer is not Answer.ALLOW),
        allows=tuple(sorted(allows, key=lambda allow: (allow[0], allow[1].release_id))[::-1]),
        ended=ended_grants(file, on),
    )


def _last_good_day(granted: Granted, asked: Appearance, file: StudentFile, on: date) -> date:
    """The day before the first on which the answer would be another, as far as is known today."""
    last_day = granted.until or date.max  # A grant of ours always has an end.
    for day in sorted(_turning_days(file)):
        if on < day <= last_day and isinstance(_permission_on(asked, file, day), Refused):
            return day_before(day)
    return last_day


def _turning_days(file: StudentFile) -> set[date]:
    """Every day on which something on file begins to count or has just ceased to."""
    days = {hold.starts_on for hold in file.holds}
    days |= {release.given_on for release in file.releases}
    days |= {day_after(last_day_of(release, file)) for release in file.releases}
    return days | ({file.student.left_on} if file.student.left_on else set())


def _has_left(student: Student, on: date) -> bool:
    """A student is gone from ``left_on`` on; without a date a departed one has always been."""
    if student.left_on is not None:
        return student.left_on <= on
    return student.status is StudentStatus.DEPARTED


def _is_active(hold: Hold, on: date) -> bool:
    return hold.starts_on <= on and (hold.ends_on is None or on <= hold.ends_on)
