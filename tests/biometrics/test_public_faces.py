"""Measured on the public evaluation pictures, which show adults: detection and error rates."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediacheck.evaluation.faces import FacesReport, evaluate_faces, evaluate_scenes
from mediacheck.evaluation.pictures import read_picture
from mediacheck.findings.face_union import UnionFaceFinder, open_face_finder
from mediacheck.findings.faces_dlib import DlibDetector
from mediacheck.findings.templates import open_extractor
from mediacheck.model.post import MediaId

FACES = Path(__file__).resolve().parents[2] / "../shared/eval/faces"
HIDDEN = FACES.parent / "files" / "made"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.evaluation,
    pytest.mark.skipif(not FACES.is_dir(), reason="the evaluation pictures are not here"),
]


@pytest.fixture(scope="module")
def finder() -> UnionFaceFinder:
    return open_face_finder()


@pytest.fixture(scope="module")
def report(finder: UnionFaceFinder, tmp_path_factory: pytest.TempPathFactory) -> FacesReport:
    extractor = open_extractor(tmp_path_factory.mktemp("models"))
    return evaluate_faces(FACES / "identities", FACES / "manifest.json", finder, extractor)


@pytest.mark.lane
def test_every_marked_face_is_found_with_few_extra_boxes(report: FacesReport) -> None:
    assert report.scenes.marked == 89
    assert report.scenes.found == 89
    assert report.scenes.extra <= 12


@pytest.mark.lane
def test_every_portrait_gives_a_template(report: FacesReport) -> None:
    assert (report.people, report.pictures, report.failures_to_acquire) == (25, 255, 0)


@pytest.mark.lane
def test_no_two_people_match_at_the_products_bar(report: FacesReport) -> None:
    product = report.verification[0]

    assert product.fmr == 0
    assert product.bound95 <= 1e-4
    assert product.fnmr <= 0.07


@pytest.mark.lane
def test_no_stranger_is_named_and_few_of_the_enrolled_are_missed(report: FacesReport) -> None:
    for row in report.identification:
        assert row.fpir == row.misnamed == 0
        assert row.fnir <= {1: 0.06, 3: 0.03}[row.templates]
    assert {row.gallery for row in report.identification} == {12, 24}


@pytest.mark.lane
def test_dlib_alone_finds_most_faces_where_libfacedetection_has_no_build() -> None:
    scenes = evaluate_scenes(FACES / "manifest.json", UnionFaceFinder([DlibDetector(alone=True)]))

    assert scenes.found >= 84
    assert scenes.extra <= 2


@pytest.mark.parametrize(
    "name",
    [
        "orientation/pixels_rot90_noexif.jpg",
        "orientation/pixels_rot180_noexif.jpg",
        "orientation/pixels_rot45_noexif.jpg",
        "orientation/o99.jpg",
        "pixels/negative.jpg",
        "pixels/dark.png",
        "pixels/low_contrast.png",
        "pixels/one_bit.png",
        "pixels/gama_trick.png",
        "scale/face_024px.jpg",
        "scale/face_032px.jpg",
        "scale/face_048px.jpg",
        "scale/panorama.jpg",
        "scale/collage_corner.jpg",
        "scale/face_cut_by_edge.jpg",
        "scale/noise.jpg",
        "scale/blur_4.jpg",
        "scale/blur_8.jpg",
        "scale/blur_12.jpg",
        "scale/blur_20.jpg",
        "scale/pixelate_20.jpg",
        "scale/pixelate_32.jpg",
    ],
)
def test_a_hidden_face_is_found(finder: UnionFaceFinder, name: str) -> None:
    assert finder.find_faces(read_picture(HIDDEN / name), MediaId("m1"))
