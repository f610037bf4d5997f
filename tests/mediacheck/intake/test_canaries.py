"""Words planted in every corner of a file: read, and gone from what is published."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from mediacheck.intake.cage import CagedDecoder

pytestmark = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool not installed")

TAGS = (
    "EXIF:ImageDescription",
    "EXIF:Artist",
    "EXIF:Copyright",
    "EXIF:UserComment",
    "EXIF:XPTitle",
    "EXIF:XPComment",
    "EXIF:XPAuthor",
    "EXIF:XPKeywords",
    "EXIF:XPSubject",
    "EXIF:OwnerName",
    "EXIF:HostComputer",
    "IPTC:Caption-Abstract",
    "IPTC:By-line",
    "IPTC:ObjectName",
    "IPTC:Headline",
    "IPTC:Keywords",
    "IPTC:Writer-Editor",
    "IPTC:Contact",
    "IPTC:Sub-location",
    "IPTC:SpecialInstructions",
    "IPTC:Credit",
    "XMP-dc:Title",
    "XMP-dc:Description",
    "XMP-dc:Subject",
    "XMP-dc:Creator",
    "XMP-dc:Rights",
    "XMP-iptcExt:PersonInImage",
    "XMP-iptcExt:PersonInImageName",
    "XMP-mwg-rs:RegionName",
    "XMP-MP:RegionPersonDisplayName",
    "XMP-digiKam:TagsList",
    "XMP-lr:HierarchicalSubject",
    "XMP-mediapro:People",
    "XMP-prism:Person",
    "XMP-acdsee:Caption",
    "XMP-xmp:Nickname",
    "XMP-iptcCore:AltTextAccessibility",
    "XMP-iptcCore:ExtDescrAccessibility",
    "XMP-photoshop:Headline",
    "XMP-photoshop:CaptionWriter",
    "XMP-photoshop:TextLayerName",
    "XMP-aux:OwnerName",
    "XMP-exif:UserComment",
    "XMP-tiff:Artist",
    "XMP-xmpMM:PreservedFileName",
    "XMP-crs:RawFileName",
    "XMP-plus:ModelReleaseID",
)
PEOPLE = {
    "XMP-iptcExt:PersonInImage",
    "XMP-iptcExt:PersonInImageName",
    "XMP-mwg-rs:RegionName",
    "XMP-MP:RegionPersonDisplayName",
    "XMP-mediapro:People",
    "XMP-prism:Person",
    "XMP-xmp:Nickname",
}
CANARY = re.compile(r"Canary\d\dQx")
#: WebP, HEIC and AVIF have no place for IPTC.
LEAST = {"jpg": 46, "png": 46, "webp": 36, "heic": 36, "avif": 36}


def canary(tag: str) -> str:
    return f"Canary{TAGS.index(tag):02d}Qx"


def run(*arguments: str) -> str:
    return subprocess.run(
        ["exiftool", *arguments], capture_output=True, text=True, check=False
    ).stdout


@pytest.fixture(params=LEAST, scope="module")
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a canary in every place that its format has."""
    pillow_heif.register_heif_opener()
    file = tmp_path_factory.mktemp("planted") / f"planted.{request.param}"
    Image.effect_noise((128, 96), 40).convert("RGB").save(file)
    comments = ["-Comment=Canary99Qx"] if request.param in ("jpg", "png") else []
    run("-overwrite_original", "-m", *(f"-{t}={canary(t)}" for t in TAGS), *comments, str(file))
    return file


def test_every_canary_is_read(decoder: CagedDecoder, planted: Path) -> None:
    told = set(CANARY.findall(run("-a", "-G1", "-s", str(planted))))

    metadata = decoder.decode(planted.read_bytes(), planted.name).metadata

    read = {word for text in metadata for word in CANARY.findall(text.text)}
    assert len(told) >= LEAST[planted.suffix[1:]]
    assert told - read == set()


def test_every_person_tag_is_marked_as_a_person(decoder: CagedDecoder, planted: Path) -> None:
    metadata = decoder.decode(planted.read_bytes(), planted.name).metadata

    people = {word for text in metadata if text.is_person for word in CANARY.findall(text.text)}
    assert people == {canary(tag) for tag in PEOPLE}


def test_no_canary_is_in_what_is_published(
    decoder: CagedDecoder, planted: Path, tmp_path: Path
) -> None:
    published = tmp_path / "published.jpg"
    published.write_bytes(decoder.decode(planted.read_bytes(), planted.name).jpeg)

    data = published.read_bytes()
    assert b"Canary" not in data
    assert "Canary".encode("utf-16-le") not in data
    assert "Canary" not in run("-a", "-u", "-U", "-ee", "-v3", str(published))


def test_the_place_of_the_camera_is_not_in_what_is_published(
    decoder: CagedDecoder, tmp_path: Path
) -> None:
    file = tmp_path / "gps.jpg"
    thumbnail = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(thumbnail, "JPEG")
    (tmp_path / "thumb.jpg").write_bytes(thumbnail.getvalue())
    Image.effect_noise((128, 96), 40).convert("RGB").save(file)
    run(
        "-overwrite_original",
        "-GPSLatitude=47.6",
        "-GPSLatitudeRef=N",
        f"-ThumbnailImage<={tmp_path / 'thumb.jpg'}",
        str(file),
    )
    assert "GPS Latitude" in run(str(file))

    published = tmp_path / "published.jpg"
    published.write_bytes(decoder.decode(file.read_bytes(), file.name).jpeg)

    told = run("-a", "-G1", str(published))
    assert not re.search(r"\[(?:GPS|IFD0|IFD1|ExifIFD|XMP|IPTC|ICC)", told)
