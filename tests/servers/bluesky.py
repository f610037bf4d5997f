"""A strict server of the AT protocol on loopback: data, directory, sign-in and views in one.

It refuses fields that the lexicon does not know, takes one record under a key, shows a picture only
while a record holds it, checks passwords and, for OAuth, PAR, PKCE, the client and each proof of
possession with its nonce.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from tests.servers.strict import Act, Handler, Held, Json, Refused, serving

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
_ISSUER_FIELDS = ("iss", "sub", "aud", "jti", "exp", "iat")
_CLIENT = ("client_id", "client_assertion_type", "client_assertion")


def token_of(scope: str) -> str:
    """An access token as the server of a password makes it: it says what it may do."""
    claims = base64.urlsafe_b64encode(json.dumps({"scope": scope}).encode()).decode().rstrip("=")
    return f"e30.{claims}.{secrets.token_urlsafe(8)}"


@dataclass(slots=True, kw_only=True)
class Pds(Held):
    """What the server holds. ``document``: this tool's own, as the server fetched it."""

    account: str = DID
    handle: str = "lincoln.test"
    passwords: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    records: dict[str, Json] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    refreshes: dict[str, str] = field(default_factory=dict)
    requests: dict[str, Json] = field(default_factory=dict)
    codes: dict[str, Json] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)
    proofs: set[str] = field(default_factory=set)
    document: Json | None = None
    granted: str | None = None
    nonce: str = "n1"
    life_s: int = 3600
    says_of_itself: Json = field(default_factory=dict)
    signs_in: int = 0

    def allow(self, scopes: str = "com.atproto.appPass") -> str:
        token = token_of(scopes)
        self.tokens[token] = scopes
        return token

    def grant(self, scope: str, thumbprint: str) -> Json:
        """Tokens that are bound to a key."""
        access, refresh = self.allow(scope), secrets.token_urlsafe(8)
        self.bound[access] = thumbprint
        self.refreshes[refresh] = json.dumps({"scope": scope, "jkt": thumbprint})
        kind = {"token_type": "DPoP", "scope": scope, "expires_in": self.life_s}
        return {**kind, "access_token": access, "refresh_token": refresh, "sub": self.account}

    def app_password(self, scope: str = "com.atproto.appPass") -> str:
        password = secrets.token_hex(8)
        self.passwords[password] = scope
        return password

    @property
    def live(self) -> list[Json]:
        return list(self.records.values())

    def pictures_of(self, record: Json) -> list[tuple[bytes, str]]:
        images = record.get("embed", {}).get("images", [])
        return [(self.blobs[one["image"]["ref"]["$link"]], one["alt"]) for one in images]

    def is_shown(self, cid: str) -> bool:
        return cid in self.kept or any(
            one["image"]["ref"]["$link"] == cid
            for record in self.live
            for one in record.get("embed", {}).get("images", [])
        )


class _Handler(Handler):
    @property
    def held(self) -> Pds:
        held: Pds = self.server.held  # type: ignore[attr-defined]
        return held

    def refusal(self, refused: Refused) -> Json:
        error, _, message = refused.words.partition(":")
        return {"error": error, "message": message}

    def of_another(self, answer: Json) -> Json:
        return {**answer, "uri": "at://did:plc:777/app.bsky.feed.post/x", "did": "did:plc:777"}

    def route(self, method: str, path: str) -> tuple[int, object]:
        self.sent_headers = (("DPoP-Nonce", self.held.nonce),)
        return Handler.route(self, method, path)

    # --- Who is it ------------------------------------------------------------------------

    def resolve(self) -> tuple[int, object]:
        if self.query["handle"] != self.held.handle:
            raise Refused(400, "InvalidRequest:Unable to resolve handle")
        return 200, {"did": DID}

    def directory(self, did: str) -> tuple[int, object]:
        if did != DID:
            raise Refused(404, "NotFound:")
        server = {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": self.held.base,
        }
        names = [f"at://{self.held.handle}"]
        said = {"id": did, "alsoKnownAs": names, "service": [server]}
        return 200, {**said, **self.held.says_of_itself}

    # --- Signed in --------------------------------------------------------------------------

    def _require_session(self, right: str = "") -> None:
        kind, _, token = (self.headers.get("Authorization") or "").partition(" ")
        scope = self.held.tokens.get(token)
        if scope is None:
            raise Refused(401, "AuthenticationRequired:")
        if scope == "expired":
            raise Refused(400, "ExpiredToken:")
        if token in self.held.bound:
            if kind != "DPoP":
                raise Refused(401, "invalid_token:bound")
            if self._proof(token) != self.held.bound[token]:
                raise Refused(401, "invalid_dpop_proof:another key")
            if right and right not in scope:
                raise Refused(403, "ScopeMissingError:")
        elif kind != "Bearer":
            raise Refused(401, "AuthenticationRequired:")

    def _proof(self, token: str = "") -> str:
        """The thumbprint of the key that signed the proof of this very request."""
        raw = self.headers.get("DPoP") or ""
        head = json.loads(base64.urlsafe_b64decode(raw.split(".")[0] + "=="))
        assert head["typ"] == "dpop+jwt"
        assert set(head["jwk"]) <= {"kty", "crv", "x", "y", "kid"}
        key = ECKey.import_key(head["jwk"])
        claims = jwt.decode(raw, key, algorithms=["ES256"]).claims
        assert claims["htm"] == self.command
        assert claims["htu"] == self.held.base + urlsplit(self.path).path
        assert claims["jti"] not in self.held.proofs
        self.held.proofs.add(claims["jti"])
        if claims.get("nonce", "") != self.held.nonce:
            raise Refused(401 if token else 400, "use_dpop_nonce:")
        if token:
            digest = hashlib.sha256(token.encode()).digest()
            assert claims["ath"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return str(key.thumbprint())

    def create_session(self) -> tuple[int, object]:
        sent = self.require_known(json.loads(self.body), "identifier", "password")
        scope = self.held.passwords.get(sent["password"])
        if sent["identifier"] not in {DID, self.held.handle} or scope is None:
            raise Refused(401, "AuthenticationRequired:Invalid identifier or password")
        self.held.signs_in += 1
        access, refresh = self.held.allow(scope), secrets.token_urlsafe(8)
        self.held.refreshes[refresh] = access
        whose = {"did": self.held.account, "handle": self.held.handle}
        return 200, {**whose, "accessJwt": access, "refreshJwt": refresh}

    def delete_session(self) -> tuple[int, object]:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        self.held.tokens.pop(self.held.refreshes.pop(token, ""), None)
        return 200, {}

    def session(self) -> tuple[int, object]:
        self._require_session()
        return 200, {"did": self.held.account, "handle": self.held.handle, "active": True}

    # --- Records and pictures ---------------------------------------------------------------

    def upload(self) -> tuple[int, object]:
        self._require_session("blob:image/*")
        assert self.headers["Content-Type"] == "image/jpeg"
        if len(self.body) >= 1_000_000:
            raise Refused(400, "BlobTooLarge:")
        digest = hashlib.sha256(self.body).digest()
        cid = "b" + base64.b32encode(b"\x01\x55\x12\x20" + digest).decode().rstrip("=").lower()
        self.held.blobs[cid] = self.body
        return 200, {"blob": _blob(cid, self.body)}

    def create(self) -> tuple[int, object]:
        self._require_session("action=create")
        sent = json.loads(self.body)
        self.require_known(sent, "repo", "collection", "rkey", "record", "validate", "swapCommit")
        record = self.require_known(sent["record"], *("$type", "text", "createdAt", "embed"))
        if sent["rkey"] in self.held.records:
            raise Refused(500, "InternalServerError:")
        if len(record["text"]) > 300 or sent["collection"] != record["$type"]:
            raise Refused(400, "InvalidRequest:")
        self._require_images(record)
        if self.held.drops_last_picture:
            record["embed"]["images"].pop()
        self.held.records[sent["rkey"]] = record
        return 200, {"uri": self._uri(sent["rkey"]), "cid": "bafyx"}

    def _require_images(self, record: Json) -> None:
        embed = record.get("embed")
        if embed is None:
            return
        self.require_known(embed, "$type", "images")
        assert embed["$type"] == "app.bsky.embed.images"
        assert len(embed["images"]) <= 4
        for one in embed["images"]:
            self.require_known(one, "alt", "image", "aspectRatio")
            cid = one["image"]["ref"]["$link"]
            if one["image"] != _blob(cid, self.held.blobs.get(cid, b"")):
                raise Refused(400, "InvalidRequest:Could not find blob")

    def delete(self) -> tuple[int, object]:
        self._require_session("action=delete")
        sent = self.require_known(json.loads(self.body), "repo", "collection", "rkey")
        record = self.held.records.pop(sent["rkey"], None)
        for data, _ in self.held.pictures_of(record) if record else ():
            cid = next(one for one, held in self.held.blobs.items() if held == data)
            if self.held.keeps_pictures:
                self.held.kept.add(cid)
        return 200, {}

    def record(self) -> tuple[int, object]:
        self.require_known(self.query, "repo", "collection", "rkey")
        key = self.query["rkey"]
        if key not in self.held.records:
            raise Refused(400, "RecordNotFound:Could not locate record")
        return 200, {"uri": self._uri(key), "cid": "bafyx", "value": self.held.records[key]}

    def records(self) -> tuple[int, object]:
        self.require_known(self.query, "repo", "collection", "limit", "cursor")
        newest = sorted(self.held.records, reverse=True)
        return 200, {
            "records": [
                {"uri": self._uri(key), "cid": "bafyx", "value": self.held.records[key]}
                for key in newest
            ]
        }

    def blob(self) -> tuple[int, object]:
        self.require_known(self.query, "did", "cid")
        if not self.held.is_shown(self.query["cid"]):
            raise Refused(400, "InvalidRequest:Blob not found")
        return 200, self.held.blobs[self.query["cid"]]

    def _uri(self, key: str) -> str:
        return f"at://{self.held.account}/app.bsky.feed.post/{key}"

    # --- Views ------------------------------------------------------------------------------

    def posts(self) -> tuple[int, object]:
        key = self.query["uris"].rsplit("/", 1)[-1]
        return 200, {"posts": [{"uri": self._uri(key)}] if key in self.held.records else []}

    def page(self, key: str) -> tuple[int, object]:
        if key not in self.held.records:
            raise Refused(404, "NotFound:")
        return 200, "<h1>Post</h1>"

    def copy(self, cid: str) -> tuple[int, object]:
        if not self.held.is_shown(cid):
            raise Refused(404, "NotFound:")
        return 200, self.held.blobs[cid]

    # --- OAuth ------------------------------------------------------------------------------

    def resource(self) -> tuple[int, object]:
        return 200, {"resource": self.held.base, "authorization_servers": [self.held.base]}

    def issuer(self) -> tuple[int, object]:
        base = self.held.base
        return 200, {
            "issuer": base,
            "pushed_authorization_request_endpoint": f"{base}/oauth/par",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "dpop_signing_alg_values_supported": ["ES256"],
            "authorization_response_iss_parameter_supported": True,
            **self.held.says_of_itself,
        }

    def par(self) -> tuple[int, object]:
        sent = self.require_known(
            self.form(),
            *("response_type", "redirect_uri", "scope", "state", "code_challenge"),
            *("code_challenge_method", "login_hint", *_CLIENT),
        )
        sent["jkt"] = self._proof()
        self._require_client(sent)
        if sent["code_challenge_method"] != "S256" or sent["login_hint"] != self.held.handle:
            raise Refused(400, "invalid_request:")
        request = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(8)}"
        self.held.requests[request] = sent
        return 201, {"request_uri": request, "expires_in": 299}

    def _require_client(self, sent: Json) -> None:
        name = urlsplit(sent["client_id"])
        if name.netloc == "localhost":
            said = {key: values[0] for key, values in parse_qs(name.query).items()}
        else:
            said = self._documented(sent)
        if sent.get("redirect_uri", said["redirect_uri"]) != said["redirect_uri"]:
            raise Refused(400, "invalid_request:redirect_uri")
        if not set(sent.get("scope", "").split()) <= set(said["scope"].split()):
            raise Refused(400, "invalid_scope:")

    def _documented(self, sent: Json) -> Json:
        document = self.held.document
        if document is None or document["client_id"] != sent["client_id"]:
            raise Refused(400, "invalid_client_metadata:")
        (public,) = document["jwks"]["keys"]
        key = ECKey.import_key(public)
        claims = jwt.decode(sent["client_assertion"], key, algorithms=["ES256"]).claims
        assert set(claims) == set(_ISSUER_FIELDS)
        assert claims["iss"] == claims["sub"] == document["client_id"]
        assert claims["aud"] == self.held.base
        return {"scope": document["scope"], "redirect_uri": document["redirect_uris"][0]}

    def authorize(self) -> tuple[int, object]:
        self.require_known(self.query, "client_id", "request_uri")
        asked = self.held.requests.pop(self.query["request_uri"], None)
        if asked is None or asked["client_id"] != self.query["client_id"]:
            raise Refused(400, "invalid_request:")
        code = secrets.token_urlsafe(8)
        self.held.codes[code] = asked
        back = urlencode({"iss": self.held.base, "state": asked["state"], "code": code})
        where = html.escape(f"{asked['redirect_uri']}?{back}")
        return 200, f'<p><a href="{where}">Authorize</a></p>'

    def token(self) -> tuple[int, object]:
        sent = self.form()
        thumbprint = self._proof()
        if sent["grant_type"] == "refresh_token":
            self.require_known(sent, "grant_type", "refresh_token", *_CLIENT)
            held = json.loads(self.held.refreshes.pop(sent["refresh_token"], "null"))
            if held is None or held["jkt"] != thumbprint:
                raise Refused(400, "invalid_grant:")
            self._require_client(sent)
            return 200, self.held.grant(held["scope"], thumbprint)
        known = ("grant_type", "code", "redirect_uri", "code_verifier", *_CLIENT)
        self.require_known(sent, *known)
        asked = self.held.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["jkt"] != thumbprint or challenge != asked["code_challenge"]:
            raise Refused(400, "invalid_grant:")
        self._require_client(sent)
        return 200, self.held.grant(self.held.granted or asked["scope"], thumbprint)

    def revoke(self) -> tuple[int, object]:
        sent = self.require_known(self.form(), "token", *_CLIENT)
        self._proof()
        self.held.refreshes.pop(sent["token"], None)
        self.held.tokens.clear()
        return 200, {}


def _blob(cid: str, data: bytes) -> Json:
    return {
        "$type": "blob",
        "ref": {"$link": cid},
        "mimeType": "image/jpeg",
        "size": len(data),
    }


_XRPC, _REPO = "/xrpc/com.atproto", "/xrpc/com.atproto.repo"
_ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("GET", rf"{_XRPC}\.identity\.resolveHandle", _Handler.resolve),
    ("GET", r"/(did:plc:\w+)", _Handler.directory),
    ("POST", rf"{_XRPC}\.server\.createSession", _Handler.create_session),
    ("POST", rf"{_XRPC}\.server\.deleteSession", _Handler.delete_session),
    ("GET", rf"{_XRPC}\.server\.getSession", _Handler.session),
    ("POST", rf"{_REPO}\.uploadBlob", _Handler.upload),
    ("POST", rf"{_REPO}\.createRecord", _Handler.create),
    ("POST", rf"{_REPO}\.deleteRecord", _Handler.delete),
    ("GET", rf"{_REPO}\.getRecord", _Handler.record),
    ("GET", rf"{_REPO}\.listRecords", _Handler.records),
    ("GET", rf"{_XRPC}\.sync\.getBlob", _Handler.blob),
    ("GET", r"/xrpc/app\.bsky\.feed\.getPosts", _Handler.posts),
    ("GET", r"/profile/[\w:.]+/post/(\w+)", _Handler.page),
    ("GET", r"/img/feed_\w+/plain/[\w:]+/(\w+)@jpeg", _Handler.copy),
    ("GET", r"/\.well-known/oauth-protected-resource", _Handler.resource),
    ("GET", r"/\.well-known/oauth-authorization-server", _Handler.issuer),
    ("POST", r"/oauth/par", _Handler.par),
    ("GET", r"/oauth/authorize", _Handler.authorize),
    ("POST", r"/oauth/token", _Handler.token),
    ("POST", r"/oauth/revoke", _Handler.revoke),
)
_Handler.routes = _ROUTES


@contextmanager
def bluesky_server() -> Iterator[Pds]:
    """The server, on loopback, until the end of the block."""
    held = Pds()
    with serving(_Handler, held):
        yield held
