"""The gallery's keys in the key folder: the present one, and old ones until nothing needs them.

``gallery.key`` wraps; ``gallery-old-ID.key`` still unwrap. Every process looks again when another
one has made a new key.
"""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

from mediacheck.whole_file import sync_folder, write_whole
from mediacheck.wiring.keys import read_key, read_or_make_key
from release_db.sealing import KEY_BYTES, Seal

_PRESENT = "gallery.key"
_OLD = "gallery-old-{key_id}.key"


class FolderKeyRing:
    """Implements the gallery's ``KeyRing`` and ``GalleryKeys`` on files of the key folder."""

    def __init__(self, folder: Path) -> None:
        """Makes the first key when there is none.

        Raises:
            NotReady: a file is not a key, or others can read it.
        """
        read_or_make_key(folder, _PRESENT)
        self._folder = folder
        self._lock = threading.Lock()
        self._seals: dict[str, Seal] = {}
        self._present: tuple[tuple[int, int], Seal] | None = None
        self.current()

    def current(self) -> Seal:
        """The key that wraps, read anew when its file is another."""
        path = self._folder / _PRESENT
        with self._lock:
            found = path.stat()
            mark = (found.st_ino, found.st_mtime_ns)
            if self._present is None or self._present[0] != mark:
                seal = Seal(read_key(path))
                self._present = (mark, seal)
                self._seals[seal.key_id] = seal
            return self._present[1]

    def seal_or_none(self, key_id: str) -> Seal | None:
        """The key with that id; the folder is looked at when it is not known yet."""
        self.current()
        with self._lock:
            path = self._folder / _OLD.format(key_id=key_id)
            if key_id not in self._seals and path.is_file():
                self._seals[key_id] = Seal(read_key(path))
            return self._seals.get(key_id)

    def present_id(self) -> str:
        """The id of the key that wraps from now on."""
        return self.current().key_id

    def old_ids(self) -> tuple[str, ...]:
        """The ids of the keys that are kept to unwrap what they wrapped."""
        present = self.present_id()
        ids = (Seal(read_key(path)).key_id for path in self._old_files())
        return tuple(sorted(key_id for key_id in ids if key_id != present))

    def begin_new(self) -> str:
        """Makes a new key the present one, and keeps the one before; returns the new id.

        The old key is safe on the disk before the new one takes its place, so that a power cut
        loses neither.
        """
        before = self.current()
        path = self._folder / _PRESENT
        write_whole(self._folder / _OLD.format(key_id=before.key_id), read_key(path))
        write_whole(path, secrets.token_bytes(KEY_BYTES))
        return self.present_id()

    def destroy_old(self) -> None:
        """Destroys every old key; what is still wrapped under one is lost."""
        ids = self.old_ids()
        for path in self._old_files():
            path.unlink()
        sync_folder(self._folder)
        with self._lock:
            for key_id in ids:
                self._seals.pop(key_id, None)

    def _old_files(self) -> list[Path]:
        return sorted(self._folder.glob(_OLD.format(key_id="*")))
