"""Imports of the roster and the releases: the difference is shown first, then applied or dropped.

Between the two pages the file waits among the uploads. What was shown travels with the form,
signed; a register that has changed meanwhile shows the difference anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from mediacheck.accounts.sessions import TOTAL_LIMIT
from mediacheck.errors import NotAllowed, Outdated
from mediacheck.flow.imports import ImportedFile, refuse_import
from mediacheck.flow.today import today_of
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.registrars.differences import COLUMNS_OF, KINDS, Difference, read_difference
from release_db.errors import ImportRefused

_PAGE = "registrars/imports.html"
_DIFFERENCE_PAGE = "registrars/difference.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFile:
    """A file whose difference was shown: what it is, where it waits, and what was shown."""

    kind: str
    key: str
    digest: str


@open_to(Role.REGISTRAR)
def imports() -> ResponseReturnValue:
    """The form."""
    return render_template(_PAGE, errors={}, problems=(), **_standing())


@open_to(Role.REGISTRAR)
def show_difference() -> ResponseReturnValue:
    """Reads a file and shows what it would change. Nothing is changed."""
    _require_whole_district()
    kind, file = line_of("kind"), request.files.get("file")
    data = file.read() if file else b""
    if not data:
        return _form_again({"file": "Choose a file that is not empty."})
    held = services()
    try:
        with held.transaction() as work:
            difference = _read(kind, work, data)
    except ImportRefused as refused:
        with held.transaction() as work:
            refuse_import(work, _imported(sha256(data).hexdigest()), problems=len(refused.problems))
        return _form_again({"file": "Nothing was imported: mend the file first."}, refused)
    if difference.is_empty:
        said = "This file changes nothing: the register is like that already."
        flash(" ".join((said, *difference.notes)))
        return redirect(url_for("registrars.imports"))
    waiting = WaitingFile(kind=kind, key=held.uploads.put(data), digest=difference.digest)
    return _difference_page(difference, waiting, errors={})


@open_to(Role.REGISTRAR)
def apply_file() -> ResponseReturnValue:
    """Makes the changes that were shown, all of them or none."""
    _require_whole_district()
    held, waiting = services(), _waiting_file()
    data = held.uploads.get(waiting.key)
    with held.transaction() as work:
        difference = _read(waiting.kind, work, data)
        if difference.digest != waiting.digest:
            fresh = WaitingFile(kind=waiting.kind, key=waiting.key, digest=difference.digest)
            message = "The register has changed meanwhile: look at the difference again."
            return _difference_page(difference, fresh, errors={"waiting": message})
        if difference.needs_confirmation and line_of("confirmed") != "yes":
            message = "Confirm that this much is meant to change."
            return _difference_page(difference, waiting, errors={"confirmed": message})
        difference.apply(held, work, _imported(waiting.key))
    held.uploads.drop(waiting.key)
    flash("Imported.")
    return redirect(url_for("registrars.imports"))


@open_to(Role.REGISTRAR)
def discard_file() -> ResponseReturnValue:
    """Drops the waiting file."""
    services().uploads.drop(_waiting_file().key)
    flash("The file is dropped. Nothing was changed.")
    return redirect(url_for("registrars.imports"))


def _read(kind: str, work: Work, data: bytes) -> Difference:
    today = today_of(services().clock, work.register)
    return read_difference(kind, work, data, today)


def _require_whole_district() -> None:
    if current_staff().schools:
        raise NotAllowed("An import changes every school: it needs a registrar of the district.")


def _form_again(
    errors: dict[str, str], refused: ImportRefused | None = None
) -> ResponseReturnValue:
    problems = refused.problems if refused else ()
    return form_again(_PAGE, errors=errors, problems=problems, **_standing())


def _standing() -> dict[str, object]:
    """What the form shows whatever happened: the kinds of file, and what an import left open."""
    held = services()
    with held.transaction() as work:
        today = today_of(held.clock, work.register)
        students = [
            work.register.student_or_none(one) for one in work.register.terms.reused_ids(today)
        ]
    theirs = [one for one in students if one and current_staff().works_at(one.school)]
    return {"kinds": KINDS, "columns": COLUMNS_OF, "reused": theirs}


def _difference_page(
    difference: Difference, waiting: WaitingFile, *, errors: dict[str, str]
) -> ResponseReturnValue:
    context = {
        "difference": difference,
        "kind": KINDS[waiting.kind],
        "waiting": _signer().dumps([waiting.kind, waiting.key, waiting.digest]),
    }
    if errors:
        return form_again(_DIFFERENCE_PAGE, errors=errors, **context)
    return render_template(_DIFFERENCE_PAGE, errors={}, **context)


def _waiting_file() -> WaitingFile:
    """The file that the form names.

    Raises:
        Outdated: the form is not one of ours, or is too old.
    """
    try:
        kind, key, digest = _signer().loads(
            request.form.get("waiting", ""), max_age=int(TOTAL_LIMIT.total_seconds())
        )
    except BadSignature as error:
        raise Outdated("This page is too old. Begin the import again.") from error
    return WaitingFile(kind=kind, key=key, digest=digest)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="waiting-import")


def _imported(digest: str) -> ImportedFile:
    return ImportedFile(sha256=digest, actor=current_staff().staff_id)
