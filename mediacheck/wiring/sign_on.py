"""The sign-ins that the district has set up."""

from __future__ import annotations

from collections.abc import Mapping

from mediacheck.identity.provider import OpenIdProvider
from mediacheck.ports.sign_on import SignOnProvider
from mediacheck.settings import ProviderKind, Settings


def make_sign_on(settings: Settings) -> Mapping[ProviderKind, SignOnProvider]:
    """The providers. None is asked anything before somebody wants to sign in there."""
    return {
        one.kind: OpenIdProvider(settings=one, allows_loopback=settings.allows_loopback_accounts)
        for one in settings.providers
    }
