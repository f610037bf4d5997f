"""May this student appear here, in this way, on this day? The deciding itself: pure, and total.

``standing`` says which decisions count on a day; among those, any refusal beats any grant, a
refusal is read broadly and a grant exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from release_db.items import counting_items, covers, is_about, unlifted
from release_db.orders import under_orders
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
    comes_of_age_on,
    counting_decisions,
    day_after,
    day_before,
    end_of_year_with,
    ended_grants,
    last_day_of,
    may_allow,
    starts_on,
)
from release_db.terms import ItemConsent, NoticeDelivery
from release_db.words import (
    Answer,
    Capacity,
    ItemConsentId,
    NameForm,
    ReleaseId,
    StudentStatus,
    Use,
)

_Id = TypeVar("_Id", ReleaseId, ItemConsentId)

_NAMING_USES = frozenset({Use.NAME, Use.IMAGE_WITH_NAME})

#: The uses whose refusal also refuses the use asked for.
_REFUSED_WITH = {
    Use.IMAGE: frozenset({Use.IMAGE}),
    Use.NAME: frozenset({Use.NAME}),
    Use.IMAGE_WITH_NAME: frozenset({Use.IMAGE, Use.NAME, Use.IMAGE_WITH_NAME}),
    Use.WORK: frozenset({Use.WORK}),
    Use.VOICE: frozenset({Use.VOICE}),
}

#: What a denial is called by the capacity of whoever denies. In this order, which puts a student's
#: own refusal first at any age, the first that counts is named; asking first comes after them.
_DENIED_BY = {
    Capacity.STUDENT: RefusalReason.STUDENT_REFUSED,
    Capacity.GUARDIAN: RefusalReason.GUARDIAN_DENIED,
    Capacity.SIS: RefusalReason.SIS_DENIED,
    Capacity.OFFICE: RefusalReason.OFFICE_DENIED,
}
_REFUSALS_IN_ORDER = (*_DENIED_BY.values(), RefusalReason.ASK_FIRST)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """The words that count on a day. ``allows`` has the longest-lasting one first.

    ``file`` is the student's, with the rights that orders leave; ``items`` are for the one item
    that is asked about.
    """

    file: StudentFile
    on: date
    refusals: tuple[Release, ...]
    allows: tuple[tuple[date, Release], ...]
    items: tuple[ItemConsent, ...]
    deliveries: tuple[NoticeDelivery, ...]


def permission_for(appearance: Appearance, file: StudentFile | None, on: date) -> Permission:
    """Whether the appearance is allowed on that day, on which releases and until when.

    Never raises. A use that shows a name and does not say in which form is read as the full name.
    A refusal tells the widest form of the name that would be allowed, if there is one.
    """
    if file is None or file.student.student_id != appearance.student_id:
        return Refused(reason=RefusalReason.UNKNOWN_STUDENT)
    asked = appearance
    if asked.use in _NAMING_USES and asked.name_form is NameForm.NONE:
        asked = replace(asked, name_form=NameForm.FULL)
    file = _concerning(asked, file)
    permission = _permission_on(asked, file, on)
    if isinstance(permission, Refused):
        return permission
    until = _last_good_day(permission, asked, file, on)
    return permission if until == permission.until else replace(permission, until=until)


def biometric_consent_or_none(file: StudentFile, on: date) -> BiometricConsent | None:
    """The live consent to hold a template, or None: nobody consented, or somebody refuses.

    A release never implies it, and neither does the student information system.
    """
    if _has_left(file.student, on):
        return None
    file = under_orders(file, on, use=None, audience=None)
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


def _concerning(asked: Appearance, file: StudentFile) -> StudentFile:
    """The file without the words that can neither grant nor refuse what is asked.

    A later word supersedes on exactly the same scope only, so that none of these can either.
    """
    uses, channel = _REFUSED_WITH[asked.use], asked.channel
    releases = [word for word in file.releases if word.scope.use in uses]
    return replace(
        file,
        releases=tuple(word for word in releases if _reaches(word.scope, channel)),
        items=tuple(word for word in file.items if is_about(word, asked)),
    )


def _permission_on(asked: Appearance, file: StudentFile, on: date) -> Permission:
    if _has_left(file.student, on):
        return Refused(reason=RefusalReason.DEPARTED)
    held = tuple(hold.hold_id for hold in file.holds if _stops(hold, asked.channel, on))
    if held:
        return Refused(reason=RefusalReason.HOLD, holds=held)
    answers = _answers_on(asked, file, on)
    if asked.use in _NAMING_USES:
        permission = _permission_to_name(asked, answers)
    else:
        permission = _permission_by(asked, answers)
    if isinstance(permission, Granted) and _is_unfit_close_up(asked):
        return Refused(reason=RefusalReason.CLOSE_UP)
    return permission


def _is_unfit_close_up(asked: Appearance) -> bool:
    is_seen = asked.use in {Use.IMAGE, Use.IMAGE_WITH_NAME}
    return is_seen and asked.is_close_up and not asked.channel.allows_close_ups


def _permission_to_name(asked: Appearance, answers: _Answers) -> Permission:
    """A short name with school and grade beside it is allowed where the full name is, too."""
    permission = _permission_in_form(asked, answers)
    if isinstance(permission, Refused) or not asked.tells_school_and_grade:
        return permission
    whole = _permission_in_form(replace(asked, name_form=NameForm.FULL), answers)
    if isinstance(whole, Granted):
        return whole
    # No shorter name helps: what tells too much is the words beside it.
    return replace(whole, reason=RefusalReason.SCHOOL_AND_GRADE, allowed_form=None)


def _permission_in_form(asked: Appearance, answers: _Answers) -> Permission:
    cap = asked.channel.name_form
    is_within = cap.covers(asked.name_form)
    permission = _permission_by(asked if is_within else replace(asked, name_form=cap), answers)
    if isinstance(permission, Granted) and is_within:
        return permission
    reason = RefusalReason.NAME_FORM if isinstance(permission, Granted) else permission.reason
    return Refused(
        reason=reason,
        releases=permission.releases,
        items=permission.items,
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
    refusal = _refusal_or_none(asked, answers)
    if refusal is not None:
        return refusal
    for last_day, release in answers.allows:
        if _covers(release.scope, asked):
            return Granted(releases=(release.release_id,), until=last_day)
    return (
        _granted_for_item_or_none(asked, answers)
        or _granted_by_notice_or_none(asked, answers)
        or Refused(reason=_reason_without_allow(asked, answers))
    )


def _granted_for_item_or_none(asked: Appearance, answers: _Answers) -> Granted | None:
    days = {
        item.item_consent_id: last_day_of(item, answers.file)
        for item in answers.items
        if item.answer is Answer.ALLOW and covers(item, asked) and may_allow(item, answers.file)
    }
    if not days:
        return None
    longest = max(days, key=lambda item_id: (days[item_id], item_id))
    return Granted(releases=(), items=(longest,), until=days[longest])


def _granted_by_notice_or_none(asked: Appearance, answers: _Answers) -> Granted | None:
    """A blank means yes only where the district says so, for a notice that nobody objected to."""
    if asked.use not in answers.file.policy.opt_out_uses or not answers.deliveries:
        return None
    sent = max(answers.deliveries, key=lambda delivery: (delivery.sent_on, delivery.delivery_id))
    until = end_of_year_with(sent.sent_on, answers.file)
    return Granted(releases=(), deliveries=(sent.delivery_id,), until=until)


def _refusal_or_none(asked: Appearance, answers: _Answers) -> Refused | None:
    touching = [release for release in answers.refusals if _refuses(release.scope, asked)]
    releases = unlifted(touching, answers.items, asked, answers.file)
    items = [item for item in answers.items if _is_refused_by(item, asked)]
    told = {*map(_refusal_by, releases), *map(_refusal_by, items)}
    if not told:
        return None
    reason = min(told, key=_REFUSALS_IN_ORDER.index)
    return Refused(
        reason=reason,
        releases=_in_order(one.release_id for one in releases if _refusal_by(one) is reason),
        items=_in_order(one.item_consent_id for one in items if _refusal_by(one) is reason),
    )


def _in_order(ids: Iterable[_Id]) -> tuple[_Id, ...]:
    return tuple(sorted(ids))


def _refusal_by(word: Release | ItemConsent) -> RefusalReason:
    return _DENIED_BY[word.capacity] if word.answer is Answer.DENY else RefusalReason.ASK_FIRST


def _is_refused_by(item: ItemConsent, asked: Appearance) -> bool:
    scope = Scope(use=item.use, name_form=_form_of(item))
    return item.answer is not Answer.ALLOW and _refuses(scope, asked)


def _form_of(item: ItemConsent) -> NameForm | None:
    """The form that an answer for an item is about; none of a name means every form."""
    return None if item.name_form is NameForm.NONE else item.name_form


def _reason_without_allow(asked: Appearance, answers: _Answers) -> RefusalReason:
    if any(_covers_but_for_form(release.scope, asked) for _, release in answers.allows):
        return RefusalReason.NAME_FORM
    if any(_covers(release.scope, asked) for release in ended_grants(answers.file, answers.on)):
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


def _reaches(scope: Scope | Hold, channel: Channel) -> bool:
    is_everywhere = scope.channel is None and scope.audience is None
    return is_everywhere or scope.channel == channel.key or scope.audience is channel.audience


def _answers_on(asked: Appearance, file: StudentFile, on: date) -> _Answers:
    file = under_orders(file, on, use=asked.use, audience=asked.channel.audience)
    counting = counting_decisions(file.releases, file, on)
    allows = [
        (last_day_of(word, file), word)
        for word in counting
        if word.answer is Answer.ALLOW and may_allow(word, file)
    ]
    return _Answers(
        file=file,
        on=on,
        items=tuple(counting_items(file, on)),
        deliveries=tuple(sent for sent in file.deliveries if _has_run(sent, file, on)),
        refusals=tuple(word for word in counting if word.answer is not Answer.ALLOW),
        allows=tuple(sorted(allows, key=lambda allow: (allow[0], allow[1].release_id))[::-1]),
    )


def _last_good_day(granted: Granted, asked: Appearance, file: StudentFile, on: date) -> date:
    """The day before the first on which the answer would be another, as far as is known today."""
    last_day = granted.until or date.max  # A grant of ours always has an end.
    for day in sorted(day for day in _turning_days(file) if on < day <= last_day):
        if isinstance(_permission_on(asked, file, day), Refused):
            return day_before(day)
    return last_day


def _turning_days(file: StudentFile) -> set[date]:
    """Every day on which something on file begins to count or has just ceased to."""
    words: list[Release | ItemConsent] = [*file.releases, *file.items]
    days = {hold.starts_on for hold in file.holds}
    days |= {starts_on(word) for word in words}
    days |= {day_after(last_day_of(word, file)) for word in words}
    for order in file.orders:
        days |= {order.starts_on, *([day_after(order.ends_on)] if order.ends_on else [])}
    return days | {day for day in (file.student.left_on, comes_of_age_on(file.student)) if day}


def _has_run(sent: NoticeDelivery, file: StudentFile, on: date) -> bool:
    """Whether a notice is proven, was sent in this school year, and its window has closed.

    From 18 on it has to have been sent to the student, who decides alone.
    """
    of_age_on = comes_of_age_on(file.student)
    is_addressee = of_age_on is None or on < of_age_on or sent.sent_on >= of_age_on
    is_closed = sent.sent_on <= sent.window_ends_on < on
    is_this_year = on <= end_of_year_with(sent.sent_on, file)
    is_open_to_all = not file.is_rights_holder_only
    return sent.failed_at is None and is_addressee and is_closed and is_this_year and is_open_to_all


def _has_left(student: Student, on: date) -> bool:
    """A student is gone from ``left_on`` on; without a date a departed one has always been."""
    if student.left_on is not None:
        return student.left_on <= on
    return student.status is StudentStatus.DEPARTED


def _stops(hold: Hold, channel: Channel, on: date) -> bool:
    is_active = hold.starts_on <= on and (hold.ends_on is None or on <= hold.ends_on)
    return is_active and _reaches(hold, channel)
