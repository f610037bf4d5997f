"""Reads one upload. Runs inside the cage only: nothing here trusts a byte of it."""

from __future__ import annotations

import dataclasses
import io
import struct
import zlib
from collections.abc import Iterable

import pillow_heif
from PIL import AvifImagePlugin, Image

from mediacheck.errors import IntakeError
from mediacheck.intake.checks import require_all
from mediacheck.intake.errors import (
    IncompletePicture,
    TooHeavy,
    TooManyPixels,
    UnreadablePicture,
)
from mediacheck.intake.formats import PictureFormat, format_of
from mediacheck.intake.layout import Carrier, CarrierKind, Layout
from mediacheck.intake.layout_heif import read_boxes
from mediacheck.intake.layout_jpeg import read_jpeg
from mediacheck.intake.layout_png import read_png
from mediacheck.intake.layout_webp import read_webp
from mediacheck.intake.limits import MAX_PIXELS
from mediacheck.intake.metadata import read_texts
from mediacheck.intake.metadata_exif import orientation_in
from mediacheck.intake.metadata_xmp import Frame
from mediacheck.intake.picture import decode_small, readings_of
from mediacheck.intake.wire import Notice, NoticeKind, RawPicture, Reading

#: What Pillow's readers raise at bytes that they cannot make sense of.
_DECODER_FAULTS = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
)


def prepare_decoders() -> None:
    """Registers the decoders and sets their limits. Called once per process.

    Each decodes with one thread, for a thread of many processors takes more address space than a
    reader has; the tool reads several uploads side by side instead.
    """
    # All plugins are loaded now, since Pillow would look for them in the closed cage otherwise.
    # Which of them may read an upload is said at each opening.
    Image.init()
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    pillow_heif.options.DECODE_THREADS = 1
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def read_upload(data: bytes) -> Reading:
    """The canonical readings of an upload and the words it carried.

    Raises:
        IntakeError: the upload is not taken; one subclass per cause.
    """
    try:
        return _read(data)
    except IntakeError:
        raise
    except MemoryError as error:
        raise TooHeavy from error
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except _DECODER_FAULTS as error:
        refusal = IncompletePicture if "truncated" in str(error) else UnreadablePicture
        raise refusal from error


def _read(data: bytes) -> Reading:
    layout = _layout_of(data)
    require_all(layout)
    with Image.open(io.BytesIO(data), formats=[layout.format.value]) as image:
        layout = _as_opened(layout, image)
        require_all(layout)
        frames = getattr(image, "n_frames", 1)
        orientation = _orientation_of(image, layout)
        size_px = decode_small(image)
        decoded_px = image.size
        image.load()
        if image.size != decoded_px:
            # Some decoders learn the true size only now.
            size_px = image.size
            require_all(dataclasses.replace(layout, size_px=size_px))
        readings = readings_of(image, orientation, size_px)
        turned = image.info.get("original_orientation") or orientation
    frame = Frame(
        width_px=readings.published.width, height_px=readings.published.height, orientation=turned
    )
    return Reading(
        format=layout.format,
        source_width_px=readings.source_width_px,
        source_height_px=readings.source_height_px,
        pictures=tuple(_raw(picture) for picture in (readings.published, *readings.others)),
        metadata=read_texts(layout.carriers, frame),
        notices=tuple(_notices(layout, frames)),
    )


def _layout_of(data: bytes) -> Layout:
    picture_format = format_of(data)
    match picture_format:
        case PictureFormat.JPEG:
            return read_jpeg(data)
        case PictureFormat.PNG:
            return read_png(data)
        case PictureFormat.WEBP:
            return read_webp(data)
        case PictureFormat.HEIF | PictureFormat.AVIF:
            return read_boxes(data, picture_format)


def _as_opened(layout: Layout, image: Image.Image) -> Layout:
    """The layout, with what only the decoder can tell of HEIF and AVIF."""
    if layout.format not in (PictureFormat.HEIF, PictureFormat.AVIF):
        return dataclasses.replace(layout, size_px=image.size)
    # Several frames are a film in AVIF; in HEIF they are further pictures beside the primary one.
    is_film = layout.format is PictureFormat.AVIF and getattr(image, "n_frames", 1) > 1
    return dataclasses.replace(
        layout,
        size_px=image.size,
        is_moving=is_film,
        profile_bytes=len(image.info.get("icc_profile") or b""),
        carriers=tuple(_boxed_carriers(image)),
    )


def _boxed_carriers(image: Image.Image) -> Iterable[Carrier]:
    for kind, key in ((CarrierKind.EXIF, "exif"), (CarrierKind.XMP, "xmp")):
        if block := image.info.get(key):
            yield Carrier(kind=kind, data=block)


def _orientation_of(image: Image.Image, layout: Layout) -> int:
    """How the stored picture must be turned.

    HEIF turns by boxes of its own, which its decoder has obeyed, and ISO 23008-12 says that the
    orientation in its EXIF must then not be.
    """
    if layout.format is PictureFormat.HEIF:
        return 1
    try:
        exif = image.getexif()
    except _DECODER_FAULTS:
        # Its EXIF is no EXIF: every viewer shows the picture as it is stored.
        return orientation_in(None)
    return orientation_in(exif)


def _raw(picture: Image.Image) -> RawPicture:
    return RawPicture(width_px=picture.width, height_px=picture.height, rgb=picture.tobytes())


def _notices(layout: Layout, frames: int) -> Iterable[Notice]:
    if frames > 1:
        yield Notice(kind=NoticeKind.MORE_PICTURES, count=frames - 1)
    elif layout.has_more:
        yield Notice(kind=NoticeKind.MORE_DATA)
