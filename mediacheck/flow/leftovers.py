"""What was uploaded for a post that did not go out: it is removed from the platform again.

A dispatch that ended keeps its ``parts`` until they are gone, so that a dead process, a pulled post
or a server that is away leaves nothing behind for good.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mediacheck.errors import ConnectorError
from mediacheck.flow.dispatch_marks import pause_after
from mediacheck.model.publishing import Connection, ConnectionState, Dispatch, DispatchId
from mediacheck.ports.publishing import Connector
from mediacheck.ports.services import Services, Work

#: After that it stays there, where nobody sees it, for whoever runs the platform.
GIVE_UP = timedelta(days=3)


def discard_leftovers(
    services: Services, dispatch_id: DispatchId, *, at_once: bool = False
) -> None:
    """Removes what a dispatch that ended left there. ``at_once``: nobody else can be at it."""
    with services.transaction() as work:
        now = services.clock.now()
        dispatch = work.dispatches.dispatch_or_none(dispatch_id)
        if dispatch is None or not dispatch.has_leftovers:
            return
        if dispatch.due_at > now and not at_once:
            return
        connection = work.connections.connection_or_none(dispatch.connection_id)
        sealed = work.connections.secret_of(dispatch.connection_id)
    # Without the account nobody but its owner can.
    is_over = (
        connection is None
        or connection.state is not ConnectionState.ACTIVE
        or _discard(services, dispatch, connection, sealed)
    )
    with services.transaction() as work:
        _keep(work, services, dispatch, is_over=is_over)


def discard_quietly(connector: Connector, parts: tuple[str, ...]) -> None:
    """Removes what nobody has written down; a fault is nobody's to repair."""
    _try_discard(connector, parts)


def _try_discard(connector: Connector, parts: tuple[str, ...]) -> bool:
    try:
        connector.discard(parts)
    except ConnectorError:
        return False
    return True


def _discard(services: Services, dispatch: Dispatch, connection: Connection, sealed: bytes) -> bool:
    if services.connectors is None:
        return False
    try:
        connector = services.connectors.open(connection, sealed)
    except ConnectorError:
        return False
    return _try_discard(connector, dispatch.parts)


def _keep(work: Work, services: Services, dispatch: Dispatch, *, is_over: bool) -> None:
    held = work.dispatches.dispatch_or_none(dispatch.dispatch_id)
    if held is None or not held.has_leftovers or held.parts != dispatch.parts:
        return
    now = services.clock.now()
    if is_over or now - held.asked_at >= GIVE_UP:
        work.dispatches.save(replace(held, parts=()))
        return
    attempts = held.attempts + 1
    later = replace(held, attempts=attempts, due_at=now + pause_after(attempts))
    work.dispatches.save(later)
