"""A family's district in this process: its clock in the test's hand, its people at their phones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from mediacheck.accounts.families_links import new_link
from mediacheck.accounts.families_sessions import open_family_session
from mediacheck.accounts.sessions import open_session
from mediacheck.model.families import (
    BY_PASSKEY,
    FamilyAccount,
    FamilyAccountId,
    FamilyKind,
    LinkPurpose,
)
from mediacheck.model.people import Role
from mediacheck.ports.services import Services
from mediacheck.web.app import create_app
from release_db.records import Guardian, Permission
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.words import Audience, GuardianId, NameForm, StudentId, Use
from tests.conftest import House
from tests.factories import NOW, PARENT, TODAY, a_channel, a_staff_member, a_student
from tests.journeys import serving
from tests.journeys.browsing import Visitor, open_window

MOTHER, FATHER = PARENT, "olof.berg@families.example"
NAMES = {MOTHER: "Ana Diaz", FATHER: "Olof Berg"}
LUZ, SOL, MAR = StudentId("S3"), StudentId("S4"), StudentId("S5")
GIVEN = {LUZ: "Luz", SOL: "Sol", MAR: "Mar"}
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyHouse:
    """The tool at an address, and the doors through which its people come."""

    house: House
    services: Services
    address: str
    window: Callable[[], Visitor]

    def permission(self, use: Use = Use.IMAGE, student: StudentId = LUZ) -> Permission:
        """What the register answers about the school's social account, now."""
        with self.services.transaction() as work:
            return work.register.permission_for(
                student, use, a_channel().key, NameForm.NONE, self.house.clock.now()
            )

    def guardian(self, email: str = MOTHER, *, language: str = "en") -> Visitor:
        """A guardian who has signed in, at a phone."""
        account = self._account(email, language)
        with self.services.transaction() as work:
            token = open_family_session(
                work,
                account.account_id,
                self.house.clock,
                self.services.ids,
                authenticated=BY_PASSKEY,
                replaces=None,
            )
        return self._with_cookie("mediacheck-family", token)

    def mailed_link(self, email: str = MOTHER) -> str:
        """The path that a mail would lead this guardian to."""
        account = self._account(email, "en")
        with self.services.transaction() as work:
            token = new_link(work, self.services, account.account_id, LinkPurpose.RESTRICT)
        return f"/family/link/{token}"

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

    def _account(self, email: str, language: str) -> FamilyAccount:
        account = FamilyAccount(
            account_id=FamilyAccountId(f"account-{email}"),
            kind=FamilyKind.GUARDIAN,
            email=email,
            name=NAMES[email],
            language=language,
        )
        with self.services.transaction() as work:
            work.families.save_account(account)
        return account

    def _with_cookie(self, name: str, token: str) -> Visitor:
        visitor = self.window()
        kept = {"name": name, "value": token, "url": self.address}
        visitor.page.context.add_cookies([kept])  # type: ignore[list-item]  # a private type.
        return visitor


def fill_family(house: House) -> None:
    """Luz has a mother and a father; Sol and Mar are the mother's alone; nothing is answered."""
    links = [
        Guardian(
            guardian_id=GuardianId(f"g-{email}"), student_id=student, email=email, name=NAMES[email]
        )
        for student, email in ((LUZ, MOTHER), (LUZ, FATHER), (SOL, MOTHER), (MAR, MOTHER))
    ]
    with house.services.transaction() as work:
        work.register.save_students([a_student(one, given=given) for one, given in GIVEN.items()])
        work.register.save_guardians(links)
        work.register.add_channel(a_channel("class-page", audience=Audience.CLASS))
        for text in STANDARD_NOTICES:
            work.register.terms.publish_notice(approved(text, by="the-boss", on=TODAY, at=NOW))


@contextmanager
def served(
    house: House,
    chromium: Chromium,
    screens: Path,
    build: Callable[[Services], Flask] = create_app,
) -> Iterator[FamilyHouse]:
    """The tool behind a real address; at the end nobody may have met an error."""
    opened: list[Visitor] = []
    with serving.served(house.services, build) as services:
        address = services.settings.base_url

        def window() -> Visitor:
            opened.append(open_window(chromium, address, screens, **PHONE))
            return opened[-1]

        yield FamilyHouse(house=house, services=services, address=address, window=window)
        troubles = [words for visitor in opened for words in visitor.troubles]
        for visitor in opened:
            visitor.page.context.close()
    assert troubles == []


def answer(visitor: Visitor, preset: str, signature: str, student: StudentId = LUZ) -> None:
    """Chooses a preset for a child and signs it, with a look at every page on the way."""
    visitor.open(f"/family/children/{student}/choices")
    require_at_home(visitor, "choices")
    visitor.page.get_by_label(preset).check()
    visitor.page.get_by_role("button", name="See what this means").click()
    require_at_home(visitor, "review")
    visitor.page.get_by_label("Type your full name to sign").fill(signature)
    visitor.page.get_by_role("button", name="Sign and save").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    require_at_home(visitor, "signed")


def require_at_home(visitor: Visitor, name: str) -> None:
    """The page is accessible, and no wider than the phone."""
    visitor.require_accessible(name)
    width = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], name
