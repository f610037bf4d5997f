"""The report of a sweep, for the office."""

from __future__ import annotations

import io
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


def files(*names: str) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(b"grey:100"), name) for name in names]


def test_the_office_brings_a_folder_and_reads_how_many_wait(
    browser_as: BrowserAs, house: House
) -> None:
    office = browser_as(Role.COMMUNICATIONS)

    answer = office.post(
        "/archive/bring",
        {"channel": a_channel().key, "files": files("old/a.jpg", "old/b.jpg")},
    )

    assert answer.status_code == 302
    page = office.get("/archive").get_data(as_text=True)
    assert "2 pictures wait to be judged" in page
    assert "2 files are being judged." in page


def test_a_script_that_sends_a_folder_in_parts_is_told_how_many_came(
    browser_as: BrowserAs, house: House
) -> None:
    office = browser_as(Role.COMMUNICATIONS)

    def send(**data: object) -> tuple[int, object]:
        answer = office.client.post(
            "/archive/bring",
            data={"csrf_token": office.secret(), **data},
            headers={"Accept": "application/json"},
        )
        return answer.status_code, answer.get_json()

    assert send(channel=a_channel().key, files=files("a.jpg")) == (200, {"number": 1})
    code, told = send(channel=a_channel().key, files=files(".hidden"))
    assert (code, told) == (
        400,
        {"error": "There is no picture in that folder. Choose another."},
    )


def test_a_folder_that_cannot_be_taken_says_why(browser_as: BrowserAs, house: House) -> None:
    office = browser_as(Role.COMMUNICATIONS)

    def sent(channel: str, *names: str) -> str:
        answer = office.post(
            "/archive/bring",
            {"channel": channel, "files": files(*names)},
        )
        assert answer.status_code == 422
        return answer.get_data(as_text=True)

    assert "no picture in that folder" in sent(a_channel().key)
    assert "Choose one of your channels." in sent("nobody-s", "a.jpg")
    assert "Choose one of your channels." in sent("", "a.jpg")


def test_another_school_s_office_reads_no_report(browser_as: BrowserAs, house: House) -> None:
    keep(house, "2019/a.jpg", Triage.MUST_COME_DOWN)

    page = browser_as(Role.COMMUNICATIONS, "roosevelt").get("/archive?channel=lincoln-instagram")

    assert "2019/a.jpg" not in page.get_data(as_text=True)
    assert browser_as(Role.TEACHER).get("/archive").status_code == 403
