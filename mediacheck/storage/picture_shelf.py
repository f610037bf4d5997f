"""Cleared pictures that a platform fetches itself, for minutes, where nobody else finds them."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mediacheck.errors import ConnectorError, Retry
from mediacheck.ports.engines import Clock

#: Longer than Instagram takes to fetch a picture, and no longer than one sending.
SHELF_LIFE = timedelta(minutes=15)
SHELF_PATH = "/shelf/"
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
_EXPIRY_BYTES = 8
_HIDDEN_ADDRESS = (
    "Instagram fetches each photo itself, so this installation has to be reachable at an https "
    "address. Set MEDIACHECK_URL to it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderShelf:
    """Implements the ``PictureShelf`` port. A file is named by the hash of its address's secret."""

    folder: Path
    base_url: str
    clock: Clock
    allows_loopback: bool = False

    def show(self, jpeg: bytes) -> str:
        """An address at which anybody who knows it gets these bytes, for a short while."""
        if not (self.base_url.startswith("https://") or self.allows_loopback):
            raise ConnectorError(_HIDDEN_ADDRESS, retry=Retry.NEVER, code="no-https")
        self._sweep()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        ends = int((self.clock.now() + SHELF_LIFE).timestamp())
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(token)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(ends.to_bytes(_EXPIRY_BYTES) + jpeg)
        return f"{self.base_url}{SHELF_PATH}{token}.jpg"

    def take_away(self, address: str) -> None:
        """Nobody gets it any more. No error when it is gone."""
        token = address.rsplit("/", 1)[-1].removesuffix(".jpg")
        if _TOKEN.fullmatch(token):
            self._path(token).unlink(missing_ok=True)

    def fetch_or_none(self, token: str) -> bytes | None:
        """The bytes, while they are shown."""
        if not _TOKEN.fullmatch(token):
            return None
        with suppress(OSError):
            data = self._path(token).read_bytes()
            if self.clock.now().timestamp() < int.from_bytes(data[:_EXPIRY_BYTES]):
                return data[_EXPIRY_BYTES:]
        return None

    def _path(self, token: str) -> Path:
        return self.folder / hashlib.sha256(token.encode()).hexdigest()

    def _sweep(self) -> None:
        """What a process that died left here goes with the next one that is shown."""
        now = self.clock.now().timestamp()
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            with suppress(OSError):
                with path.open("rb") as file:
                    ends = int.from_bytes(file.read(_EXPIRY_BYTES))
                if now >= ends:
                    path.unlink(missing_ok=True)
