"""What a picture looks like in a few hashes of 64 bits, by which the same work is known again.

The hash is the DCT hash of Christoph Zauner, "Implementation and Benchmarking of Perceptual Image
Hash Functions" (2010): grey, 32 by 32, the 8 by 8 lowest frequencies, each above their median or
not. One hash of the whole and one of each of a few parts, so that a picture that was cut tighter,
or less tight, still meets one of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mediacheck.model.post import Picture

#: The parts of a picture that have a hash of their own: the sides of each as a share of the whole,
#: and how much of what is left lies to its left and above it.
PARTS = (
    (1.0, 0.5, 0.5),
    (0.95, 0.5, 0.5),
    (0.9, 0.5, 0.5),
    (0.85, 0.5, 0.5),
    (0.8, 0.5, 0.5),
    (0.93, 0.0, 0.0),
    (0.93, 0.0, 1.0),
    (0.93, 1.0, 0.0),
    (0.93, 1.0, 1.0),
)

_SIDE, _LOWEST = 32, 8
_READING_PX = 512
#: A picture whose greys spread less is blank, and looks like every other blank one.
_LEAST_SPREAD = 4.0

_WAVES = np.cos(np.pi * np.outer(np.arange(_LOWEST), 2 * np.arange(_SIDE) + 1) / (2 * _SIDE))


def prints_of(picture: Picture) -> tuple[str, ...]:
    """The hashes as 16 hexadecimal digits each; none of a picture that is blank."""
    size = (picture.width_px, picture.height_px)
    grey = Image.frombytes("RGB", size, picture.rgb).convert("L")
    grey.thumbnail((_READING_PX, _READING_PX))
    if float(np.asarray(grey, dtype=np.float64).std()) < _LEAST_SPREAD:
        return ()
    return tuple(dict.fromkeys(_print_of(_part(grey, *part)) for part in PARTS))


def _part(grey: Image.Image, share: float, across: float, down: float) -> Image.Image:
    width, height = int(grey.width * share), int(grey.height * share)
    left, top = int((grey.width - width) * across), int((grey.height - height) * down)
    return grey.crop((left, top, left + width, top + height))


def _print_of(grey: Image.Image) -> str:
    small = grey.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    greys: NDArray[np.float64] = np.asarray(small, dtype=np.float64)
    lowest = (_WAVES @ greys @ _WAVES.T).flatten()
    # The first is the brightness of the whole, which says nothing of the picture.
    bits = lowest > np.median(lowest[1:])
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"
