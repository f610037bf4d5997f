"""A language that is read from right to left, added while the tool runs: one catalogue, one notice.

The catalogue is made here, in Arabic letters and of the usual length; it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, expect

from mediacheck.ports.services import Services
from mediacheck.web.app import create_app
from mediacheck.web.families.catalogues import read_catalogues, speak_languages
from release_db.standard_notices import STANDARD_NOTICES, approved
from tests.conftest import House
from tests.factories import NOW, TODAY
from tests.journeys.browsing import Visitor
from tests.journeys.family_house import (
    LUZ,
    MOTHER,
    PHONE,
    FamilyHouse,
    fill_family,
    require_at_home,
    served,
)
from tests.web.families.test_catalogues import said_words

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

CHILD = f"/family/children/{LUZ}"
PAGES = (
    "/family",
    CHILD,
    f"{CHILD}/choices",
    f"{CHILD}/face",
    f"{CHILD}/history",
    f"{CHILD}/held",
    f"{CHILD}/same",
    "/family/account",
    "/family/account/password",
    "/family/sign-in",
    "/family/send-link",
)
TITLE = "الصور والأسماء والأعمال"
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def in_arabic_letters(words: str) -> str:
    """As long as the words, with their places for values as they were."""
    parts = re.split(r"(%\(\w+\)s)", words)
    return "".join(
        part
        if part.startswith("%(")
        else re.sub(r"[A-Za-z]", lambda sign: _LETTERS[ord(sign[0]) % len(_LETTERS)], part)
        for part in parts
    )


@pytest.fixture
def catalogues(tmp_path: Path) -> Path:
    """A folder of catalogues that holds Arabic, as a district would add it."""
    folder = tmp_path / "catalogues" / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="ar")
    for words in said_words():
        catalogue.add(words, in_arabic_letters(words))
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalogue)
    return folder.parents[1]


@pytest.fixture
def district(
    house: House, chromium: Chromium, screens: Path, catalogues: Path
) -> Iterator[FamilyHouse]:
    def build(services: Services) -> Flask:
        app = create_app(services)
        speak_languages(app, read_catalogues(catalogues))
        return app

    fill_family(house)
    with served(house, chromium, screens, build) as open_house:
        yield open_house


@pytest.fixture
def arabic(district: FamilyHouse) -> Visitor:
    """A mother who reads Arabic, at her phone; a notice in Arabic has been approved."""
    with district.services.transaction() as work:
        for text in STANDARD_NOTICES:
            if text.language == "en":
                notice = replace(
                    text, language="ar", title=TITLE, body=in_arabic_letters(text.body)
                )
                work.register.terms.publish_notice(approved(notice, by="boss", on=TODAY, at=NOW))
    return district.guardian(MOTHER, language="ar")


def edges(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


def test_every_page_is_mirrored_and_fits_a_phone(arabic: Visitor) -> None:
    for path in PAGES:
        arabic.open(path)
        assert arabic.page.evaluate("document.documentElement.dir") == "rtl", path
        assert arabic.page.evaluate("document.documentElement.lang") == "ar", path
        require_at_home(arabic, path)
        left, right = edges(arabic.page.locator(".brand"))
        assert left > PHONE["width"] - right, path


def test_the_controls_stand_on_the_other_side(arabic: Visitor) -> None:
    arabic.open(f"{CHILD}/choices")
    button, label = arabic.page.locator("#preset"), arabic.page.locator("label[for=preset]")
    mirrored = edges(button)[0] > edges(label)[0]
    arabic.snap("right-to-left-choices", whole=True)

    arabic.open(f"{CHILD}/choices?lang=en")

    assert mirrored
    assert edges(button)[0] < edges(label)[0]
    arabic.open(f"{CHILD}?lang=ar")
    arabic.snap("right-to-left-child", whole=True)


def test_what_is_wrong_is_marked_at_the_beginning_of_the_line(arabic: Visitor) -> None:
    arabic.open("/family/send-link")
    arabic.open(f"{CHILD}/face")
    arabic.page.evaluate("document.querySelector('form[action$=face]').noValidate = true")
    arabic.page.locator("form[action$=face] button").click()

    marked = arabic.page.locator(".field.has-error").first
    sides = marked.evaluate(
        "one => [getComputedStyle(one).borderLeftWidth, getComputedStyle(one).borderRightWidth]"
    )
    assert sides == ["0px", "4px"]
    require_at_home(arabic, "face with errors")
    arabic.forget("422")


def test_a_notice_and_a_signature_in_the_new_language_go_the_whole_way(
    arabic: Visitor, district: FamilyHouse
) -> None:
    arabic.open(f"{CHILD}/choices")
    arabic.page.locator("#preset").check()
    arabic.page.locator("main form button").click()
    expect(arabic.page.locator("main")).to_contain_text(TITLE)
    require_at_home(arabic, "review")
    arabic.page.locator("#signature").fill("آنا دياز")
    arabic.page.locator("main form button").click()

    expect(arabic.page.locator("main")).to_contain_text("آنا دياز")
    require_at_home(arabic, "receipt")
    arabic.snap("right-to-left-receipt", whole=True)
    with district.services.transaction() as work:
        file = work.register.student_files([LUZ])[LUZ]
    assert {word.language for word in file.releases} == {"ar"}
