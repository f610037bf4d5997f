"""A strict sign-in provider on loopback: checks client, secret, PKCE and return address, and lies.

``person`` is who signs in next; ``lies`` changes the ID token in one of the ways that an attacker,
or a careless provider, might.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

# JSON has no narrower type.
Json = dict[str, Any]

CLIENT, SECRET = "mediacheck-client", "the secret of the tests"
KID = "key-1"


@cache
def a_key(kid: str = KID, owner: str = "the provider") -> RSAKey:
    """The key of that owner under that name; making one takes a while."""
    del owner
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass(slots=True)
class Provider:
    """What the provider holds; the tests change it between two requests."""

    base: str = ""
    path: str = ""
    person: Json = field(default_factory=dict)
    key: RSAKey = field(default_factory=a_key)
    shown: list[RSAKey] = field(default_factory=list)
    codes: dict[str, Json] = field(default_factory=dict)
    lies: Callable[[Json], Json] = lambda claims: claims
    sign: Callable[[Provider, Json], str] | None = None
    told_issuer: str | None = None
    names_itself: str | None = ""
    is_down: bool = False
    now: Callable[[], float] = time.time
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return self.base + self.path

    def token_for(self, claims: Json) -> str:
        if self.sign is not None:
            return self.sign(self, claims)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def code_for(self, asked: Json) -> str:
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return code


def sign_with_another(provider: Provider, claims: Json, kid: str = KID) -> str:
    """Another key, under the name of the right one or under one of its own."""
    del provider
    return jwt.encode({"alg": "RS256", "kid": kid}, claims, a_key(kid, "somebody else"))


def sign_with_a_new_name(provider: Provider, claims: Json) -> str:
    return sign_with_another(provider, claims, "key-2")


def do_not_sign(provider: Provider, claims: Json) -> str:
    del provider
    parts = ({"alg": "none", "kid": KID}, claims)
    return ".".join([*(_b64(json.dumps(part).encode()) for part in parts), ""])


def sign_with_the_public_key(provider: Provider, claims: Json) -> str:
    """RS256's public key as the secret of HS256; by hand, for no library would do it."""
    parts = ({"alg": "HS256", "kid": KID}, claims)
    signed = ".".join(_b64(json.dumps(part).encode()) for part in parts)
    made = hmac.digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{_b64(made)}"


def tamper(provider: Provider, claims: Json) -> str:
    right = jwt.encode({"alg": "RS256", "kid": KID}, claims, provider.key)
    head, _, signature = right.split(".")
    return f"{head}.{_b64(json.dumps({**claims, 'sub': 'somebody-else'}).encode())}.{signature}"


@contextmanager
def running_provider(path: str = "") -> Iterator[Provider]:
    """A provider on a free port of this machine."""
    provider = Provider(path=path)
    provider.shown = [provider.key]

    class Handler(_Handler):
        held = provider

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    held: Provider

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name.
        del format, args

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.held.asked.append(parts.path)
        if self.held.is_down:
            self._answer(503, {})
        elif parts.path == f"{self.held.path}/.well-known/openid-configuration":
            self._answer(200, self._description())
        elif parts.path == "/keys":
            shown = [key.as_dict(private=False) for key in self.held.shown]
            self._answer(200, {"keys": shown})
        elif parts.path == "/authorize":
            self._authorize({key: value[0] for key, value in parse_qs(parts.query).items()})
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        self.held.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {key: value[0] for key, value in parse_qs(body).items()}
        asked = self.held.codes.pop(form.get("code", ""), None)
        if self.held.is_down:
            self._answer(503, {})
        elif asked is None or not self._is_right(form, asked):
            self._answer(400, {"error": "invalid_grant"})
        else:
            self._answer(200, self._tokens(asked))

    def _description(self) -> Json:
        base = self.held.base
        return {
            "issuer": self.held.told_issuer or self.held.issuer,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
        }

    def _authorize(self, asked: Json) -> None:
        """The person signs in without a word, and goes back with a code."""
        if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256":
            self._answer(400, {})
            return
        back = {"code": self.held.code_for(asked), "state": asked["state"]}
        if self.held.names_itself is not None:
            back["iss"] = self.held.names_itself or self.held.issuer
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_right(self, form: Json, asked: Json) -> bool:
        challenge = _b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        return (
            (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
            and challenge == asked["code_challenge"]
            and form.get("redirect_uri") == asked["redirect_uri"]
        )

    def _tokens(self, asked: Json) -> Json:
        now = int(self.held.now())
        access = secrets.token_urlsafe(16)
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": self.held.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "nonce": asked["nonce"],
            "at_hash": _b64(half),
            **self.held.person,
        }
        claims = self.held.lies(claims)
        token = self.held.token_for(claims)
        return {"access_token": access, "token_type": "Bearer", "id_token": token}

    def _answer(self, status: int, body: Json) -> None:
        sent = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
