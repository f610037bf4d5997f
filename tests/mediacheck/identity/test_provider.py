"""A provider's answer proves somebody of this district, or nobody: against a server that lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mediacheck.errors import ConnectorError
from mediacheck.identity.errors import IdentityRefused, Why
from mediacheck.identity.provider import KEYS_PAUSE_S, OpenIdProvider
from mediacheck.model.sign_on import Identity
from mediacheck.settings import ProviderKind, ProviderSettings
from tests.servers import openid
from tests.servers.openid import Json, Provider, running_provider

HOME = "district.example"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
RETURN = "http://127.0.0.1:5900/sign-in/return/google"
VERIFIER = "v" * 64

OF_GOOGLE = {"sub": "1077", "hd": HOME, "email": f"pat@{HOME}", "email_verified": True}
OF_ENTRA = {"sub": "pairwise", "tid": TENANT, "oid": "object-1", "preferred_username": "pat@d.org"}


@dataclass(slots=True)
class Ours:
    """Our side, in front of the server, with a clock of the test's own."""

    server: Provider
    provider: OpenIdProvider
    seconds: list[float]
    back: dict[str, str]

    def sign_in(self, *, nonce: str = "n-1", verifier: str = VERIFIER) -> Identity:
        """Goes to the server's page, and comes back with what it says."""
        self.go(nonce="n-1")
        return self.finish(nonce=nonce, verifier=verifier)

    def go(self, nonce: str) -> None:
        address = self.provider.begin(RETURN, state="s-1", nonce=nonce, verifier=VERIFIER)
        answer = requests.get(address, allow_redirects=False, timeout=5)
        parts = urlsplit(answer.headers["Location"])
        self.back = {key: value[0] for key, value in parse_qs(parts.query).items()}

    def finish(self, *, nonce: str = "n-1", verifier: str = VERIFIER) -> Identity:
        return self.provider.finish(
            RETURN,
            code=self.back["code"],
            nonce=nonce,
            verifier=verifier,
            at=datetime.now(UTC),  # noqa: TID251 - the server signs with the machine's own.
        )


def ours_of(server: Provider, kind: ProviderKind, home: str) -> Ours:
    seconds = [1_000.0]
    settings = ProviderSettings(
        kind=kind,
        issuer=server.issuer,
        client_id=openid.CLIENT,
        client_secret=openid.SECRET,
        homes=frozenset({home}),
    )
    provider = OpenIdProvider(settings=settings, allows_loopback=True, clock=lambda: seconds[0])
    return Ours(server=server, provider=provider, seconds=seconds, back={})


@pytest.fixture
def google() -> Iterator[Ours]:
    with running_provider() as server:
        server.person = dict(OF_GOOGLE)
        yield ours_of(server, ProviderKind.GOOGLE, HOME)


@pytest.fixture
def entra() -> Iterator[Ours]:
    with running_provider(f"/{TENANT}/v2.0") as server:
        server.person = dict(OF_ENTRA)
        yield ours_of(server, ProviderKind.ENTRA, TENANT)


def refusal_of(ours: Ours, **how: str) -> tuple[Why, str]:
    with pytest.raises(IdentityRefused) as refused:
        ours.sign_in(**how)
    return refused.value.why, refused.value.detail


def test_somebody_of_the_district_is_known_by_what_never_changes(google: Ours) -> None:
    identity = google.sign_in()

    assert identity == Identity(kind=ProviderKind.GOOGLE, subject="1077", email=f"pat@{HOME}")


def test_of_a_tenant_the_object_is_known(entra: Ours) -> None:
    identity = entra.sign_in()

    assert identity.subject == f"{TENANT}:object-1"
    assert identity.email == "pat@d.org"


def test_the_page_asks_which_account_and_names_the_domain(google: Ours) -> None:
    address = google.provider.begin(RETURN, state="s", nonce="n", verifier=VERIFIER)
    asked = {key: value[0] for key, value in parse_qs(urlsplit(address).query).items()}

    assert asked["prompt"] == "select_account"
    assert asked["hd"] == HOME
    assert asked["redirect_uri"] == RETURN
    assert VERIFIER not in address


def without(name: str) -> Callable[[Json], Json]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def saying(**told: object) -> Callable[[Json], Json]:
    return lambda claims: {**claims, **told}


LIES: dict[str, tuple[Callable[[Json], Json], Why]] = {
    "no domain": (without("hd"), Why.ANOTHER_DISTRICT),
    "another domain": (saying(hd="evil.example"), Why.ANOTHER_DISTRICT),
    "an unconfirmed address": (saying(email_verified=False), Why.NO_ADDRESS),
    "an address confirmed in words": (saying(email_verified="true"), Why.NO_ADDRESS),
    "no address": (without("email"), Why.NO_ADDRESS),
    "another nonce": (saying(nonce="n-2"), Why.NOT_PROVED),
    "no nonce": (without("nonce"), Why.NOT_PROVED),
    "another issuer": (saying(iss="https://evil.example"), Why.NOT_PROVED),
    "another audience": (saying(aud="another-client"), Why.NOT_PROVED),
    "several audiences and no party": (saying(aud=[openid.CLIENT, "b"]), Why.NOT_PROVED),
    "another party": (saying(azp="another-client"), Why.NOT_PROVED),
    "long over": (saying(exp=1_000), Why.NOT_PROVED),
    "never over": (without("exp"), Why.NOT_PROVED),
    "from the future": (saying(iat=4_000_000_000), Why.NOT_PROVED),
    "no age": (without("iat"), Why.NOT_PROVED),
    "nobody": (without("sub"), Why.NOT_PROVED),
    "another access token": (saying(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), Why.NOT_PROVED),
    "an access token of another kind": (saying(at_hash=7), Why.NOT_PROVED),
}


@pytest.mark.parametrize(("lie", "why"), LIES.values(), ids=LIES.keys())
def test_a_lie_lets_nobody_in(google: Ours, lie: Callable[[Json], Json], why: Why) -> None:
    google.server.lies = lie

    assert refusal_of(google)[0] is why


FORGED = (
    openid.do_not_sign,
    openid.sign_with_another,
    openid.sign_with_a_new_name,
    openid.sign_with_the_public_key,
    openid.tamper,
)


@pytest.mark.parametrize("forge", FORGED, ids=lambda forge: forge.__name__)
def test_a_forged_token_lets_nobody_in(
    google: Ours, forge: Callable[[Provider, Json], str]
) -> None:
    google.server.sign = forge

    assert refusal_of(google)[0] is Why.NOT_PROVED


def test_another_verifier_lets_nobody_in(google: Ours) -> None:
    assert refusal_of(google, verifier="w" * 64) == (Why.NOT_PROVED, "code")


def test_the_answer_to_another_question_lets_nobody_in(google: Ours) -> None:
    assert refusal_of(google, nonce="n-9")[0] is Why.NOT_PROVED


def test_a_code_is_good_once(google: Ours) -> None:
    google.sign_in()

    with pytest.raises(IdentityRefused):
        google.finish()


def test_another_secret_lets_nobody_in(google: Ours) -> None:
    wrong = replace(google.provider.settings, client_secret="guessed")  # noqa: S106
    google.provider = replace(google.provider, settings=wrong)

    assert refusal_of(google) == (Why.NOT_PROVED, "code")


ENTRA_LIES: dict[str, tuple[Callable[[Json], Json], Why]] = {
    "another tenant": (saying(tid="11111111-86f1-41af-91ab-2d7cd011db47"), Why.ANOTHER_DISTRICT),
    "no tenant": (without("tid"), Why.ANOTHER_DISTRICT),
    "no object": (without("oid"), Why.NOT_PROVED),
    "a guest by name": (
        saying(preferred_username="eve_evil.example#EXT#@d.onmicrosoft.com"),
        Why.GUEST,
    ),
    "a guest by home": (saying(idp="https://sts.windows.net/elsewhere/"), Why.GUEST),
    "no address": (without("preferred_username"), Why.NO_ADDRESS),
}


@pytest.mark.parametrize(("lie", "why"), ENTRA_LIES.values(), ids=ENTRA_LIES.keys())
def test_nobody_of_another_tenant_is_let_in(
    entra: Ours, lie: Callable[[Json], Json], why: Why
) -> None:
    entra.server.lies = lie

    assert refusal_of(entra)[0] is why


def test_a_new_key_of_the_provider_is_asked_for(google: Ours) -> None:
    google.sign_in()
    google.server.key = openid.a_key("key-of-tomorrow")
    google.server.shown = [google.server.key]
    google.seconds[0] += KEYS_PAUSE_S

    assert google.sign_in().subject == "1077"


def test_made_up_keys_do_not_make_us_ask_all_the_time(google: Ours) -> None:
    google.sign_in()
    google.server.sign = openid.sign_with_a_new_name

    for _ in range(5):
        refusal_of(google)

    assert google.server.asked.count("/keys") == 1


def test_a_description_of_another_provider_is_not_used(google: Ours) -> None:
    google.server.told_issuer = "https://evil.example"

    with pytest.raises(ConnectorError) as fault:
        google.sign_in()
    assert fault.value.code == "another-issuer"


def test_a_provider_that_is_down_is_a_fault_of_its_own(google: Ours) -> None:
    google.server.is_down = True

    with pytest.raises(ConnectorError):
        google.sign_in()


def test_what_is_kept_shows_no_secret(google: Ours) -> None:
    assert openid.SECRET not in repr(google.provider)
