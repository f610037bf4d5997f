"""What was handed to a person to post: who posted it, and where, kept with the publication."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.errors import BadRequest, NotCleared, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.model.audit import Event
from mediacheck.model.publishing import Dispatch, DispatchId, Platform, Posted, RemovalState
from mediacheck.model.verdict import Clearance
from mediacheck.ports.services import Work
from mediacheck.review.rights import require_may_say_fate

_LONGEST_LINK = 500
_NO_LINK = "A link begins with https:// or http://. Leave it empty if there is none, as in print."
_COMES_DOWN = "This has to come down again. Take it down where you posted it, and show that."
_NOT_HANDED = (
    "This channel is posted to by hand. Press Hand over first: a second person may have to agree, "
    "and everything is checked once more."
)


def require_handed_over(work: Work, clearance: Clearance) -> None:
    """Passes what may be taken: on a channel that is posted to by hand, what was handed over.

    Raises:
        NotCleared: nobody asked for it, or a second person has not agreed yet.
    """
    connection = work.connections.of_channel_or_none(clearance.channel)
    if connection is None or connection.platform is not Platform.HAND_OFF:
        return
    dispatch = work.dispatches.of_clearance_or_none(clearance.clearance_id)
    if dispatch is None or not dispatch.is_by_hand:
        raise NotCleared(_NOT_HANDED)


def is_with_somebody(desk: Desk, dispatch: Dispatch) -> bool:
    """Whether it is handed over, and its package may still be taken: nothing is to be asked for."""
    clearance = desk.work.posts.latest_clearance_or_none(dispatch.post_id)
    is_it = clearance is not None and clearance.clearance_id == dispatch.clearance_id
    now = desk.services.clock.now()
    return dispatch.is_by_hand and is_it and clearance is not None and now < clearance.good_until


def say_posted(desk: Desk, dispatch_id: str, address: str) -> Dispatch:
    """A person has posted what was handed over; ``address`` is where, if it can be looked at.

    Raises:
        NotFound: there is no such hand-over for this person.
        NotAllowed: it is somebody else's.
        BadRequest: the link is none, or it has to come down already.
    """
    dispatch = desk.work.dispatches.dispatch_or_none(DispatchId(dispatch_id))
    if dispatch is None or not dispatch.is_by_hand or dispatch.posted is None:
        raise NotFound
    require_may_say_fate(desk.staff, desk.work.posts.post_or_none(dispatch.post_id))
    link = address.strip()
    if link and (not link.startswith(("https://", "http://")) or len(link) > _LONGEST_LINK):
        raise BadRequest(_NO_LINK)
    if dispatch.removal.state is not RemovalState.NONE:
        raise BadRequest(
            "This has to come down. Take it down where you posted it, and say so there."
        )
    now = desk.services.clock.now()
    said = replace(
        dispatch,
        posted=Posted(reference=dispatch.posted.reference, address=link),
        posted_by_hand_at=now,
        posted_by_hand_by=desk.staff.staff_id,
    )
    desk.work.dispatches.save(said)
    desk.work.audit.write(
        Event.POSTED_BY_HAND,
        actor=desk.staff.staff_id,
        subject=said.dispatch_id,
        clearance=said.clearance_id,
        publication=said.publication_id or "",
    )
    return said
