"""The registrar brings a picture day, reads what is wrong with it, and says yes to a part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import CHECKED_MS, REGISTRAR, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.lane,
    pytest.mark.xdist_group("browser"),
]

Window = Callable[..., Visitor]
PHONE = {"width": 390, "height": 844}
REFUSED = {
    "S1003": "The family has not consented",
    "S1007": "The face is blurred",
    "S1010": "No face was found",
}


def a_picture_day(folder: Path) -> Path:
    """One portrait that is well, one of another student, and one of each kind that is refused."""
    import skimage.data
    from matplotlib import cbook

    maya = Image.fromarray(skimage.data.astronaut()).crop((100, 0, 380, 320))
    with cbook.get_sample_data("grace_hopper.jpg") as file:
        teddy = Image.open(file).convert("RGB")
    portraits = {
        "S1001/maya.jpg": maya,
        "S1003/one.jpg": maya,
        "S1004/pepe.jpg": teddy,
        "S1007/blurred.jpg": maya.filter(ImageFilter.GaussianBlur(7)),
        "S1010/wall.jpg": Image.new("RGB", (400, 500), "grey"),
    }
    path = folder / "picture-day.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, image in portraits.items():
            data = io.BytesIO()
            image.save(data, "JPEG", quality=92)
            archive.writestr(f"picture day/{name}", data.getvalue())
    return path


def require_good(visitor: Visitor, what: str) -> None:
    visitor.require_accessible(what)
    visitor.require_no_sideways_scroll(what)
    visitor.snap(f"portraits-{what.replace(' ', '-')}", whole=True)


def line_of(page: Page, student: str) -> Locator:
    return page.locator(".portrait-line", has_text=student)


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
def test_a_picture_day_is_read_looked_at_and_enrolled_in_part(
    window: Window, tmp_path: Path, size: dict[str, int]
) -> None:
    registrar = window(**size)
    page, kind = registrar.page, "phone" if size else "desk"
    registrar.sign_in(REGISTRAR)
    registrar.open("/registrars/portraits")
    page.get_by_label("ZIP file").set_input_files(a_picture_day(tmp_path))
    registrar.button("Look into it").click()
    expect(page.locator(".badge", has_text="Waits for your yes or no")).to_be_visible(
        timeout=CHECKED_MS
    )
    require_good(registrar, f"a picture day looked at {kind}")

    expect(page.locator(".lede")).to_contain_text("2 of 5 can be, 3 cannot. Look at 1 of them")
    doubtful = page.locator(".portrait-line").first
    expect(doubtful).to_contain_text("Pepe García Peña")
    expect(doubtful).to_contain_text("looks like a portrait of another student")
    for student, words in REFUSED.items():
        expect(line_of(page, student)).to_contain_text(words)
        expect(line_of(page, student).get_by_role("checkbox")).to_have_count(0)

    doubtful.get_by_label("Pepe García Peña").check()
    registrar.button("Enrol the chosen ones").click()
    expect(page.get_by_role("alert")).to_contain_text("you have looked whose it is")
    require_good(registrar, f"a portrait in doubt {kind}")
    doubtful.get_by_label("Pepe García Peña").uncheck()
    registrar.button("Enrol the chosen ones").click()
    expect(page.locator(".lede")).to_contain_text("1 of 5", timeout=CHECKED_MS)
    require_good(registrar, f"a picture day enrolled {kind}")
    expect(page.get_by_role("row", name="Maya Lindqvist")).to_contain_text("Enrolled")
    expect(page.get_by_role("row", name="Pepe García Peña")).to_contain_text("Not chosen")

    registrar.open("/registrars/portraits")
    require_good(registrar, f"the portraits {kind}")
    enrolled = page.get_by_role("region", name="Enrolled students")
    maya = enrolled.get_by_role("row", name="Maya Lindqvist")
    expect(maya.locator("[data-label=Portraits]")).to_have_text("2")
    expect(enrolled.get_by_role("row", name="Pepe García Peña")).to_have_count(0)
    page.get_by_role("link", name="Picture day").first.click()
    registrar.button("Take this off the list").click()
    expect(page.get_by_role("link", name="Picture day")).to_have_count(0)
    registrar.forget("422")
