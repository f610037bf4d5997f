"""Uses every decoder once, so that nothing is left to load when the cage is closed."""

from __future__ import annotations

import codecs
import contextlib
import io
from collections.abc import Callable

from PIL import Image, ImageCms

from mediacheck.errors import IntakeError
from mediacheck.intake.limits import MIN_SIDE_PX

_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
_ENCODINGS = ("latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "shift_jis")
_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:y="z">z</x:xmpmeta>'


def warm_up(read: Callable[[bytes], object]) -> None:
    """Reads one small picture of each format with words and a colour profile, and a broken HEIC."""
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    for name in _FORMATS:
        # A Pillow that was built without a format cannot read it either.
        if name in Image.SAVE:
            read(_sample(name))
    # It is no picture; the decoder is loaded all the same, which is what this is for.
    with contextlib.suppress(IntakeError):
        read(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08meta")


def _sample(name: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "warm up"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    image = Image.new("RGBA" if name != "JPEG" else "RGB", (MIN_SIDE_PX * 2, MIN_SIDE_PX))
    # More threads would still run when the first reader is forked.
    threads = {"max_threads": 1} if name == "AVIF" else {}
    image.save(out, name, exif=exif, icc_profile=profile, xmp=_XMP, **threads)
    return out.getvalue()
