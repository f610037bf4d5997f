"""What an upload may be at most. Every number that refuses a file stands here, with its source.

"Pillow" means its security guide; "imgproxy" and "Dangerzone" the defaults of those tools, which
open strangers' pictures for a living.
"""

from __future__ import annotations

_MIB = 1024 * 1024

#: A 50-megapixel JPEG of a good camera is 15 to 20 MiB.
MAX_FILE_BYTES = 25 * _MIB

#: imgproxy's default for one picture; read from the header, before anything is decoded.
MAX_PIXELS = 50_000_000

#: Below this a face cannot be told from noise, so nothing could be checked.
MIN_SIDE_PX = 64

#: Long enough for a phone's panorama (Dangerzone: 10,000).
MAX_SIDE_PX = 16_000

#: Ordinary files have at most 40 scans; 1,010 scans in 271 kB take 23 s of processor time.
MAX_JPEG_SCANS = 100

#: Real colour profiles have 0.5 to 600 kB.
MAX_PROFILE_BYTES = _MIB

#: Seconds of processor time for one picture; a 50-megapixel HEIC took 3.6 where this was measured.
DECODE_CPU_S = 10

#: Seconds by the clock for one picture (Dangerzone's limit for one page).
DECODE_WALL_S = 15

#: Address space of one reader; a transparent PNG of 50 megapixels, the worst case, took 1.1 GiB.
DECODE_MEMORY_BYTES = 2048 * _MIB

#: Longer side of what is published, checked and shown. Large platforms show at most 2,048.
PUBLISHED_MAX_SIDE_PX = 2048

#: A JPEG is decoded at a fraction of its size where that leaves the longer side at least so long:
#: half of a 12-megapixel photo of a phone has 2,016.
DECODED_MIN_SIDE_PX = 1920

#: Texts that one upload may carry (captions, tags, keywords), and the length of each.
MAX_TEXTS = 500
MAX_TEXT_CHARACTERS = 10_000

#: Bytes of one compressed text of a PNG once unpacked, and of all texts of one upload together.
MAX_UNPACKED_TEXT_BYTES = _MIB
MAX_CARRIED_BYTES = 8 * _MIB

#: Readings of one upload: the published one, over black, beneath transparency, other colours.
MAX_READINGS = 4

MAX_CAPTION_CHARACTERS = 10_000
MAX_ALT_TEXT_CHARACTERS = 1_500
MAX_FILE_NAME_CHARACTERS = 255
