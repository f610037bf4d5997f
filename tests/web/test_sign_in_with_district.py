"""Signing in through the district: the roster gives the role, and a lie opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from werkzeug.test import TestResponse

from mediacheck.accounts.passwords import hash_password
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from mediacheck.model.sign_on import ListedTeacher
from mediacheck.settings import ProviderKind, ProviderSettings
from mediacheck.web.app import create_app
from mediacheck.wiring.sign_on import make_sign_on
from tests.conftest import House
from tests.factories import SCHOOL
from tests.servers import openid
from tests.servers.openid import Provider, running_provider
from tests.web.conftest import Browser, BrowserAs, a_member

HOME = "district.example"
PASSWORD = "tangle violin harbor mops"  # noqa: S105 - of a made-up account.
HASH = hash_password(PASSWORD)


@dataclass(slots=True)
class Door:
    """The tool's front door, and the provider behind it."""

    house: House
    server: Provider
    browser: Browser

    def go(self, path: str = "/sign-in/with/google") -> str:
        """To the provider and to our return address, as a browser goes."""
        return self.follow(self.browser.get(path).location)

    def follow(self, address: str) -> str:
        answer = requests.get(address, allow_redirects=False, timeout=5)
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def sign_in(self, path: str = "/sign-in/with/google") -> TestResponse:
        return self.browser.get(self.go(path))

    def is_in(self) -> bool:
        return self.browser.get("/account/password").status_code == 200

    def member_or_none(self, email: str) -> StaffMember | None:
        with self.house.services.transaction() as work:
            return work.accounts.staff_by_email_or_none(email)

    def keep(self, member: StaffMember) -> None:
        with self.house.services.transaction() as work:
            work.accounts.save_staff(member)
            work.accounts.set_password_hash(member.staff_id, HASH)

    def events(self) -> list[str]:
        with self.house.services.transaction() as work:
            return [entry.event for entry in work.audit.entries()]


@pytest.fixture
def door(house: House) -> Iterator[Door]:
    with running_provider() as server:
        server.person = {
            "sub": "1077",
            "hd": HOME,
            "email": f"teacher@{HOME}",
            "email_verified": True,
        }
        settings = replace(
            house.services.settings,
            base_url="http://localhost",
            allows_loopback_accounts=True,
            providers=(
                ProviderSettings(
                    kind=ProviderKind.GOOGLE,
                    issuer=server.issuer,
                    client_id=openid.CLIENT,
                    client_secret=openid.SECRET,
                    homes=frozenset({HOME}),
                ),
            ),
        )
        server.now = lambda: house.clock.now().timestamp()
        services = replace(house.services, settings=settings, sign_on=make_sign_on(settings))
        client = create_app(services).test_client()
        yield Door(house=house, server=server, browser=Browser(client=client))


def list_teacher(house: House, **told: object) -> None:
    teacher = ListedTeacher(
        roster_id="T1", email=f"teacher@{HOME}", name="Pat Doe", schools=(SCHOOL,)
    )
    with house.services.transaction() as work:
        work.sign_on.list_teachers([replace(teacher, **told)])  # type: ignore[arg-type]  # By name.


def test_the_roster_makes_a_teacher_of_whoever_it_lists(door: Door) -> None:
    list_teacher(door.house)

    answer = door.sign_in()

    assert (answer.status_code, answer.location) == (302, "/")
    assert door.is_in()
    member = door.member_or_none(f"teacher@{HOME}")
    assert member is not None
    assert (member.role, member.schools, member.name) == (Role.TEACHER, (SCHOOL,), "Pat Doe")
    assert door.events() == [Event.ACCOUNT_CREATED, Event.IDENTITY_TIED, Event.SIGNED_IN]


def test_a_student_of_the_same_domain_opens_nothing(door: Door) -> None:
    list_teacher(door.house)
    door.server.person = {**door.server.person, "sub": "9", "email": f"maya.lopez@{HOME}"}

    page = door.sign_in()

    assert not door.is_in()
    assert "no account for you" in page.get_data(as_text=True)
    assert door.events() == [Event.SIGN_IN_FAILED]


def test_the_page_that_was_asked_for_is_opened(door: Door) -> None:
    list_teacher(door.house)

    answer = door.sign_in("/sign-in/with/google?next=/account/password")

    assert answer.location == "/account/password"


def test_another_site_is_never_opened(door: Door) -> None:
    list_teacher(door.house)

    assert door.sign_in("/sign-in/with/google?next=https://evil.example/").location == "/"


def test_a_teachers_own_account_is_found_by_its_address_once(door: Door) -> None:
    door.keep(a_member(Role.TEACHER))
    door.sign_in()
    door.server.person = {**door.server.person, "email": f"married@{HOME}"}

    door.sign_in()

    assert door.is_in()
    assert door.member_or_none(f"married@{HOME}") is None


def test_a_new_owner_of_the_address_is_somebody_else(door: Door) -> None:
    door.keep(a_member(Role.TEACHER))
    door.sign_in()
    door.browser.client.delete_cookie("mediacheck")
    door.server.person = {**door.server.person, "sub": "2000"}

    page = door.sign_in()

    assert not door.is_in()
    assert "another sign-in" in page.get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.REGISTRAR, Role.ADMINISTRATOR])
def test_an_address_alone_opens_no_larger_role(door: Door, role: Role) -> None:
    door.keep(replace(a_member(role), email=f"teacher@{HOME}"))

    page = door.sign_in()

    assert not door.is_in()
    assert "Sign in with your mediacheck password this once" in page.get_data(as_text=True)


def test_its_owner_ties_a_larger_role_with_the_password(door: Door) -> None:
    member = replace(a_member(Role.REGISTRAR), email=f"teacher@{HOME}")
    door.keep(member)
    door.browser.post("/sign-in", {"email": member.email, "password": PASSWORD})
    page = door.browser.post("/account/sign-on/google", {"present-google": PASSWORD})
    address = page.get_data(as_text=True).partition('href="http://127')[2].partition('"')[0]

    door.browser.get(door.follow(f"http://127{address}".replace("&amp;", "&")))
    door.browser.client.delete_cookie("mediacheck")
    door.sign_in()

    assert door.is_in()
    assert door.events().count(Event.IDENTITY_TIED) == 1


def test_a_wrong_password_ties_nothing(door: Door) -> None:
    member = a_member(Role.REGISTRAR)
    door.keep(member)
    door.browser.post("/sign-in", {"email": member.email, "password": PASSWORD})

    page = door.browser.post("/account/sign-on/google", {"present-google": "guessed"})

    assert page.status_code == 422
    assert "This is not your present password" in page.get_data(as_text=True)


def test_what_was_begun_signed_in_is_not_finished_by_another(door: Door) -> None:
    member = a_member(Role.REGISTRAR)
    door.keep(member)
    door.browser.post("/sign-in", {"email": member.email, "password": PASSWORD})
    page = door.browser.post("/account/sign-on/google", {"present-google": PASSWORD})
    address = page.get_data(as_text=True).partition('href="http://127')[2].partition('"')[0]
    back = door.follow(f"http://127{address}".replace("&amp;", "&"))
    door.browser.client.delete_cookie("mediacheck")

    door.browser.get(back)

    assert Event.IDENTITY_TIED not in door.events()


def test_a_closed_account_stays_closed(door: Door) -> None:
    door.keep(replace(a_member(Role.TEACHER), is_active=False))

    page = door.sign_in()

    assert not door.is_in()
    assert "closed" in page.get_data(as_text=True)


def test_two_teachers_of_one_address_are_nobody(door: Door) -> None:
    list_teacher(door.house)
    list_teacher(door.house, roster_id="T2", name="Sam Doe")

    door.sign_in()

    assert not door.is_in()


def test_a_teacher_of_no_school_is_nobody(door: Door) -> None:
    list_teacher(door.house, schools=())

    door.sign_in()

    assert not door.is_in()


def test_another_browser_cannot_bring_back_the_answer(door: Door) -> None:
    list_teacher(door.house)
    back = door.go()
    door.browser.client.delete_cookie("mediacheck-way")

    door.browser.get(back)

    assert not door.is_in()


def test_an_answer_is_good_once(door: Door) -> None:
    list_teacher(door.house)
    back = door.go()
    door.browser.get(back)
    door.browser.client.delete_cookie("mediacheck")

    door.browser.get(back)

    assert not door.is_in()


@pytest.mark.parametrize("change", ["state=", "code=", "iss="])
def test_a_changed_answer_opens_nothing(door: Door, change: str) -> None:
    list_teacher(door.house)
    back = door.go().replace(change, f"{change}x")

    door.browser.get(back)

    assert not door.is_in()


def test_an_answer_that_comes_late_opens_nothing(door: Door) -> None:
    list_teacher(door.house)
    back = door.go()
    door.house.clock.move(timedelta(minutes=11))

    page = door.browser.get(back)

    assert not door.is_in()
    assert "took too long" in page.get_data(as_text=True)


def test_a_provider_that_is_down_leaves_the_password(door: Door) -> None:
    door.keep(a_member(Role.TEACHER))
    door.server.is_down = True

    page = door.browser.get("/sign-in/with/google")
    door.browser.post("/sign-in", {"email": a_member(Role.TEACHER).email, "password": PASSWORD})

    assert "Google does not answer" in page.get_data(as_text=True)
    assert door.is_in()


def test_a_provider_that_fails_on_the_way_back_says_so(door: Door) -> None:
    list_teacher(door.house)
    back = door.go()
    door.server.is_down = True

    page = door.browser.get(back)

    assert not door.is_in()
    assert "Google does not answer" in page.get_data(as_text=True)


def test_a_sign_in_that_is_not_set_up_is_not_there(door: Door) -> None:
    assert door.browser.get("/sign-in/with/entra").status_code == 404
    assert door.browser.get("/sign-in/return/nobody").status_code == 404


def test_whoever_says_no_at_the_provider_is_not_signed_in(door: Door) -> None:
    back = door.go()
    state = back.partition("state=")[2].partition("&")[0]

    page = door.browser.get(f"/sign-in/return/google?error=access_denied&state={state}")

    assert not door.is_in()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Google did not sign you in" in page.get_data(as_text=True)


def test_an_administrator_ends_it_and_every_session_with_it(
    door: Door, browser_as: BrowserAs
) -> None:
    door.keep(a_member(Role.TEACHER))
    door.sign_in()
    administrator = browser_as(Role.ADMINISTRATOR)
    path = f"/administrators/accounts/{a_member(Role.TEACHER).staff_id}"
    page = administrator.get(path).get_data(as_text=True)

    administrator.post(f"{path}/untie")

    assert "Signs in with Google" in page
    assert not door.is_in()
    assert "Signs in with Google" not in administrator.get(path).get_data(as_text=True)
    assert Event.IDENTITY_UNTIED in door.events()
