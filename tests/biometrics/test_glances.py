"""Measured on public pictures of adults: one quick reading changes no suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediacheck.evaluation.pictures import read_picture
from mediacheck.findings.face_union import open_face_finder
from mediacheck.findings.templates import open_extractor
from mediacheck.flow.look import FaceSearch, read_faces
from mediacheck.model.finding import FaceFinding, FindingId
from mediacheck.model.post import MediaId, Picture
from mediacheck.model.resolution import Naming
from mediacheck.resolution.gallery_search import search_gallery
from mediacheck.resolution.thresholds import threshold_for
from mediacheck.settings import Recognition
from release_db.records import Template
from release_db.words import StudentId

IDENTITIES = Path(__file__).resolve().parents[2] / "../shared/eval/faces/identities"
FACE = FindingId("f1")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.evaluation,
    pytest.mark.lane,
    pytest.mark.skipif(not IDENTITIES.is_dir(), reason="the evaluation pictures are not here"),
]


def test_whom_a_face_is_suggested_to_be_does_not_depend_on_how_often_it_is_read(
    tmp_path: Path,
) -> None:
    finder, extractor = open_face_finder(), open_extractor(tmp_path)
    threshold = threshold_for(extractor.model)
    gallery: list[Template] = []
    probes: list[tuple[Picture, FaceFinding, bytes]] = []
    for number, person in enumerate(sorted(IDENTITIES.iterdir())):
        for place, path in enumerate(sorted(person.iterdir())[:4]):
            picture = read_picture(path)
            face = max(finder.find_faces(picture, MediaId("m1")), key=lambda one: one.box.area)
            (vector,) = extractor.extract(picture, [face.box])
            assert vector is not None
            if number % 2 and not place:
                student = StudentId(person.name)
                gallery.append(Template(student_id=student, model=extractor.model, vector=vector))
            else:
                probes.append((picture, face, vector))

    search = FaceSearch(naming=Naming(mode=Recognition.SUGGEST), templates=tuple(gallery))
    settled = 0
    for picture, face, vector in probes:
        (probe,) = read_faces(extractor, picture, [face], search)
        settled += probe != vector
        quick = search_gallery([(FACE, probe)], gallery, threshold)[FACE]
        full = search_gallery([(FACE, vector)], gallery, threshold)[FACE]
        assert [one.student_id for one in quick.candidates[:1]] == [
            one.student_id for one in full.candidates[:1]
        ]

    assert settled > len(probes) / 2
