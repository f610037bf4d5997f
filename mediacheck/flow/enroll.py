"""Enrols reference portraits. Nobody has to be enrolled to be protected."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from mediacheck.errors import IntakeError
from mediacheck.findings.portrait_quality import quality_of
from mediacheck.flow.naming import templates_at
from mediacheck.flow.today import today_of
from mediacheck.intake.encoding import crop_jpeg
from mediacheck.model.audit import Event
from mediacheck.model.finding import FaceMark
from mediacheck.model.post import MediaId
from mediacheck.ports.services import Services, Work
from mediacheck.settings import Recognition
from release_db.errors import NoBiometricConsent, RecognitionOff
from release_db.recognition import RECOGNITION_KEY
from release_db.records import Template
from release_db.rules import biometric_consent_or_none
from release_db.words import SchoolKey, StudentId, StudentStatus

_LOG = logging.getLogger(__name__)

#: Side of the portrait that is kept for the class list, in pixels.
PORTRAIT_PX = 200
#: Of 24 sharp public portraits the least measures 0.3: below that a better one should be enrolled.
WEAK_BELOW = 0.3

_OFF = (
    "Recognition is off at this student's school, so nothing is kept. An administrator switches it "
    "on: mediacheck settings set recognition suggest"
)
_NO_STUDENT = "There is no such student on the roster. Import the roster first."
NO_CONSENT = "The family has not consented to a face template, so nothing is kept."
_NO_FACE = "No face was found. Use a portrait from the front."
_SEVERAL = "More than one face was found. Use a portrait of this student alone."
_UNCLEAR = "The face cannot be measured. Use a sharp portrait from the front."
_MARKS = {
    FaceMark.TOO_SMALL: "The face is too small. Use a portrait in which it is larger.",
    FaceMark.BLURRED: "The face is blurred. Use a sharp portrait.",
    FaceMark.TURNED: "The face is turned away. Use a portrait from the front.",
}
_UNLIKE_OWN = "This does not look like the other portraits of this student. Look whose it is."
_LIKE_ANOTHER = "This looks like a portrait of another student of the school. Look whose it is."
_SURE_AT_COMMAND_LINE = "If it is this student's, enrol it again with --sure."
FAULT = "This portrait could not be read to the end. Try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One portrait that somebody wants to enrol. ``name`` is for the report only.

    ``is_sure``: somebody has looked, and says that it is this student, whatever it looks like.
    """

    student_id: StudentId
    name: str
    data: bytes = field(repr=False)
    is_sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What became of one portrait. ``refused`` is empty when it was enrolled."""

    student_id: StudentId
    name: str
    refused: str = ""

    @property
    def is_enrolled(self) -> bool:
        """Whether a template is kept now."""
        return not self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A portrait that may be kept: what it makes, and the face alone as a small JPEG."""

    reference: Reference
    template: Template
    crop: bytes = field(repr=False)


class Beside:
    """The templates that a new one is compared with, school by school, read once.

    What is kept or looked at in the same round belongs to them.
    """

    def __init__(self, services: Services) -> None:
        """Reads nothing yet."""
        self._services = services
        self._known: dict[SchoolKey, list[Template]] = {}

    def of(self, work: Work, student_id: StudentId) -> list[Template]:
        """Those of the student's school; to be added to.

        Raises:
            GalleryUnreadable: a template of the school cannot be read.
        """
        student = work.register.student_or_none(student_id)
        if student is None:
            return []
        if student.school not in self._known:
            known = templates_at(self._services, work, student.school)
            self._known[student.school] = list(known)
        return self._known[student.school]


def enroll_portrait(services: Services, reference: Reference, *, by: str) -> Enrolment:
    """Enrols one portrait, or says why not. The consent is read before anything is embedded.

    The consent is read again by the gallery in the transaction that keeps the template.
    """
    measured = measure_portrait(services, reference)
    refused = measured if isinstance(measured, str) else ""
    try:
        with services.transaction() as work:
            if isinstance(measured, Measured):
                refused = _keep(services, work, measured, by)
            if refused:
                note_refused(work, reference.student_id, by)
    except Exception as fault:  # One portrait that fails must not stop the others.
        _LOG.error("enrolling for %s failed: %s", reference.student_id, type(fault).__name__)
        refused = FAULT
        with services.transaction() as work:
            note_refused(work, reference.student_id, by)
    return Enrolment(student_id=reference.student_id, name=reference.name, refused=refused)


def measure_portrait(services: Services, reference: Reference) -> Measured | str:
    """What a portrait would make, or why it may not. Nothing is kept.

    The student's consent is read before the picture is decoded.
    """
    try:
        with services.transaction() as work:
            refused = why_not_held(services, work, reference.student_id)
        return refused or _measure(services, reference)
    except IntakeError as refusal:
        return refusal.message
    except Exception as fault:  # One portrait that fails must not stop the others.
        _LOG.error("a portrait of %s failed: %s", reference.student_id, type(fault).__name__)
        return FAULT


def keep_template(
    services: Services, work: Work, measured: Measured, *, by: str, is_portrait: bool = True
) -> str:
    """Keeps a portrait whose doubts are settled, in this transaction; empty: else why not.

    ``is_portrait``: its crop is shown in lists of the class from now on.
    """
    template = measured.template
    refused = why_not_held(services, work, template.student_id)
    if refused:
        return refused
    try:
        adopt_recognition(services, work, template.student_id, by)
        work.gallery.enroll(
            template,
            reference_sha256=template.reference_sha256,
            portrait=measured.crop if is_portrait else None,
            at=services.clock.now(),
        )
    except NoBiometricConsent:
        return NO_CONSENT
    except RecognitionOff:
        return _OFF
    work.audit.write(
        Event.STUDENT_ENROLLED,
        actor=by,
        subject=template.student_id,
        model=template.model,
        reference=template.reference_sha256,
        quality=str(template.quality),
    )
    return ""


def note_refused(work: Work, student_id: StudentId, by: str) -> None:
    """Keeps that a portrait was not enrolled."""
    work.audit.write(Event.ENROLMENT_REFUSED, actor=by, subject=student_id)


def doubtful_at(services: Services, school: SchoolKey) -> tuple[tuple[StudentId, str], ...]:
    """The students of a school one of whose portraits may be of somebody else, and why, by id.

    Raises:
        MixedModels: nobody has measured a threshold for the model in use.
    """
    from mediacheck.resolution.portrait_check import Doubt, doubtful_portraits
    from mediacheck.resolution.thresholds import threshold_for

    with services.transaction() as work:
        templates = templates_at(services, work, school)
    found = doubtful_portraits(templates, threshold_for(services.template_extractor().model))
    words = {
        Doubt.UNLIKE_OWN: "the portraits do not look alike",
        Doubt.LIKE_ANOTHER: "a portrait looks like another student's",
    }
    return tuple((student_id, words[found[student_id]]) for student_id in sorted(found))


def why_not_held(services: Services, work: Work, student_id: StudentId) -> str:
    """Why nothing may be kept of a student's face; empty: it may."""
    file = work.register.student_files([student_id]).get(student_id)
    today = today_of(services.clock, work.register)
    if file is None or file.student.status is StudentStatus.DEPARTED:
        return _NO_STUDENT
    if work.register.policy_or_none(RECOGNITION_KEY, file.student.school) == Recognition.OFF:
        return _OFF
    return "" if biometric_consent_or_none(file, today) is not None else NO_CONSENT


def doubt_words(template: Template, others: Sequence[Template]) -> str:
    """Why it may be a portrait of the wrong student; empty: nothing speaks against it."""
    from mediacheck.resolution.errors import MixedModels
    from mediacheck.resolution.portrait_check import Doubt, doubt_or_none
    from mediacheck.resolution.thresholds import threshold_for

    try:
        threshold = threshold_for(template.model)
    except MixedModels:
        return ""  # Nobody has measured this model, so that nothing is ever compared with it.
    match doubt_or_none(template, others, threshold):
        case Doubt.UNLIKE_OWN:
            return _UNLIKE_OWN
        case Doubt.LIKE_ANOTHER:
            return _LIKE_ANOTHER
        case _:
            return ""


def _keep(services: Services, work: Work, measured: Measured, by: str) -> str:
    template = measured.template
    if not measured.reference.is_sure:
        doubt = doubt_words(template, Beside(services).of(work, template.student_id))
        if doubt:
            return f"{doubt} {_SURE_AT_COMMAND_LINE}"
    return keep_template(services, work, measured, by=by)


def _measure(services: Services, reference: Reference) -> Measured | str:
    picture = services.decoder().decode(reference.data, reference.name).picture
    faces = services.face_finder().find_faces(picture, MediaId("portrait"))
    if len(faces) != 1:
        return _SEVERAL if faces else _NO_FACE
    face = faces[0]
    wrong = [words for mark, words in _MARKS.items() if mark in face.marks]
    if wrong:
        return wrong[0]
    extractor = services.template_extractor()
    (vector,) = extractor.extract(picture, [face.box])
    if vector is None:
        return _UNCLEAR
    template = Template(
        student_id=reference.student_id,
        model=extractor.model,
        vector=vector,
        quality=quality_of(picture, face.box),
        reference_sha256=hashlib.sha256(reference.data).hexdigest(),
    )
    crop = crop_jpeg(picture, face.box, PORTRAIT_PX)
    return Measured(reference=reference, template=template, crop=crop)


def adopt_recognition(services: Services, work: Work, student_id: StudentId, by: str) -> None:
    """Writes down that the district compares faces, where nobody has said so or not.

    Whoever enrols a portrait that a family has consented to means it to be compared; the setting
    shows it, and can be taken back.
    """
    student = work.register.student_or_none(student_id)
    school = student.school if student is not None else None
    if work.register.policy_or_none(RECOGNITION_KEY, school) is not None:
        return
    value = Recognition.SUGGEST.value
    work.register.set_policy(RECOGNITION_KEY, value, school=None, by=by, at=services.clock.now())
    work.audit.write(
        Event.POLICY_SET, actor=by, subject=RECOGNITION_KEY, value=value, school="", why="enrolment"
    )
