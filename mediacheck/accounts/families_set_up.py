"""From an invitation and a one-time code to an account that can sign in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from mediacheck.accounts.families_errors import (
    AuthenticatorRefused,
    LinkVoid,
)
from mediacheck.accounts.families_links import account_of_link, is_known_guardian
from mediacheck.accounts.families_mail import queue_mail
from mediacheck.accounts.families_sessions import open_family_session, set_up_account_or_none
from mediacheck.accounts.families_totp import new_totp_secret, step_of_code_or_none
from mediacheck.accounts.set_up import code_sha256, readable_code
from mediacheck.accounts.throttle import (
    Count,
    Origin,
    address_count,
    counts_for,
    require_no_wait,
)
from mediacheck.accounts.tokens import new_token, token_sha256
from mediacheck.errors import NotAllowed
from mediacheck.model.audit import Event
from mediacheck.model.families import (
    BY_PASSKEY,
    BY_PASSWORD,
    BY_SET_UP,
    AccountChange,
    FamilyAccount,
    FamilyAccountId,
    FamilyKind,
    LinkPurpose,
    Passkey,
)
from mediacheck.model.mail import MailKind
from mediacheck.ports.services import Services, Work

CODE_LIFE = timedelta(days=14)
CODE_DELIVERY = "family_code_delivery"

_BETWEEN_CODES = timedelta(minutes=2)


class CodeDelivery(StrEnum):
    """How the one-time code reaches a family: by hand, or by a second mail."""

    OFFICE = "office"
    ADDRESS = "address"


def code_delivery(work: Work) -> CodeDelivery:
    """What the district decided; the office hands codes over where it decided nothing."""
    value = work.register.policy_or_none(CODE_DELIVERY)
    return CodeDelivery.ADDRESS if value == CodeDelivery.ADDRESS else CodeDelivery.OFFICE


def invite(
    work: Work,
    services: Services,
    account: FamilyAccount,
    *,
    by: str,
    kind: MailKind = MailKind.INVITATION,
    about: str = "",
) -> FamilyAccount:
    """Mails an invitation; returns the account, which is the one that the address has already.

    ``kind`` is the mail's, and ``about`` what it tells of.

    Nothing that the account signs in with changes before somebody completes the set-up.

    Raises:
        NotAllowed: the register has no guardian with that address, or another kind of account has.
    """
    if account.kind is FamilyKind.GUARDIAN and not is_known_guardian(work, account.email):
        raise NotAllowed("The register has no guardian with this address.")
    invited = work.families.account_by_email_or_none(account.email) or account
    if invited.kind is not account.kind:
        raise NotAllowed("This address signs in already, as a student or as a guardian.")
    if not invited.is_active:
        # Opened again by the office: nothing that was there before may open it.
        work.families.forget_credentials(invited.account_id)
    invited = replace(invited, is_active=True)
    work.families.save_account(invited)
    queue_mail(work, services, kind, invited.account_id, about=about)
    work.audit.write(Event.FAMILY_INVITED, actor=by, subject=invited.account_id)
    return invited


def issue_family_code(
    work: Work, services: Services, account_id: FamilyAccountId, *, by: str
) -> str:
    """A fresh code for the set-up, valid for 14 days; earlier ones are void."""
    code = readable_code(new_token(services.ids))
    ends_at = services.clock.now() + CODE_LIFE
    work.families.keep_code(code_sha256(code), account_id, ends_at)
    work.audit.write(Event.FAMILY_CODE_ISSUED, actor=by, subject=account_id)
    return code


def mail_code(work: Work, services: Services, token: str) -> None:
    """Mails the code to the recorded address, where the district wants it so.

    Raises:
        LinkVoid: the invitation does not work.
        NotAllowed: the office hands the codes over.
    """
    account = account_of_link(work, token, LinkPurpose.INVITATION, services.clock)
    if code_delivery(work) is not CodeDelivery.ADDRESS:
        raise NotAllowed
    latest = work.outbox.latest_or_none(account.account_id, MailKind.CODE)
    if latest is None or services.clock.now() - latest.queued_at >= _BETWEEN_CODES:
        queue_mail(work, services, MailKind.CODE, account.account_id)


def begin_set_up(
    work: Work, services: Services, token: str, code: str, origin: Origin
) -> str | None:
    """Opens a session for the set-up and returns its token; None: a wrong code, now counted.

    Raises:
        LinkVoid: the invitation does not work.
        Throttled: too many wrong codes before.
    """
    now = services.clock.now()
    counts = _counts(token, origin, services)
    require_no_wait(work.accounts, counts, now)
    account = account_of_link(work, token, LinkPurpose.INVITATION, services.clock)
    if not work.families.is_code_of(code_sha256(code), account.account_id, now):
        for count in counts:
            work.accounts.count_failure(count.key, now)
        return None
    work.accounts.forget_failures(counts[0].key)
    work.families.keep_pending_totp(account.account_id, new_totp_secret(services.ids))
    return open_family_session(
        work,
        account.account_id,
        services.clock,
        services.ids,
        authenticated=BY_SET_UP,
        replaces=None,
        link_sha256=token_sha256(token),
    )


def complete_with_password(
    work: Work, services: Services, session_token: str, password_hash: str, code: str
) -> str:
    """Sets password and authenticator; returns the token of the session that is now open.

    Raises:
        LinkVoid: no set-up is under way in this session.
        AuthenticatorRefused: the app's code is wrong.
    """
    account = require_set_up(work, services, session_token)
    secret = work.families.pending_totp_or_none(account.account_id) or ""
    step = step_of_code_or_none(secret, code, services.clock.now()) if secret else None
    if step is None:
        raise AuthenticatorRefused
    _begin_anew(work, services, account)
    work.families.set_password(account.account_id, password_hash, secret, step)
    return _let_in(work, services, account, BY_PASSWORD)


def complete_with_passkey(
    work: Work, services: Services, session_token: str, passkey: Passkey
) -> str:
    """Keeps the first passkey; returns the token of the session that is now open.

    Raises:
        LinkVoid: no set-up is under way in this session, or it is another account's.
    """
    account = require_set_up(work, services, session_token)
    if passkey.account_id != account.account_id:
        raise LinkVoid
    _begin_anew(work, services, account)
    work.families.add_passkey(passkey)
    return _let_in(work, services, account, BY_PASSKEY)


def require_set_up(work: Work, services: Services, session_token: str) -> FamilyAccount:
    """Whose set-up is under way in this session.

    Raises:
        LinkVoid: none is, or its invitation was used or replaced meanwhile.
    """
    account = set_up_account_or_none(work.families, session_token, services.clock)
    opened = work.families.session_or_none(token_sha256(session_token))
    if account is None or opened is None or opened.link_sha256 is None:
        raise LinkVoid
    link = work.families.link_or_none(opened.link_sha256)
    if link is None or not link.is_open(services.clock.now()):
        raise LinkVoid
    return account


def _begin_anew(work: Work, services: Services, account: FamilyAccount) -> None:
    """Uses invitation and code up, and forgets what was there: one owner, one way in.

    Whoever could sign in before is told by mail that it ended.
    """
    if work.families.has_credentials(account.account_id):
        about = AccountChange.SET_UP_ANEW.value
        queue_mail(work, services, MailKind.ACCOUNT_CHANGED, account.account_id, about=about)
    work.families.forget_credentials(account.account_id)
    work.families.end_links(account.account_id)
    work.families.end_codes(account.account_id)


def _let_in(work: Work, services: Services, account: FamilyAccount, how: str) -> str:
    work.audit.write(
        Event.FAMILY_SET_UP, actor=account.account_id, subject=account.account_id, by=how
    )
    return open_family_session(
        work,
        account.account_id,
        services.clock,
        services.ids,
        authenticated=how,
        replaces=None,
    )


def _counts(token: str, origin: Origin, services: Services) -> tuple[Count, ...]:
    """Wrong codes count for the invitation and for the address."""
    invitation = counts_for(
        f"invitation:{token_sha256(token)}", Origin(address=origin.address), services.secret_key
    )
    return (invitation[0], address_count(origin, services.secret_key))
