"""The quality of a portrait: a small or a blurred one is worth less."""

from __future__ import annotations

from PIL import Image, ImageFilter

from mediacheck.demo.district import PICTURES
from mediacheck.findings.portrait_quality import quality_of
from mediacheck.model.post import Box, Picture

FACE = Box(left=236, top=126, width=184, height=218)


def a_picture(image: Image.Image) -> Picture:
    return Picture(
        width_px=image.width,
        height_px=image.height,
        rgb=image.tobytes(),
        source_width_px=image.width,
        source_height_px=image.height,
    )


def a_portrait() -> Image.Image:
    with Image.open(PICTURES / "portrait-s1001.jpg") as image:
        return image.convert("RGB")


def test_a_large_sharp_face_is_worth_nearly_everything() -> None:
    assert quality_of(a_picture(a_portrait()), FACE) > 0.9


def test_a_blurred_face_is_worth_less() -> None:
    blurred = a_portrait().filter(ImageFilter.GaussianBlur(4))

    assert quality_of(a_picture(blurred), FACE) < 0.2


def test_a_small_face_is_worth_less() -> None:
    image = a_portrait()
    small = image.resize((image.width // 3, image.height // 3))
    face = Box(left=78, top=42, width=61, height=72)

    assert quality_of(a_picture(small), face) < 0.5


def test_a_blank_face_is_worth_nothing() -> None:
    assert quality_of(a_picture(Image.new("RGB", (300, 300), "white")), FACE) == 0
