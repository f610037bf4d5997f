"""What the doctor asks of the district's sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from mediacheck.cli.trouble import Proof, Trouble
from mediacheck.errors import ConnectorError
from mediacheck.flow.sign_on import NAMES, RETURN_PATH
from mediacheck.ports.services import Services

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def check_sign_in(services: Services) -> Iterator[Trouble | Proof]:
    """Whether each sign-in answers, comes back to an address of ours, and finds its teachers."""
    for kind, provider in services.sign_on.items():
        name, back = NAMES[kind], f"{services.settings.base_url}{RETURN_PATH}/{kind.value}"
        try:
            provider.begin(back, state="doctor", nonce="doctor", verifier="d" * 64)
        except ConnectorError as fault:
            yield Trouble(
                what=f"The sign-in with {name} does not answer as it should ({fault.code}).",
                mend="Look at the MEDIACHECK_ settings of it, and whether this server may ask "
                f"{provider.issuer}. Passwords of mediacheck work meanwhile.",
            )
            continue
        parts = urlsplit(back)
        if parts.scheme != "https" and parts.hostname not in _LOCAL:
            yield Trouble(
                what=f"The sign-in with {name} comes back without encryption.",
                mend="Set MEDIACHECK_URL to the https address of mediacheck.",
            )
        yield Proof(what=f"{name} answers; it has to know the return address {back}")
    if services.sign_on:
        yield from _check_teachers(services)


def _check_teachers(services: Services) -> Iterator[Trouble]:
    with services.transaction() as work:
        has_teachers = bool(work.sign_on.teachers())
    if not has_teachers:
        yield Trouble(
            what="The roster lists no teacher, so the district's sign-in makes nobody an account.",
            mend="Import a OneRoster bundle with its teachers, or: mediacheck import teachers FILE",
        )
