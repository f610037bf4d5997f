"""Words planted in every corner of a file: read, and gone from what is published."""

from __future__ import annotations

import base64
import contextlib
import io
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from mediacheck.errors import IntakeError
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
#: GIF and TIFF are not taken at all.
FEWEST_ELSEWHERE = 20


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


def hiding_places(word: str) -> dict[str, list[bytes]]:
    """``word`` in every dress in which bytes may carry it."""
    raw = word.encode()
    # In base64 a word begins at one of three places, and its first and last sign may be another.
    encoded = [base64.b64encode(b"\0" * shift + raw)[shift + 1 : -4] for shift in range(3)]
    return {
        "raw": [raw],
        "UTF-16": [word.encode("utf-16-le"), word.encode("utf-16-be")],
        "hex": [raw.hex().encode(), raw.hex().upper().encode()],
        "base64": encoded,
    }


def inflated(data: bytes) -> bytes:
    """Whatever in ``data`` can be inflated, wherever it begins."""
    found = []
    for start in range(len(data) - 1):
        if data[start] & 0x0F == 8 and (data[start] << 8 | data[start + 1]) % 31 == 0:
            with contextlib.suppress(zlib.error):
                found.append(zlib.decompressobj().decompress(data[start:]))
    return b"".join(found)


def dresses_of(word: str, data: bytes) -> set[str]:
    """In which dress ``word`` is in ``data``, inflated or as it is."""
    whole = data + inflated(data)
    return {
        dress
        for dress, spellings in hiding_places(word).items()
        if any(spelling in whole for spelling in spellings)
    }


def test_the_search_for_canaries_sees_every_dress() -> None:
    word = "Canary07Qx"
    for dress, spellings in hiding_places(word).items():
        for spelling in spellings:
            assert dress in dresses_of(word, b"\xff\xd8" + spelling + b"\xff\xd9")
            assert dress in dresses_of(word, b"\xff\xd8" + zlib.compress(spelling) + b"\xff\xd9")
    for shift in range(3):
        assert "base64" in dresses_of(word, base64.b64encode(b"x" * shift + word.encode() + b"yz"))


def test_no_canary_is_in_what_is_published(
    decoder: CagedDecoder, planted: Path, tmp_path: Path
) -> None:
    told = set(CANARY.findall(run("-a", "-G1", "-s", str(planted))))
    published = tmp_path / "published.jpg"
    published.write_bytes(decoder.decode(planted.read_bytes(), planted.name).jpeg)

    data = published.read_bytes()
    assert len(told) >= LEAST[planted.suffix[1:]]
    assert {dress for word in told for dress in dresses_of(word, data)} == set()
    assert "Canary" not in run("-a", "-u", "-U", "-ee", "-v3", str(published))


@pytest.mark.parametrize("suffix", ["gif", "tif"])
def test_what_cannot_be_published_is_refused_without_a_canary(
    decoder: CagedDecoder, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"planted.{suffix}"
    Image.effect_noise((128, 96), 40).save(file)
    planted = [f"-{tag}={canary(tag)}" for tag in TAGS]
    run("-overwrite_original", "-m", "-GIF:Comment=Canary99Qx", *planted, str(file))
    assert len(set(CANARY.findall(run("-a", "-G1", "-s", str(file))))) >= FEWEST_ELSEWHERE

    with pytest.raises(IntakeError) as refused:
        decoder.decode(file.read_bytes(), file.name)

    assert "save it" in refused.value.message.lower()
    assert "Canary" not in f"{refused.value!r} {refused.value.message}"


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
