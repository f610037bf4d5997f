"""Our own bytes: nothing in them but the pixels, and what we put there on purpose."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from mediacheck.intake.encoding import (
    clean_xmp,
    crop_jpeg,
    encode_jpeg,
    picture_from_jpeg,
    published_jpeg,
    thumbnail_jpeg,
)
from mediacheck.intake.layout import Carrier, CarrierKind
from mediacheck.intake.layout_jpeg import read_jpeg
from mediacheck.intake.metadata import read_texts
from mediacheck.intake.metadata_xmp import Frame
from mediacheck.model.post import Box, Picture


def a_picture(width: int = 320, height: int = 200) -> Picture:
    noise = os.urandom(width * height * 3)
    return Picture(
        width_px=width, height_px=height, rgb=noise, source_width_px=width, source_height_px=height
    )


def read_back(jpeg: bytes) -> Picture:
    return picture_from_jpeg(jpeg, source_width_px=640, source_height_px=400)


def markers(jpeg: bytes) -> set[int]:
    """Every marker up to the scan."""
    at, seen = 2, set()
    while jpeg[at + 1] != 0xDA:
        seen.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return seen


XMP = clean_xmp(clearance_id="clear-1 & <2>", alt_text="A class <outside> & happy", is_edited=True)


def test_a_jpeg_of_ours_is_baseline_full_colour_and_holds_nothing_else() -> None:
    jpeg = encode_jpeg(a_picture())

    assert markers(jpeg) == {0xE0, 0xDB, 0xC0, 0xC4}
    assert jpeg.endswith(b"\xff\xd9")
    with Image.open(io.BytesIO(jpeg)) as image:
        assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3
        assert not image.getexif()


def test_reading_a_jpeg_back_gives_the_same_pixels_each_time() -> None:
    jpeg = encode_jpeg(a_picture())

    first, second = read_back(jpeg), read_back(jpeg)

    assert first.pixels_sha256 == second.pixels_sha256
    assert (first.source_width_px, first.source_height_px) == (640, 400)


def test_adding_the_xmp_block_changes_no_pixel_and_no_byte_of_the_scan() -> None:
    jpeg = encode_jpeg(a_picture())

    published = published_jpeg(jpeg, XMP)

    assert read_back(published).pixels_sha256 == read_back(jpeg).pixels_sha256
    assert published.endswith(jpeg[20:])
    assert markers(published) - markers(jpeg) == {0xE1}


def test_only_our_own_jpeg_gets_a_block_and_only_once() -> None:
    png = io.BytesIO()
    Image.new("RGB", (64, 64)).save(png, "PNG")
    jpeg = encode_jpeg(a_picture())

    for wrong in (png.getvalue(), published_jpeg(jpeg, XMP), b""):
        with pytest.raises(ValueError, match="JPEG"):
            published_jpeg(wrong, XMP)
    with pytest.raises(ValueError, match="one segment"):
        published_jpeg(jpeg, bytes(66_000))


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xe0", b"GIF89a", b"\xff\xd8\xff\xe1"])
def test_what_is_no_jpeg_of_ours_is_not_read(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a JPEG of our own"):
        read_back(data)


def test_a_jpeg_larger_than_what_is_published_is_not_read() -> None:
    with pytest.raises(ValueError, match="not a JPEG of our own"):
        read_back(encode_jpeg(a_picture(2_049, 8)))


def test_the_block_says_only_what_it_should() -> None:
    frame = Frame(width_px=1, height_px=1, orientation=1)

    texts = read_texts([Carrier(kind=CarrierKind.XMP, data=XMP)], frame)

    assert {text.tag: text.text for text in texts} == {
        "XMP-iptcCore:AltTextAccessibility": "A class <outside> & happy",
        "XMP-plus:ModelReleaseStatus": "http://ns.useplus.org/ldf/vocab/MR-LMR",
        "XMP-plus:ModelReleaseID": "clear-1 & <2>",
        "XMP-plus:DataMining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
        "XMP-iptcExt:DigitalSourceType": (
            "http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits"
        ),
    }


def test_a_picture_without_description_or_edit_says_so() -> None:
    block = clean_xmp(clearance_id="c-1", alt_text="", is_edited=False).decode()

    assert "AltTextAccessibility" not in block
    assert block.count("digitalCapture") == 1


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_another_program_reads_the_block_back(tmp_path: Path) -> None:
    file = tmp_path / "published.jpg"
    file.write_bytes(published_jpeg(encode_jpeg(a_picture()), XMP))

    told = subprocess.run(
        ["exiftool", "-s", "-XMP:all", "-warning", "-validate", str(file)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "A class <outside> & happy" in told
    assert (
        "General Data Mining Prohibited" in told or "DMI-PROHIBITED" in told or "Prohibited" in told
    )
    assert "Limited or Incomplete Model Releases" in told
    assert "Warning" not in told


def test_a_thumbnail_fits_into_its_side() -> None:
    with Image.open(io.BytesIO(thumbnail_jpeg(a_picture(), 96))) as image:
        assert image.size == (96, 60)


@pytest.mark.parametrize(
    "box",
    [
        Box(left=140, top=80, width=40, height=50),
        Box(left=0, top=0, width=30, height=40),
        Box(left=300, top=180, width=20, height=20),
    ],
)
def test_a_crop_is_square_and_keeps_inside_the_picture(box: Box) -> None:
    with Image.open(io.BytesIO(crop_jpeg(a_picture(), box, 128))) as image:
        assert image.size == (128, 128)


def test_a_crop_shows_the_whole_box_with_what_is_round_it() -> None:
    canvas = Image.new("RGB", (320, 200), "white")
    canvas.paste((255, 0, 0), (140, 80, 180, 120))
    picture = Picture(
        width_px=320,
        height_px=200,
        rgb=canvas.tobytes(),
        source_width_px=320,
        source_height_px=200,
    )

    crop = crop_jpeg(picture, Box(left=140, top=80, width=40, height=40), 68)

    with Image.open(io.BytesIO(crop)) as image:
        red = sum(count for count, colour in image.getcolors(10_000) if colour[1] < 128)
        assert red == pytest.approx(40 * 40, rel=0.15)


def test_a_crop_of_a_box_wider_than_the_picture_is_high_is_not_filled_up() -> None:
    crop = crop_jpeg(a_picture(320, 64), Box(left=100, top=0, width=90, height=64), 128)

    with Image.open(io.BytesIO(crop)) as image:
        assert image.width == 128
        assert image.height < 128


def test_read_jpeg_agrees_that_the_published_file_is_whole() -> None:
    layout = read_jpeg(published_jpeg(encode_jpeg(a_picture()), XMP))

    assert layout.is_whole
    assert not layout.has_more
