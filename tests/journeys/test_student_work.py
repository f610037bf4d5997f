"""Signed paintings, from the upload to the cleared package, with the real engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps
from playwright.sync_api import expect

from tests.journeys.browsing import ARTWORK, TEACHER, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

GALLERY = "Lincoln family gallery"


@pytest.fixture
def painting(tmp_path: Path) -> Path:
    """The demo's painting the other way round, signed by the student who is released."""
    path = tmp_path / "IMG_3107.jpg"
    with Image.open(ARTWORK) as opened:
        picture = ImageOps.mirror(opened)
        draw = ImageDraw.Draw(picture)
        meadow = picture.getpixel((40, 940))
        draw.rectangle((0, 780, picture.width, picture.height), fill=meadow)
        font = ImageFont.load_default(size=64)
        draw.text((700, 830), "Maya Lindqvist", fill=(30, 30, 60), font=font)
        picture.save(path, quality=92)
    return path


def test_a_signed_painting_is_credited_and_cleared(
    window: Callable[..., Visitor], painting: Path
) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    teacher.start_post(painting, caption="From our art room.", channel=GALLERY)
    teacher.describe("A painting of mountains and a sun")

    teacher.button("Open photo 1").click()
    teacher.button("Name in the picture: “Maya Lindqvist”").first.click()
    teacher.snap("work-is-this-the-artist")
    teacher.require_accessible("the question whether a name is the artist's")
    teacher.button("Yes, this is Maya Lindqvist’s work").click()
    teacher.button("Close the photo").click()

    expect(teacher.page.get_by_text("Work of Maya Lindqvist.")).to_be_visible()
    expect(teacher.headline()).to_have_text("This post may go out")
    teacher.snap("work-credited", whole=True)
    teacher.require_accessible("a post with a credited work")
    with teacher.page.expect_download():
        teacher.button("Get the cleared package").click()


def test_a_refused_painting_goes_out_without_its_name(window: Callable[..., Visitor]) -> None:
    teacher = window(width=390, height=780)
    teacher.sign_in(TEACHER)
    teacher.start_post(ARTWORK, caption="From our art room.", channel=GALLERY)
    teacher.describe("A painting of mountains")

    # Whose it is, with the keyboard alone.
    teacher.button("Shows student work in photo 1").press("Enter")
    expect(teacher.page.get_by_role("combobox", name="Who made it?")).to_be_focused()
    teacher.page.keyboard.type("teddy")
    teacher.page.keyboard.press("ArrowDown")
    teacher.page.keyboard.press("Enter")
    teacher.snap("work-dialog")
    teacher.require_accessible("the dialog that asks whose work it is")
    teacher.require_no_sideways_scroll("the dialog that asks whose work it is")
    teacher.button("Keep").press("Enter")
    expect(teacher.page.get_by_text("Work of Teddy Ramos.")).to_be_visible()
    expect(teacher.headline()).to_have_text("This post cannot go out as it is")

    # The signature is covered, and nobody is credited.
    teacher.button("Name in the picture: “Teddy Ramos”").first.click()
    teacher.press("Cover it")
    teacher.button("Close the photo").click()
    teacher.button("Change whose work it is in photo 1").click()
    teacher.button("No names visible, not credited").click()

    expect(teacher.headline()).to_have_text("This post may go out")
    expect(teacher.page.get_by_text("Nobody is credited.")).to_be_visible()

    # It was a drawing of the teacher's own after all.
    teacher.button("Change whose work it is in photo 1").click()
    teacher.button("It shows no student work").click()
    expect(teacher.button("Shows student work in photo 1")).to_be_visible()
