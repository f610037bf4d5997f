"""A passkey in a real browser: made once from an invitation, then it opens the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import CDPSession, Page, expect

from mediacheck.accounts.families_links import new_link
from mediacheck.accounts.families_set_up import invite, issue_family_code
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind, LinkPurpose
from mediacheck.ports.services import Services
from tests.conftest import House
from tests.factories import PARENT
from tests.journeys.serving import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

ACCOUNT = FamilyAccount(
    account_id=FamilyAccountId("mother"),
    kind=FamilyKind.GUARDIAN,
    email=PARENT,
    name="A mother",
)

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone with its own authenticator."""

    page: Page
    tools: CDPSession
    authenticator: str
    services: Services

    def invited(self) -> tuple[str, str]:
        """The secret of an invitation's link, and its code."""
        with self.services.transaction() as work:
            account = invite(work, self.services, ACCOUNT, by="office").account_id
            code = issue_family_code(work, self.services, account, by="office")
            return new_link(work, self.services, account, LinkPurpose.INVITATION), code

    def let_verify(self, *, verifies: bool) -> None:
        """Whether its owner shows a finger when asked."""
        self.tools.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": self.authenticator, "isUserVerified": verifies},
        )

    def add_authenticator(self) -> None:
        """One more, such as a key that is plugged in; the phone's own is put away."""
        self.tools.send(
            "WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.authenticator}
        )
        options = {**AUTHENTICATOR, "transport": "usb"}
        self.tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def make_passkey(self) -> None:
        """From the invitation's link to the pages."""
        token, code = self.invited()
        self.page.goto(f"/family/invitation/{token}")
        self.page.get_by_label("One-time code").fill(code)
        self.page.get_by_role("button", name="Go on").click()
        self.page.get_by_role("button", name="Make a passkey").click()


@pytest.fixture
def phone(family: House, chromium: Chromium) -> Iterator[Phone]:
    with served(family.services) as services:
        context = chromium.new_context(
            base_url=services.settings.base_url, viewport={"width": 360, "height": 740}
        )
        page = context.new_page()
        tools = context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield Phone(
            page=page, tools=tools, authenticator=made["authenticatorId"], services=services
        )
        context.close()


def test_a_passkey_from_an_invitation_signs_in_again(phone: Phone) -> None:
    phone.make_passkey()
    phone.page.wait_for_url("**/family")
    phone.page.context.clear_cookies()

    phone.page.goto("/family/sign-in")
    phone.page.get_by_role("button", name="Sign in with a passkey").click()

    phone.page.wait_for_url("**/family")
    with phone.services.transaction() as work:
        [passkey] = work.families.passkeys_of(ACCOUNT.account_id)
    assert passkey.sign_count >= 1


def test_a_passkey_without_its_owner_s_finger_is_refused(phone: Phone) -> None:
    phone.make_passkey()
    phone.page.wait_for_url("**/family")
    phone.page.context.clear_cookies()
    phone.let_verify(verifies=False)

    phone.page.goto("/family/sign-in")
    phone.page.get_by_role("button", name="Sign in with a passkey").click()

    expect(phone.page.get_by_role("alert")).to_contain_text("could not be used")


def test_an_answer_works_once(phone: Phone) -> None:
    sent: list[str] = []
    phone.make_passkey()
    phone.page.wait_for_url("**/family")
    phone.page.context.clear_cookies()
    phone.page.on(
        "request",
        lambda request: (
            sent.append(request.post_data or "")
            if request.url.endswith("/sign-in/passkey")
            else None
        ),
    )
    phone.page.goto("/family/sign-in")
    phone.page.get_by_role("button", name="Sign in with a passkey").click()
    phone.page.wait_for_url("**/family")
    phone.page.goto("/family/sign-in")

    again = phone.page.evaluate(
        """async (body) => (await fetch("/family/sign-in/passkey", {method: "POST", body,
        headers: {"X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content}
        })).status""",
        sent[0],
    )

    assert json.loads(sent[0])["type"] == "public-key"
    assert again == 422


def test_a_second_passkey_is_added_and_the_first_removed(phone: Phone) -> None:
    phone.make_passkey()
    phone.page.wait_for_url("**/family")
    phone.add_authenticator()

    phone.page.goto("/family/account")
    require_accessible(phone.page)
    phone.page.get_by_role("button", name="Add a passkey").click()
    expect(phone.page.get_by_text("The passkey is added.")).to_be_visible()
    phone.page.get_by_role("button", name="Remove the passkey").first.click()

    expect(phone.page.get_by_text("This is your only way to sign in.")).to_be_visible()
    require_accessible(phone.page)


def test_a_password_is_set_up_beside_a_passkey(phone: Phone) -> None:
    phone.make_passkey()
    phone.page.wait_for_url("**/family")
    phone.page.goto("/family/account/password")
    require_accessible(phone.page)
    secret = "".join(phone.page.locator("code").inner_text().split())

    phone.page.get_by_label("New password").fill("tangle violin harbor mops")
    phone.page.get_by_label("Code that the app shows").fill(
        pyotp.TOTP(secret).at(phone.services.clock.now())
    )
    phone.page.get_by_role("button", name="Finish").click()

    expect(phone.page.get_by_text("The new password counts from now on.")).to_be_visible()
    require_accessible(phone.page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_door_is_accessible_on_a_phone(phone: Phone, language: str) -> None:
    token, code = phone.invited()
    phone.page.goto(f"/family/invitation/{token}")
    phone.page.goto(f"/family/set-up?lang={language}")
    require_accessible(phone.page)
    phone.page.locator("#code").fill(code)
    phone.page.locator("form button.button").first.click()
    phone.page.wait_for_url("**/set-up/sign-in")
    require_accessible(phone.page)
    for path in ("/family/sign-in", "/family/send-link", "/family/link/nothing"):
        phone.page.goto(path)
        require_accessible(phone.page)


def require_accessible(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, page.url
