"""The secret keys of an installation: made once, readable by this user only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from mediacheck.errors import NotReady

_KEY_BYTES = 32


def read_or_make_key(folder: Path, name: str) -> bytes:
    """The 32-byte key in ``folder/name``, made on first use with mode 0600.

    Raises:
        NotReady: the file is not a key, or others can read it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_key(path)
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(_KEY_BYTES)
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def read_key(path: Path) -> bytes:
    """The key in that file.

    Raises:
        NotReady: the file is not a key, or others can read it.
    """
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise NotReady(f"Others can read the key file {path.name}. Run: chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise NotReady(f"The key file {path.name} is damaged. Put it back from your backup.")
    return key
