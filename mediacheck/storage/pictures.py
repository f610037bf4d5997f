"""A content-addressed folder of bytes: a file's name is the SHA-256 of what is in it."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from mediacheck.errors import MediacheckError

_KEY = re.compile(r"[0-9a-f]{64}")


class PictureLost(MediacheckError):
    """Bytes that should be there are missing, or are not the ones that were kept."""

    message = "A picture of this post is missing on the server. Take it out and add it again."


class FolderPictureStore:
    """Keeps bytes in ``root/ab/abcd…``; a file appears whole or not at all."""

    def __init__(self, root: Path) -> None:
        """Makes the folder, readable by this user only."""
        self._root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, data: bytes) -> str:
        """Keeps bytes; the key is their SHA-256."""
        key = hashlib.sha256(data).hexdigest()
        path = self._path(key)
        if path.exists():
            path.touch()
            return key
        path.parent.mkdir(exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        return key

    def get(self, key: str) -> bytes:
        """The bytes, verified against their key.

        Raises:
            PictureLost: missing or changed.
        """
        try:
            data = self._path(key).read_bytes()
        except FileNotFoundError:
            raise PictureLost from None
        if hashlib.sha256(data).hexdigest() != key:
            raise PictureLost
        return data

    def drop(self, key: str) -> None:
        """Removes bytes; no error when they are gone."""
        self._path(key).unlink(missing_ok=True)

    def drop_before(self, moment: datetime) -> None:
        """Removes whatever was kept before; only for what is all of passing use."""
        for path in self._root.glob("*/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < moment.timestamp():
                    path.unlink()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise PictureLost
        return self._root / key[:2] / key
