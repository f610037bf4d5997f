"""Every error gets its code and its words, and the log gets no personal data."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from mediacheck.accounts.errors import Throttled
from mediacheck.errors import (
    BadRequest,
    EngineFault,
    IntakeError,
    MediacheckError,
    NotAllowed,
    NotCleared,
    NotFound,
    Outdated,
)
from mediacheck.ports.services import Work
from mediacheck.web.access import open_to_everyone
from mediacheck.web.app import create_app
from tests.conftest import House
from tests.web.conftest import Browser


class TooStrange(IntakeError):
    """A file of the tests."""

    message = "This file is too strange."


CANARY = "Maya Canary-Lopez"
CASES = [
    (NotFound(), 404, NotFound.message),
    (NotAllowed(), 403, NotAllowed.message),
    (Outdated(), 409, "changed in another window"),
    (NotCleared(), 409, "not cleared"),
    (BadRequest(), 400, BadRequest.message),
    (TooStrange(), 422, "This file is too strange."),
    (Throttled(timedelta(seconds=90)), 429, "Wait 2 minutes"),
    (EngineFault(), 500, MediacheckError.message),
    (RuntimeError(CANARY), 500, MediacheckError.message),
]


@pytest.fixture
def raising(app: Flask) -> list[Exception]:
    """A page that raises what the test puts in."""
    to_raise: list[Exception] = []

    def fail() -> str:
        raise to_raise[0]

    app.add_url_rule("/fail", view_func=open_to_everyone()(fail))
    app.add_url_rule("/api/fail", endpoint="api", view_func=open_to_everyone()(fail))
    return to_raise


@pytest.mark.parametrize(("error", "status", "words"), CASES)
def test_an_error_gets_its_code_and_words(
    browser: Browser, raising: list[Exception], error: Exception, status: int, words: str
) -> None:
    raising.append(error)
    answer = browser.get("/fail")

    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)
    assert CANARY not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("came_from", "leads_back"),
    [
        ("http://localhost/takedowns/1?a=b", True),
        ("http://localhost.evil.example/takedowns/1", False),
        ("https://evil.example/", False),
        ("", False),
    ],
)
def test_a_refused_form_leads_back_to_its_page_and_to_no_other_site(
    app: Flask, browser: Browser, came_from: str, leads_back: bool
) -> None:
    def fail() -> str:
        raise BadRequest

    view = open_to_everyone()(fail)
    app.add_url_rule("/fail", view_func=view, methods=["POST"])
    form = {"csrf_token": browser.secret()}

    answer = browser.client.post("/fail", data=form, headers={"Referer": came_from})

    page = answer.get_data(as_text=True)
    assert ('href="/takedowns/1?a=b">Go back to the form' in page) is leads_back
    assert "evil" not in page


def test_a_family_reads_in_its_language_that_something_did_not_work(browser: Browser) -> None:
    spanish = browser.get("/family/nothing-here?lang=es").get_data(as_text=True)
    english = browser.get("/family/nothing-here?lang=en").get_data(as_text=True)
    staff = browser.get("/families-of-nobody").get_data(as_text=True)

    assert 'lang="es"' in spanish
    assert "Eso no funcionó" in spanish
    assert NotFound.message not in spanish
    assert NotFound.message in english
    assert "Go to the first page" in staff


def test_a_script_gets_the_words_as_json(browser: Browser, raising: list[Exception]) -> None:
    raising.append(Outdated())

    assert browser.get("/api/fail").get_json() == {"error": Outdated.message}
    assert browser.get("/fail", Accept="application/json").get_json() == {"error": Outdated.message}


def test_whoever_is_too_fast_is_told_how_long_to_wait(
    browser: Browser, raising: list[Exception]
) -> None:
    raising.append(Throttled(timedelta(milliseconds=1500)))

    assert browser.get("/fail").headers["Retry-After"] == "2"


def test_a_fault_is_logged_by_type_and_place_only(
    browser: Browser, raising: list[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    raising.append(RuntimeError(CANARY))
    browser.get("/fail")

    assert "RuntimeError" in caplog.text
    assert "fail:" in caplog.text
    assert CANARY not in caplog.text


def test_a_database_that_fails_still_gives_a_page(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> AbstractContextManager[Work]:
        raise RuntimeError(CANARY)

    client = create_app(replace(house.services, begin=broken)).test_client()
    client.set_cookie("mediacheck", "token")
    answer = client.get("/account/password")

    assert answer.status_code == 500
    assert MediacheckError.message in answer.get_data(as_text=True)
    assert CANARY not in caplog.text


def test_too_much_at_once_is_refused_in_words(app: Flask, browser: Browser) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 60 * 1024 * 1024
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = browser.client.post("/sign-in", data={"email": "x" * 2000})

    assert answer.status_code == 413
    assert "Send fewer at a time" in answer.get_data(as_text=True)


def test_ten_thousand_parts_are_refused(browser: Browser) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="field"\r\n\r\nx\r\n'
    answer = browser.client.post(
        "/sign-in",
        data=part * 10_000 + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code == 413


def test_a_field_that_no_form_can_send_is_refused(browser: Browser) -> None:
    for email in ("x" * 201, "a\x00b", "a\nb"):
        assert browser.post("/sign-in", {"email": email, "password": "x"}).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE"])
def test_another_method_finds_nothing(browser: Browser, method: str) -> None:
    assert browser.client.open("/sign-in", method=method).status_code in {400, 405}
