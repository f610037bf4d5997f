"""The report of a sweep, for the office."""

from __future__ import annotations

from datetime import date

from mediacheck.model.archive import ArchivePicture, Triage
from mediacheck.model.people import Role
from tests.conftest import House
from tests.factories import a_channel
from tests.web.conftest import BrowserAs


def keep(house: House, path: str, triage: Triage, *reasons: str) -> None:
    picture = ArchivePicture(
        channel=a_channel().key,
        sha256=path,
        path=path,
        judged_on=date(2026, 11, 24),
        triage=triage,
        reasons=reasons,
    )
    with house.services.transaction() as work:
        work.archive.keep(picture)


def test_the_report_counts_and_lists_what_has_to_be_done(
    browser_as: BrowserAs, house: House
) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    assert "No archive was gone through yet" in office.get("/archive").get_data(as_text=True)
    keep(house, "2019/a.jpg", Triage.MUST_COME_DOWN, "A student in it cannot be shown here.")
    keep(house, "2019/b.jpg", Triage.NEEDS_A_PERSON)
    keep(house, "2019/c.jpg", Triage.CLEAR)

    page = office.get("/archive").get_data(as_text=True)

    assert "2019/a.jpg" in page
    assert "A student in it cannot be shown here." in page
    assert "Nov 24, 2026" in page
    assert "2019/b.jpg" not in page
    other = office.get("/archive?channel=lincoln-instagram&triage=needs-a-person")
    assert "2019/b.jpg" in other.get_data(as_text=True)
    assert office.get("/archive?triage=nonsense&channel=nonsense").status_code == 200


def test_another_school_s_office_reads_no_report(browser_as: BrowserAs, house: House) -> None:
    keep(house, "2019/a.jpg", Triage.MUST_COME_DOWN)

    page = browser_as(Role.COMMUNICATIONS, "roosevelt").get("/archive?channel=lincoln-instagram")

    assert "2019/a.jpg" not in page.get_data(as_text=True)
    assert browser_as(Role.TEACHER).get("/archive").status_code == 403
