"""The administrator measures the district's own gallery, and reads why identify is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import ADMINISTRATOR, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

#: A measurement loads the engine that made the templates, and the page asks for it too.
MEASURED_MS = 60_000


def test_an_administrator_measures_and_reads_what_is_missing(
    window: Callable[..., Visitor],
) -> None:
    boss = window()
    boss.sign_in(ADMINISTRATOR)
    boss.open("/administrators/evidence")
    boss.require_accessible("evidence before a measurement")

    line = boss.page.get_by_role("row", name="Lincoln")
    line.get_by_role("button", name="Measure now").click()
    report = line.get_by_role("link", name="the report on")
    for _ in range(120):
        if report.count():
            break
        boss.page.wait_for_timeout(1_000)
        boss.open("/administrators/evidence")
    boss.snap("evidence", whole=True)
    report.click()

    heading = boss.page.get_by_role("heading", name="Identify cannot be switched on here")
    expect(heading).to_be_visible(timeout=MEASURED_MS)
    expect(boss.page.locator("main")).to_contain_text("students are too few")
    boss.require_accessible("one measurement")
    boss.require_no_sideways_scroll("one measurement")
    boss.snap("one-evidence", whole=True)

    boss.open("/administrators/settings")
    boss.page.get_by_label("School", exact=True).select_option("lincoln")
    boss.page.get_by_label("Recognition there").select_option("identify")
    boss.button("Keep it for this school").click()
    expect(boss.page.get_by_role("alert")).to_contain_text("Identify cannot be switched on")
    boss.snap("identify-refused", whole=True)
    boss.forget("422")
