"""A teacher's post, from the first photo to the package, with the real engines and the browser."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from mediacheck.findings.face_union import open_face_finder
from mediacheck.intake.encoding import picture_from_jpeg
from mediacheck.model.post import MediaId
from tests.journeys.browsing import BOTH, TEACHER, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

#: What the upload says of where and with what it was taken.
_MAKER, _WHERE = 0x010F, 0x8825


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """One released and one refused student, as a camera would hand the picture over."""
    path = tmp_path / "IMG_2041.jpg"
    with Image.open(BOTH) as picture:
        exif = picture.getexif()
        exif[_MAKER] = "Planted Camera Works"
        exif.get_ifd(_WHERE).update({1: "N", 2: (44.0, 3.0, 7.0), 3: "W", 4: (123.0, 5.0, 1.0)})
        picture.save(path, exif=exif, comment=b"planted comment", quality=95)
    return path


def test_a_post_is_blocked_mended_cleared_and_handed_over(
    window: Callable[..., Visitor], photo: Path, tmp_path: Path
) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    teacher.start_post(photo, caption="Maya and Teddy at the space fair.")
    expect(teacher.headline()).to_have_text("This post cannot go out as it is")
    teacher.snap("post-blocked", whole=True)

    # The face that is known is confirmed, the other one covered.
    teacher.button("Face 1: Is this Maya Lindqvist?").first.click()
    teacher.snap("face-menu")
    teacher.button("Yes, this is Maya Lindqvist").click()
    teacher.button("Close the photo").click()
    teacher.press("Cover everyone who is not cleared")
    expect(teacher.headline()).not_to_have_text("This post may go out")

    # The nickname goes, and the picture gets its description.
    refused = teacher.page.locator(".name", has_text="“Teddy”")
    refused.get_by_role("button", name="Take the name out").click()
    expect(refused).to_have_count(0)
    expect(teacher.page.get_by_label("Caption", exact=True)).not_to_have_value("Teddy")
    teacher.describe("A student in an orange space suit")
    expect(teacher.headline()).to_have_text("This post may go out")

    with teacher.page.expect_download() as handed:
        teacher.button("Get the cleared package").click()
    package = tmp_path / "package.zip"
    handed.value.save_as(package)
    expect(teacher.page.locator("#verdict")).to_contain_text("Cleared for Lincoln on Instagram")
    teacher.snap("post-cleared", whole=True)
    jpeg = require_package(package)
    require_nothing_of_the_upload(package, tmp_path / "unpacked")
    assert faces_in(jpeg) == 1


def test_the_package_is_refused_after_an_edit(window: Callable[..., Visitor]) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    teacher.start_post(caption="A good day.")
    with teacher.page.expect_download():
        teacher.button("Get the cleared package").click()
    expect(teacher.button("Download it again")).to_be_visible()

    caption = teacher.page.get_by_label("Caption", exact=True)
    caption.fill("A very good day.")
    caption.blur()

    expect(teacher.button("Get the cleared package")).to_be_visible()
    expect(teacher.page.locator("#verdict")).not_to_contain_text("Cleared for")


def require_package(package: Path) -> bytes:
    """The one picture of the package, which names the channel, the words and the description."""
    with zipfile.ZipFile(package) as files:
        names = files.namelist()
        pictures = [name for name in names if name.endswith(".jpg")]
        assert len(pictures) == 1
        words = "\n".join(files.read(name).decode() for name in names if not name.endswith(".jpg"))
        assert "Maya" in words
        assert "Teddy" not in words
        assert "orange space suit" in words
        return files.read(pictures[0])


def require_nothing_of_the_upload(package: Path, folder: Path) -> None:
    with zipfile.ZipFile(package) as files:
        files.extractall(folder)
        assert not any("IMG_2041" in name for name in files.namelist())
    if shutil.which("exiftool") is None:
        pytest.skip("no exiftool here to judge the metadata")
    told = subprocess.run(
        ["exiftool", "-json", "-G1", "-a", *map(str, folder.rglob("*.jpg"))],
        capture_output=True,
        check=True,
    ).stdout
    tags = json.loads(told)[0]
    groups = {name.split(":")[0] for name in tags if ":" in name}
    assert groups <= {"ExifTool", "System", "File", "JFIF", "Composite"} | xmp_groups(groups)
    assert b"Planted" not in told
    assert b"planted" not in told
    assert "GPS" not in told.decode()


def xmp_groups(groups: set[str]) -> set[str]:
    """Our own clean block is XMP; what it says is looked at by the tests of the encoding."""
    return {group for group in groups if group.startswith("XMP-")}


def faces_in(jpeg: bytes) -> int:
    with Image.open(io.BytesIO(jpeg)) as opened:
        width, height = opened.size
    picture = picture_from_jpeg(jpeg, source_width_px=width, source_height_px=height)
    return len(open_face_finder().find_faces(picture, MediaId("published")))
