"""The cleared package: the pictures, the words, and a receipt, in one ZIP file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime

from mediacheck.model.publishing import ClearedPicture
from mediacheck.model.verdict import Clearance

#: ZIP keeps local times without a zone; a fixed one tells nothing of where the office is.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def build_package(
    clearance: Clearance, *, caption: str, pictures: Sequence[ClearedPicture], channel_name: str
) -> bytes:
    """The ZIP file: ``photo-01.jpg`` and so on, ``caption.txt``, ``alt-texts.txt``, the receipt.

    File names are our own: a name in an upload's file name must not leave with it.
    """
    names = [f"photo-{number:02d}.jpg" for number in range(1, len(pictures) + 1)]
    alt_texts = "".join(
        f"{name}\n{picture.alt_text}\n\n" for name, picture in zip(names, pictures, strict=True)
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, picture in zip(names, pictures, strict=True):
            _add(package, name, picture.jpeg)
        _add(package, "caption.txt", caption.encode())
        _add(package, "alt-texts.txt", alt_texts.encode())
        _add(package, "receipt.json", _receipt(clearance, names).encode())
        _add(package, "receipt.txt", _words(clearance, channel_name).encode())
    return packed.getvalue()


def _add(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=_ZIP_EPOCH)
    entry.external_attr = 0o644 << 16
    package.writestr(entry, data)


def _receipt(clearance: Clearance, names: Sequence[str]) -> str:
    receipt = {
        "clearance": clearance.clearance_id,
        "channel": clearance.channel,
        "cleared_at": _moment(clearance.cleared_at),
        "good_until": _moment(clearance.good_until),
        "words_sha256": clearance.words_sha256,
        "pictures": [
            {"file": name, "pixels_sha256": pixels}
            for name, pixels in zip(names, clearance.pixels, strict=True)
        ],
    }
    return json.dumps(receipt, indent=2) + "\n"


def _words(clearance: Clearance, channel_name: str) -> str:
    return (
        f"Cleared for {channel_name} only.\n"
        f"Post it before {clearance.good_until:%d %B %Y, %H:%M} UTC. After that, or when a family\n"
        "changes its release, this package is void: clear the post again.\n"
        "Post the photos and the words as they are. Another crop, filter or word is another post.\n"
        f"Clearance {clearance.clearance_id}\n"
    )


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
