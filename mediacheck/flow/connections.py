"""Accounts of the district on platforms: connected, confirmed, looked after, and let go again.

Whoever connects one signs in on the platform's own page. The token is sealed for the publishing
process as soon as it is here; no page and no other process can read it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mediacheck.errors import BadRequest, ConnectorError, NotAllowed, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.dispatch_marks import PUBLISHER
from mediacheck.flow.reach import require_reach
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.model.publishing import (
    AccountHealth,
    Connection,
    ConnectionId,
    ConnectionState,
    LinkAttempt,
    Linked,
    Platform,
)
from mediacheck.ports.publishing import Connector, HealthReader, Linking
from mediacheck.ports.services import Services, Work
from release_db.records import Channel
from release_db.sealing import Seal, Unsealable
from release_db.words import ChannelKey

#: A way to the platform's page and back takes no longer.
ATTEMPT_LIFE = timedelta(minutes=15)
#: How often the tool looks whether an account still lets it in.
LOOK_EVERY = timedelta(hours=6)
RETURN_PATH = "/connections/return"
#: Where this tool says who it is to the servers of the AT protocol.
CLIENT_DOCUMENT_PATH = "/oauth/client-metadata.json"

#: What a look may break, and make whole again: a second person has agreed where one has to.
_OPEN = frozenset({ConnectionState.ACTIVE, ConnectionState.BROKEN})

_STALE = "That took too long, or was begun in another window. Start again."
_TAKEN = "An account is connected to this channel already. Disconnect it first."
_ANOTHER = "Another channel posts to this very account. Disconnect it there first."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAccount:
    """A channel, and the account that it posts to, if there is one."""

    channel: Channel
    connection: Connection | None
    may_confirm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What somebody typed to connect an account: where it is, and the password made for us."""

    server: str
    user: str
    password: str = field(repr=False)


def accounts_for(desk: Desk) -> tuple[ChannelAccount, ...]:
    """The channels of this person's schools, with their accounts."""
    return tuple(
        ChannelAccount(
            channel=channel,
            connection=connection,
            may_confirm=connection is not None and _may_confirm(desk.staff, connection, channel),
        )
        for channel in desk.work.register.channels()
        if desk.staff.works_at(channel.school)
        for connection in [desk.work.connections.of_channel_or_none(channel.key)]
    )


def begin_link(
    services: Services, staff: StaffMember, channel: str, platform: Platform, server: str
) -> str:
    """The platform's page on which this person lets the tool in.

    Raises:
        NotFound: there is no such channel for this person.
        BadRequest: the channel has an account, or the server's address is not fit.
    """
    with services.transaction() as work:
        _require_free(Desk(services=services, work=work, staff=staff), channel, platform)
    linking = _linking(services, platform)
    try:
        begun = linking.begin(server, _return_address(services))
    except ConnectorError as fault:
        raise BadRequest(fault.message) from None
    attempt = LinkAttempt(
        state_sha256=_hash_of(begun.state),
        channel=ChannelKey(channel),
        platform=platform,
        server=server,
        by=staff.staff_id,
        at=services.clock.now(),
        secret=_attempt_seal(services).seal(begun.secret, staff.staff_id, channel),
    )
    with services.transaction() as work:
        work.connections.keep_attempt(attempt)
    return begun.address


def finish_link(
    services: Services, staff: StaffMember, state: str, brought: Mapping[str, str]
) -> Connection:
    """Keeps the account that was let in; an official one waits for a second person.

    ``brought`` is what the platform's page gave, for its linking alone to read.

    Raises:
        BadRequest: it was not begun here, took too long, or the platform refuses.
    """
    with services.transaction() as work:
        attempt = work.connections.take_attempt_or_none(_hash_of(state), staff.staff_id)
    if attempt is None or services.clock.now() - attempt.at > ATTEMPT_LIFE or not brought:
        raise BadRequest(_STALE)
    try:
        secret = _attempt_seal(services).unseal(attempt.secret, staff.staff_id, attempt.channel)
        linking = _linking(services, attempt.platform)
        linked = linking.finish(attempt.server, _return_address(services), secret, brought)
    except Unsealable:
        raise BadRequest(_STALE) from None
    except ConnectorError as fault:
        raise BadRequest(fault.message) from None
    with services.transaction() as work:
        desk = Desk(services=services, work=work, staff=staff)
        return _keep(desk, attempt.channel, attempt.platform, linked)


def enter_link(
    services: Services, staff: StaffMember, channel: str, platform: Platform, entered: Entered
) -> Connection:
    """Keeps the account that a password opens; an official one waits for a second person.

    Raises:
        NotFound: there is no such channel for this person.
        BadRequest: the channel has an account, or the platform refuses.
    """
    with services.transaction() as work:
        _require_free(Desk(services=services, work=work, staff=staff), channel, platform)
    linking = services.password_linkings.get(platform)
    if linking is None:
        raise BadRequest
    try:
        linked = linking.enter(entered.server, entered.user, entered.password)
    except ConnectorError as fault:
        raise BadRequest(fault.message) from None
    with services.transaction() as work:
        desk = Desk(services=services, work=work, staff=staff)
        return _keep(desk, ChannelKey(channel), platform, linked)


def confirm(desk: Desk, connection_id: str) -> Connection:
    """A second person's yes: this is the account that people know the district by.

    Raises:
        NotFound: there is no such connection for this person.
        NotAllowed: this person connected it.
    """
    connection = _require_connection(desk, connection_id)
    channel = require_channel(desk, connection.channel)
    if not waits_for_yes(connection, channel):
        raise BadRequest
    if not _may_confirm(desk.staff, connection, channel):
        raise NotAllowed("Somebody else of the communications office has to confirm it.")
    confirmed = replace(connection, state=ConnectionState.ACTIVE, confirmed_by=desk.staff.staff_id)
    _save(desk, confirmed, Event.ACCOUNT_CONFIRMED)
    return confirmed


def disconnect(desk: Desk, connection_id: str) -> Connection:
    """Nothing is published there from now on; the token is given back and destroyed.

    Raises:
        NotFound: there is no such connection for this person.
    """
    connection = _require_connection(desk, connection_id)
    if connection.state in {ConnectionState.ENDING, ConnectionState.ENDED}:
        raise BadRequest
    ending = replace(connection, state=ConnectionState.ENDING)
    _save(desk, ending, Event.ACCOUNT_UNLINKED)
    desk.work.after_commit(lambda: desk.services.jobs.look_after_account(connection.connection_id))
    return ending


def sweep_accounts(services: Services) -> None:
    """Asks for every account to be looked at that is to be let go, or was not for long."""
    now = services.clock.now()
    with services.transaction() as work:
        due = [one.connection_id for one in work.connections.all() if _is_due(one, now=now)]
    for connection_id in due:
        services.jobs.look_after_account(connection_id)


def look_after_account(services: Services, connection_id: ConnectionId) -> None:
    """Looks whether an account still lets the tool in, or gives its token back and destroys it."""
    connectors = services.connectors
    if connectors is None:
        return
    with services.transaction() as work:
        connection = work.connections.connection_or_none(connection_id)
        sealed = work.connections.secret_of(connection_id)
    if connection is None or not _is_due(connection, now=services.clock.now()):
        return
    try:
        connector = connectors.open(connection, sealed)
        if connection.state is ConnectionState.ENDING:
            connector.end()
            seen = connection
        else:
            seen = _seen(services, connection, connector)
    except ConnectorError as fault:
        seen = _in_trouble(services, connection, fault)
    with services.transaction() as work:
        _keep_look(services, work, connection, seen)


def _is_due(connection: Connection, *, now: datetime) -> bool:
    if connection.state is ConnectionState.ENDING:
        return True
    if connection.state is ConnectionState.ENDED:
        return False
    # One that was connected just now is asked at once how long its key works.
    is_new = connection.health is None and not connection.trouble
    return is_new or connection.looked_at is None or now - connection.looked_at >= LOOK_EVERY


def _seen(services: Services, connection: Connection, connector: Connector) -> Connection:
    account = connector.account()
    is_it = account.account_id == connection.account.account_id
    # One that waits for a second person's yes goes on waiting, whatever the look told.
    is_open = connection.state in _OPEN
    found = ConnectionState.ACTIVE if is_it else ConnectionState.BROKEN
    return replace(
        connection,
        state=found if is_open else connection.state,
        account=account if is_it else connection.account,
        limits=connector.limits(),
        health=connector.health() if isinstance(connector, HealthReader) else AccountHealth(),
        looked_at=services.clock.now(),
        trouble="" if is_it else "another-account",
    )


def _in_trouble(services: Services, connection: Connection, fault: ConnectorError) -> Connection:
    is_broken = connection.state in _OPEN and fault.is_account_trouble
    return replace(
        connection,
        state=ConnectionState.BROKEN if is_broken else connection.state,
        looked_at=services.clock.now(),
        trouble=fault.code,
    )


def _keep_look(services: Services, work: Work, before: Connection, seen: Connection) -> None:
    now = work.connections.connection_or_none(before.connection_id)
    if now is None or now.state is not before.state:
        return
    if before.state is ConnectionState.ENDING:
        # Whether or not the platform answered: here the token is no more.
        work.connections.keep_secret(before.connection_id, b"")
        seen = replace(seen, state=ConnectionState.ENDED, looked_at=services.clock.now())
    work.connections.save(seen)
    if seen.state is ConnectionState.BROKEN and before.state is not ConnectionState.BROKEN:
        work.audit.write(
            Event.ACCOUNT_BROKEN,
            actor=PUBLISHER,
            subject=seen.connection_id,
            channel=seen.channel,
            why=seen.trouble,
        )


def _keep(desk: Desk, key: ChannelKey, platform: Platform, linked: Linked) -> Connection:
    channel = _require_free(desk, key, platform)
    server = linked.server
    for other in desk.work.connections.all():
        is_same = (other.server, other.account.account_id) == (server, linked.account.account_id)
        if is_same and other.state not in {ConnectionState.ENDING, ConnectionState.ENDED}:
            raise BadRequest(_ANOTHER)
    connection = Connection(
        connection_id=ConnectionId(desk.services.ids.new()),
        channel=channel.key,
        platform=platform,
        server=server,
        account=linked.account,
        scopes=linked.scopes,
        limits=linked.limits,
        state=ConnectionState.PROPOSED if channel.is_official else ConnectionState.ACTIVE,
        connected_by=desk.staff.staff_id,
        connected_at=desk.services.clock.now(),
        looked_at=desk.services.clock.now(),
    )
    _save(desk, connection, Event.ACCOUNT_LINKED)
    sealed = desk.services.token_sealer.seal(linked.secret, *connection.belongs_to)
    desk.work.connections.keep_secret(connection.connection_id, sealed)
    return connection


def _save(desk: Desk, connection: Connection, event: Event) -> None:
    desk.work.connections.save(connection)
    desk.work.audit.write(
        event,
        actor=desk.staff.staff_id,
        subject=connection.connection_id,
        channel=connection.channel,
        platform=connection.platform,
        state=connection.state,
    )


def require_channel(desk: Desk, key: str) -> Channel:
    """The channel.

    Raises:
        NotFound: there is none, or it is not one of this person's schools'.
    """
    channel = desk.work.register.channel_or_none(ChannelKey(key))
    if channel is None or not desk.staff.works_at(channel.school):
        raise NotFound
    return channel


def _require_free(desk: Desk, key: str, platform: Platform) -> Channel:
    channel = require_channel(desk, key)
    require_reach(platform, channel)
    taken = desk.work.connections.of_channel_or_none(channel.key)
    if taken is not None:
        raise BadRequest(_TAKEN)
    return channel


def _require_connection(desk: Desk, connection_id: str) -> Connection:
    connection = desk.work.connections.connection_or_none(ConnectionId(connection_id))
    channel = (
        desk.work.register.channel_or_none(connection.channel) if connection is not None else None
    )
    if connection is None or channel is None or not desk.staff.works_at(channel.school):
        raise NotFound
    return connection


def waits_for_yes(connection: Connection, channel: Channel) -> bool:
    """Whether a second person has to say that this is the account: of an official channel only.

    A channel may have become official after its account was connected.
    """
    is_unconfirmed = connection.state is ConnectionState.ACTIVE and connection.confirmed_by is None
    return connection.state is ConnectionState.PROPOSED or (is_unconfirmed and channel.is_official)


def ask_again(work: Work, channel: ChannelKey, by: StaffId) -> None:
    """A channel becomes official: a second person has to say anew that this is its account."""
    connection = work.connections.of_channel_or_none(channel)
    if connection is None or connection.confirmed_by is None:
        return
    work.connections.save(replace(connection, confirmed_by=None))
    work.audit.write(
        Event.ACCOUNT_ASKED_AGAIN, actor=by, subject=connection.connection_id, channel=channel
    )


def _may_confirm(staff: StaffMember, connection: Connection, channel: Channel) -> bool:
    return (
        waits_for_yes(connection, channel)
        and staff.role is Role.COMMUNICATIONS
        and staff.staff_id != connection.connected_by
    )


def _linking(services: Services, platform: Platform) -> Linking:
    return services.linkings[platform]


def _return_address(services: Services) -> str:
    return services.settings.base_url + RETURN_PATH


def _hash_of(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _attempt_seal(services: Services) -> Seal:
    """What an attempt needs to finish is sealed for the web process, which also finishes it."""
    return Seal(hashlib.sha256(b"mediacheck link attempt:" + services.secret_key).digest())
