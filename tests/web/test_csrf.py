"""No form is taken that a page of ours did not send."""

from __future__ import annotations

import pytest
from flask import Flask

from mediacheck.accounts.sessions import TOTAL_LIMIT
from mediacheck.model.people import Role
from tests.web.conftest import Browser, BrowserAs
from tests.web.test_access import closed_requests

TOO_OLD = "This page was open too long. Reload it and try again."


@pytest.mark.parametrize("role", list(Role))
def test_no_form_is_taken_without_its_secret(app: Flask, browser_as: BrowserAs, role: Role) -> None:
    browser = browser_as(role)
    for method, path, roles in closed_requests(app):
        if role in roles and method != "GET":
            answer = browser.client.open(path, method=method)
            assert answer.status_code == 400, (method, path)
            assert TOO_OLD in answer.get_data(as_text=True)


def test_the_door_takes_no_form_without_its_secret(browser: Browser) -> None:
    for path in ("/sign-in", "/set-up"):
        assert browser.client.post(path, data={"email": "a", "code": "b"}).status_code == 400


def test_the_secret_of_another_browser_does_not_fit(
    browser: Browser, browser_as: BrowserAs
) -> None:
    other = browser_as(Role.TEACHER)
    answer = other.client.post("/sign-out", data={"csrf_token": browser.secret()})

    assert answer.status_code == 400


def test_a_script_sends_the_secret_in_a_header(browser_as: BrowserAs) -> None:
    browser = browser_as(Role.TEACHER)
    answer = browser.client.post("/sign-out", headers={"X-CSRFToken": browser.secret()})

    assert answer.status_code == 302


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_from_another_site_is_refused_even_with_the_secret(
    browser_as: BrowserAs, site: str
) -> None:
    browser = browser_as(Role.TEACHER)
    headers = {"X-CSRFToken": browser.secret(), "Sec-Fetch-Site": site}
    answer = browser.client.post("/sign-out", headers=headers)

    assert answer.status_code == 400
    assert "another site" in answer.get_data(as_text=True)


def test_a_link_from_another_site_opens_the_page(browser_as: BrowserAs) -> None:
    answer = browser_as(Role.TEACHER).get("/account/password", **{"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200


def test_a_form_may_be_sent_as_long_as_a_session_lasts(app: Flask) -> None:
    assert app.config["WTF_CSRF_TIME_LIMIT"] == TOTAL_LIMIT.total_seconds()
    assert app.config["WTF_CSRF_ENABLED"]
    assert not app.extensions["csrf"]._exempt_views
    assert not app.extensions["csrf"]._exempt_blueprints
