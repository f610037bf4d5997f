"""A recogniser of the district's own: which file, on what licence, and how it is shown a face.

``recogniser.json`` in the models folder says so. While it is there, no other recogniser runs.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mediacheck.errors import EngineFault
from mediacheck.whole_file import write_whole

RECOGNISER_FILE = "recogniser.json"
#: So much of the file's hash names its templates: those of another file never meet them.
_TAG_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBars:
    """How close templates of it must be, as it was measured here. See ``Threshold``."""

    max_distance: float
    candidate_distance: float
    margin: float
    fmr: float
    decade: float
    impostor_pairs: int
    population: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecogniser:
    """An ONNX file and its input convention.

    It takes n x 3 x ``side_px`` x ``side_px`` float32: (colour - ``mean``) / ``scale``, red first
    unless ``is_blue_first``. The face is turned upright by dlib's five points, with ``padding``
    (a share of its size) round it. ``bars`` None: not measured yet, so nothing is searched.
    """

    path: str
    sha256: str
    licence: str
    side_px: int = 112
    padding: float = 0.25
    mean: float = 127.5
    scale: float = 127.5
    is_blue_first: bool = False
    bars: OwnBars | None = None

    @property
    def model(self) -> str:
        """The tag of its templates: the file, how it is shown faces, and the two readings."""
        shown = f"{self.side_px}-{self.padding}-{self.mean}-{self.scale}-{self.is_blue_first}"
        digest = hashlib.sha256(f"{self.sha256} {shown}".encode()).hexdigest()
        return f"own-{digest[:_TAG_DIGITS]}/m2"


def recogniser_or_none(folder: Path) -> OwnRecogniser | None:
    """The district's own recogniser, if it has set one up in this models folder.

    Raises:
        EngineFault: the file that says so cannot be understood.
    """
    path = folder / RECOGNISER_FILE
    if not path.exists():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        bars = said.pop("bars")
        return OwnRecogniser(**said, bars=OwnBars(**bars) if bars is not None else None)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise EngineFault(
            f"{RECOGNISER_FILE} cannot be understood: set the recogniser up again with "
            "mediacheck recogniser use, or go back with mediacheck recogniser forget"
        ) from error


def keep_recogniser(folder: Path, recogniser: OwnRecogniser) -> None:
    """Makes it the recogniser of this installation."""
    folder.mkdir(parents=True, exist_ok=True)
    said = json.dumps(asdict(recogniser), indent=1)
    write_whole(folder / RECOGNISER_FILE, said.encode())


def forget_recogniser(folder: Path) -> None:
    """Goes back to the recogniser that mediacheck brings."""
    (folder / RECOGNISER_FILE).unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """What a file hashes to.

    Raises:
        EngineFault: it cannot be read.
    """
    return hashlib.sha256(bytes_of(path)).hexdigest()


def bytes_of(path: Path) -> bytes:
    """The file of a recogniser.

    Raises:
        EngineFault: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise EngineFault("the file of the district's recogniser cannot be read") from error
