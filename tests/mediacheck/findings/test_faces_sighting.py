"""Sightings of one face become one face, in whatever order they come."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from mediacheck.findings.face_reading import Reading, Region
from mediacheck.findings.face_sighting import Sighting, is_same_face, merge_sightings

NEAR = Reading(area_px=640 * 480, bar=60, support=45, sure=85)
FAR = Reading(area_px=2048 * 2048, bar=60, support=45, sure=85)


def a_region(left: float = 100, top: float = 100, width: float = 60, height: float = 80) -> Region:
    return Region(left=left, top=top, width=width, height=height)


def a_sighting(
    region: Region | None = None,
    *,
    score: float = 90,
    detector: str = "one",
    reading: Reading = NEAR,
) -> Sighting:
    return Sighting(region=region or a_region(), detector=detector, reading=reading, score=score)


def test_two_detectors_that_see_one_face_make_one_face_with_both_names() -> None:
    other = a_sighting(a_region(left=105, width=66), detector="other", score=70)

    (face,) = merge_sightings([other, a_sighting()])

    assert face.detectors == ("one", "other")
    assert face.region == a_region()


def test_faces_side_by_side_stay_two() -> None:
    faces = merge_sightings([a_sighting(), a_sighting(a_region(left=150))])

    assert [face.region.left for face in faces] == [100, 150]


def test_a_face_on_a_shirt_is_not_its_wearers() -> None:
    wearer = a_sighting(a_region(width=200, height=260))
    shirt = a_sighting(a_region(left=150, top=250, width=50, height=65))

    assert len(merge_sightings([wearer, shirt])) == 2


def test_a_tight_box_inside_a_wider_one_is_the_same_face() -> None:
    assert is_same_face(a_region(width=100, height=100), a_region(left=125, width=50, height=60))


def test_one_unsure_sighting_is_left_out() -> None:
    assert merge_sightings([a_sighting(score=50)]) == ()


def test_two_unsure_sightings_of_different_readings_stand() -> None:
    faces = merge_sightings([a_sighting(score=50), a_sighting(score=50, reading=FAR)])

    assert len(faces) == 1


def test_two_unsure_sightings_of_one_reading_do_not_confirm_each_other() -> None:
    assert merge_sightings([a_sighting(score=50), a_sighting(a_region(left=104), score=48)]) == ()


def test_faces_come_top_to_bottom_then_left_to_right() -> None:
    places = [(300, 10), (10, 300), (10, 10)]

    faces = merge_sightings([a_sighting(a_region(left, top)) for left, top in places])

    assert [(face.region.top, face.region.left) for face in faces] == [
        (10, 10),
        (10, 300),
        (300, 10),
    ]


REGIONS = st.builds(
    Region,
    left=st.integers(0, 300),
    top=st.integers(0, 300),
    width=st.integers(10, 200),
    height=st.integers(10, 200),
)
SIGHTINGS = st.lists(
    st.builds(
        Sighting,
        region=REGIONS,
        detector=st.sampled_from(["one", "other"]),
        reading=st.sampled_from([NEAR, FAR]),
        score=st.integers(45, 95),
    ),
    max_size=8,
)


@given(SIGHTINGS, st.randoms(use_true_random=False))
def test_the_order_of_sightings_does_not_matter(sightings: list[Sighting], chance: Random) -> None:
    shuffled = chance.sample(sightings, len(sightings))

    assert [face.region for face in merge_sightings(shuffled)] == [
        face.region for face in merge_sightings(sightings)
    ]


@given(SIGHTINGS)
def test_no_sure_sighting_is_ever_dropped(sightings: list[Sighting]) -> None:
    faces = merge_sightings(sightings)

    gathered = [sighting for face in faces for sighting in face.sightings]
    assert all(sighting in gathered for sighting in sightings if sighting.strength >= 1)


@given(REGIONS, REGIONS)
def test_being_the_same_face_goes_both_ways(one: Region, other: Region) -> None:
    assert is_same_face(one, other) == is_same_face(other, one)
    assert is_same_face(one, one)
