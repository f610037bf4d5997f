"""The registrar's round, counts and requests at phone width, in every state that they have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from mediacheck.accounts.sessions import open_session
from mediacheck.flow.rounds import turn_year
from mediacheck.flow.rounds_mail import send_rounds
from mediacheck.model.family_log import FamilyRequest, RequestKind
from mediacheck.model.people import Role
from release_db.records import Guardian
from release_db.words import GuardianId, StudentId
from tests.conftest import House
from tests.factories import NOW, PARENT, a_staff_member
from tests.journeys.browsing import Visitor, open_window
from tests.journeys.serving import served

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

SignIn = Callable[[Role], Visitor]


@pytest.fixture
def sign_in(house: House, chromium: Chromium, screens: Path) -> Iterator[SignIn]:
    """Opens a phone's window in which somebody of a role has signed in."""
    opened: list[Visitor] = []
    with served(house.services) as services:
        address = services.settings.base_url

        def open_as(role: Role) -> Visitor:
            member = a_staff_member(role.value, role=role, schools=())
            with services.transaction() as work:
                work.accounts.save_staff(member)
                token = open_session(
                    work.accounts, member.staff_id, house.clock, services.ids, replaces=None
                )
            visitor = open_window(chromium, address, screens, width=390, height=844)
            kept = {"name": "mediacheck", "value": token, "url": address}
            visitor.page.context.add_cookies([kept])  # type: ignore[list-item]  # a private type.
            opened.append(visitor)
            return visitor

        yield open_as
        troubles = [words for visitor in opened for words in visitor.troubles]
        for visitor in opened:
            visitor.page.context.close()
    assert troubles == []


def look_over(visitor: Visitor, what: str) -> None:
    visitor.require_accessible(what)
    visitor.require_no_sideways_scroll(what)
    visitor.snap(f"registrar-{what.replace(' ', '-')}", whole=True)


def sweep(house: House) -> None:
    turn_year(house.services)
    send_rounds(house.services)


def test_a_round_from_a_late_day_to_a_reminder(house: House, sign_in: SignIn) -> None:
    link = Guardian(guardian_id=GuardianId("g"), student_id=StudentId("S1"), email=PARENT)
    with house.services.transaction() as work:
        work.register.save_guardians([link])
        work.register.set_policy(
            "school_year_ends_on", "2026-11-20", school=None, by="a", at=house.clock.now()
        )
    office = sign_in(Role.REGISTRAR)
    office.open("/registrars/round")
    look_over(office, "a day that had passed")

    office.button("The year has ended: open the round").click()
    expect(office.page.locator("main")).to_contain_text("Nobody has been asked again yet")
    look_over(office, "a round that waits")

    office.page.get_by_label("Its last day").fill("2027-11-19")
    office.button("Keep this day").click()
    expect(office.page.locator("main")).to_contain_text("0 of 2 students have an answer")
    sweep(house)
    office.page.reload()
    expect(office.page.locator("main")).to_contain_text("1 so far.")
    look_over(office, "an open round")

    house.clock.move(timedelta(days=14))
    office = sign_in(Role.REGISTRAR)
    office.open("/registrars/round")
    expect(office.button("Remind those who have not answered")).to_be_visible()
    look_over(office, "a round with a reminder due")
    office.button("Remind those who have not answered").click()
    expect(office.page.locator("main")).to_contain_text("from 2026-12-22 on")


def test_counts_with_and_without_names(sign_in: SignIn) -> None:
    reader = sign_in(Role.COMMUNICATIONS)
    reader.open("/registrars/counts")
    expect(reader.page.locator("main")).to_contain_text("Not told")
    look_over(reader, "counts that tell of nobody")

    office = sign_in(Role.REGISTRAR)
    office.open("/registrars/counts")
    look_over(office, "counts with names behind them")
    office.page.get_by_role("link", name="Missing, the whole school").click()
    expect(office.page.get_by_role("link", name="Teddy Ramos")).to_be_visible()
    look_over(office, "the names behind a count")


def test_an_erasure_is_looked_at_twice(house: House, sign_in: SignIn) -> None:
    request = FamilyRequest(
        request_id="r1",
        student_id=StudentId("S1"),
        kind=RequestKind.ERASURE,
        asked_by="mother",
        asked_at=NOW,
    )
    with house.services.transaction() as work:
        work.family_log.ask(request)
    office = sign_in(Role.REGISTRAR)
    office.open("/registrars/requests")
    look_over(office, "requests of families")
    office.page.get_by_role("link", name="Look at it and answer").click()
    look_over(office, "an erasure")

    office.page.get_by_label("Type the id S1 to confirm").fill("S2")
    office.button("Erase this student for good").click()
    expect(office.page.get_by_role("alert")).to_contain_text("Nothing was erased")
    look_over(office, "an erasure with another id")
    office.forget("422")

    office.page.get_by_label("Type the id S1 to confirm").fill("S1")
    office.button("Erase this student for good").click()
    expect(office.page.locator("main")).to_contain_text("Nothing waits for an answer")
