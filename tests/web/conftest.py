"""Browsers in front of the real app, on the shared house; one signs in as whoever it likes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mediacheck.accounts.sessions import open_session
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.web.app import create_app
from release_db.words import SchoolKey
from tests.conftest import House
from tests.factories import SCHOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A browser that sends forms as a page of ours would."""

    client: FlaskClient
    member: StaffMember | None = None

    def get(self, path: str, **headers: str) -> TestResponse:
        """Opens a page."""
        return self.client.get(path, headers=headers, buffered=True)

    def post(self, path: str, form: dict[str, object] | None = None) -> TestResponse:
        """Sends a form with the secret of a page that this browser has opened."""
        return self.client.post(path, data={"csrf_token": self.secret(), **(form or {})})

    def secret(self) -> str:
        """The form secret of this browser's pages."""
        page = self.client.get("/sign-in").get_data(as_text=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found is not None
        return found[1]


class BrowserAs(Protocol):
    """Signs somebody of a role in; ``schools`` are theirs, if not the usual ones."""

    def __call__(self, role: Role, *schools: str) -> Browser:
        """A browser in which they have signed in."""
        ...


def a_member(role: Role, name: str = "") -> StaffMember:
    """A staff member of that role; a teacher at the tests' school."""
    return StaffMember(
        staff_id=StaffId(f"the-{name or role.value}"),
        email=f"{name or role.value}@district.example",
        name=f"Pat {(name or role.value).title()}",
        role=role,
        schools=(SCHOOL,) if role is Role.TEACHER else (),
    )


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.services)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody has signed in."""
    return Browser(client=app.test_client())


@pytest.fixture
def browser_as(app: Flask, house: House) -> BrowserAs:
    """A browser in which somebody of that role has signed in."""

    def sign_in(role: Role, *schools: str) -> Browser:
        member = a_member(role)
        if schools:
            member = replace(member, schools=tuple(map(SchoolKey, schools)))
        with house.services.transaction() as work:
            work.accounts.save_staff(member)
            token = open_session(
                work.accounts,
                member.staff_id,
                house.clock,
                house.services.ids,
                replaces=None,
            )
        client = app.test_client()
        client.set_cookie("mediacheck", token)
        return Browser(client=client, member=member)

    return sign_in
