"""An 18th birthday at phone width: on its eve a guardian's word counts, from then on the student's.

The tool is served in this process, so that its clock can be moved past midnight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from mediacheck.flow.coming_of_age import hand_over
from mediacheck.flow.send_mail import send_mail
from release_db.records import Granted, Guardian, Refused
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.words import Answer, GuardianId, Use
from tests.conftest import House
from tests.factories import (
    NOW,
    PARENT,
    TODAY,
    a_release,
    a_student,
    releases_for,
)
from tests.journeys.browsing import Visitor
from tests.journeys.family_house import LUZ, FamilyHouse, served

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

OWN = "luz@students.example"
PASSWORD = "tangle violin harbor mops"  # noqa: S105 - of a made-up account.


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """A mail server that keeps what it takes."""

    taken: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        self.taken.append(message)

    def newest_link(self) -> str:
        [link] = re.findall(r"https?://\S+/family/invitation/\S+", self.taken[-1].get_content())
        return str(link)


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A family's house, with its mail in the test's hand."""

    home: FamilyHouse
    office: PostOffice

    def pass_midnight(self) -> None:
        """The next day begins, and the worker's sweep runs."""
        self.home.house.clock.move(timedelta(days=1))
        hand_over(self.home.services)
        self.deliver()

    def deliver(self) -> None:
        for mail_id in self.home.house.jobs.mails:
            send_mail(self.home.services, mail_id)
        self.home.house.jobs.mails.clear()


@pytest.fixture
def eve(house: House) -> House:
    """Luz turns 18 tomorrow. Her mother said yes to everything, her father no to voices."""
    luz = replace(a_student(LUZ, given="Luz"), birth_on=date(2008, 11, 25), email=OWN)
    links = [
        Guardian(guardian_id=GuardianId(f"g-{email}"), student_id=LUZ, email=email)
        for email in (PARENT, "father@families.example")
    ]
    no = a_release(LUZ, use=Use.VOICE, answer=Answer.DENY, decided_by="father@families.example")
    with house.services.transaction() as work:
        work.register.save_students([luz])
        work.register.save_guardians(links)
        work.register.record([*releases_for(LUZ), no])
        for text in STANDARD_NOTICES:
            work.register.terms.publish_notice(approved(text, by="the-boss", on=TODAY, at=NOW))
    return house


@pytest.fixture
def district(eve: House, chromium: Chromium, screens: Path) -> Iterator[District]:
    office = PostOffice()
    posted = replace(eve, services=replace(eve.services, mail_server=office))
    with served(posted, chromium, screens) as home:
        yield District(home=home, office=office)


def take_the_code(district: District) -> str:
    """At the office's desk, where the student has shown who she is."""
    office = district.home.registrar()
    office.open("/registrars/of-age")
    office.require_accessible("now decide alone")
    office.require_no_sideways_scroll("now decide alone")
    office.button("Invite again Luz Lopez").click()
    office.require_accessible("the code")
    district.deliver()
    return office.page.locator(".code").inner_text().strip()


def set_up(student: Visitor, district: District, code: str) -> None:
    """From the link in her mail to her own pages."""
    page = student.page
    page.goto(district.office.newest_link())
    student.require_accessible("invitation")
    page.get_by_label("One-time code").fill(code)
    student.button("Go on").click()
    student.require_accessible("set-up")
    link = page.get_by_role("link", name="Open the app").get_attribute("href") or ""
    [secret] = re.findall(r"secret=([A-Z2-7]+)", link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Code that the app shows").fill(
        pyotp.TOTP(secret).at(district.home.house.clock.now())
    )
    student.button("Finish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers")
    student.require_accessible("her own pages")


def answer_everything(student: Visitor) -> None:
    page = student.page
    page.get_by_role("link", name="Answer for Luz Lopez").click()
    student.require_accessible("choices")
    page.get_by_label("Yes to everything").check()
    student.button("See what this means").click()
    student.require_accessible("review")
    student.require_no_sideways_scroll("review")
    page.get_by_label("Type your full name to sign").fill("Luz Lopez")
    student.button("Sign and save").click()
    expect(page.get_by_role("heading", name="Your answers are saved")).to_be_visible()
    student.require_accessible("receipt")


def test_at_18_the_say_passes_to_the_student(district: District) -> None:
    mother = district.home.guardian()
    mother.open("/family")
    mother.page.get_by_role("link", name="Luz Lopez", exact=True).click()
    expect(mother.page.locator("main")).to_contain_text("Allowed until")
    assert isinstance(district.home.permission(), Granted)

    district.pass_midnight()

    assert isinstance(district.home.permission(), Refused)
    mother = district.home.guardian()
    mother.open("/family")
    expect(mother.page.locator("main")).to_contain_text("Luz Lopez is 18 and decides alone now")
    mother.require_accessible("a guardian after the birthday")

    assert [str(mail["To"]) for mail in district.office.taken] == [OWN]
    student = district.home.window()
    set_up(student, district, take_the_code(district))
    answer_everything(student)
    student.snap("of-age-receipt", whole=True)

    permission = district.home.permission()
    assert isinstance(permission, Granted)
    voice = district.home.permission(Use.VOICE)
    assert isinstance(voice, Granted)
