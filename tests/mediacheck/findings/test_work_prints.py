"""A work is known again in another size, cut and compression; other pictures are not it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from mediacheck.demo.district import PICTURES
from mediacheck.findings.work_prints import PARTS, prints_of
from mediacheck.model.post import MediaId, Picture
from mediacheck.model.works import KnownWork
from mediacheck.resolution.work_match import WorkIndex
from tests.fakes import a_picture

Change = Callable[[Image.Image], Image.Image]


def painting(name: str = "sample-artwork") -> Image.Image:
    with Image.open(PICTURES / f"{name}.jpg") as opened:
        return opened.convert("RGB")


def canonical(image: Image.Image) -> Picture:
    return Picture(
        width_px=image.width,
        height_px=image.height,
        rgb=image.tobytes(),
        source_width_px=image.width,
        source_height_px=image.height,
    )


def compressed(image: Image.Image) -> Image.Image:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=20)
    with Image.open(data) as opened:
        return opened.convert("RGB")


def cut_at_a_corner(image: Image.Image) -> Image.Image:
    return image.crop((0, int(image.height * 0.07), int(image.width * 0.93), image.height))


def cut(share: float) -> Change:
    def cut_evenly(image: Image.Image) -> Image.Image:
        left, top = int(image.width * share / 2), int(image.height * share / 2)
        return image.crop((left, top, image.width - left, image.height - top))

    return cut_evenly


CHANGES: dict[str, Change] = {
    "compressed": compressed,
    "a third of the size": lambda image: image.resize((image.width // 3, image.height // 3)),
    "a tenth cut off": cut(0.1),
    "a fifth cut off": cut(0.2),
    "cut at a corner": cut_at_a_corner,
    "turned a little": lambda image: image.rotate(1, Image.Resampling.BICUBIC),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_same_painting_is_known_again(change: Change) -> None:
    work = KnownWork(media_id=MediaId("m1"), prints=prints_of(canonical(painting())))

    assert WorkIndex([work]).like(prints_of(canonical(change(painting())))) == ("m1",)


@pytest.mark.parametrize("name", ["sample-both", "sample-released", "portrait-s1002"])
def test_another_picture_is_not_it(name: str) -> None:
    work = KnownWork(media_id=MediaId("m1"), prints=prints_of(canonical(painting())))

    assert WorkIndex([work]).like(prints_of(canonical(painting(name)))) == ()


def test_a_blank_picture_has_no_prints() -> None:
    assert prints_of(a_picture()) == ()


def test_each_part_has_a_print_of_64_bits() -> None:
    prints = prints_of(canonical(painting()))

    assert 1 < len(prints) <= len(PARTS)
    assert all(len(one) == 16 for one in prints)
