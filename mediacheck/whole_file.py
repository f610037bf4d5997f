"""Writes a file so that nobody ever reads half of it, nor finds half of it after a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Puts ``data`` in the place of what is at ``path``; only this user may read it.

    It is safe on the disk before it takes the place, so that a power cut leaves the old file or
    the new one. Several may write at once, threads too: the last one stays, whole.

    Raises:
        OSError: it could not be written; the old file is as it was, and nothing else is left.
    """
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Lets the folder's own entries survive a power cut, where the system can do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
