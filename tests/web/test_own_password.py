"""Somebody changes their own password."""

from __future__ import annotations

import pytest
from flask import Flask

from mediacheck.accounts.passwords import hash_password, verify_password
from mediacheck.accounts.sessions import open_session
from mediacheck.model.people import Role
from tests.conftest import House
from tests.web.conftest import Browser, BrowserAs

PRESENT = "tangle violin harbor mops"
NEW = "quilt lantern orchard bus"


@pytest.fixture
def browser(browser_as: BrowserAs, house: House) -> Browser:
    """A teacher with a password, signed in."""
    browser = browser_as(Role.TEACHER)
    assert browser.member is not None
    with house.services.transaction() as work:
        work.accounts.set_password_hash(browser.member.staff_id, hash_password(PRESENT))
        token = open_session(
            work.accounts,
            browser.member.staff_id,
            house.clock,
            house.services.ids,
            replaces=None,
        )
    browser.client.set_cookie("mediacheck", token)
    return browser


def stored_hash(browser: Browser, house: House) -> str | None:
    assert browser.member is not None
    with house.services.transaction() as work:
        return work.accounts.password_hash_or_none(browser.member.staff_id)


def test_a_new_password_is_kept_and_other_sessions_end(
    app: Flask, browser: Browser, house: House
) -> None:
    other = app.test_client()
    cookie = browser.client.get_cookie("mediacheck")
    assert cookie is not None
    other.set_cookie("mediacheck", cookie.value)

    answer = browser.post("/account/password", {"present": PRESENT, "password": NEW})

    assert answer.status_code == 302
    assert verify_password(stored_hash(browser, house), NEW)
    assert browser.get("/account/password").status_code == 200
    assert other.get("/account/password").status_code == 302


def test_a_wrong_present_password_changes_nothing(browser: Browser, house: House) -> None:
    answer = browser.post("/account/password", {"present": "wrong", "password": NEW})

    assert answer.status_code == 422
    assert '<a href="#present">' in answer.get_data(as_text=True)
    assert verify_password(stored_hash(browser, house), PRESENT)


def test_a_weak_new_password_changes_nothing(browser: Browser, house: House) -> None:
    answer = browser.post("/account/password", {"present": PRESENT, "password": "short"})

    assert '<a href="#password">' in answer.get_data(as_text=True)
    assert verify_password(stored_hash(browser, house), PRESENT)
