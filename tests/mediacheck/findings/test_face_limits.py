"""Where others may have been missed, the crowd itself is a finding that asks for a person."""

from __future__ import annotations

import pytest
from PIL import Image

from mediacheck.findings.face_limits import CROWD_OF_ANY, CROWD_OF_SMALL, crowd_or_none
from mediacheck.findings.face_union import open_face_finder
from mediacheck.model.finding import FaceFinding, FaceMark
from mediacheck.model.post import Box, MediaId, Picture


def faces(count: int, width: int) -> list[Box]:
    return [
        Box(left=300 + 40 * (place % 10), top=200 + 40 * (place // 10), width=width, height=20)
        for place in range(count)
    ]


def test_many_faces_at_the_detectors_limit_are_a_crowd() -> None:
    crowd = crowd_or_none(faces(CROWD_OF_SMALL, 14), 2000, 1500)

    assert crowd is not None
    assert all(box.shared_area(crowd) == box.area for box in faces(CROWD_OF_SMALL, 14))
    assert crowd == Box(left=260, top=160, width=454, height=100)


def test_a_few_small_faces_or_many_clear_ones_are_none() -> None:
    assert crowd_or_none(faces(CROWD_OF_SMALL - 1, 14), 2000, 1500) is None
    assert crowd_or_none([], 2000, 1500) is None


def test_a_hundred_faces_of_any_size_are_a_crowd_inside_the_picture() -> None:
    crowd = crowd_or_none(faces(CROWD_OF_ANY, 30), 700, 582)

    assert crowd is not None
    assert (crowd.right, crowd.bottom) == (700, 582)
    assert crowd_or_none(faces(CROWD_OF_ANY - 1, 30), 700, 582) is None


def find(image: Image.Image) -> tuple[FaceFinding, ...]:
    picture = Picture(
        width_px=image.width,
        height_px=image.height,
        rgb=image.tobytes(),
        source_width_px=image.width,
        source_height_px=image.height,
    )
    return open_face_finder().find_faces(picture, MediaId("m1"))


@pytest.mark.slow
def test_the_stands_of_a_stadium_say_so_and_a_class_photo_does_not() -> None:
    import skimage.data

    face = Image.fromarray(skimage.data.astronaut()).crop((150, 30, 300, 230))
    stands, class_photo = (Image.new("RGB", (1200, 900), "grey") for _ in range(2))
    for place in range(60):
        stands.paste(face.resize((24, 32)), (150 + 60 * (place % 15), 200 + 80 * (place // 15)))
    for place in range(12):
        class_photo.paste(
            face.resize((90, 120)), (100 + 160 * (place % 6), 200 + 220 * (place // 6))
        )

    *seen, crowd = find(stands)

    assert crowd.marks == {FaceMark.ENGINE_LIMIT}
    assert len(seen) >= 30
    assert all(FaceMark.TOO_SMALL in face.marks for face in seen)
    assert all(face.box.shared_area(crowd.box) == face.box.area for face in seen)
    assert not any(FaceMark.ENGINE_LIMIT in face.marks for face in find(class_photo))
