"""The checks that a file passes before any of its pixels is decoded, one cause each, in order."""

from __future__ import annotations

from collections.abc import Callable

from mediacheck.intake.errors import (
    IncompletePicture,
    MovingPicture,
    ProfileTooLarge,
    SideTooLong,
    SideTooShort,
    TooManyPixels,
    TooManyScans,
    TooMuchText,
    UnreadablePicture,
)
from mediacheck.intake.layout import Layout
from mediacheck.intake.limits import (
    MAX_CARRIED_BYTES,
    MAX_JPEG_SCANS,
    MAX_PIXELS,
    MAX_PROFILE_BYTES,
    MAX_SIDE_PX,
    MIN_SIDE_PX,
)


def require_whole(layout: Layout) -> None:
    """Raises ``IncompletePicture`` when the file ends before its structure does."""
    if not layout.is_whole:
        raise IncompletePicture


def require_sound(layout: Layout) -> None:
    """Raises ``UnreadablePicture`` when checksums or the order of parts are wrong."""
    if not layout.is_sound:
        raise UnreadablePicture


def require_still(layout: Layout) -> None:
    """Raises ``MovingPicture`` for an animation or an image sequence."""
    if layout.is_moving:
        raise MovingPicture


def require_known_size(layout: Layout) -> None:
    """Raises ``UnreadablePicture`` when a header claims no width or no height."""
    if layout.size_px is not None and min(layout.size_px) == 0:
        raise UnreadablePicture


def require_few_pixels(layout: Layout) -> None:
    """Raises ``TooManyPixels`` above the limit."""
    if layout.size_px is not None and layout.size_px[0] * layout.size_px[1] > MAX_PIXELS:
        raise TooManyPixels


def require_short_sides(layout: Layout) -> None:
    """Raises ``SideTooLong`` above the limit."""
    if layout.size_px is not None and max(layout.size_px) > MAX_SIDE_PX:
        raise SideTooLong


def require_enough_to_see(layout: Layout) -> None:
    """Raises ``SideTooShort`` below the limit."""
    if layout.size_px is not None and min(layout.size_px) < MIN_SIDE_PX:
        raise SideTooShort


def require_few_scans(layout: Layout) -> None:
    """Raises ``TooManyScans`` above the limit: each scan is a whole pass of work."""
    if layout.scans > MAX_JPEG_SCANS:
        raise TooManyScans


def require_small_profile(layout: Layout) -> None:
    """Raises ``ProfileTooLarge`` above the limit."""
    if layout.profile_bytes > MAX_PROFILE_BYTES:
        raise ProfileTooLarge


def require_little_text(layout: Layout) -> None:
    """Raises ``TooMuchText`` when the places that hold words are larger than is read."""
    if sum(len(carrier.data) for carrier in layout.carriers) > MAX_CARRIED_BYTES:
        raise TooMuchText


Check = Callable[[Layout], None]

#: Run on what the headers say, and again on what the opened decoder says.
LAYOUT_CHECKS: tuple[Check, ...] = (
    require_whole,
    require_sound,
    require_still,
    require_known_size,
    require_few_pixels,
    require_short_sides,
    require_enough_to_see,
    require_few_scans,
    require_small_profile,
    require_little_text,
)


def require_all(layout: Layout) -> None:
    """Runs every check.

    Raises:
        IntakeError: the first check that fails says why.
    """
    for check in LAYOUT_CHECKS:
        check(layout)
