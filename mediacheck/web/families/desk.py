"""Opens a family's desk for a view, and reads what the visitor's browser tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from mediacheck.flow.families import FamilyDesk, Signature
from mediacheck.web.access import current_family, services
from mediacheck.web.families.catalogues import page_language
from mediacheck.web.forms import line_of


@contextmanager
def open_desk() -> Iterator[FamilyDesk]:
    """The visitor's desk, in one transaction."""
    held, visitor = services(), current_family()
    with held.transaction() as work:
        yield FamilyDesk(services=held, work=work, visitor=visitor)


def signature_of_form() -> Signature:
    """The signature as it was typed, and from where."""
    return Signature(
        typed=line_of("signature"),
        language=page_language(),
        ip=request.remote_addr or "",
        browser=request.user_agent.string,
    )
