"""Reading notices of undelivered mail from the command line."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from mediacheck.accounts.families_mail import queue_mail
from mediacheck.cli.common import services_for
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.mail import MailKind
from tests.factories import NOW
from tests.mediacheck.cli.conftest import Command
from tests.mediacheck.mail.test_bounces import a_notice


@pytest.fixture
def notice(run: Command) -> bytes:
    """A notice about a mail that this district sent."""
    del run
    services = services_for(None)
    account = FamilyAccount(
        account_id=FamilyAccountId("a"), kind=FamilyKind.GUARDIAN, email="a@b.example", name=""
    )
    with services.transaction() as work:
        work.families.save_account(account)
        mail_id = queue_mail(work, services, MailKind.INVITATION, account.account_id)
        work.outbox.mark_sent(mail_id, NOW)
    return a_notice("postfix", mail_id)


def test_a_maildir_is_read_and_may_be_read_again(
    run: Command, notice: bytes, tmp_path: Path
) -> None:
    box = tmp_path / "Maildir"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    (box / "new" / "1790000000.M1.mx").write_bytes(notice)
    (box / "cur" / "1790000001.M2.mx:2,S").write_bytes(a_notice("holiday"))

    first, second = run("mail", "bounces", box), run("mail", "bounces", box)

    assert first.code == 0
    assert "Marked as undelivered: 1." in first.out
    assert "only a delay: 1." in first.out
    assert "a@b.example" not in first.out + first.err
    assert "Marked as undelivered: 0. Known already: 1." in second.out


def test_single_files_and_a_folder_of_them_are_read(
    run: Command, notice: bytes, tmp_path: Path
) -> None:
    (tmp_path / "one.eml").write_bytes(notice)
    (tmp_path / "notes.txt").write_text("not a mail")

    assert "Marked as undelivered: 1." in run("mail", "bounces", tmp_path / "one.eml").out
    assert "Known already: 1. About other mail: 0" in run("mail", "bounces", tmp_path).out


def test_a_notice_may_come_on_the_standard_input(
    run: Command, notice: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(notice)))

    assert "Marked as undelivered: 1." in run("mail", "bounces", "-").out


def test_a_path_that_is_not_there_is_a_slip_of_the_hand(run: Command, tmp_path: Path) -> None:
    missing = run("mail", "bounces", tmp_path / "nowhere")

    assert missing.code == 2
