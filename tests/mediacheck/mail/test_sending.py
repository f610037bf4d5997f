"""Mail through a real SMTP server in this process: taken, put off, and refused for good."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage, Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mediacheck.accounts.families_mail import queue_mail
from mediacheck.accounts.families_set_up import invite
from mediacheck.errors import NotAllowed, NotReady
from mediacheck.flow.send_mail import send_mail, sweep_mail
from mediacheck.mail.smtp import SmtpServer
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.mail import Mail, MailId, MailKind, MailState
from mediacheck.ports.services import Services
from tests.conftest import House
from tests.factories import PARENT
from tests.ports import free_port

MOTHER = FamilyAccount(
    account_id=FamilyAccountId("mother"),
    kind=FamilyKind.GUARDIAN,
    email=PARENT,
    name="A mother",
)


@dataclass
class PostOffice:
    """Answers a recipient or a mail as the test wants, and keeps what it takes."""

    at_recipient: str = "250 OK"
    at_data: str = "250 OK"
    taken: list[Message] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.at_data.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(email.message_from_bytes(content, policy=default))
        return self.at_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """A house with a post office, and one mail that waits."""

    house: House
    services: Services
    office: PostOffice
    mail_id: MailId

    def send(self) -> Mail:
        send_mail(self.services, self.mail_id)
        return self.mail()

    def mail(self) -> Mail:
        with self.services.transaction() as work:
            mail = work.outbox.mail_or_none(self.mail_id)
        assert mail is not None
        return mail


@pytest.fixture
def office() -> Iterator[tuple[PostOffice, str]]:
    post_office = PostOffice()
    port = free_port()
    controller = Controller(post_office, hostname="127.0.0.1", port=port)
    controller.start()
    yield post_office, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def mailing(house: House, office: tuple[PostOffice, str]) -> Mailing:
    post_office, url = office
    server = SmtpServer(url, "The district <releases@district.example>")
    services = replace(house.services, mail_server=server)
    with services.transaction() as work:
        work.families.save_account(MOTHER)
        mail_id = queue_mail(work, services, MailKind.INVITATION, MOTHER.account_id)
    return Mailing(house=house, services=services, office=post_office, mail_id=mail_id)


def test_a_mail_that_is_taken_is_sent_once(mailing: Mailing) -> None:
    assert mailing.send().state is MailState.SENT
    mailing.send()

    assert len(mailing.office.taken) == 1
    with mailing.services.transaction() as work:
        assert work.outbox.undelivered() == ()


def test_a_mail_says_that_a_machine_sent_it_and_names_no_child(mailing: Mailing) -> None:
    mailing.send()

    [mail] = mailing.office.taken
    assert isinstance(mail, EmailMessage)
    assert (mail["To"], mail["Auto-Submitted"]) == (PARENT, "auto-generated")
    assert mail["From"] == "The district <releases@district.example>"
    assert mail.get_content_type() == "text/plain"
    assert "Maya" not in mail.as_string()
    assert "http://localhost:8000/family/invitation/" in mail.get_content()


def test_a_refusal_for_now_is_tried_again_with_growing_delay(mailing: Mailing) -> None:
    mailing.office.at_recipient = "451 Try later"
    waits = []
    for _ in range(3):
        mail = mailing.send()
        assert (mail.state, mail.last_code) == (MailState.QUEUED, 451)
        waits.append(mail.due_at - mailing.house.clock.now())
        mailing.house.clock.move(waits[-1])

    assert waits == sorted(set(waits))
    mailing.office.at_recipient = "250 OK"
    assert mailing.send().state is MailState.SENT


def test_a_mail_is_not_tried_before_its_time(mailing: Mailing) -> None:
    mailing.office.at_data = "451 Try later"
    mailing.send()

    assert mailing.send().attempts == 1


def test_a_refusal_for_good_is_shown_as_undelivered(mailing: Mailing) -> None:
    mailing.office.at_recipient = "550 No such user"

    mail = mailing.send()

    assert (mail.state, mail.last_code) == (MailState.BOUNCED, 550)
    with mailing.services.transaction() as work:
        assert work.outbox.undelivered() == (mail,)
        assert "550" in work.audit.entries()[-1].details


def test_a_mail_that_no_server_takes_is_given_up_after_days(mailing: Mailing) -> None:
    mailing.office.at_recipient = "451 Try later"
    mailing.house.clock.move(timedelta(days=5))

    assert mailing.send().state is MailState.BOUNCED


def test_a_server_that_is_away_puts_the_mail_off(mailing: Mailing) -> None:
    away = SmtpServer("smtp://127.0.0.1:1", "releases@district.example")

    send_mail(replace(mailing.services, mail_server=away), mailing.mail_id)

    mail = mailing.mail()
    assert (mail.state, mail.attempts, mail.last_code) == (MailState.QUEUED, 1, None)


def test_without_a_server_mails_wait_untried(mailing: Mailing) -> None:
    alone = replace(mailing.services, mail_server=None)

    send_mail(alone, mailing.mail_id)
    sweep_mail(alone)

    assert mailing.mail().attempts == 0


def test_the_sweep_takes_up_what_a_dead_worker_left(mailing: Mailing) -> None:
    now = mailing.house.clock.now()
    with mailing.services.transaction() as work:
        assert work.outbox.claim_or_none(mailing.mail_id, now, now + timedelta(minutes=10))
    mailing.house.jobs.mails.clear()

    sweep_mail(mailing.services)
    assert mailing.house.jobs.mails == []
    mailing.house.clock.move(timedelta(minutes=10))
    sweep_mail(mailing.services)

    assert mailing.house.jobs.mails == [mailing.mail_id]


def test_two_workers_do_not_send_one_mail_twice(mailing: Mailing) -> None:
    now = mailing.house.clock.now()
    with mailing.services.transaction() as work:
        work.outbox.claim_or_none(mailing.mail_id, now, now + timedelta(minutes=10))

    mailing.send()

    assert mailing.office.taken == []


def test_a_line_break_in_an_address_is_refused_and_not_sent(mailing: Mailing) -> None:
    with mailing.services.transaction() as work:
        work.families.save_account(replace(MOTHER, email="a@b.example\nBcc: c@d.example"))

    assert mailing.send().state is MailState.BOUNCED
    assert mailing.office.taken == []


def test_a_mail_asked_for_is_not_sent_if_its_act_is_undone(house: House) -> None:
    def ask_and_fail() -> None:
        with house.services.transaction() as work:
            work.families.save_account(MOTHER)
            queue_mail(work, house.services, MailKind.CODE, MOTHER.account_id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ask_and_fail()

    assert house.jobs.mails == []


def test_an_invitation_is_refused_for_an_address_the_register_does_not_know(
    house: House,
) -> None:
    with pytest.raises(NotAllowed), house.services.transaction() as work:
        invite(work, house.services, replace(MOTHER, email="x@y.example"), by="office")


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example", "a@b.example"),
        ("smtp://", "a@b.example"),
        ("smtp://user:secret@mail.example", "a@b.example"),
        ("smtps://mail.example", "nobody"),
    ],
)
def test_a_server_that_cannot_be_used_safely_is_refused_at_start(url: str, sender: str) -> None:
    with pytest.raises(NotReady):
        SmtpServer(url, sender)
