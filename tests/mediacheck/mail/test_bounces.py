"""Notices of mail that did not arrive, as mail programs really write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacheck.accounts.families_mail import queue_mail
from mediacheck.flow.bounces import BounceReport, Noted, note_bounce, note_bounces
from mediacheck.mail.bounces import Bounce, bounce_or_none
from mediacheck.mail.letters import Letter
from mediacheck.mail.messages import message_for
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.mail import MailId, MailKind, MailState
from tests.conftest import House
from tests.factories import NOW, PARENT

NOTICES = Path(__file__).with_name("notices")
HOST = "localhost"
MOTHER = FamilyAccount(
    account_id=FamilyAccountId("mother"), kind=FamilyKind.GUARDIAN, email=PARENT, name="A mother"
)


def a_notice(name: str, mail_id: str = "id1", host: str = HOST) -> bytes:
    text = (NOTICES / f"{name}.eml").read_text(encoding="utf-8")
    return text.replace("MESSAGE-ID", f"<{mail_id}@{host}>").encode()


@pytest.fixture
def sent(house: House) -> MailId:
    """A mail that a server took."""
    with house.services.transaction() as work:
        work.families.save_account(MOTHER)
        mail_id = queue_mail(work, house.services, MailKind.INVITATION, MOTHER.account_id)
        work.outbox.mark_sent(mail_id, NOW)
    return mail_id


def state_of(house: House, mail_id: MailId) -> tuple[MailState, int | None]:
    with house.services.transaction() as work:
        mail = work.outbox.mail_or_none(mail_id)
    assert mail is not None
    return mail.state, mail.last_code


@pytest.mark.parametrize("name", ["postfix", "exchange", "gmail"])
def test_a_notice_names_our_mail_and_the_server_s_answer(name: str) -> None:
    assert bounce_or_none(a_notice(name), HOST) == Bounce(named=("id1",), code=550)


def test_a_mail_that_was_given_up_has_come_back_without_a_code() -> None:
    assert bounce_or_none(a_notice("expired"), HOST) == Bounce(named=("id1",), code=None)


@pytest.mark.parametrize("name", ["delayed", "holiday", "receipt"])
def test_a_delay_a_holiday_note_and_a_receipt_are_no_bounce(name: str) -> None:
    assert bounce_or_none(a_notice(name), HOST) is None


def test_the_id_is_the_one_that_our_mails_have() -> None:
    letter = Letter(subject="s", text="t")
    mail = message_for(MailId("id7"), MOTHER, letter, base_url="https://m.example/", at=NOW)

    notice = a_notice("postfix").replace(b"<id1@localhost>", str(mail["Message-ID"]).encode())

    assert bounce_or_none(notice, "m.example") == Bounce(named=("id7",), code=550)


def test_a_notice_about_another_server_s_mail_names_none_of_ours() -> None:
    assert bounce_or_none(a_notice("postfix", host="other.example"), HOST) == Bounce(
        named=(), code=550
    )


@given(st.binary(max_size=400))
def test_no_notice_makes_the_reader_fail(data: bytes) -> None:
    bounce_or_none(data, HOST)
    bounce_or_none(a_notice("postfix").replace(b"Action: failed", data), HOST)
    bounce_or_none(a_notice("exchange").replace(b"namprd01", data), HOST)


def test_what_came_back_is_marked_once_and_recorded(house: House, sent: MailId) -> None:
    notice = a_notice("postfix", sent)

    assert note_bounce(house.services, notice) is Noted.MARKED
    assert note_bounce(house.services, notice) is Noted.KNOWN

    assert state_of(house, sent) == (MailState.BOUNCED, 550)
    with house.services.transaction() as work:
        last = work.audit.entries()[-1]
        assert [mail.mail_id for mail in work.outbox.undelivered()] == [sent]
    assert (last.event, last.subject) == (Event.MAIL_BOUNCED, "mother")
    assert PARENT not in last.details


def test_a_mail_that_we_never_wrote_is_nobody_s(house: House, sent: MailId) -> None:
    report = note_bounces(
        house.services, [a_notice("postfix", "unknown"), a_notice("delayed", sent), b""]
    )

    assert report == BounceReport(not_ours=1, no_bounce=2)
    assert state_of(house, sent) == (MailState.SENT, None)


def test_the_host_is_the_one_that_the_tool_is_reached_at(house: House, sent: MailId) -> None:
    settings = replace(house.services.settings, base_url="https://release.district.example")
    there = replace(house.services, settings=settings)

    assert note_bounce(there, a_notice("gmail", sent)) is Noted.NOT_OURS
    notice = a_notice("gmail", sent, "release.district.example")
    assert note_bounce(there, notice) is Noted.MARKED
