"""Enrols reference portraits. Nobody has to be enrolled to be protected."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field

from mediacheck.errors import IntakeError
from mediacheck.findings.portrait_quality import quality_of
from mediacheck.flow.naming import templates_at
from mediacheck.flow.today import today_of
from mediacheck.intake.encoding import crop_jpeg
from mediacheck.model.audit import Event
from mediacheck.model.finding import FaceFinding, FaceMark
from mediacheck.model.post import MediaId, Picture
from mediacheck.ports.services import Services, Work
from mediacheck.settings import Recognition
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
_NO_CONSENT = "The family has not consented to a face template, so nothing is kept."
_NO_FACE = "No face was found. Use a portrait from the front."
_SEVERAL = "More than one face was found. Use a portrait of this student alone."
_UNCLEAR = "The face cannot be measured. Use a sharp portrait from the front."
_MARKS = {
    FaceMark.TOO_SMALL: "The face is too small. Use a portrait in which it is larger.",
    FaceMark.BLURRED: "The face is blurred. Use a sharp portrait.",
    FaceMark.TURNED: "The face is turned away. Use a portrait from the front.",
}
_UNLIKE_OWN = (
    "This does not look like the other portraits of this student. Look whose it is. If it is this "
    "student's, enrol it again with --sure."
)
_LIKE_ANOTHER = (
    "This looks like a portrait of another student of the school. Look whose it is. If it is this "
    "student's, enrol it again with --sure."
)
_FAULT = "This portrait could not be read to the end. Try again."


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


def enroll_portrait(services: Services, reference: Reference, *, by: str) -> Enrolment:
    """Enrols one portrait, or says why not. The consent is read before anything is embedded.

    The consent is read again by the gallery in the transaction that keeps the template.
    """
    try:
        refused = _refusal_of_student(services, reference.student_id) or _enroll(
            services, reference, by
        )
    except IntakeError as refusal:
        refused = refusal.message
    except Exception as fault:  # One portrait that fails must not stop the others.
        _LOG.error("enrolling for %s failed: %s", reference.student_id, type(fault).__name__)
        refused = _FAULT
    if refused:
        with services.transaction() as work:
            work.audit.write(Event.ENROLMENT_REFUSED, actor=by, subject=reference.student_id)
    return Enrolment(student_id=reference.student_id, name=reference.name, refused=refused)


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


def _refusal_of_student(services: Services, student_id: StudentId) -> str:
    with services.transaction() as work:
        file = work.register.student_files([student_id]).get(student_id)
        today = today_of(services.clock, work.register)
        if file is None or file.student.status is StudentStatus.DEPARTED:
            return _NO_STUDENT
        said = work.register.policy_or_none(RECOGNITION_KEY, file.student.school)
    if said == Recognition.OFF:
        return _OFF
    return "" if biometric_consent_or_none(file, today) is not None else _NO_CONSENT


def _enroll(services: Services, reference: Reference, by: str) -> str:
    picture = services.decoder().decode(reference.data, reference.name).picture
    faces = services.face_finder().find_faces(picture, MediaId("portrait"))
    if len(faces) != 1:
        return _SEVERAL if faces else _NO_FACE
    wrong = [words for mark, words in _MARKS.items() if mark in faces[0].marks]
    if wrong:
        return wrong[0]
    return _keep(services, reference, picture, (faces[0], by))


def _keep(
    services: Services, reference: Reference, picture: Picture, asked: tuple[FaceFinding, str]
) -> str:
    face, by = asked
    extractor = services.template_extractor()
    (vector,) = extractor.extract(picture, [face.box])
    if vector is None:
        return _UNCLEAR
    sha256 = hashlib.sha256(reference.data).hexdigest()
    template = Template(
        student_id=reference.student_id,
        model=extractor.model,
        vector=vector,
        quality=quality_of(picture, face.box),
    )
    with services.transaction() as work:
        doubt = "" if reference.is_sure else _doubt_of(services, work, template)
        if doubt:
            return doubt
        _adopt_recognition(services, work, reference.student_id, by)
        work.gallery.enroll(
            template,
            reference_sha256=sha256,
            portrait=crop_jpeg(picture, face.box, PORTRAIT_PX),
            at=services.clock.now(),
        )
        work.audit.write(
            Event.STUDENT_ENROLLED,
            actor=by,
            subject=reference.student_id,
            model=extractor.model,
            reference=sha256,
            quality=str(template.quality),
        )
    return ""


def _doubt_of(services: Services, work: Work, template: Template) -> str:
    """Why it may be a portrait of the wrong student; empty: nothing speaks against it."""
    from mediacheck.resolution.errors import MixedModels
    from mediacheck.resolution.portrait_check import Doubt, doubt_or_none
    from mediacheck.resolution.thresholds import threshold_for

    try:
        threshold = threshold_for(template.model)
    except MixedModels:
        return ""  # Nobody has measured this model, so that nothing is ever compared with it.
    student = work.register.student_or_none(template.student_id)
    enrolled = templates_at(services, work, student.school) if student is not None else ()
    match doubt_or_none(template, enrolled, threshold):
        case Doubt.UNLIKE_OWN:
            return _UNLIKE_OWN
        case Doubt.LIKE_ANOTHER:
            return _LIKE_ANOTHER
        case None:
            return ""


def _adopt_recognition(services: Services, work: Work, student_id: StudentId, by: str) -> None:
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
