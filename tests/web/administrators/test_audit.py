"""The audit's page shows the newest entries and finds a change."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.web.app import create_app
from tests.conftest import House
from tests.postgresql import reads_sqlite
from tests.web.conftest import Browser, BrowserAs


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.ADMINISTRATOR)


def write(house: House, times: int) -> None:
    with house.services.transaction() as work:
        for number in range(times):
            work.audit.write(Event.POST_CHECKED, actor="the-administrator", subject=f"p{number}")


def test_the_newest_entries_come_first(browser: Browser, house: House) -> None:
    write(house, 3)
    page = browser.get("/administrators/audit").get_data(as_text=True)

    assert "The newest of 3 entries" in page
    assert page.index("p2") < page.index("p1") < page.index("p0")
    assert "Pat Administrator" in page


def test_only_the_newest_entries_are_shown(browser: Browser, house: House) -> None:
    write(house, 205)
    page = browser.get("/administrators/audit").get_data(as_text=True)

    assert page.count("<tr>") == 1 + 200
    assert "p204" in page
    assert ">p4<" not in page


def test_a_whole_chain_is_called_whole_and_the_look_is_recorded(
    browser: Browser, house: House
) -> None:
    write(house, 3)
    page = browser.post("/administrators/audit/verify").get_data(as_text=True)

    assert "The chain is whole" in page
    with house.services.transaction() as work:
        assert work.audit.entries()[-1].event == Event.AUDIT_VERIFIED


@reads_sqlite
def test_a_changed_entry_is_shown(browser: Browser, house: House) -> None:
    write(house, 3)
    path = house.services.settings.database_url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER audit_entries_no_update")
    connection.execute("UPDATE audit_entries SET subject = 'p9' WHERE number = 2")
    connection.commit()
    connection.close()
    page = browser.post("/administrators/audit/verify").get_data(as_text=True)

    assert "The chain is broken" in page
    assert "entry 2: the entry was changed" in page


def test_a_cut_end_is_shown_against_the_recorded_head(house: House, browser: Browser) -> None:
    write(house, 3)
    services = replace(house.services, recorded_audit_head=lambda: "f" * 64)
    client = create_app(services).test_client()
    cookie = browser.client.get_cookie("mediacheck")
    assert cookie is not None
    client.set_cookie("mediacheck", cookie.value)
    other = Browser(client=client)

    page = other.post("/administrators/audit/verify").get_data(as_text=True)
    assert "the recorded newest entry is missing" in page
