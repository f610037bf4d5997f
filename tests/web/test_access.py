"""Every view is closed until it declares its roles, and then open to these alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import EVERYONE, open_to, roles_of
from mediacheck.web.app import create_app
from tests.conftest import House
from tests.web.conftest import Browser, BrowserAs

#: A family proves who it is by a secret that these pages ask for.
FAMILY_DOOR = {
    f"family_sign_in.{name}"
    for name in (
        "sign_in",
        "open_session",
        "sign_out",
        "offer_sign_in",
        "passkey",
        "invitation",
        "set_up",
        "send_code",
        "ways",
        "square",
        "offer_registration",
        "register",
        "send_link",
        "link",
        "restrict",
    )
}
PUBLIC = {
    "communications.client_document",  # What a server of Bluesky asks who we are.
    "shelf.picture",  # 256 random bits, for minutes: a cleared picture that a platform fetches.
    "static",
    "sign_in.sign_in",
    "sign_in.open_session",
    "sign_in.set_up",
    "sign_in.go_there",
    "sign_in.come_back",
    *FAMILY_DOOR,
}


def bare_routes(app: Flask) -> set[str]:
    """Endpoints whose view declares nothing."""
    return {name for name, view in app.view_functions.items() if roles_of(view) is None}


def closed_requests(app: Flask) -> Iterator[tuple[str, str, frozenset[Role]]]:
    """Method, path and roles of everything that is not public."""
    for rule in app.url_map.iter_rules():
        roles = roles_of(app.view_functions[rule.endpoint])
        if isinstance(roles, frozenset):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, path_of(app, rule), roles


def path_of(app: Flask, rule: Rule) -> str:
    """A path of that rule, with ids and numbers that belong to nothing."""
    nothing: dict[str, str | int] = {
        name: 999 if isinstance(rule._converters[name], IntegerConverter) else "nothing"
        for name in rule.arguments
    }
    with app.test_request_context():
        return app.url_for(rule.endpoint, **nothing)


def test_every_route_declares_who_may_open_it(app: Flask) -> None:
    assert bare_routes(app) == set()


def test_the_check_notices_a_bare_route(app: Flask) -> None:
    app.add_url_rule("/bare", view_func=lambda: "open", endpoint="bare")

    assert bare_routes(app) == {"bare"}


def test_a_bare_route_is_closed_even_to_an_administrator(app: Flask, browser_as: BrowserAs) -> None:
    app.add_url_rule("/bare", view_func=lambda: "open", endpoint="bare")

    assert browser_as(Role.ADMINISTRATOR).get("/bare").status_code == 404


def test_a_view_without_a_role_opens_to_nobody(app: Flask, browser_as: BrowserAs) -> None:
    app.add_url_rule("/none", view_func=open_to()(lambda: "open"), endpoint="none")

    assert browser_as(Role.ADMINISTRATOR).get("/none").status_code == 403


def test_only_the_door_is_open_to_everyone(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if roles_of(view) == EVERYONE}

    assert public == PUBLIC


def test_whoever_is_signed_out_gets_nowhere(app: Flask, browser: Browser) -> None:
    requests = list(closed_requests(app))
    assert len(requests) > 20
    for method, path, _ in requests:
        answer = browser.client.open(path, method=method)
        sent_away = answer.status_code == 302 and answer.location.startswith("/sign-in")
        assert sent_away or answer.status_code == 401, (method, path)


@pytest.mark.parametrize("role", list(Role))
def test_another_role_gets_nowhere(app: Flask, browser_as: BrowserAs, role: Role) -> None:
    browser = browser_as(role)
    for method, path, roles in closed_requests(app):
        if role not in roles:
            answer = browser.client.open(path, method=method)
            assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize("role", list(Role))
def test_what_belongs_to_nobody_is_not_found(app: Flask, browser_as: BrowserAs, role: Role) -> None:
    browser = browser_as(role)
    for method, path, roles in closed_requests(app):
        if role in roles and method == "GET" and "nothing" in path:
            assert browser.get(path).status_code == 404, path


@pytest.mark.parametrize("role", list(Role))
def test_the_front_door_leads_to_a_page_that_opens(browser_as: BrowserAs, role: Role) -> None:
    browser = browser_as(role)
    answer = browser.get("/")

    assert answer.status_code == 302
    assert browser.get(answer.location).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_every_page_that_the_header_offers_opens(browser_as: BrowserAs, role: Role) -> None:
    browser = browser_as(role)
    page = browser.get(browser.get("/").location).get_data(as_text=True)
    links = [part.partition('"')[0] for part in page.partition("site-nav")[2].split('href="')[1:]]
    assert links
    for link in links[: links.index("/account/password")]:
        assert browser.get(link).status_code == 200, link


def test_a_page_that_was_asked_for_comes_after_signing_in(browser: Browser) -> None:
    answer = browser.get("/account/password?x=1")

    assert answer.location == "/sign-in?next=/account/password?x%3D1"


def test_a_script_is_told_that_nobody_is_signed_in(browser: Browser) -> None:
    answer = browser.get("/account/password", Accept="application/json")

    assert answer.status_code == 401
    assert answer.get_json() == {"error": "You are signed out. Sign in, then try again."}


def test_static_files_ask_the_database_nothing(house: House) -> None:
    def refuse() -> AbstractContextManager[Work]:
        raise AssertionError

    app = create_app(replace(house.services, begin=refuse))

    assert app.test_client().get("/static/base.css", buffered=True).status_code == 200
