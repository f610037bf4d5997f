"""What a page says of a post on its way to an account: a badge, and what to do, in plain words."""

from __future__ import annotations

from datetime import tzinfo
from typing import assert_never

from mediacheck.flow.dispatch_marks import LATE
from mediacheck.flow.schedule import moment_in_words
from mediacheck.model.publishing import Connection, Dispatch, DispatchState, Platform, RemovalState

_OUT_DIFFERENTLY = (
    "It came out differently from what was cleared, for example without a photo, so mediacheck "
    "takes it down again. Ask the account's operator what happened."
)
_NOT_VERIFIED = "It is out, but mediacheck could not check it there. Open it and have a look."
_LOOK = (
    "The account did not answer clearly, so nobody knows whether it is out. Open the account and "
    "look, then say what you see. It is never sent twice by itself."
)
_GOES_OUT = "It goes out on {}. Photos, words and releases are checked again at that moment."
_POST_IT = (
    "It is handed over. Take the package on the post's page, post it just as it is, and say under "
    "Publishing that you did: then a family's no finds it, and somebody takes it down."
)
_AGAIN = "Nothing was published. You can try again."

_REMOVED = {
    RemovalState.WAITING: ("review", "Coming down"),
    RemovalState.RUNNING: ("review", "Coming down"),
    RemovalState.GONE: ("cleared", "Taken down"),
    RemovalState.BY_HAND: ("blocked", "Take it down by hand"),
}


def account_words(connection: Connection | None) -> str:
    """An account as people call it; a place where somebody posts by hand has no handle."""
    if connection is None:
        return ""
    handle = connection.account.handle
    return handle if connection.platform is Platform.HAND_OFF else f"@{handle}"


def badge_of(dispatch: Dispatch) -> tuple[str, str]:
    """Kind and words of the badge."""
    removal = _REMOVED.get(dispatch.removal.state)
    if removal is not None and dispatch.state is DispatchState.PUBLISHED:
        return removal
    match dispatch.state:
        case DispatchState.ASKED:
            return "review", "Waits for a second person"
        case DispatchState.WAITING | DispatchState.SENDING:
            return "review", _on_the_way(dispatch)
        case DispatchState.PUBLISHED if dispatch.is_by_hand:
            return _by_hand_badge(dispatch)
        case DispatchState.PUBLISHED:
            return "cleared", "Published"
        case DispatchState.FAILED:
            return "blocked", "Not published"
        case DispatchState.UNKNOWN:
            return "blocked", "Look whether it is out"
        case DispatchState.STOPPED:
            return "blocked", "Stopped"
        case other:
            assert_never(other)


def _by_hand_badge(dispatch: Dispatch) -> tuple[str, str]:
    if dispatch.posted_by_hand_at is None:
        return "review", "To be posted by hand"
    return "cleared", "Posted by hand"


def _on_the_way(dispatch: Dispatch) -> str:
    if dispatch.is_scheduled:
        return "Scheduled"
    is_again = dispatch.state is DispatchState.WAITING and dispatch.attempts
    return "Tried again soon" if is_again else "Being published"


def advice_for(dispatch: Dispatch, zone: tzinfo) -> str:
    """What happened, and what somebody can do about it; empty when there is nothing to do."""
    if dispatch.is_by_hand:
        return "" if dispatch.posted_by_hand_at is not None else _POST_IT
    return _advice_for_tool(dispatch, zone)


def _advice_for_tool(dispatch: Dispatch, zone: tzinfo) -> str:
    if dispatch.is_scheduled:
        return _GOES_OUT.format(moment_in_words(dispatch.wanted_at, zone))
    match dispatch.state:
        case DispatchState.UNKNOWN:
            return dispatch.words if dispatch.trouble == "not-ours" else _LOOK
        case DispatchState.FAILED if dispatch.trouble == LATE:
            return dispatch.words
        case DispatchState.FAILED:
            return f"{dispatch.words} {_AGAIN}".strip()
        case DispatchState.STOPPED:
            return dispatch.words
        case DispatchState.PUBLISHED if dispatch.trouble == "came-out-differently":
            return _OUT_DIFFERENTLY
        case DispatchState.PUBLISHED if dispatch.trouble == "not-verified":
            return _NOT_VERIFIED
        case _:
            return ""
