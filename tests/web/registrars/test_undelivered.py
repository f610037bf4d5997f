"""Mail that did not arrive: who sees it, and what sending again does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediacheck.accounts.families_mail import queue_mail
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.mail import MailId, MailKind
from mediacheck.model.people import Role
from release_db.records import Guardian
from release_db.words import GuardianId, StudentId
from tests.conftest import House
from tests.factories import PARENT
from tests.web.conftest import Browser, BrowserAs

PAGE = "/registrars/undelivered"
MOTHER = FamilyAccountId("mother")


@pytest.fixture
def lost(house: House) -> MailId:
    """An invitation to Maya's mother that came back."""
    link = Guardian(guardian_id=GuardianId("g"), student_id=StudentId("S1"), email=PARENT)
    account = FamilyAccount(account_id=MOTHER, kind=FamilyKind.GUARDIAN, email=PARENT, name="Ana")
    with house.services.transaction() as work:
        work.register.save_guardians([link])
        work.families.save_account(account)
        mail_id = queue_mail(work, house.services, MailKind.INVITATION, MOTHER)
        work.outbox.mark_bounced(mail_id, 550)
    return mail_id


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.REGISTRAR)


def again(browser: Browser, mail_id: MailId) -> int:
    return browser.post(f"{PAGE}/{mail_id}/again").status_code


def test_the_address_the_child_and_the_reason_are_told(browser: Browser, lost: MailId) -> None:
    page = browser.get(PAGE).text

    for words in (PARENT, "Maya Lopez", "Invitation", "Came back (code 550)", lost):
        assert words in page


def test_sending_again_makes_a_new_mail_and_clears_the_line(
    browser: Browser, browser_as: BrowserAs, house: House, lost: MailId
) -> None:
    house.clock.move(timedelta(minutes=1))
    assert again(browser, lost) == 302

    with house.services.transaction() as work:
        [waiting] = work.outbox.due(house.clock.now())
        assert work.audit.entries()[-1].event == Event.MAIL_SENT_AGAIN
    assert waiting != lost
    assert house.jobs.mails[-1] == waiting
    assert "None." in browser.get(PAGE).text
    house.clock.move(timedelta(minutes=60))
    assert waiting in browser_as(Role.REGISTRAR).get(PAGE).text


def test_a_mail_that_waits_is_tried_at_once(browser: Browser, house: House, lost: MailId) -> None:
    del lost
    house.clock.move(timedelta(minutes=1))
    with house.services.transaction() as work:
        mail_id = queue_mail(work, house.services, MailKind.CODE, MOTHER)
        work.outbox.mark_deferred(mail_id, 451, house.clock.now() + timedelta(hours=4))
    assert "Waiting, will be tried again (code 451)" in browser.get(PAGE).text

    assert again(browser, mail_id) == 302

    with house.services.transaction() as work:
        assert work.outbox.due(house.clock.now()) == (mail_id,)


def test_an_address_that_the_roster_has_no_more_is_left_out(
    browser: Browser, house: House, lost: MailId
) -> None:
    changed = Guardian(
        guardian_id=GuardianId("g"), student_id=StudentId("S1"), email="new@home.example"
    )
    with house.services.transaction() as work:
        work.register.save_guardians([changed])

    assert "None." in browser.get(PAGE).text
    assert again(browser, lost) == 404


def test_mail_about_another_school_s_students_is_not_shown(
    browser_as: BrowserAs, lost: MailId
) -> None:
    elsewhere = browser_as(Role.REGISTRAR, "hoover")

    assert PARENT not in elsewhere.get(PAGE).text
    assert again(elsewhere, lost) == 404
