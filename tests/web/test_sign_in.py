"""The door: one answer for everything wrong, a fresh session for the right one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediacheck.accounts.passwords import hash_password
from mediacheck.accounts.sign_in import begin_attempt
from mediacheck.accounts.throttle import Origin
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from mediacheck.web.sign_in.destination import destination_for
from tests.conftest import House
from tests.web.conftest import Browser, BrowserAs, a_member

PASSWORD = "tangle violin harbor mops"  # noqa: S105 - of a made-up account.
HASH = hash_password(PASSWORD)
#: What differs from page to page in any case: the form's secret, signed anew each time.
FORM_SIGNS = r'(?<=")[\w-]{40,}\.[\w-]+\.[\w-]+(?=")'


@pytest.fixture
def teacher(house: House) -> StaffMember:
    member = a_member(Role.TEACHER)
    with house.services.transaction() as work:
        work.accounts.save_staff(member)
        work.accounts.set_password_hash(member.staff_id, HASH)
    return member


def sign_in(
    browser: Browser, email: str, password: str = PASSWORD, wanted: str = ""
) -> TestResponse:
    return browser.post("/sign-in", {"email": email, "password": password, "next": wanted})


def events(house: House) -> list[str]:
    with house.services.transaction() as work:
        return [entry.event for entry in work.audit.entries()]


def token_of(browser: Browser) -> str | None:
    cookie = browser.client.get_cookie("mediacheck")
    return cookie.value if cookie else None


def test_the_right_password_opens_the_tool(
    browser: Browser, teacher: StaffMember, house: House
) -> None:
    answer = sign_in(browser, teacher.email.upper())

    assert (answer.status_code, answer.location) == (302, "/")
    assert browser.get("/account/password").status_code == 200
    assert events(house) == [Event.SIGNED_IN]


def test_the_sessions_cookie_is_out_of_reach(browser: Browser, teacher: StaffMember) -> None:
    cookies = sign_in(browser, teacher.email).headers.getlist("Set-Cookie")
    (session,) = [cookie for cookie in cookies if cookie.startswith("mediacheck=")]

    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "Max-Age" not in session
    assert "Expires" not in session


def test_over_https_no_sister_site_can_set_the_cookie(
    browser: Browser, teacher: StaffMember
) -> None:
    base = "https://localhost"
    secret = browser.client.get("/sign-in", base_url=base).get_data(as_text=True)
    token = secret.partition('csrf-token" content="')[2].partition('"')[0]
    form = {"csrf_token": token, "email": teacher.email, "password": PASSWORD}
    headers = {"Referer": f"{base}/sign-in"}
    answer = browser.client.post("/sign-in", data=form, base_url=base, headers=headers)

    cookies = answer.headers.getlist("Set-Cookie")
    (session,) = [cookie for cookie in cookies if cookie.startswith("__Host-mediacheck=")]
    assert "Secure" in session
    assert "Path=/" in session


def test_everything_wrong_gets_the_same_answer(
    app: Flask, teacher: StaffMember, house: House
) -> None:
    closed = a_member(Role.REGISTRAR, "closed")
    with house.services.transaction() as work:
        work.accounts.save_staff(closed)
        work.accounts.set_password_hash(closed.staff_id, HASH)
        work.accounts.save_staff(
            StaffMember(
                staff_id=closed.staff_id,
                email=closed.email,
                name=closed.name,
                role=closed.role,
                is_active=False,
            )
        )
    bodies = set()
    for email, password in (
        (teacher.email, "wrong"),
        ("nobody@district.example", PASSWORD),
        (closed.email, PASSWORD),
    ):
        browser = Browser(client=app.test_client())
        answer = sign_in(browser, email, password)
        body = answer.get_data(as_text=True)
        bodies.add((answer.status_code, re.sub(f"{email}|{FORM_SIGNS}", "", body)))
    (only,) = bodies
    assert only[0] == 422


def test_a_wrong_password_links_its_words_to_the_field(
    browser: Browser, teacher: StaffMember, house: House
) -> None:
    page = sign_in(browser, teacher.email, "wrong").get_data(as_text=True)

    assert '<a href="#email">This e-mail address and password do not go together.' in page
    assert 'aria-describedby="email-error"' in page
    assert events(house) == [Event.SIGN_IN_FAILED]


def guess(house: House, email: str) -> None:
    """Five wrong guesses from elsewhere, without the slow hashing."""
    held = house.services
    with held.transaction() as work:
        for _ in range(5):
            begin_attempt(work, email, Origin(address="203.0.113.9"), held.clock, held.secret_key)


def test_guessing_is_slowed_down_and_then_goes_on(
    browser: Browser, teacher: StaffMember, house: House
) -> None:
    guess(house, teacher.email)
    slowed = sign_in(browser, teacher.email)

    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] == "10"
    house.clock.move(timedelta(seconds=10))
    assert sign_in(browser, teacher.email).status_code == 302


def test_a_guesser_elsewhere_does_not_keep_the_owner_out(
    browser: Browser, teacher: StaffMember, house: House
) -> None:
    sign_in(browser, teacher.email)
    browser.post("/sign-out")
    guess(house, teacher.email)

    assert sign_in(browser, teacher.email).status_code == 302


def test_a_planted_session_is_not_taken_over(browser: Browser, teacher: StaffMember) -> None:
    browser.client.set_cookie("mediacheck", "planted")
    sign_in(browser, teacher.email)

    assert token_of(browser) != "planted"


def test_signing_in_again_ends_the_session_before(
    app: Flask, browser: Browser, teacher: StaffMember
) -> None:
    sign_in(browser, teacher.email)
    earlier = token_of(browser)
    sign_in(browser, teacher.email)

    stolen = app.test_client()
    stolen.set_cookie("mediacheck", earlier or "")
    assert stolen.get("/account/password").status_code == 302


def test_a_page_from_before_signing_in_cannot_be_sent_any_more(
    browser: Browser, teacher: StaffMember
) -> None:
    secret = browser.secret()
    sign_in(browser, teacher.email)

    assert browser.client.post("/sign-out", data={"csrf_token": secret}).status_code == 400


def test_signing_out_ends_the_session_on_the_server(
    app: Flask, browser: Browser, teacher: StaffMember, house: House
) -> None:
    sign_in(browser, teacher.email)
    token = token_of(browser)
    answer = browser.post("/sign-out")

    assert token_of(browser) is None
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    stolen = app.test_client()
    stolen.set_cookie("mediacheck", token or "")
    assert stolen.get("/account/password").status_code == 302
    assert events(house)[-1] == Event.SIGNED_OUT


def test_an_idle_session_ends(browser_as: BrowserAs, house: House) -> None:
    browser = browser_as(Role.TEACHER)
    house.clock.move(timedelta(minutes=29))
    assert browser.get("/account/password").status_code == 200
    house.clock.move(timedelta(minutes=30))

    assert browser.get("/account/password").status_code == 302


def test_the_page_that_was_asked_for_comes_next(browser: Browser, teacher: StaffMember) -> None:
    assert sign_in(browser, teacher.email, wanted="/account/password?x=1").location == (
        "/account/password"
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/nothing-here",
        "/sign-out",
        "/account/password/",
    ],
)
def test_after_signing_in_only_pages_of_ours_are_reached(app: Flask, wanted: str) -> None:
    with app.test_request_context():
        assert destination_for(wanted) == "/"


def test_a_real_district_lists_no_sign_ins(browser: Browser) -> None:
    page = browser.get("/sign-in").get_data(as_text=True)

    assert "made-up" not in page.casefold()
