"""No detector finds a face beneath any of the three covers, on public pictures of adults."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from mediacheck.findings.face_sighting import FaceDetector
from mediacheck.findings.face_union import UnionFaceFinder
from mediacheck.findings.faces_dlib import DlibDetector
from mediacheck.findings.faces_libfacedetection import LibfacedetectionDetector
from mediacheck.intake.encoding import encode_jpeg, picture_from_jpeg
from mediacheck.model.finding import FaceFinding
from mediacheck.model.people import StaffId
from mediacheck.model.post import Box, Cover, CoverStyle, MediaId, Picture
from mediacheck.redaction.covers import cover_regions, head_box

FACES = Path(__file__).resolve().parents[3] / "../shared/eval/faces"
#: Groups and portraits with 33 marked faces among them.
SCENES = 10

pytestmark = [
    pytest.mark.slow,
    pytest.mark.evaluation,
    pytest.mark.skipif(not FACES.exists(), reason="the evaluation pictures are not beside this"),
]


@pytest.fixture(scope="module")
def finder() -> UnionFaceFinder:
    detectors: list[FaceDetector] = [DlibDetector()]
    try:
        detectors.insert(0, LibfacedetectionDetector())
    except ImportError:
        detectors = [DlibDetector(alone=True)]
    return UnionFaceFinder(detectors)


@pytest.fixture(scope="module")
def seen(finder: UnionFaceFinder) -> list[tuple[Picture, tuple[FaceFinding, ...]]]:
    """The scenes with most faces, and the faces that are found in them."""
    scenes = json.loads((FACES / "manifest.json").read_text())["scenes"]
    crowded = sorted(scenes, key=lambda scene: -len(scene["faces"]))[:SCENES]
    pictures = [a_picture(FACES / scene["file"]) for scene in crowded]
    return [(picture, finder.find_faces(picture, MediaId("m"))) for picture in pictures]


def a_picture(path: Path) -> Picture:
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    image.thumbnail((1_280, 1_280))
    return Picture(
        width_px=image.width,
        height_px=image.height,
        rgb=image.tobytes(),
        source_width_px=image.width,
        source_height_px=image.height,
    )


def as_published(picture: Picture) -> Picture:
    return picture_from_jpeg(
        encode_jpeg(picture),
        source_width_px=picture.source_width_px,
        source_height_px=picture.source_height_px,
    )


def lies_beneath(found: Box, face: Box) -> bool:
    return head_box(face).shared_area(found) > found.area * 0.3


@pytest.mark.parametrize("style", list(CoverStyle))
def test_no_face_is_found_beneath_a_cover(
    style: CoverStyle,
    finder: UnionFaceFinder,
    seen: list[tuple[Picture, tuple[FaceFinding, ...]]],
) -> None:
    still_found = []
    for picture, faces in seen:
        covers = [Cover(box=face.box, style=style, by=StaffId("t-1")) for face in faces]
        covered = as_published(cover_regions(picture, covers))
        still_found += [
            after.box
            for after in finder.find_faces(covered, MediaId("m"))
            if any(lies_beneath(after.box, face.box) for face in faces)
        ]

    assert sum(len(faces) for _, faces in seen) >= 20
    assert still_found == []
