"""The rates are counted right, and the bounds beside them are honest."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mediacheck.evaluation.det_picture import draw_det
from mediacheck.evaluation.face_rates import (
    det_curve,
    identification_table,
    projection_table,
    verification_table,
)
from mediacheck.evaluation.faces import (
    BadScenes,
    FacesReport,
    evaluate_faces,
    evaluate_made,
    evaluate_scenes,
    unfound_marks,
)
from mediacheck.evaluation.made_people import made_fmr, made_people
from mediacheck.evaluation.pictures import BadPicture, read_picture
from mediacheck.model.finding import FaceFinding, FindingId
from mediacheck.model.post import Box, MediaId, Picture
from mediacheck.resolution.bounds import upper_bound
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from release_db.words import StudentId


class CornerFinder:
    """Finds one face: the left upper quarter of any picture that is not black."""

    def find_faces(self, picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
        if not any(picture.rgb):
            return ()
        box = Box(left=0, top=0, width=picture.width_px // 2, height=picture.height_px // 2)
        face = FaceFinding(
            finding_id=FindingId("f1"), media_id=media_id, box=box, detectors=("corner",)
        )
        return (face,)


class ColourExtractor:
    """A template is the colour of the first pixel, as a direction."""

    model = DLIB_RESNET_V1_M6.model

    def extract(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        colour = np.zeros(128, dtype="<f4")
        colour[:3] = np.frombuffer(picture.rgb[:3], np.uint8)
        template = (colour / np.linalg.norm(colour)).astype("<f4").tobytes()
        return tuple(template for _ in boxes)


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """A large picture with one face found and one missed, and an empty one with an extra box."""
    Image.new("RGB", (4096, 2048), "white").save(tmp_path / "two.png")
    Image.new("RGB", (60, 40), "white").save(tmp_path / "none.png")
    manifest = tmp_path / "manifest.json"
    rows = [
        {"file": "two.png", "faces": [[2000, 1000], [3000, 1500]]},
        {"file": "none.png", "faces": []},
    ]
    manifest.write_text(json.dumps({"scenes": rows}))
    return manifest


@pytest.fixture
def identities(tmp_path: Path) -> Path:
    """Three people of three colours with four pictures each; one picture shows nobody."""
    folder = tmp_path / "identities"
    for person, colour in {"red": (250, 9, 9), "green": (9, 250, 9), "blue": (9, 9, 250)}.items():
        (folder / person).mkdir(parents=True)
        for place in range(4):
            Image.new("RGB", (60, 40), colour).save(folder / person / f"{place}.png")
    Image.new("RGB", (60, 40), "black").save(folder / "red" / "nobody.png")
    (folder / "red" / "notes.txt").write_text("not a picture")
    return folder


def report_of(identities: Path, scenes: Path) -> FacesReport:
    return evaluate_faces(identities, scenes, CornerFinder(), ColourExtractor())


def people(spread: float = 0.0) -> dict[StudentId, list[bytes]]:
    """Four people at right angles, each picture ``spread`` further from the first."""
    made: dict[StudentId, list[bytes]] = {}
    for person in range(4):
        vectors = []
        for step in range(5):
            vector = np.zeros(128, dtype="<f4")
            vector[2 * person] = np.cos(step * spread)
            vector[2 * person + 1] = np.sin(step * spread)
            vectors.append(vector.tobytes())
        made[StudentId(f"p{person}")] = vectors
    return made


def test_scenes_count_what_is_found_missed_and_extra_in_the_files_own_pixels(
    scenes: Path,
) -> None:
    report = evaluate_scenes(scenes, CornerFinder())

    assert (report.pictures, report.marked, report.found, report.extra) == (2, 2, 1, 1)
    assert [(missed.x, missed.y) for missed in report.missed] == [(3000, 1500)]


def test_finding_is_timed_by_the_processor_and_waiting_is_not(scenes: Path) -> None:
    class SlowFinder(CornerFinder):
        """Waits before it looks, as on a busy machine."""

        def find_faces(self, picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
            time.sleep(0.2)
            return super().find_faces(picture, media_id)

    report = evaluate_made(scenes, SlowFinder(), DLIB_RESNET_V1_M6.model)

    times = report.scenes
    assert times.ms_per_picture >= 200
    assert 0 < times.cpu_ms_per_picture <= times.most_cpu_ms < 200
    words = f"finding took {times.cpu_ms_per_picture:.0f} ms of one core a picture"
    assert words in report.as_text()


def test_one_box_counts_for_one_face() -> None:
    box = Box(left=0, top=0, width=100, height=100)

    assert unfound_marks([(50, 50), (60, 60)], [box]) == [(60, 60)]


def test_a_mark_takes_the_box_round_it_nearest() -> None:
    wide = Box(left=0, top=0, width=200, height=100)
    tight = Box(left=100, top=0, width=60, height=100)

    assert unfound_marks([(130, 50), (60, 50)], [wide, tight]) == []


def test_the_report_has_the_shape_of_the_contract(identities: Path, scenes: Path) -> None:
    report = json.loads(json.dumps(report_of(identities, scenes).as_json()))

    assert {"marked", "found", "extra", "missed", "ms_per_picture"} <= report["scenes"].keys()
    assert {"threshold", "fmr", "fnmr"} == report["det"][0].keys()
    assert {"attempts", "failures", "rate", "bound95"} == report["acquisition"].keys()
    assert {"fpir", "fnir", "threshold", "trials", "bound95"} <= report["identification"][0].keys()
    assert {"threshold", "fmr", "fnmr"} <= report["verification"][0].keys()


def test_the_report_says_that_these_are_adults(identities: Path, scenes: Path) -> None:
    report = report_of(identities, scenes)

    assert "adults" in report.population
    assert report.as_text().startswith("Population: adults")


def test_a_picture_without_a_face_is_a_failure_to_acquire(identities: Path, scenes: Path) -> None:
    report = report_of(identities, scenes)

    assert (report.people, report.pictures, report.failures_to_acquire) == (3, 13, 1)
    assert report.acquisition.rate == pytest.approx(1 / 13)
    assert report.acquisition.bound95 == pytest.approx(upper_bound(1, 13))


def test_people_who_differ_are_told_apart(identities: Path, scenes: Path) -> None:
    report = report_of(identities, scenes)

    assert all(row.fpir == row.fnir == row.misnamed == 0 for row in report.identification)


def test_verification_counts_all_pairs() -> None:
    product, *_ = verification_table(people(spread=0.1), DLIB_RESNET_V1_M6)

    assert product.threshold == DLIB_RESNET_V1_M6.max_distance
    assert product.impostor_pairs == 4 * 3 // 2 * 25
    assert product.genuine_pairs == 4 * 10
    assert product.fmr == 0
    assert product.fnmr == pytest.approx(4 / 40)


def test_identification_misses_pictures_beyond_the_bar() -> None:
    rows = identification_table(people(spread=0.1), DLIB_RESNET_V1_M6)

    shapes = [(row.gallery, row.templates) for row in rows]
    assert shapes == [(2, 1), (2, 3), (3, 1), (3, 3)]
    single, triple = rows[2:]
    assert single.trials == 16
    assert single.fnir == pytest.approx(4 / 16)
    assert triple.fnir == 0
    assert single.fpir == 0
    assert single.bound95 == pytest.approx(upper_bound(0, 16))


def test_the_rates_of_made_up_people_are_the_known_ones() -> None:
    curve = {point.threshold: point for point in det_curve(made_people(500, 2, spread=0.3))}

    for distance, point in curve.items():
        assert point.fmr == pytest.approx(made_fmr(distance), rel=0.15, abs=1e-4)
    assert curve[0.31].fnmr == 0 < curve[0.1].fnmr


def test_the_searches_of_made_up_people_miss_as_often_as_pairs_say() -> None:
    rows = identification_table(made_people(people=61, pictures=8, spread=0.3), DLIB_RESNET_V1_M6)

    assert [(row.gallery, row.templates) for row in rows] == [(30, 1), (30, 3), (60, 1), (60, 3)]
    for row in rows:
        # The margin and the lookalikes only ever bring it down from that of the pairs; the eight
        # pictures of a person come out alike, so that people are the trials to go by.
        known = 1 - (1 - made_fmr(row.threshold)) ** (row.gallery * row.templates)
        assert row.fpir <= upper_bound(round(known * 61), 61)
        wanted = 1 - (1 - made_fmr(row.wanted_threshold)) ** row.gallery
        assert wanted <= 0.02
        assert row.misnamed == 0


def test_a_wanted_rate_needs_as_many_searches_as_show_it() -> None:
    few, many = (
        identification_table(made_people(4, pictures, spread=0.1), DLIB_RESNET_V1_M6)[0]
        for pictures in (4, 252)
    )

    assert (few.trials, few.is_wanted_shown) == (12, False)
    assert (many.trials, many.is_wanted_shown) == (1004, True)


def test_a_gallery_larger_than_the_set_is_bounded_and_never_measured() -> None:
    rows = projection_table(people(spread=0.1), DLIB_RESNET_V1_M6)

    assert [row.gallery for row in rows] == [30, 600]
    for row in rows:
        bound = upper_bound(0, 150)
        assert row.fpir_bound95 == pytest.approx(1 - (1 - bound) ** row.gallery)
    assert projection_table({}, DLIB_RESNET_V1_M6) == ()


def test_boxes_are_counted_by_their_width(scenes: Path) -> None:
    rows = evaluate_scenes(scenes, CornerFinder()).by_size

    assert [(row.width_px, row.found, row.extra) for row in rows] == [
        ("1 to 32", 0, 1),
        ("33 to 64", 0, 0),
        ("65 to 128", 0, 0),
        ("over 128", 1, 0),
    ]


def test_the_curve_is_drawn_as_a_picture(identities: Path, scenes: Path, tmp_path: Path) -> None:
    draw_det(report_of(identities, scenes).det, "made up", tmp_path / "det.png")

    with Image.open(tmp_path / "det.png") as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (840, 490))
        assert len(drawn.getcolors(maxcolors=100_000) or ()) > 3


def test_without_peoples_pictures_the_report_is_of_made_up_templates(scenes: Path) -> None:
    report = evaluate_made(scenes, CornerFinder(), DLIB_RESNET_V1_M6.model)

    assert report.as_text().startswith("Population: made-up templates")
    assert report.people == 61
    assert report.scenes.found == 1
    assert {row.gallery for row in report.identification} == {30, 60}
    assert [row.gallery for row in report.projection] == [600]


def test_one_person_alone_gives_no_rates() -> None:
    alone = {StudentId("p0"): people()[StudentId("p0")]}

    assert verification_table(alone, DLIB_RESNET_V1_M6) == ()
    assert identification_table(alone, DLIB_RESNET_V1_M6) == ()
    assert verification_table({}, DLIB_RESNET_V1_M6) == ()


@pytest.mark.parametrize("text", ["", "[]", '{"scenes": [{"file": "a.png"}]}', '{"scenes": 3}'])
def test_a_manifest_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(text)

    with pytest.raises(BadScenes):
        evaluate_scenes(manifest, CornerFinder())


def test_a_folder_without_people_is_refused(tmp_path: Path, scenes: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(BadScenes):
        report_of(tmp_path / "empty", scenes)


def test_a_missing_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPicture):
        read_picture(tmp_path / "absent.png")
