"""The link that may only restrict: asked for by anybody, mailed to whom it concerns."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.families_errors import LinkVoid
from mediacheck.accounts.families_links import (
    account_of_link,
    ask_for_link,
    has_opened,
    open_restrict_link,
)
from mediacheck.accounts.throttle import address_count, require_no_wait
from mediacheck.model.families import LinkPurpose
from mediacheck.web import session_cookie
from mediacheck.web.access import FAMILY_HOME, family_or_none, open_to_everyone, services
from mediacheck.web.errors import shown_as
from mediacheck.web.families.sign_in.credentials import let_family_in, origin_of_family
from mediacheck.web.forms import line_of
from mediacheck.web.headers import hide_address

_PENDING = "restrict-link"


@open_to_everyone()
def send_link() -> ResponseReturnValue:
    """The form, and one answer for every address."""
    if request.method == "GET":
        return render_template("families/send_link.html", errors={})
    held = services()
    email = line_of("email")
    count = address_count(origin_of_family(), held.secret_key)
    with held.transaction() as work:
        require_no_wait(work.accounts, (count,), held.clock.now())
        # Asking is counted as a failure would be: nobody tries a whole list of addresses here.
        work.accounts.count_failure(count.key, held.clock.now())
        ask_for_link(work, held, email)
    return render_template("families/link_sent.html")


@open_to_everyone()
def arrive(token: str) -> ResponseReturnValue:
    """Takes the secret out of the address. Nothing is opened yet, and nothing is used up."""
    session[_PENDING] = token
    return hide_address(redirect(url_for("family_sign_in.restrict")))


@open_to_everyone()
def restrict() -> ResponseReturnValue:
    """Says what the link can do; its button opens the pages, for restricting only.

    Only the button uses the link up, so that a mail server that looks behind links opens nothing.
    """
    held, visitor = services(), family_or_none()
    token = session.get(_PENDING, "")
    try:
        with held.transaction() as work:
            if has_opened(work, token, visitor):
                return redirect(FAMILY_HOME)
            if request.method == "GET":
                account_of_link(work, token, LinkPurpose.RESTRICT, held.clock)
                return render_template("families/link.html")
            replaces = session_cookie.family_token_or_none()
            opened = open_restrict_link(work, held, token, replaces=replaces)
    except LinkVoid as void:
        return shown_as(void, "families/link_void.html", is_invitation=False)
    return let_family_in(opened)
