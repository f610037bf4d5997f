"""Reads the fields of a form. What a page never sends is refused, not guessed at."""

from __future__ import annotations

import re

from flask import request

from mediacheck.errors import BadRequest

_LONGEST_LINE = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def line_of(field: str, *, longest: int = _LONGEST_LINE) -> str:
    """One line of text, without the space around it; empty when the field was not sent.

    Raises:
        BadRequest: it is longer than any form lets one type, or holds control signs.
    """
    line = request.form.get(field, "").strip()
    if len(line) > longest or _CONTROL.search(line):
        raise BadRequest
    return line


def text_of(field: str, *, longest: int) -> str:
    """Lines of text, without the space around them; empty when the field was not sent.

    Raises:
        BadRequest: it is longer than the form lets one type, or holds other control signs.
    """
    text = request.form.get(field, "").replace("\r\n", "\n").strip()
    if len(text) > longest or _CONTROL.search(text.replace("\n", "").replace("\t", "")):
        raise BadRequest
    return text


def secret_of(field: str) -> str:
    """A password exactly as it was typed."""
    return request.form.get(field, "")
