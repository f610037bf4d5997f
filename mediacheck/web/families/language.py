"""The words of a family's pages, in the family's language."""

from __future__ import annotations

import flask_babel
from flask import current_app


def _(words: str, **values: object) -> str:
    """The words in the language of the page that is being made."""
    if "babel" not in current_app.extensions:
        return words % values if values else words
    return str(flask_babel.gettext(words, **values))
