"""Signing in through the district: the provider outside, and what is kept of it here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from mediacheck.model.people import StaffId
from mediacheck.model.sign_on import Identity, ListedTeacher, SignOnAttempt
from mediacheck.settings import ProviderKind


class SignOnProvider(Protocol):
    """The district's sign-in, as OpenID Connect Core 1.0 describes it."""

    def begin(self, return_address: str, *, state: str, nonce: str, verifier: str) -> str:
        """The provider's page on which somebody signs in.

        Raises:
            ConnectorError: the provider cannot be asked.
        """
        ...

    def finish(
        self, return_address: str, *, code: str, nonce: str, verifier: str, at: datetime
    ) -> Identity:
        """Who came back with that code.

        Raises:
            IdentityRefused: nobody of this district, or the answer proves nothing.
            ConnectorError: the provider cannot be asked.
        """
        ...

    @property
    def issuer(self) -> str:
        """The provider's own address, which its answers name."""
        ...


class SignOnRecords(Protocol):
    """Attempts, identities that are tied to accounts, and the roster's teachers."""

    def keep_attempt(self, attempt: SignOnAttempt) -> None:
        """Keeps an attempt, and forgets those that are too old to be finished."""
        ...

    def take_attempt_or_none(self, state_sha256: str) -> SignOnAttempt | None:
        """The attempt of that state, which nobody can take again."""
        ...

    def owner_or_none(self, identity: Identity) -> StaffId | None:
        """Whose account that identity opens."""
        ...

    def kinds_of(self, staff_id: StaffId) -> frozenset[ProviderKind]:
        """At which providers that account has an identity."""
        ...

    def tie(self, identity: Identity, staff_id: StaffId, at: datetime) -> None:
        """From now on that identity opens that account."""
        ...

    def untie(self, staff_id: StaffId) -> None:
        """No identity opens that account any more."""
        ...

    def teachers(self) -> tuple[ListedTeacher, ...]:
        """Every teacher whom the roster lists, by their ids in it."""
        ...

    def teachers_by_email(self, email: str) -> tuple[ListedTeacher, ...]:
        """Whom the roster lists with that address, whatever its case."""
        ...

    def list_teachers(self, teachers: Sequence[ListedTeacher]) -> None:
        """Adds these teachers, or changes them."""
        ...

    def attach(self, roster_id: str, staff_id: StaffId) -> None:
        """That account is the listed teacher's."""
        ...

    def unlist_teachers(self, roster_ids: Sequence[str]) -> None:
        """The roster does not list these any more."""
        ...
