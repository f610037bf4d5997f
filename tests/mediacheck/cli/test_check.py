"""``check`` and ``enroll`` through the real engines: contract, exit codes, refusals."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from mediacheck.cli.common import services_for
from mediacheck.demo import district
from mediacheck.demo.district import PICTURES
from mediacheck.findings.work_prints import prints_of
from mediacheck.model.people import StaffId
from mediacheck.model.post import MediaId, Picture
from mediacheck.model.works import Credit, WorkWord
from release_db.words import StudentId
from tests.factories import a_media, a_post
from tests.mediacheck.cli.conftest import Command
from tests.mediacheck.intake.sidecars import REASON, SIDECARS

ROSTER = Path(district.__file__).with_name("roster.csv")
RELEASES = """student_id,use,channel,name_form,answer,decided_by,method,given_on,ends_on,notice
S1001,image,,,allow,office,paper,2026-09-01,2030-06-30,n1
S1001,biometric,,,allow,office,paper,2026-09-01,2030-06-30,b1
S1002,biometric,,,allow,office,paper,2026-09-01,2030-06-30,b1
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def filled(run: Command, tmp_path: Path) -> Command:
    """A district with a roster, one channel, and one released student."""
    releases = tmp_path / "releases.csv"
    releases.write_text(RELEASES, encoding="utf-8")
    run("import", "roster", ROSTER, "--apply")
    run("channels", "add", "page", "--audience", "social", "--school", "lincoln")
    assert run("import", "releases", releases, "--apply").code == 0
    return run


def portraits(folder: Path) -> Path:
    for student in ("S1001", "S1002", "S1003"):
        (folder / student).mkdir(parents=True)
    shutil.copy(PICTURES / "portrait-s1001.jpg", folder / "S1001" / "a.jpg")
    shutil.copy(PICTURES / "sample-both.jpg", folder / "S1001" / "several.jpg")
    Image.new("RGB", (400, 400), "white").save(folder / "S1001" / "nobody.jpg")
    shutil.copy(PICTURES / "portrait-s1002.jpg", folder / "S1003" / "c.jpg")
    return folder


def test_enrolling_says_who_was_and_why_others_were_not(filled: Command, tmp_path: Path) -> None:
    enrolled = filled("enroll", portraits(tmp_path / "portraits"))

    assert enrolled.code == 0
    assert "1 portraits enrolled, 3 not" in enrolled.out
    assert "S1001/nobody.jpg: No face was found" in enrolled.out
    assert "S1001/several.jpg: More than one face" in enrolled.out
    assert "S1003/c.jpg: The family has not consented" in enrolled.out


def test_an_index_file_of_a_picture_day_is_read(filled: Command, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    shutil.copy(PICTURES / "portrait-s1001.jpg", folder / "0001.jpg")
    (folder / "index.txt").write_text("student_id\tfile\nS1001\t0001.jpg\n", encoding="utf-8")

    assert "1 portraits enrolled, 0 not" in filled("enroll", folder).out


def test_a_report_follows_the_contract(filled: Command, tmp_path: Path) -> None:
    filled("enroll", portraits(tmp_path / "portraits"))
    large = tmp_path / "large.jpg"
    with Image.open(PICTURES / "portrait-s1001.jpg") as portrait:
        portrait.resize((3300, 4000)).save(large)

    ran = filled("check", large, "--channel", "page", "--class", "lincoln/room-12", "--json")

    report = json.loads(ran.out)
    assert ran.code == 11
    assert report["verdict"] == "needs_review"
    assert report["clearance"] is None
    assert set(report["timings_ms"]) == {"intake", "faces", "names", "decide"}
    (media,) = report["media"]
    assert (media["width"], media["height"]) == (3300, 4000)
    assert len(media["sha256"]) == 64
    (face,) = media["faces"]
    left, top, width, height = face["box"]
    assert left < 3300 / 2 < left + width
    assert top < 1200 < top + height
    assert face["resolution"] == "suggested"
    assert face["student"] == "S1001"
    assert face["permission"] == "granted"
    assert face["distance"] < 0.2


def test_words_alone_are_cleared_with_a_clearance(filled: Command, tmp_path: Path) -> None:
    plain = tmp_path / "plain.png"
    Image.new("RGB", (320, 240), "white").save(plain)

    ran = filled("check", plain, "--channel", "page", "--caption", "A kite", "--json")

    assert ran.code == 0
    clearance = json.loads(ran.out)["clearance"]
    assert clearance["channel"] == "page"
    assert len(clearance["pixels_sha256"]) == 1


def test_a_name_has_its_span_and_form(filled: Command, tmp_path: Path) -> None:
    plain = tmp_path / "plain.png"
    Image.new("RGB", (320, 240), "white").save(plain)
    caption = "By Theodora Ramos today"

    ran = filled("check", plain, "--channel", "page", "--caption", caption, "--json")

    (name,) = json.loads(ran.out)["names"]
    start, end = name["span"]
    assert ran.code == 10
    assert caption[start:end] == name["text"] == "Theodora Ramos"
    assert (name["where"], name["form"], name["certainty"]) == ("caption", "full", "certain")
    assert name["candidates"] == ["S1002"]
    assert name["permission"] == "refused"


def test_a_folder_goes_on_after_a_file_that_is_refused(filled: Command, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (320, 240), "white").save(folder / "a.png")
    (folder / "b.jpg").write_bytes(b"no picture at all")

    ran = filled("check", folder, "--channel", "page", "--json")

    report = json.loads(ran.out)
    assert report["verdict"] != "cleared"
    assert [media["refused"] is None for media in report["media"]] == [True, False]
    assert set(report["media"][1]["refused"]) == {"code", "message"}


@pytest.mark.lane
def test_sidecars_are_refused_with_a_reason(filled: Command, tmp_path: Path) -> None:
    folder = tmp_path / "takeout" / "Photos from 2026"
    folder.mkdir(parents=True)
    Image.new("RGB", (320, 240), "white").save(folder / "IMG_2041.png")
    for file_name, words in SIDECARS.items():
        (folder / file_name).write_text(words, encoding="utf-8")

    in_folder = filled("check", tmp_path / "takeout", "--channel", "page", "--json")
    alone = filled("check", folder / "IMG_2041.xmp", "--channel", "page")

    report = json.loads(in_folder.out)
    assert (in_folder.code, report["verdict"]) == (10, "blocked")
    refused = {Path(one["path"]).name: one["refused"] for one in report["media"]}
    assert refused.pop("IMG_2041.png") is None
    assert refused == {name: {"code": "type", "message": REASON} for name in SIDECARS}
    assert "Theodora" not in in_folder.out
    assert alone.code == 10
    assert REASON in alone.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--channel", "nowhere"), "no channel"),
        (("--channel", "page", "--class", "nowhere"), "no class"),
        (("--channel", "page", "--alt", "a", "--alt", "b"), "alt texts"),
        ((), "--channel"),
    ],
)
def test_wrong_usage_is_said_so(
    filled: Command, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    plain = tmp_path / "plain.png"
    Image.new("RGB", (320, 240), "white").save(plain)

    ran = filled("check", plain, *arguments)

    assert ran.code == 2
    assert words in ran.err


def test_an_unreadable_gallery_needs_a_person(filled: Command, tmp_path: Path) -> None:
    filled("enroll", portraits(tmp_path / "portraits"))
    (tmp_path / "data" / "keys" / "gallery.key").write_bytes(bytes(32))
    plain = tmp_path / "plain.png"
    Image.new("RGB", (320, 240), "white").save(plain)

    ran = filled("check", plain, "--channel", "page", "--class", "lincoln/room-12", "--json")

    assert ran.code == 11
    assert [reason["code"] for reason in json.loads(ran.out)["reasons"]] == ["stage-failed"]


def test_a_portrait_is_kept_with_its_quality_and_last_day(filled: Command, tmp_path: Path) -> None:
    filled("enroll", portraits(tmp_path / "portraits"))

    with closing(sqlite3.connect(tmp_path / "data" / "mediacheck.sqlite3")) as database:
        query = "SELECT quality, expires_on FROM gallery_template"
        ((quality, expires_on),) = database.execute(query).fetchall()
    assert 0.9 < quality <= 1
    assert expires_on is not None


def test_a_withdrawn_work_is_known_again_without_its_name(filled: Command, tmp_path: Path) -> None:
    services = services_for(None)
    with Image.open(PICTURES / "sample-artwork.jpg") as opened:
        painting = opened.convert("RGB")
    word = WorkWord(
        media_id=MediaId("m1"),
        credit=Credit.STUDENTS,
        students=(StudentId("S1001"),),
        by=StaffId("a-teacher"),
        at=services.clock.now(),
    )
    with services.transaction() as work:
        work.posts.add(a_post())
        work.posts.add_media(a_post().post_id, a_media())
        work.works.say(a_post().post_id, word, prints_of(a_picture_of(painting)))
    unsigned = tmp_path / "again.jpg"
    painting.paste(painting.getpixel((700, 790)), (700, 790, 1280, 960))  # The signature.
    painting.save(unsigned, quality=80)

    checked = filled("check", unsigned, "--channel", "page", "--json")

    assert checked.code == 10
    assert "likely-work" in [one["code"] for one in json.loads(checked.out)["reasons"]]


def a_picture_of(image: Image.Image) -> Picture:
    return Picture(
        width_px=image.width,
        height_px=image.height,
        rgb=image.tobytes(),
        source_width_px=image.width,
        source_height_px=image.height,
    )
