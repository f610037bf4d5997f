"""Who may open which view. A view that declares nothing is closed to everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.families_sessions import visitor_of_session_or_none
from mediacheck.accounts.sessions import staff_of_session_or_none
from mediacheck.errors import BadRequest, NotAllowed, NotFound
from mediacheck.model.families import FamilyVisitor
from mediacheck.model.people import Role, StaffMember
from mediacheck.ports.services import Services
from mediacheck.web import session_cookie
from mediacheck.web.errors import NotSignedIn, wants_json
from release_db.words import SchoolKey

ViewT = TypeVar("ViewT", bound=Callable[..., object])

#: The answer of ``roles_of`` for a view that needs no sign-in.
EVERYONE: Final = "everyone"
#: Of a view for families who signed in, and of one that a mailed link opens, too.
FAMILIES: Final = "families"
FAMILIES_AND_LINKS: Final = "families and mailed links"
#: Where a family starts, and where it signs in.
FAMILY_HOME: Final = "/family"
FAMILY_SIGN_IN: Final = "/family/sign-in"

_ATTRIBUTE = "mediacheck_open_to"
_EXTENSION = "mediacheck"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class FamilySignedOut(NotSignedIn):
    """A form of a family's whose session, or whose mailed link's hour, is over."""


class CrossSite(BadRequest):
    """A form that another site sent in this person's name."""

    message = "This form was sent from another site, so nothing was done. Open the page here."


def open_to(*roles: Role) -> Callable[[ViewT], ViewT]:
    """Opens a view to signed-in staff of these roles. Stands nearest to the function."""

    def declare(view: ViewT) -> ViewT:
        setattr(view, _ATTRIBUTE, frozenset(roles))
        return view

    return declare


def open_to_everyone() -> Callable[[ViewT], ViewT]:
    """Opens a view to people who have not signed in."""

    def declare(view: ViewT) -> ViewT:
        setattr(view, _ATTRIBUTE, EVERYONE)
        return view

    return declare


def open_to_families(*, restrict_links: bool = False) -> Callable[[ViewT], ViewT]:
    """Opens a view to families who signed in; ``restrict_links``: to a mailed link's visitor, too.

    Such a visitor may only restrict: the view asks ``current_family().may_grant``.
    """

    def declare(view: ViewT) -> ViewT:
        setattr(view, _ATTRIBUTE, FAMILIES_AND_LINKS if restrict_links else FAMILIES)
        return view

    return declare


def roles_of(view: Callable[..., object]) -> frozenset[Role] | str | None:
    """What a view declared: its roles, ``EVERYONE`` or families, or None for a closed view."""
    declared: frozenset[Role] | str | None = getattr(view, _ATTRIBUTE, None)
    return declared


def guard_views(app: Flask, services_: Services) -> None:
    """Puts the guard before every request of the app. Call it before anything else is added."""
    app.extensions[_EXTENSION] = services_
    app.before_request(_guard)


def services() -> Services:
    """The services that this app was built round."""
    held: Services = current_app.extensions[_EXTENSION]
    return held


def staff_or_none() -> StaffMember | None:
    """Who is signed in, if anybody is."""
    if "staff" not in g:
        g.staff = _signed_in_staff_or_none()
    signed_in: StaffMember | None = g.staff
    return signed_in


def current_staff() -> StaffMember:
    """Who is signed in.

    Raises:
        NotSignedIn: nobody is.
    """
    staff = staff_or_none()
    if staff is None:
        raise NotSignedIn
    return staff


def family_or_none() -> FamilyVisitor | None:
    """Who of a family is visiting, if anybody is."""
    if "family" not in g:
        g.family = _visiting_family_or_none()
    visitor: FamilyVisitor | None = g.family
    return visitor


def current_family() -> FamilyVisitor:
    """Who of a family is visiting.

    Raises:
        NotSignedIn: nobody is.
    """
    visitor = family_or_none()
    if visitor is None:
        raise NotSignedIn
    return visitor


def require_school(school: SchoolKey | None) -> None:
    """Passes what belongs to one of the signed-in person's schools (None: the district's own).

    Raises:
        NotFound: it does not, and whoever asks does not learn whether it exists.
    """
    if not current_staff().works_at(school):
        raise NotFound


def _guard() -> ResponseReturnValue | None:
    """Closed until declared: lets a request through only to a view that names its roles."""
    if request.endpoint is None:
        return None  # no such page: the routing answers
    roles = roles_of(current_app.view_functions[request.endpoint])
    if roles is None:
        raise NotFound
    _require_same_site()
    if roles == EVERYONE:
        return None
    if isinstance(roles, str):
        return _guard_family(restrict_links=roles == FAMILIES_AND_LINKS)
    staff = staff_or_none()
    if staff is None:
        return _ask_to_sign_in()
    if staff.role not in roles:
        raise NotAllowed("Your account does not open this page.")
    return None


def _guard_family(*, restrict_links: bool) -> ResponseReturnValue | None:
    visitor = family_or_none()
    if visitor is None or not (visitor.may_grant or restrict_links):
        if wants_json() or request.method not in _SAFE_METHODS:
            raise FamilySignedOut
        return redirect(FAMILY_SIGN_IN)
    return None


def _require_same_site() -> None:
    """Browsers say where a request comes from; an old one says nothing and has the token only."""
    if request.method in _SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise CrossSite


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json() or request.method not in _SAFE_METHODS:
        raise NotSignedIn
    return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")))


def _signed_in_staff_or_none() -> StaffMember | None:
    token = session_cookie.token_or_none()
    if token is None:
        return None
    held = services()
    with held.transaction() as work:
        return staff_of_session_or_none(work.accounts, token, held.clock)


def _visiting_family_or_none() -> FamilyVisitor | None:
    token = session_cookie.family_token_or_none()
    if token is None:
        return None
    held = services()
    with held.transaction() as work:
        return visitor_of_session_or_none(work.families, token, held.clock)
