"""What a family may see and sign: her children, what holds, and answers in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mediacheck.errors import NotAllowed, NotFound
from mediacheck.flow.families_choices import (
    PLACES,
    Choice,
    Choices,
    Place,
    Scoped,
    channels_of,
    decided_by,
    decisions_for,
    grants_to_end,
    own_choices,
    restrictions_for,
)
from mediacheck.flow.families_told import Told, told_by
from mediacheck.flow.families_words import Act, biometric_of, releases_of
from mediacheck.flow.naming import recognition_of
from mediacheck.flow.today import today_of
from mediacheck.flow.withdraw import after_change
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyKind, FamilyVisitor
from mediacheck.model.publication import Trigger
from mediacheck.ports.services import Services, Work
from mediacheck.settings import Recognition
from release_db.orders import under_orders
from release_db.records import (
    Appearance,
    Channel,
    Granted,
    Guardian,
    StudentFile,
)
from release_db.rules import permission_for
from release_db.standing import comes_of_age_on
from release_db.terms import Notice
from release_db.words import (
    ActId,
    Answer,
    NameForm,
    NoticeKind,
    ReleaseId,
    Rights,
    StudentId,
    StudentStatus,
)

#: The language of a notice where there is none in the family's own.
FALLBACK_LANGUAGE = "en"

_BROWSER_LENGTH = 200


class WouldWiden(NotAllowed):
    """A visitor who may only restrict has asked for more than holds now."""

    message = (
        "This link can only say no. To say yes to more, sign in. Nothing was changed by this form."
    )


class NoNotice(NotAllowed):
    """There is no approved notice yet, so nobody can say yes to it."""

    message = "The district has not published its notice yet, so it cannot take a yes."


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What proves an answer: the name as typed, and where it came from."""

    typed: str
    language: str
    ip: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyDesk:
    """One person of a family in one transaction."""

    services: Services
    work: Work
    visitor: FamilyVisitor

    @property
    def today(self) -> date:
        """Today, in the district's time zone."""
        return today_of(self.services.clock, self.work.register)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What was signed in one go for one student."""

    act: ActId
    student_id: StudentId
    recorded: int


def children_of(desk: FamilyDesk) -> tuple[StudentFile, ...]:
    """The students whose pages this person may open, by name.

    A guardian's are those linked to the address, while the student is under 18 and no order took
    the rights; a student of 18 sees herself and nobody else.
    """
    mine = [file for file in linked_files(desk) if _is_open_to(desk, file)]
    return tuple(sorted(mine, key=lambda file: (file.student.given_name, file.student.student_id)))


def linked_files(desk: FamilyDesk) -> tuple[StudentFile, ...]:
    """The files of everybody linked to this person's address, whatever rights that gives today."""
    return tuple(desk.work.register.student_files(_linked_ids(desk)).values())


def require_child(desk: FamilyDesk, student_id: str) -> StudentFile:
    """The student's file.

    Raises:
        NotFound: it is not this person's, and nobody learns whether there is one.
    """
    for file in children_of(desk):
        if file.student.student_id == student_id:
            return file
    raise NotFound


def may_widen(desk: FamilyDesk, file: StudentFile) -> bool:
    """Whether this person's yes counts at all; whoever is not verified may only restrict."""
    if not desk.visitor.may_grant or file.student.status is not StudentStatus.ACTIVE:
        return False
    if desk.visitor.kind is FamilyKind.STUDENT:
        return True
    link = link_of(desk, file)
    return link is not None and link.rights is Rights.FULL


def link_of(desk: FamilyDesk, file: StudentFile, place: Place | None = None) -> Guardian | None:
    """The guardian's own link to the student, with the rights that orders leave today.

    ``place`` None: the rights that hold everywhere.
    """
    use, audience = (place.use, place.audience) if place is not None else (None, None)
    ordered = under_orders(file, desk.today, use=use, audience=audience)
    email = desk.visitor.email.strip().casefold()
    mine = [link for link in ordered.guardians if link.email.strip().casefold() == email]
    return min(mine, key=lambda link: link.guardian_id, default=None)


def asks_for_templates(desk: FamilyDesk, file: StudentFile) -> bool:
    """Whether the school compares faces at all; where it does not, no family is asked."""
    return recognition_of(desk.work.register, file.student.school) is not Recognition.OFF


def channels_for(desk: FamilyDesk, file: StudentFile) -> tuple[Channel, ...]:
    """The channels on which this student may appear at all: the district's, and the school's."""
    school = file.student.school
    return tuple(
        channel for channel in desk.work.register.channels() if channel.school in {None, school}
    )


def choices_of(desk: FamilyDesk, file: StudentFile) -> dict[Place, Choice]:
    """What this person has answered so far."""
    return own_choices(desk.visitor, file, channels_for(desk, file), desk.today)


def told_of(desk: FamilyDesk, file: StudentFile) -> dict[Place, Told]:
    """What this person has answered so far, told without loss."""
    return told_by(desk.visitor, file, channels_for(desk, file), desk.today)


def notice_for(desk: FamilyDesk, kind: NoticeKind, language: str) -> Notice | None:
    """The notice in force, in the family's language where there is one."""
    terms = desk.work.register.terms
    return terms.notice_or_none(kind, language, desk.today) or terms.notice_or_none(
        kind, FALLBACK_LANGUAGE, desk.today
    )


def file_with(
    desk: FamilyDesk, file: StudentFile, choices: Choices, signature: Signature
) -> StudentFile:
    """The file as it would be once these choices were signed; nothing is recorded."""
    scoped = _scoped(desk, file, choices, is_wide=may_widen(desk, file))
    act = _act(desk, NoticeKind.RELEASE, signature, ActId("unsaved"))
    ended = _ended(desk, file, choices)
    kept = [
        replace(word, revoked_on=desk.today) if word.release_id in ended else word
        for word in file.releases
    ]
    return replace(file, releases=(*kept, *releases_of(act, file.student.student_id, scoped)))


def sign_choices(
    desk: FamilyDesk, student_id: str, choices: Choices, signature: Signature
) -> Signed:
    """Records the answers of one signature, all in this transaction, with the audit's entry.

    Raises:
        NotFound: the student is not this person's.
        WouldWiden: a visitor who may only restrict would allow, or ask for, more than now.
        NoNotice: something would be allowed, and no notice has been approved.
    """
    file = require_child(desk, student_id)
    is_wide = may_widen(desk, file)
    if is_wide and any(choice.allows for choice in choices.values()):
        _require_notice(desk, NoticeKind.RELEASE, signature.language)
    act = ActId(desk.services.ids.new())
    scoped = _scoped(desk, file, choices, is_wide=is_wide)
    form = _act(desk, NoticeKind.RELEASE, signature, act)
    words = releases_of(form, file.student.student_id, scoped)
    after = replace(file, releases=(*file.releases, *words))
    if not is_wide and widens(desk, file, after):
        raise WouldWiden
    for ended in _ended(desk, file, choices):
        desk.work.register.revoke(
            ended, on=form.given_on, by=decided_by(desk.visitor), at=form.recorded_at
        )
    desk.work.register.record(words)
    desk.work.audit.write(
        Event.RELEASES_SIGNED,
        actor=actor_of(desk.visitor),
        subject=file.student.student_id,
        act=act,
        decisions=len(words),
        authenticated=desk.visitor.authenticated,
    )
    after_change(
        desk.services,
        desk.work,
        [file.student.student_id],
        trigger=Trigger.ANSWER,
        by=actor_of(desk.visitor),
    )
    return Signed(act=act, student_id=file.student.student_id, recorded=len(words))


def sign_biometric(desk: FamilyDesk, student_id: str, answer: Answer, signature: Signature) -> None:
    """Records the answer about a face template; a no destroys what there is, here and now.

    Raises:
        NotFound: the student is not this person's.
        WouldWiden: a visitor who may only restrict says yes.
        NoNotice: a yes, and no notice on templates has been approved.
    """
    file = require_child(desk, student_id)
    student = file.student.student_id
    if answer is Answer.ALLOW:
        if not may_widen(desk, file) or not asks_for_templates(desk, file):
            raise WouldWiden
        _require_notice(desk, NoticeKind.BIOMETRIC, signature.language)
    act = ActId(desk.services.ids.new())
    form = _act(desk, NoticeKind.BIOMETRIC, signature, act)
    desk.work.register.record_biometric([biometric_of(form, student, answer)])
    desk.work.audit.write(
        Event.BIOMETRIC_SIGNED,
        actor=actor_of(desk.visitor),
        subject=student,
        act=act,
        answer=answer.value,
        authenticated=desk.visitor.authenticated,
    )


def widens(desk: FamilyDesk, before: StudentFile, after: StudentFile) -> bool:
    """Whether anything that is refused before would be granted after, anywhere, in any form."""
    channels = channels_for(desk, before)
    asked = [
        Appearance(
            student_id=before.student.student_id, use=place.use, channel=channel, name_form=form
        )
        for place in PLACES
        for channel in channels_of(place.audience, channels)
        for form in NameForm
    ]
    return any(
        isinstance(permission_for(one, after, desk.today), Granted)
        and not isinstance(permission_for(one, before, desk.today), Granted)
        for one in asked
    )


def evidence_of(visitor: FamilyVisitor, notice: Notice | None, signature: Signature) -> str:
    """What proves an answer, as JSON: the signature, how and from where it came, what was read."""
    proof = {
        "signature": signature.typed,
        "authenticated": visitor.authenticated,
        "ip": signature.ip,
        "user_agent": signature.browser[:_BROWSER_LENGTH],
        "notice_sha256": notice.sha256 if notice is not None else "",
    }
    return json.dumps(proof, sort_keys=True, ensure_ascii=False)


def actor_of(visitor: FamilyVisitor) -> str:
    """How the audit names this person: by the account's id, never by the address."""
    return visitor.account_id or f"family:{visitor.authenticated}"


def _linked_ids(desk: FamilyDesk) -> Sequence[StudentId]:
    register = desk.work.register
    if desk.visitor.kind is FamilyKind.GUARDIAN:
        return [link.student_id for link in register.students_of(desk.visitor.email)]
    return register.terms.students_with_address(desk.visitor.email)


def _is_open_to(desk: FamilyDesk, file: StudentFile) -> bool:
    of_age_on = comes_of_age_on(file.student)
    is_of_age = of_age_on is not None and of_age_on <= desk.today
    if desk.visitor.kind is FamilyKind.STUDENT:
        return is_of_age
    link = link_of(desk, file)
    return not is_of_age and link is not None and link.rights is not Rights.REMOVED


def _scoped(
    desk: FamilyDesk, file: StudentFile, choices: Choices, *, is_wide: bool
) -> tuple[Scoped, ...]:
    """What the choices come to; of a visitor who may only restrict, refusals and nothing else."""
    if not is_wide:
        return restrictions_for(_only_stricter(desk, file, choices))
    channels = channels_for(desk, file)
    return decisions_for(desk.visitor, file, _completed(desk, file, choices), desk.today, channels)


def _ended(desk: FamilyDesk, file: StudentFile, choices: Choices) -> tuple[ReleaseId, ...]:
    """The visitor's own grants that end because only single channels are left."""
    channels = channels_for(desk, file)
    return grants_to_end(desk.visitor, file, choices, desk.today, channels)


def _completed(desk: FamilyDesk, file: StudentFile, choices: Choices) -> dict[Place, Choice]:
    """The choices with what was said before wherever a form says nothing: no answer is unsaid.

    What is about a channel on which the student does not appear is left out.
    """
    keys = {None, *(channel.key for channel in channels_for(desk, file))}
    said: dict[Place, Choice] = {place: told.choice for place, told in told_of(desk, file).items()}
    given = {
        place: choice
        for place, choice in choices.items()
        if choice.is_said and place.channel in keys
    }
    return said | given


def _only_stricter(desk: FamilyDesk, file: StudentFile, choices: Choices) -> Mapping[Place, Choice]:
    """Those of the choices that differ from what was said, if every one is stricter.

    Raises:
        WouldWiden: one is not, even where somebody else's no would still stop it.
    """
    said = told_of(desk, file)
    changed = {
        place: choice
        for place, choice in choices.items()
        if choice.is_said and (place.channel is not None or choice is not said[place].choice)
    }
    if any(
        place.channel is not None or choice.strictness < said[place].choice.strictness
        for place, choice in changed.items()
    ):
        raise WouldWiden
    return changed


def _require_notice(desk: FamilyDesk, kind: NoticeKind, language: str) -> None:
    if notice_for(desk, kind, language) is None:
        raise NoNotice


def _act(desk: FamilyDesk, kind: NoticeKind, signature: Signature, act: ActId) -> Act:
    notice = notice_for(desk, kind, signature.language)
    return Act(
        act=act,
        visitor=desk.visitor,
        notice=notice,
        language=signature.language,
        evidence=evidence_of(desk.visitor, notice, signature),
        given_on=desk.today,
        recorded_at=desk.services.clock.now(),
    )
