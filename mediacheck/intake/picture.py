"""From a decoded image to canonical pixels: upright 8-bit sRGB, at most the published size."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageCms
from PIL.Image import Resampling, Transpose

from mediacheck.intake.limits import DECODED_MIN_SIDE_PX, PUBLISHED_MAX_SIDE_PX

#: EXIF 2.32, tag 0x0112: how to turn the stored picture upright.
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
#: Those that lay the stored picture on its side.
_LYING = frozenset({5, 6, 7, 8})
#: What libjpeg can divide both sides by for next to nothing, the largest first.
_JPEG_FACTORS = (8, 4, 2)
_OPAQUE = 255
_WIDE_MODES = frozenset({"I;16", "I;16L", "I;16B", "I;16N", "I"})
#: Colour space of a profile and mode of an image, where the one can describe the other.
_FITTING = {
    ("RGB ", "RGB"): "RGB",
    ("RGB ", "L"): "RGB",
    ("GRAY", "L"): "L",
    ("CMYK", "CMYK"): "CMYK",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What one image can look like; all RGB and of one size.

    ``published`` is over white. ``others`` are what another viewer might show: over black, the
    colours beneath transparency, CMYK read the other way round.
    """

    source_width_px: int
    source_height_px: int
    published: Image.Image
    others: tuple[Image.Image, ...]


def decode_small(image: Image.Image) -> tuple[int, int]:
    """Lets an opened JPEG be decoded at a half, a quarter or an eighth; nothing is loaded yet.

    JPEG's own scaling skips the work on pixels that the published size would drop. Other formats
    are left alone. Gives the size that the file has, which ``image.size`` then no longer is.
    """
    width, height = image.size
    for factor in _JPEG_FACTORS:
        if max(width, height) >= factor * DECODED_MIN_SIDE_PX:
            image.draft(image.mode, (width // factor, height // factor))
            break
    return width, height


def readings_of(
    image: Image.Image, orientation: int, source_size_px: tuple[int, int] | None = None
) -> Readings:
    """The canonical readings of a decoded image.

    ``orientation`` is the EXIF value; one outside 1 to 8 leaves the picture as it is stored.
    ``source_size_px`` is what ``decode_small`` gave, where the image was opened with it.
    """
    upright = image.transpose(_TURNS[orientation]) if orientation in _TURNS else image
    profile = _profile_or_none(image)
    published, *others = (_to_srgb(_to_published_size(view), profile) for view in _views(upright))
    width, height = source_size_px or image.size
    if orientation in _LYING:
        width, height = height, width
    return Readings(
        source_width_px=width,
        source_height_px=height,
        published=published,
        others=_distinct(published, others),
    )


def _views(image: Image.Image) -> Iterator[Image.Image]:
    """The image in its own colours, flattened in every way that a viewer might."""
    colour, alpha = _colour_and_alpha(image)
    if alpha is not None:
        for background in ("white", "black"):
            yield Image.composite(colour, Image.new(colour.mode, colour.size, background), alpha)
    yield colour
    if colour.mode == "CMYK":
        # Programs do not agree on whether inks are stored inverted, whatever the file says.
        yield ImageChops.invert(colour)


def _colour_and_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Colour as 8-bit L, RGB or CMYK, and the alpha band where something is really transparent."""
    if image.mode in _WIDE_MODES:
        return _narrowed(image), None
    if image.mode in ("1", "L", "CMYK") and "transparency" not in image.info:
        return image.convert("L") if image.mode == "1" else image, None
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB"), None
    whole = image.convert("RGBA")
    alpha = whole.getchannel("A")
    lowest, _ = alpha.getextrema()
    # Converting RGBA to RGB drops the alpha band and keeps the colours beneath it.
    return whole.convert("RGB"), None if lowest == _OPAQUE else alpha


def _narrowed(image: Image.Image) -> Image.Image:
    """16 bits a pixel scaled to 8. Pillow's own conversion clips instead, which hides pictures."""
    return image.point(lambda value: value / 257 + 0.5).convert("L")


def _to_published_size(image: Image.Image) -> Image.Image:
    longer = max(image.size)
    if longer <= PUBLISHED_MAX_SIDE_PX:
        return image
    scale = PUBLISHED_MAX_SIDE_PX / longer
    width, height = (max(1, round(side * scale)) for side in image.size)
    # Of a shrunk picture nobody sees the difference to Lanczos, which takes nearly three times as
    # long: more than decoding a phone's photo.
    return image.resize((width, height), Resampling.HAMMING)


def _profile_or_none(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    data = image.info.get("icc_profile")
    if not data:
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (OSError, ImageCms.PyCMSError):
        # A profile nobody can read changes nothing for anybody.
        return None


def _to_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    """The image in sRGB. A profile for other colours than the image has is passed over."""
    mode = _FITTING.get((profile.profile.xcolor_space, image.mode)) if profile else None
    if profile is None or mode is None:
        return image if image.mode == "RGB" else image.convert("RGB")
    srgb = ImageCms.createProfile("sRGB")
    try:
        changed = ImageCms.profileToProfile(image.convert(mode), profile, srgb, outputMode="RGB")
    except ImageCms.PyCMSError:
        return image.convert("RGB")
    return changed if changed is not None else image.convert("RGB")


def _distinct(published: Image.Image, others: list[Image.Image]) -> tuple[Image.Image, ...]:
    """Those of ``others`` that differ from ``published`` and from each other."""
    kept = [published]
    for other in others:
        if all(ImageChops.difference(other, known).getbbox() for known in kept):
            kept.append(other)
    return tuple(kept[1:])
