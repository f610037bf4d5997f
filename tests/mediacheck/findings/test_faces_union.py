"""The finder looks from every side, finds the way back, and hides no fault.

The detector of these tests "sees" bright red rectangles, so that every place is known exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediacheck.errors import EngineFault
from mediacheck.findings.face_reading import Pixels, Reading, Region, Tile, Tone
from mediacheck.findings.face_sighting import RawSighting
from mediacheck.findings.face_union import UnionFaceFinder
from mediacheck.model.finding import FaceFinding, FaceMark
from mediacheck.model.post import Box, MediaId, Picture

MEDIA = MediaId("m1")
NEAR = Reading(area_px=640 * 480, bar=60, support=45, sure=85, enlargement=2.0)
NATIVE = Reading(area_px=2048 * 2048, bar=60, support=45, sure=85)
GLIMPSE = Reading(area_px=320 * 240, bar=60, support=45, sure=85)
ON_ITS_SIDE = Reading(area_px=320 * 240, bar=60, support=45, sure=85, quarter_turns=1)
UPSIDE_DOWN = Reading(area_px=320 * 240, bar=60, support=45, sure=85, quarter_turns=2)
NEGATIVE = Reading(area_px=320 * 240, bar=60, support=45, sure=85, tone=Tone.NEGATIVE)


class RedDetector:
    """Sees one rectangle of red in what it is shown, and counts its looks."""

    name = "red"

    def __init__(self, *readings: Reading, only_upright: bool = False) -> None:
        self.readings = readings
        self.looks: list[tuple[int, int]] = []
        self._only_upright = only_upright

    def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
        self.looks.append((pixels.shape[1], pixels.shape[0]))
        red = (pixels[..., 0] > 150) & (pixels[..., 1] < 100)
        rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
        if not rows.size:
            return ()
        region = Region(
            left=float(columns[0]),
            top=float(rows[0]),
            width=float(np.ptp(columns) + 1),
            height=float(np.ptp(rows) + 1),
        )
        if self._only_upright and region.height < region.width:
            return ()
        return (RawSighting(region=region, score=90),)


class BrokenDetector:
    """Fails like an engine that ran out of memory."""

    name = "broken"
    readings = (NEAR,)

    def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
        raise EngineFault("out of memory")


def a_picture(
    width: int, height: int, *boxes: Box, source_scale: float = 1.0, colour: int = 30
) -> Picture:
    pixels = np.full((height, width, 3), colour, dtype=np.uint8)
    for box in boxes:
        pixels[box.top : box.bottom, box.left : box.right] = (255, 0, 0)
    return Picture(
        width_px=width,
        height_px=height,
        rgb=pixels.tobytes(),
        source_width_px=round(width * source_scale),
        source_height_px=round(height * source_scale),
    )


def a_box(left: int, top: int, width: int = 60, height: int = 80) -> Box:
    return Box(left=left, top=top, width=width, height=height)


def find(picture: Picture, *readings: Reading) -> Sequence[FaceFinding]:
    return UnionFaceFinder([RedDetector(*readings)]).find_faces(picture, MEDIA)


def is_close(found: Box, real: Box, within: int = 4) -> bool:
    return all(
        abs(one - other) <= within
        for one, other in zip(
            (found.left, found.top, found.right, found.bottom),
            (real.left, real.top, real.right, real.bottom),
            strict=True,
        )
    )


@pytest.mark.parametrize("reading", [NEAR, NATIVE, GLIMPSE, ON_ITS_SIDE, UPSIDE_DOWN])
@pytest.mark.parametrize("size", [(300, 200), (640, 480), (1000, 1400)])
def test_every_reading_finds_the_way_back_to_the_pictures_own_pixels(
    reading: Reading, size: tuple[int, int]
) -> None:
    real = a_box(150, 90)

    (face,) = find(a_picture(*size, real), reading)

    assert is_close(face.box, real, within=6)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("size", [(300, 200), (640, 480), (1000, 1400)])
def test_a_reading_turned_by_an_eighth_finds_the_way_back_too(
    turns: int, size: tuple[int, int]
) -> None:
    across = replace(GLIMPSE, quarter_turns=turns, is_diagonal=True)
    real = a_box(150, 90)

    (face,) = find(a_picture(*size, real), across)

    # A rectangle that lies across is seen in a larger one, round the same middle.
    assert abs(face.box.left + face.box.right - real.left - real.right) <= 16
    assert abs(face.box.top + face.box.bottom - real.top - real.bottom) <= 16
    assert face.box.width >= real.width
    assert FaceMark.TURNED in face.marks


@settings(max_examples=10, deadline=None)
@given(left=st.integers(0, 1940), top=st.integers(0, 1420))
def test_a_small_face_anywhere_in_a_large_picture_is_whole_in_some_tile(
    left: int, top: int
) -> None:
    real = a_box(left, top)

    (face,) = find(a_picture(2000, 1500, real), NATIVE)

    assert is_close(face.box, real)


def test_a_part_of_a_face_beside_an_inner_edge_is_not_taken_for_the_face() -> None:
    tile = Tile(
        pixels=np.zeros((700, 700, 3), np.uint8),
        left=600,
        top=0,
        working_width=2000,
        working_height=700,
    )

    assert not tile.holds(Region(left=3, top=300, width=35, height=59))
    assert not tile.holds(Region(left=660, top=300, width=35, height=59))
    assert tile.holds(Region(left=60, top=2, width=35, height=59))


def test_large_pictures_are_read_in_tiles() -> None:
    detector = RedDetector(NATIVE)

    UnionFaceFinder([detector]).find_faces(a_picture(2000, 1500), MEDIA)

    assert len(detector.looks) > 4
    assert max(max(look) for look in detector.looks) <= 768


def test_readings_of_nearly_the_same_size_are_made_once() -> None:
    detector = RedDetector(NEAR, NATIVE)

    UnionFaceFinder([detector]).find_faces(a_picture(640, 480), MEDIA)

    assert len(detector.looks) == 1


def test_a_panorama_is_enlarged() -> None:
    detector = RedDetector(NATIVE)

    UnionFaceFinder([detector]).find_faces(a_picture(2000, 150), MEDIA)

    assert max(height for _, height in detector.looks) == 450


def test_a_face_seen_only_on_its_side_is_marked_as_turned() -> None:
    lying = a_box(100, 100, width=90, height=60)
    detector = RedDetector(GLIMPSE, ON_ITS_SIDE, only_upright=True)

    (face,) = UnionFaceFinder([detector]).find_faces(a_picture(400, 300, lying), MEDIA)

    assert FaceMark.TURNED in face.marks


def test_a_turned_look_that_sees_somebody_new_is_repeated_at_every_size() -> None:
    lying = a_box(100, 100, width=90, height=60)
    detector = RedDetector(NEAR, GLIMPSE, ON_ITS_SIDE, only_upright=True)

    UnionFaceFinder([detector]).find_faces(a_picture(800, 600, lying), MEDIA)

    assert detector.looks == [(640, 480), (320, 240), (240, 320), (480, 640)]


def test_a_tone_that_shows_somebody_new_is_repeated_at_every_size() -> None:
    class PaleDetector(RedDetector):
        """Sees bright rectangles on dark ground."""

        def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
            is_dark = pixels.mean() < 128
            is_bright = pixels.max(axis=2, keepdims=True) > 200
            bright = np.where(is_bright, (255, 0, 0), (0, 0, 0)).astype(np.uint8)
            seen = super().see(bright)
            return seen if is_dark else ()

    picture = a_picture(800, 600, a_box(100, 100), colour=250)
    detector = PaleDetector(NEAR, NEGATIVE)

    (face,) = UnionFaceFinder([detector]).find_faces(picture, MEDIA)

    assert is_close(face.box, a_box(100, 100))
    assert detector.looks == [(640, 480), (320, 240), (640, 480)]


def test_while_no_upright_face_is_beyond_doubt_every_turn_is_read_near() -> None:
    detector = RedDetector(NEAR, NATIVE, GLIMPSE, ON_ITS_SIDE)

    UnionFaceFinder([detector]).find_faces(a_picture(2000, 1500), MEDIA)

    assert [look for look in detector.looks if look[0] < look[1]] == [(240, 320), (480, 640)]


def test_a_sure_upright_face_saves_the_other_turns() -> None:
    detector = RedDetector(NEAR, GLIMPSE, ON_ITS_SIDE)

    UnionFaceFinder([detector]).find_faces(a_picture(1600, 1200, a_box(300, 300)), MEDIA)

    assert [look for look in detector.looks if look[0] < look[1]] == [(240, 320)]


def test_an_upright_face_and_one_on_its_side_are_both_found() -> None:
    picture = a_picture(400, 300, a_box(20, 20))
    halves = np.frombuffer(picture.rgb, np.uint8).reshape(300, 400, 3).copy()
    halves[200:260, 250:340] = (255, 0, 0)

    class HalfDetector(RedDetector):
        """Looks at both ends of what it is shown, so that it can see two."""

        def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
            seen: list[RawSighting] = []
            longer = int(pixels.shape[1] > pixels.shape[0])
            for part, offset in _halves(pixels):
                for raw in super().see(part):
                    region = raw.region
                    moved = Region(
                        left=region.left + offset * longer,
                        top=region.top + offset * (1 - longer),
                        width=region.width,
                        height=region.height,
                    )
                    seen.append(RawSighting(region=moved, score=raw.score))
            return tuple(seen)

    detector = HalfDetector(GLIMPSE, ON_ITS_SIDE, only_upright=True)
    both = Picture(
        width_px=400, height_px=300, rgb=halves.tobytes(), source_width_px=400, source_height_px=300
    )

    faces = UnionFaceFinder([detector]).find_faces(both, MEDIA)

    assert [FaceMark.TURNED in face.marks for face in faces] == [False, True]


def test_the_negative_is_looked_at_too() -> None:
    class BrightDetector(RedDetector):
        """Sees bright rectangles."""

        def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
            is_bright = pixels.max(axis=2, keepdims=True) > 200
            bright = np.where(is_bright, (255, 0, 0), (0, 0, 0)).astype(np.uint8)
            return super().see(bright)

    dark = a_box(100, 100)
    picture = a_picture(320, 240, dark, colour=250)

    (face,) = UnionFaceFinder([BrightDetector(NEGATIVE)]).find_faces(picture, MEDIA)

    assert is_close(face.box, dark)


def test_two_detectors_add_up_and_their_names_are_carried() -> None:
    first, second = RedDetector(NEAR), RedDetector(NEAR)
    second.name = "second"

    (face,) = UnionFaceFinder([first, second]).find_faces(
        a_picture(640, 480, a_box(100, 100)), MEDIA
    )

    assert face.detectors == ("red", "second")


def test_a_small_face_is_marked_and_kept() -> None:
    (face,) = find(a_picture(640, 480, a_box(100, 100, width=24, height=30)), NEAR)

    assert FaceMark.TOO_SMALL in face.marks


def test_a_speck_that_tells_nobody_apart_is_not_reported() -> None:
    assert find(a_picture(640, 480, a_box(100, 100, width=6, height=8)), NEAR) == ()


def test_a_face_that_was_large_in_the_upload_is_reported_however_small_it_became() -> None:
    speck = a_box(100, 100, width=6, height=8)

    (face,) = find(a_picture(640, 480, speck, source_scale=4.0), NEAR)

    assert FaceMark.TOO_SMALL in face.marks


def test_a_box_always_lies_inside_the_picture() -> None:
    class GenerousDetector(RedDetector):
        """Draws its boxes far beyond the edge."""

        def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
            region = Region(left=-40, top=-40, width=200, height=200)
            return (RawSighting(region=region, score=90),)

    (face,) = UnionFaceFinder([GenerousDetector(NEAR)]).find_faces(a_picture(100, 90), MEDIA)

    assert (face.box.left, face.box.top) == (0, 0)
    assert (face.box.right, face.box.bottom) == (80, 80)


def test_a_detector_that_fails_fails_the_whole_picture() -> None:
    finder = UnionFaceFinder([RedDetector(NEAR), BrokenDetector()])

    with pytest.raises(EngineFault):
        finder.find_faces(a_picture(640, 480, a_box(100, 100)), MEDIA)


def test_a_finder_without_detectors_is_refused() -> None:
    with pytest.raises(ValueError, match="detector"):
        UnionFaceFinder([])


def test_the_id_of_a_face_stays_while_it_is_seen_in_the_same_place() -> None:
    picture = a_picture(640, 480, a_box(100, 100))

    assert find(picture, NEAR)[0].finding_id == find(picture, NEAR)[0].finding_id


@pytest.mark.parametrize("size", [(1, 1), (1, 2048), (2048, 1), (7, 5)])
def test_odd_sizes_are_looked_at_without_a_fault(size: tuple[int, int]) -> None:
    assert find(a_picture(*size), NEAR, NATIVE, GLIMPSE, ON_ITS_SIDE, NEGATIVE) == ()


def _halves(pixels: Pixels) -> Sequence[tuple[Pixels, int]]:
    """Both ends of the longer side."""
    if pixels.shape[1] > pixels.shape[0]:
        middle = pixels.shape[1] // 2
        return ((pixels[:, :middle], 0), (pixels[:, middle:], middle))
    middle = pixels.shape[0] // 2
    return ((pixels[:middle], 0), (pixels[middle:], middle))


SPARE = Reading(area_px=320 * 240, bar=60, support=45, sure=85, is_spare=True)


@pytest.mark.parametrize(
    ("boxes", "looks"),
    [
        ((Box(left=200, top=100, width=140, height=180),), 1),
        ((Box(left=200, top=100, width=60, height=80),), 2),
        ((), 2),
    ],
    ids=["a clear portrait", "a face in a scene", "nobody"],
)
def test_only_a_clear_portrait_is_spared_a_reading(boxes: tuple[Box, ...], looks: int) -> None:
    detector = RedDetector(NEAR, SPARE)

    UnionFaceFinder([detector]).find_faces(a_picture(640, 480, *boxes), MEDIA)

    assert len(detector.looks) == looks


def test_a_second_detector_is_spared_by_what_the_first_has_seen() -> None:
    first, second = RedDetector(NEAR), RedDetector(SPARE)
    portrait = a_picture(640, 480, Box(left=200, top=100, width=140, height=180))

    UnionFaceFinder([first, second]).find_faces(portrait, MEDIA)

    assert (len(first.looks), len(second.looks)) == (1, 0)
