"""Three children, one signature, at a phone and in Spanish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from release_db.records import Granted, Hold
from release_db.words import HoldId
from tests.conftest import House
from tests.factories import TODAY
from tests.journeys.family_house import (
    GIVEN,
    LUZ,
    MAR,
    MOTHER,
    SOL,
    FamilyHouse,
    fill_family,
    require_at_home,
    served,
)

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def district(house: House, chromium: Chromium, screens: Path) -> Iterator[FamilyHouse]:
    fill_family(house)
    with served(house, chromium, screens) as open_house:
        yield open_house


def test_three_children_are_answered_for_with_one_signature(district: FamilyHouse) -> None:
    mother = district.guardian(MOTHER, language="es")
    page = mother.page
    mother.open("/family")

    page.get_by_role("link", name="Responder por Luz Lopez").click()
    page.get_by_label("Sí a todo").check()
    page.get_by_role("button", name="Ver lo que significa").click()
    for student in (SOL, MAR):
        page.get_by_label(f"{GIVEN[student]} Lopez").check()
    page.get_by_text("Lo que significa para Sol Lopez").click()
    require_at_home(mother, "review of three")
    mother.snap("siblings-review", whole=True)
    page.get_by_label("Escriba su nombre completo para firmar").fill("Ana Diaz")
    page.get_by_role("button", name="Firmar y guardar").click()

    expect(page.get_by_role("heading", name="Sus respuestas están guardadas")).to_be_visible()
    require_at_home(mother, "receipts of three")
    for student in (LUZ, SOL, MAR):
        assert isinstance(district.permission(student=student), Granted)
        expect(page.get_by_role("link", name=f"{GIVEN[student]} Lopez")).to_be_visible()


def test_a_child_that_the_office_manages_is_left_out_and_told_so(district: FamilyHouse) -> None:
    hold = Hold(hold_id=HoldId("h"), student_id=SOL, starts_on=TODAY)
    with district.services.transaction() as work:
        work.register.place_hold(hold)
    mother = district.guardian(MOTHER)
    mother.open(f"/family/children/{LUZ}/choices")

    mother.page.get_by_label("Yes to everything").check()
    mother.page.get_by_role("button", name="See what this means").click()

    expect(mother.page.get_by_role("checkbox")).to_have_count(1)
    words = "The office manages some answers for Sol Lopez. Answer apart."
    expect(mother.page.get_by_text(words)).to_be_visible()
    require_at_home(mother, "review with one left out")
