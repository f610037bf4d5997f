"""Mail that families did not get, and the button that sends it again."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.undelivered import Undelivered, send_again
from mediacheck.flow.undelivered import undelivered as undelivered_of
from mediacheck.model.mail import MailKind, MailState
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.registrars.desk import open_desk

_KINDS = {
    MailKind.INVITATION: "Invitation",
    MailKind.CODE: "Code",
    MailKind.RESTRICT_LINK: "Link",
    MailKind.RENEWAL: "New school year",
    MailKind.OF_AGE: "Invitation at 18",
}


@open_to(Role.REGISTRAR)
def undelivered() -> ResponseReturnValue:
    """Mail that did not arrive, or still waits after a refusal."""
    with open_desk() as desk:
        items = [(one, _KINDS[one.mail.kind], _state(one)) for one in undelivered_of(desk)]
    return render_template("registrars/undelivered.html", items=items)


@open_to(Role.REGISTRAR)
def send_mail_again(mail_id: str) -> ResponseReturnValue:
    """Sends one of them again."""
    with open_desk() as desk:
        send_again(desk, mail_id)
    flash("The mail is on its way again.")
    return redirect(url_for("registrars.undelivered"))


def _state(item: Undelivered) -> str:
    code = f" (code {item.mail.last_code})" if item.mail.last_code else ""
    if item.mail.state is MailState.BOUNCED:
        return f"Came back{code}"
    return f"Waiting, will be tried again{code}"
