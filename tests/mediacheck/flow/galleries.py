"""A gallery in the tests' house: made-up templates, each of its own direction or near another's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from release_db.records import Template
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import NOW, a_face_consent, a_student

MODEL = DLIB_RESNET_V1_M6.model


def vector(angle: float, plane: int = 0) -> bytes:
    """A template at ``angle`` (radians; small ones are distances) within a plane of its own."""
    values = np.zeros(128, dtype="<f4")
    values[2 * plane], values[2 * plane + 1] = np.cos(angle), np.sin(angle)
    return values.tobytes()


def enroll(house: House, vectors: Mapping[str, bytes], model: str = MODEL) -> None:
    """Enrols students whose families consent; one who is not on the roster is put there."""
    house.extractor.model = MODEL
    with house.services.transaction() as work:
        for student_id, template in vectors.items():
            student = StudentId(student_id)
            if work.register.student_or_none(student) is None:
                work.register.save_students([a_student(student, family=f"Family {student}")])
            work.register.record_biometric([a_face_consent(student)])
            work.gallery.enroll(
                Template(student_id=student, model=model, vector=template),
                reference_sha256=f"{student}-{model}",
                portrait=b"jpeg",
                at=NOW,
            )
