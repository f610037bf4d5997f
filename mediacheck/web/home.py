"""The front door: sends everybody to the page they came for."""

from __future__ import annotations

from typing import assert_never

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from mediacheck.model.people import Role
from mediacheck.web.access import current_staff, open_to

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@open_to(*Role)
def home() -> ResponseReturnValue:
    """The first page of the signed-in person's role."""
    return redirect(url_for(_first_page_of(current_staff().role)))


def _first_page_of(role: Role) -> str:
    match role:
        case Role.TEACHER:
            return "teachers.posts"
        case Role.COMMUNICATIONS:
            return "communications.queue"
        case Role.REGISTRAR:
            return "registrars.register"
        case Role.ADMINISTRATOR:
            return "administrators.accounts"
        case _:
            assert_never(role)
