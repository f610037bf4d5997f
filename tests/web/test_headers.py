"""The headers stand on every response, whatever it is."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from mediacheck.model.people import Role
from mediacheck.web.access import open_to_everyone
from mediacheck.web.headers import CONTENT_SECURITY_POLICY
from tests.web.conftest import Browser, BrowserAs

EXPECTED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def answers(browser: Browser, teacher: Browser) -> list[TestResponse]:
    """One response of every kind."""
    return [
        browser.get("/sign-in"),
        browser.get("/"),
        browser.get("/nothing-here"),
        browser.client.post("/sign-in"),
        browser.client.delete("/sign-in"),
        browser.get("/static/base.css"),
        browser.get("/static/nothing.css"),
        browser.get("/account/password", Accept="application/json"),
        teacher.get("/account/password"),
        teacher.get("/administrators/accounts"),
        teacher.post("/sign-out"),
    ]


def test_every_response_bears_the_headers(browser: Browser, browser_as: BrowserAs) -> None:
    for answer in answers(browser, browser_as(Role.TEACHER)):
        for name, value in EXPECTED.items():
            assert answer.headers.get(name) == value, (answer.request.path, name)
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_fault_bears_the_headers_too(app: Flask, browser: Browser) -> None:
    def fail() -> str:
        raise RuntimeError

    app.add_url_rule("/fault", view_func=open_to_everyone()(fail))
    answer = browser.get("/fault")

    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_no_page_is_ever_kept_by_a_browser(browser: Browser, browser_as: BrowserAs) -> None:
    for answer in answers(browser, browser_as(Role.TEACHER)):
        is_static = answer.request.path.startswith("/static/")
        assert answer.headers["Cache-Control"] == ("no-cache" if is_static else "no-store")


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    for allowed in ("unsafe-", "http:", "https:", "data:", "*"):
        assert allowed not in CONTENT_SECURITY_POLICY


def test_https_is_kept_to_once_it_is_there(browser: Browser) -> None:
    assert "Strict-Transport-Security" not in browser.get("/sign-in").headers
    secure = browser.client.get("/sign-in", base_url="https://localhost")

    assert secure.headers["Strict-Transport-Security"] == "max-age=63072000"
    assert all("Secure" in cookie for cookie in secure.headers.getlist("Set-Cookie"))


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    (cookie,) = browser.get("/sign-in").headers.getlist("Set-Cookie")

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
