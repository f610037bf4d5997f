"""Gives a platform the cleared picture that it was just told of, and nobody anything else."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from mediacheck.errors import NotFound
from mediacheck.web.access import open_to_everyone, services

blueprint = Blueprint("shelf", __name__)


@blueprint.get("/shelf/<token>.jpg")
@open_to_everyone()
def picture(token: str) -> ResponseReturnValue:
    """A picture on its way to be public, for the minutes in which a platform fetches it.

    The address is 256 random bits, kept as a hash; it stands for one file and nothing else here.
    """
    jpeg = services().picture_shelf.fetch_or_none(token)
    if jpeg is None:
        raise NotFound
    return Response(jpeg, mimetype="image/jpeg", headers={"X-Robots-Tag": "noindex, noimageindex"})
