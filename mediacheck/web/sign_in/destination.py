"""Where to go after signing in: a page of ours that was asked for, and nothing else."""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException


def destination_for(wanted: str) -> str:
    """The path of the page that ``wanted`` names, built anew from its route; else the front door.

    Nothing of the text itself is used, so it can lead to no other site.
    """
    adapter = current_app.create_url_adapter(request)
    path = wanted.partition("?")[0]
    if adapter is None or not path.startswith("/"):
        return url_for("home.home")
    try:
        endpoint, arguments = adapter.match(path, method="GET")
    except HTTPException:
        return url_for("home.home")
    return url_for(endpoint, **arguments)
