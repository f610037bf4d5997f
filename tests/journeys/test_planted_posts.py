"""A hundred planted posts through the real command with the real engines: no false clear."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from mediacheck.cli.main import main
from mediacheck.demo.district import PICTURES, open_demo
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services
from tests.factories import a_face_evidence
from tests.journeys.planted_posts import (
    BLOCKED,
    BOTH,
    CLEARED,
    KEPT,
    NOBODY,
    REFUSED,
    RELEASED,
    REVIEW,
    PlantedPost,
    planted_posts,
)

EXIT_CODES = {CLEARED: 0, BLOCKED: 10, REVIEW: 11}

pytestmark = [pytest.mark.lane, pytest.mark.slow]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """A made-up district that compares faces, and one that does not: off destroys templates."""
    folders = {is_on: tmp_path_factory.mktemp("district") for is_on in (True, False)}
    for folder in folders.values():
        services = open_services(settings_from({"MEDIACHECK_DATA": str(folder)}))
        open_demo(services)
        with services.transaction() as work:
            # A gallery of two backs nothing: this is what a whole school would have shown.
            work.evidence.keep(a_face_evidence(school="lincoln"))
    return folders


def picture_of(post: PlantedPost) -> Image.Image:
    sources = {
        RELEASED: ["portrait-s1001.jpg"],
        REFUSED: ["portrait-s1002.jpg"],
        BOTH: ["portrait-s1001.jpg", "portrait-s1002.jpg"],
        NOBODY: [],
    }[post.shown]
    canvas = Image.new("RGB", (1000, 560), (214, 224, 232))
    for number, name in enumerate(sources):
        with Image.open(PICTURES / name) as portrait:
            canvas.paste(portrait.resize((380, 460)), (60 + 480 * number, 30))
    if post.written:
        font = ImageFont.load_default(size=56)
        ImageDraw.Draw(canvas).text((120, 250), post.written, fill=(20, 30, 60), font=font)
    return canvas


def tagged(name: str) -> bytes:
    """An XMP packet with one people tag, as a photo program writes it."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>{name}</rdf:li></rdf:Bag>"
        "</Iptc4xmpExt:PersonInImage></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def save(post: PlantedPost, folder: Path) -> Path:
    path = folder / post.file_name
    extra: dict[str, object] = {}
    if post.comment:
        extra["comment"] = post.comment.encode()
    if post.people_tag:
        extra["xmp"] = tagged(post.people_tag)
    picture_of(post).save(path, quality=92, **extra)  # type: ignore[arg-type]
    return path


def arguments_for(post: PlantedPost, path: Path) -> list[str]:
    class_arguments = ["--class", post.class_key] if post.class_key else []
    return [
        "check",
        str(path),
        "--channel",
        post.channel,
        "--caption",
        post.caption,
        "--alt",
        post.alt,
        *class_arguments,
        "--json",
    ]


@pytest.mark.parametrize(
    "post",
    planted_posts(),
    ids=[f"{number:03d} {post.name}" for number, post in enumerate(planted_posts())],
)
def test_a_planted_post_gets_its_verdict(
    post: PlantedPost,
    tmp_path: Path,
    folders: dict[bool, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MEDIACHECK_DATA", str(folders[post.mode != "off"]))
    assert main(["settings", "set", "recognition", post.mode, "--school", "lincoln"]) == 0
    capsys.readouterr()

    code = main(arguments_for(post, save(post, tmp_path)))

    report = json.loads(capsys.readouterr().out)
    verdict = report["verdict"]
    assert code == EXIT_CODES[verdict]
    assert (report["clearance"] is not None) == (verdict == CLEARED)
    if post.expected == KEPT:
        assert verdict != CLEARED
    else:
        assert verdict == post.expected, report["reasons"]


def test_there_are_a_hundred_of_them() -> None:
    assert len(planted_posts()) >= 100
