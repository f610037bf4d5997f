"""An 18th birthday at phone width: on its eve a guardian's word counts, from then on the student's.

The tool is served in this process, so that its clock can be moved past midnight.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from mediacheck.accounts.families_sessions import open_family_session
from mediacheck.accounts.sessions import open_session
from mediacheck.flow.coming_of_age import hand_over
from mediacheck.flow.send_mail import send_mail
from mediacheck.model.families import BY_PASSKEY, FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.people import Role
from mediacheck.ports.services import Services
from release_db.records import Granted, Guardian, Permission, Refused
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.words import Answer, GuardianId, NameForm, StudentId, Use
from tests.conftest import House
from tests.factories import (
    NOW,
    PARENT,
    TODAY,
    a_channel,
    a_release,
    a_staff_member,
    a_student,
    releases_for,
)
from tests.journeys.browsing import Visitor, open_window
from tests.journeys.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

OWN = "luz@students.example"
LUZ = StudentId("S3")
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
    """The tool at an address, with its clock and its mail in the test's hand."""

    house: House
    services: Services
    office: PostOffice
    address: str
    window: Callable[[], Visitor]

    def pass_midnight(self) -> None:
        """The next day begins, and the worker's sweep runs."""
        self.house.clock.move(timedelta(days=1))
        hand_over(self.services)
        self.deliver()

    def deliver(self) -> None:
        for mail_id in self.house.jobs.mails:
            send_mail(self.services, mail_id)
        self.house.jobs.mails.clear()

    def permission(self) -> Permission:
        with self.services.transaction() as work:
            return work.register.permission_for(
                LUZ, Use.IMAGE, a_channel().key, NameForm.NONE, self.house.clock.now()
            )

    def guardian(self) -> Visitor:
        """Her mother, signed in at her phone."""
        account = FamilyAccount(
            account_id=FamilyAccountId("mother"),
            kind=FamilyKind.GUARDIAN,
            email=PARENT,
            name="A mother",
        )
        with self.services.transaction() as work:
            work.families.save_account(account)
            token = open_family_session(
                work,
                account.account_id,
                self.house.clock,
                self.services.ids,
                authenticated=BY_PASSKEY,
                replaces=None,
            )
        return self._with_cookie("mediacheck-family", token)

    def registrar(self) -> Visitor:
        """Somebody of the office, signed in."""
        member = a_staff_member("registrar", role=Role.REGISTRAR, schools=())
        with self.services.transaction() as work:
            work.accounts.save_staff(member)
            token = open_session(
                work.accounts,
                member.staff_id,
                self.house.clock,
                self.services.ids,
                replaces=None,
            )
        return self._with_cookie("mediacheck", token)

    def _with_cookie(self, name: str, token: str) -> Visitor:
        visitor = self.window()
        kept = {"name": name, "value": token, "url": self.address}
        visitor.page.context.add_cookies([kept])  # type: ignore[list-item]  # a private type.
        return visitor


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
    opened: list[Visitor] = []
    with served(replace(eve.services, mail_server=office)) as services:
        address = services.settings.base_url

        def window() -> Visitor:
            opened.append(open_window(chromium, address, screens, width=390, height=844))
            return opened[-1]

        yield District(house=eve, services=services, office=office, address=address, window=window)
        troubles = [words for visitor in opened for words in visitor.troubles]
        for visitor in opened:
            visitor.page.context.close()
    assert troubles == []


def take_the_code(district: District) -> str:
    """At the office's desk, where the student has shown who she is."""
    office = district.registrar()
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
        pyotp.TOTP(secret).at(district.house.clock.now())
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
    mother = district.guardian()
    mother.open("/family")
    mother.page.get_by_role("link", name="Luz Lopez", exact=True).click()
    expect(mother.page.locator("main")).to_contain_text("Allowed until")
    assert isinstance(district.permission(), Granted)

    district.pass_midnight()

    assert isinstance(district.permission(), Refused)
    mother = district.guardian()
    mother.open("/family")
    expect(mother.page.locator("main")).to_contain_text("Luz Lopez is 18 and decides alone now")
    mother.require_accessible("a guardian after the birthday")

    assert [str(mail["To"]) for mail in district.office.taken] == [OWN]
    student = district.window()
    set_up(student, district, take_the_code(district))
    answer_everything(student)
    student.snap("of-age-receipt", whole=True)

    permission = district.permission()
    assert isinstance(permission, Granted)
    with district.services.transaction() as work:
        voice = work.register.permission_for(
            LUZ, Use.VOICE, a_channel().key, NameForm.NONE, district.house.clock.now()
        )
    assert isinstance(voice, Granted)
