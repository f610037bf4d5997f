"""Faces are read as often as the answer needs, and a recogniser that dies gives no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from mediacheck.errors import EngineFault
from mediacheck.flow.look import FaceSearch, Sight, look_at
from mediacheck.model.finding import FaceFinding, FaceMark, FindingId
from mediacheck.model.post import Box, MediaId, Picture
from mediacheck.model.resolution import Naming, Suggested, Unresolved
from mediacheck.ports.posts import Seen
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from mediacheck.settings import Recognition
from release_db.records import Template
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import a_box
from tests.fakes import FakeExtractor

MODEL = DLIB_RESNET_V1_M6.model
PICTURE = Picture(
    width_px=640, height_px=480, rgb=bytes(640 * 480 * 3), source_width_px=640, source_height_px=480
)


def vector(distance: float) -> bytes:
    values = np.zeros(128, dtype="<f4")
    angle = 2 * np.arcsin(distance / 2)
    values[0], values[1] = np.cos(angle), np.sin(angle)
    return values.tobytes()


MAYA = Template(student_id=StudentId("maya"), model=MODEL, vector=vector(0))
CLEAR, DOUBTFUL, STRANGER = vector(0.2), vector(0.37), vector(0.9)


class CountingExtractor(FakeExtractor):
    """Glances as it is told; in full every face is ``full``, or the engine dies."""

    model = MODEL

    def __init__(self, glances: Sequence[bytes | None], full: bytes | None = None) -> None:
        super().__init__(glances)
        self.full = full
        self.read: list[Box] = []

    def glance(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        return super().extract(picture, boxes)

    def extract(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        self.read += boxes
        if boxes and self.full is None:
            raise EngineFault("the model died")
        return (self.full,) * len(boxes)


def look(house: House, extractor: CountingExtractor, mode: Recognition) -> Seen:
    house.finder.boxes = tuple(
        a_box(left=10 + 100 * place) for place in range(len(extractor.vectors))
    )
    services = replace(house.services, template_extractor=lambda: extractor)
    sight = Sight(media_id=MediaId("m1"), picture=PICTURE)
    return look_at(services, sight, FaceSearch(naming=Naming(mode=mode), templates=(MAYA,)))


def test_only_the_doubtful_face_is_read_in_full(house: House) -> None:
    extractor = CountingExtractor((STRANGER, DOUBTFUL), full=CLEAR)

    seen = look(house, extractor, Recognition.SUGGEST)

    assert [box.left for box in extractor.read] == [110]
    stranger, maya = (seen.matches[face.finding_id] for face in seen.faces)
    assert isinstance(stranger, Unresolved)
    assert isinstance(maya, Suggested)
    assert maya.candidates[0].distance == pytest.approx(0.2, abs=0.001)


def test_a_full_reading_that_is_far_outweighs_a_glance_that_was_near(house: House) -> None:
    seen = look(house, CountingExtractor((DOUBTFUL,), full=STRANGER), Recognition.SUGGEST)

    assert [type(match) for match in seen.matches.values()] == [Unresolved]


def test_nobody_is_identified_by_a_glance(house: House) -> None:
    extractor = CountingExtractor((CLEAR,), full=STRANGER)

    seen = look(house, extractor, Recognition.IDENTIFY)

    assert len(extractor.read) == 1
    assert [type(match) for match in seen.matches.values()] == [Unresolved]


def test_a_recogniser_that_dies_half_way_gives_nothing_in_part(house: House) -> None:
    with pytest.raises(EngineFault, match="died"):
        look(house, CountingExtractor((CLEAR, DOUBTFUL)), Recognition.SUGGEST)


def test_a_crowd_is_a_finding_and_is_not_searched(house: House) -> None:
    class CrowdFinder:
        """Finds one face, and the crowd round it."""

        def find_faces(self, picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
            box = a_box(left=10)
            face = FaceFinding(
                finding_id=FindingId("f1"), media_id=media_id, box=box, detectors=("fake",)
            )
            crowd = replace(
                face, finding_id=FindingId("f2"), marks=frozenset({FaceMark.ENGINE_LIMIT})
            )
            return (face, crowd)

    extractor = CountingExtractor((CLEAR, CLEAR), full=CLEAR)
    services = replace(
        house.services, template_extractor=lambda: extractor, face_finder=CrowdFinder
    )
    sight = Sight(media_id=MediaId("m1"), picture=PICTURE)

    seen = look_at(
        services, sight, FaceSearch(naming=Naming(mode=Recognition.SUGGEST), templates=(MAYA,))
    )

    assert [face.finding_id for face in seen.faces] == ["f1", "f2"]
    assert list(seen.matches) == ["f1"]
