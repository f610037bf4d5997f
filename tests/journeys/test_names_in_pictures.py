"""A certificate, a class list on a whiteboard, and a jersey, with the real engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect

from mediacheck.demo.district import PICTURES
from tests.journeys.browsing import TEACHER, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

CLASS_LIST = ("Maya Lindqvist", "Teddy Ramos", "Amara Okafor", "Grace Kim", "Ms. Rivera, room 12")


def written(image: Image.Image, place: tuple[int, int], words: str, size: int, ink: str) -> None:
    font = ImageFont.load_default(size=size)
    ImageDraw.Draw(image).text(place, words, fill=ink, font=font)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    page = Image.new("RGB", (1200, 850), "ivory")
    ImageDraw.Draw(page).rectangle((30, 30, 1170, 820), outline="goldenrod", width=12)
    written(page, (270, 130), "Certificate of Merit", 72, "black")
    written(page, (430, 300), "awarded to", 40, "dimgray")
    written(page, (340, 400), "Teddy Ramos", 84, "navy")
    written(page, (280, 600), "for kindness in the third grade", 40, "dimgray")
    path = tmp_path / "IMG_4001.jpg"
    page.save(path, quality=92)
    return path


@pytest.fixture
def whiteboard(tmp_path: Path) -> Path:
    board = Image.new("RGB", (1400, 900), "whitesmoke")
    written(board, (80, 40), "Line leaders this week", 56, "darkred")
    for row, name in enumerate(CLASS_LIST):
        written(board, (120, 170 + 130 * row), name, 60, "midnightblue")
    path = tmp_path / "IMG_4003.jpg"
    board.save(path, quality=92)
    return path


@pytest.fixture
def player(tmp_path: Path) -> Path:
    """Somebody in a jersey, with a name and a number on it."""
    field = Image.new("RGB", (1000, 1200), "darkseagreen")
    with Image.open(PICTURES / "portrait-s1001.jpg") as portrait:
        field.paste(portrait.resize((640, 640 * portrait.height // portrait.width)), (180, 0))
    ImageDraw.Draw(field).rectangle((120, 640, 880, 1200), fill="firebrick")
    written(field, (200, 720), "NAKAMURA", 110, "white")
    written(field, (440, 880), "7", 220, "white")
    path = tmp_path / "IMG_4005.jpg"
    field.save(path, quality=92)
    return path


def test_the_name_on_a_jersey_is_covered_and_the_player_stays(
    window: Callable[..., Visitor], player: Path
) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    dialog = teacher.page.locator("#editor")

    # Kai may be shown and not named: the face is his, and the jersey says so.
    teacher.start_post(player, caption="What a game!")
    teacher.button("Open photo 1").click()
    teacher.page.locator("[data-box].face").first.click()
    teacher.page.locator(".chooser input").fill("Nakamura")
    teacher.page.locator(".chooser-option").click()
    name = teacher.page.locator("[data-box].name").first
    expect(name).to_be_visible()
    name.click()
    expect(dialog).to_contain_text("NAKAMURA")
    expect(dialog).to_contain_text("Cover")
    teacher.snap("names-jersey")
    teacher.require_accessible("a name on a jersey")
    teacher.press("Cover it")
    expect(teacher.page.locator("[data-box].name")).to_have_count(0)
    expect(teacher.page.locator("[data-box].face")).to_have_count(1)
    teacher.button("Close the photo").click()
    teacher.describe("A player with a red jersey")

    expect(teacher.headline()).to_have_text("This post may go out")
    teacher.snap("names-jersey-covered", whole=True)


def test_a_certificate_is_mended_and_a_class_list_taken_out(
    window: Callable[..., Visitor], certificate: Path, whiteboard: Path
) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    cards, dialog = teacher.page.locator("#sheet > li"), teacher.page.locator("#editor")

    # The certificate of a student who is not released: its name is covered.
    teacher.start_post(certificate, caption="What a week!")
    expect(teacher.headline()).to_have_text("This post cannot go out as it is")
    name = cards.nth(0).get_by_role("button", name="Name in the picture: “Teddy Ramos”").last
    name.click()
    teacher.snap("names-certificate")
    teacher.require_accessible("a name on a certificate")
    teacher.press("Cover it")
    teacher.button("Close the photo").click()
    expect(dialog).not_to_be_visible()
    expect(name).to_have_count(0)
    teacher.describe("A certificate for kindness", photo=1)
    expect(teacher.headline()).to_have_text("This post may go out")

    # The class list: each name has its own answer, the teacher's has none, and it is taken out.
    teacher.add(whiteboard)
    expect(teacher.headline()).to_have_text("This post cannot go out as it is")
    board = teacher.page.locator("#sheet > li", has_text=whiteboard.name)
    for listed in CLASS_LIST[:4]:
        expect(board.get_by_text(f"“{listed}”").first).to_be_visible()
    expect(board.get_by_text("Rivera")).to_have_count(0)
    teacher.snap("names-whiteboard", whole=True)
    teacher.button("Take photo 2 out of the post").click()
    teacher.page.get_by_role("button", name="Take it out", exact=True).last.click()
    expect(cards).to_have_count(1)
    expect(teacher.headline()).to_have_text("This post may go out")
