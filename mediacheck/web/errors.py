"""The one table from exceptions to status codes and words. No other module knows a status code."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from mediacheck.accounts.errors import PasswordRefused, SetUpCodeVoid, SignInRefused, Throttled
from mediacheck.accounts.families_errors import LinkVoid, PasskeyRefused
from mediacheck.errors import (
    BadRequest,
    IntakeError,
    MediacheckError,
    NotAllowed,
    NotCleared,
    NotFound,
    Outdated,
)
from release_db.errors import (
    NeedsSecondPerson,
    ReleaseDbError,
    UnfitPolicy,
    UnknownHold,
    UnknownOrder,
    UnknownProposal,
    UnknownStudent,
)

_log = logging.getLogger(__name__)


class NotSignedIn(MediacheckError):
    """Nobody is signed in, or the session has ended."""

    message = "You are signed out. Sign in, then try again."


#: The nearest class in an exception's line of descent counts.
_STATUSES: dict[type[Exception], HTTPStatus] = {
    UnknownStudent: HTTPStatus.NOT_FOUND,
    UnknownHold: HTTPStatus.NOT_FOUND,
    UnknownOrder: HTTPStatus.NOT_FOUND,
    UnknownProposal: HTTPStatus.CONFLICT,
    NeedsSecondPerson: HTTPStatus.FORBIDDEN,
    UnfitPolicy: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    Outdated: HTTPStatus.CONFLICT,
    NotCleared: HTTPStatus.CONFLICT,
    BadRequest: HTTPStatus.BAD_REQUEST,
    IntakeError: HTTPStatus.UNPROCESSABLE_ENTITY,
    PasswordRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    SignInRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    SetUpCodeVoid: HTTPStatus.UNPROCESSABLE_ENTITY,
    LinkVoid: HTTPStatus.GONE,
    PasskeyRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
}

_TITLES = {
    HTTPStatus.BAD_REQUEST: "That did not work",
    HTTPStatus.UNAUTHORIZED: "You are signed out",
    HTTPStatus.FORBIDDEN: "This is not open to you",
    HTTPStatus.NOT_FOUND: "Nothing here",
    HTTPStatus.METHOD_NOT_ALLOWED: "Nothing here",
    HTTPStatus.CONFLICT: "This has changed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Too much at once",
    HTTPStatus.UNPROCESSABLE_ENTITY: "This cannot be used",
    HTTPStatus.TOO_MANY_REQUESTS: "Please wait a moment",
}
_FAULT_TITLE = "Something went wrong"

#: Words for what the web itself refuses.
_WEB_MESSAGES = {
    HTTPStatus.NOT_FOUND: NotFound.message,
    HTTPStatus.METHOD_NOT_ALLOWED: NotFound.message,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "These files are larger than 60 MB together. Send fewer at a time."
    ),
}
_PAGE_TOO_OLD = "This page was open too long. Reload it and try again."


def show_errors(app: Flask) -> None:
    """Registers the table with the app."""
    app.register_error_handler(CSRFError, _show_old_page)
    app.register_error_handler(HTTPException, _show_web_error)
    app.register_error_handler(MediacheckError, _show_our_error)
    app.register_error_handler(ReleaseDbError, _show_our_error)
    app.register_error_handler(Exception, _show_fault)


def wants_json() -> bool:
    """Whether the answer goes to a script and not to a person."""
    accepted = request.accept_mimetypes
    return request.path.startswith("/api/") or (
        accepted["application/json"] > accepted["text/html"]
    )


def form_again(template: str, **context: object) -> ResponseReturnValue:
    """A form shown again, with what is wrong in it."""
    return render_template(template, **context), HTTPStatus.UNPROCESSABLE_ENTITY


def shown_as(error: MediacheckError, template: str, **context: object) -> Response:
    """A page of one's own for an error, with the status that the table gives it."""
    status = next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    response = make_response(render_template(template, **context), status)
    if isinstance(error, Throttled):
        response.headers["Retry-After"] = str(error.wait_s)
    return response


def refused_to_script(error: MediacheckError, message: str) -> ResponseReturnValue:
    """The same for a script that asked, in words of the page's language."""
    status = next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    return jsonify(message=message), status


def _show_our_error(error: MediacheckError | ReleaseDbError) -> ResponseReturnValue:
    status = next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), None)
    if status is None:
        return _show_fault(error)
    response = _answer(status, error.message)
    if isinstance(error, Throttled):
        response.headers["Retry-After"] = str(error.wait_s)
    return response


def _show_old_page(error: CSRFError) -> ResponseReturnValue:
    del error
    return _answer(HTTPStatus.BAD_REQUEST, _PAGE_TOO_OLD)


def _show_web_error(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.BAD_REQUEST:
        return error  # a redirect of the routing, such as one to a path without a slash
    return _answer(status, _WEB_MESSAGES.get(status, BadRequest.message))


def _show_fault(error: Exception) -> ResponseReturnValue:
    """Logs where it happened. Never the error's own words: they may hold a name or a caption."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    # The page must not ask the database who is signed in: that may be what has failed.
    g.staff = g.family = None
    _log.error("fault %s at %s in %s", type(error).__name__, request.endpoint, places)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, MediacheckError.message)


def _answer(status: HTTPStatus, message: str) -> Response:
    if wants_json():
        return make_response(jsonify(error=message), status)
    title = _TITLES.get(status, _FAULT_TITLE)
    is_family = f"{request.path}/".startswith("/family/")
    template = "families/error.html" if is_family else "shared/error.html"
    page = render_template(template, title=title, message=message, back=_form_or_none())
    return make_response(page, status)


def _form_or_none() -> str | None:
    """The page of ours whose form was refused: whoever sent it wants to go back to it."""
    came_from = request.referrer or ""
    if request.method != "POST" or not came_from.startswith(request.host_url):
        return None
    return "/" + came_from.removeprefix(request.host_url)
