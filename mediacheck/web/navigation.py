"""What the header offers: the pages that the signed-in person's role opens."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from mediacheck.model.people import StaffMember
from mediacheck.web.access import EVERYONE, roles_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """A link of the header."""

    endpoint: str
    label: str
    is_main: bool = True
    """Whether it stands in the header itself, and not behind "More": one row is all there is."""


_ITEMS = (
    NavigationItem(endpoint="teachers.posts", label="Posts"),
    NavigationItem(endpoint="communications.queue", label="Queue"),
    NavigationItem(endpoint="teachers.publishing", label="Publishing"),
    NavigationItem(endpoint="communications.calendar", label="Calendar"),
    NavigationItem(endpoint="communications.takedowns", label="Takedowns"),
    NavigationItem(
        endpoint="communications.takedown_tasks", label="Takedowns by hand", is_main=False
    ),
    NavigationItem(endpoint="communications.timeline", label="Not checked", is_main=False),
    NavigationItem(endpoint="communications.archive", label="Archive", is_main=False),
    NavigationItem(endpoint="communications.ledger", label="Ledger", is_main=False),
    NavigationItem(endpoint="communications.remembered", label="Remembered words", is_main=False),
    NavigationItem(
        endpoint="communications.connections", label="Connected accounts", is_main=False
    ),
    NavigationItem(endpoint="registrars.register", label="Register"),
    NavigationItem(endpoint="registrars.to_confirm", label="To confirm"),
    NavigationItem(endpoint="registrars.disagreements", label="Disagreements"),
    NavigationItem(endpoint="registrars.counts", label="Counts", is_main=False),
    NavigationItem(endpoint="registrars.of_age", label="Now 18", is_main=False),
    NavigationItem(endpoint="registrars.requests", label="Requests"),
    NavigationItem(endpoint="registrars.renewal", label="Renewal round", is_main=False),
    NavigationItem(endpoint="registrars.undelivered", label="Undelivered mail", is_main=False),
    NavigationItem(endpoint="registrars.imports", label="Imports"),
    NavigationItem(endpoint="registrars.portraits", label="Portraits", is_main=False),
    NavigationItem(endpoint="administrators.accounts", label="Accounts"),
    NavigationItem(endpoint="administrators.channels", label="Channels"),
    NavigationItem(endpoint="administrators.settings", label="Settings"),
    NavigationItem(endpoint="administrators.evidence", label="Evidence", is_main=False),
    NavigationItem(endpoint="administrators.notices", label="Notices", is_main=False),
    NavigationItem(
        endpoint="administrators.certificates", label="Destroyed templates", is_main=False
    ),
    NavigationItem(endpoint="administrators.audit", label="Audit"),
)


def navigation_for(staff: StaffMember | None) -> tuple[NavigationItem, ...]:
    """The items that this person's role opens, in order."""
    if staff is None:
        return ()
    return tuple(item for item in _ITEMS if _opens(item.endpoint, staff))


def _opens(endpoint: str, staff: StaffMember) -> bool:
    view = current_app.view_functions.get(endpoint)
    roles = roles_of(view) if view else None
    return roles is not None and roles != EVERYONE and staff.role in roles
