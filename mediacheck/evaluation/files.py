"""What becomes of hostile, odd and broken files: decoded, refused, and never a crash or a hang.

A manifest is a file of JSON lines; each gives at least ``file`` (relative to the manifest's own
folder) and ``hidden_face`` (whether a face is somewhere in the file), and in ``expect`` what should
become of it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mediacheck.errors import EngineFault, IntakeError, MediacheckError
from mediacheck.intake.errors import ReaderCrashed
from mediacheck.intake.limits import DECODE_WALL_S
from mediacheck.model.post import Intake, MediaId
from mediacheck.ports.engines import FaceFinder, PictureDecoder

#: A decode is over within its limit, and a moment for the process round it.
_HUNG_S = DECODE_WALL_S + 5

#: What a manifest expects of a face that lies in a thumbnail, a second picture or a trailer: that
#: it is not in what is published, so that there is nothing to find.
_LEFT_OUT = re.compile(r"\b(?:gone|stripped|no thumbnail|only the primary)\b")

_DECODED, _REFUSED, _FAILED = "decoded", "refused", "failed"


class BadManifest(MediacheckError):
    """The manifest cannot be read."""

    message = "This is not a manifest of files: one JSON object a line, with a file in each."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """What happened to one file. ``what`` is ``decoded``, ``refused`` or ``failed``.

    ``code`` is that of the refusal. ``seconds`` is the time to decode it, ``face_seconds`` the time
    to look for faces. ``is_face_left_out``: the hidden face lies in a part of the file that is
    never published. ``faces`` counts those in the published picture and in every other reading.
    """

    file: str
    has_hidden_face: bool
    is_face_left_out: bool
    what: str
    code: str = ""
    seconds: float = 0.0
    face_seconds: float = 0.0
    width_px: int = 0
    height_px: int = 0
    faces: int = 0
    texts: int = 0

    @property
    def is_crash(self) -> bool:
        """The reader died, or the decoder raised what is no refusal."""
        return self.what == _FAILED or self.code == ReaderCrashed.code

    @property
    def is_hang(self) -> bool:
        """The decoder did not come back in time."""
        return self.seconds > _HUNG_S

    @property
    def is_missed_face(self) -> bool:
        """It was decoded, a face is in what would be published, and none was found."""
        is_published = self.has_hidden_face and not self.is_face_left_out
        return is_published and self.what == _DECODED and not self.faces


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesReport:
    """Every file's outcome, in the order of the manifest."""

    outcomes: tuple[FileOutcome, ...]

    @property
    def crashed(self) -> tuple[str, ...]:
        """The files on which the reader died."""
        return tuple(outcome.file for outcome in self.outcomes if outcome.is_crash)

    @property
    def hung(self) -> tuple[str, ...]:
        """The files that did not end in time."""
        return tuple(outcome.file for outcome in self.outcomes if outcome.is_hang)

    @property
    def missed_faces(self) -> tuple[str, ...]:
        """The files that were decoded with a face in them that nobody found."""
        return tuple(outcome.file for outcome in self.outcomes if outcome.is_missed_face)

    def as_json(self) -> dict[str, object]:
        """The report as plain values, for ``mediacheck evaluate files --json``."""
        refused: dict[str, int] = {}
        for outcome in self.outcomes:
            if outcome.code:
                refused[outcome.code] = refused.get(outcome.code, 0) + 1
        hidden = [outcome for outcome in self.outcomes if outcome.has_hidden_face]
        return {
            "files": [asdict(outcome) for outcome in self.outcomes],
            "crashed": len(self.crashed),
            "hung": len(self.hung),
            "missed_faces": len(self.missed_faces),
            "missed_files": list(self.missed_faces),
            "crashed_files": list(self.crashed),
            "hung_files": list(self.hung),
            "decoded": sum(outcome.what == _DECODED for outcome in self.outcomes),
            "refused": dict(sorted(refused.items())),
            "hidden_faces": len(hidden),
            "hidden_faces_found": sum(outcome.faces > 0 for outcome in hidden),
            "hidden_faces_refused": sum(outcome.what == _REFUSED for outcome in hidden),
            "hidden_faces_left_out": sum(
                outcome.what == _DECODED and outcome.is_face_left_out and not outcome.faces
                for outcome in hidden
            ),
            "slowest_seconds": max((outcome.seconds for outcome in self.outcomes), default=0.0),
        }

    def as_text(self) -> str:
        """The report in a few lines."""
        decoded = sum(outcome.what == _DECODED for outcome in self.outcomes)
        hidden = [outcome for outcome in self.outcomes if outcome.has_hidden_face]
        found = sum(outcome.faces > 0 for outcome in hidden)
        return "\n".join(
            (
                f"{len(self.outcomes)} files: {decoded} decoded, the others refused.",
                f"crashed {len(self.crashed)}, hung {len(self.hung)}",
                f"hidden faces {len(hidden)}: found {found}, missed {len(self.missed_faces)}",
                *(f"  missed: {name}" for name in self.missed_faces),
            )
        )


def evaluate_files(
    manifest: Path, decoder: PictureDecoder, face_finder: FaceFinder | None
) -> FilesReport:
    """Decodes every file of the manifest and looks for faces in every reading of it.

    ``face_finder`` may be None: then nothing is looked for, and every hidden face counts as missed.

    Raises:
        BadManifest: the manifest, or a file that it names, cannot be read.
    """
    outcomes = (_outcome(path, row, decoder, face_finder) for path, row in _rows(manifest))
    return FilesReport(outcomes=tuple(outcomes))


def _rows(manifest: Path) -> Iterator[tuple[Path, FileOutcome]]:
    """Each file's path, and its outcome as far as it is known before anything has happened."""
    try:
        lines = manifest.read_text().splitlines()
        for row in (json.loads(line) for line in lines if line.strip()):
            known = FileOutcome(
                file=str(row["file"]),
                has_hidden_face=row.get("hidden_face") is True,
                is_face_left_out=bool(_LEFT_OUT.search(str(row.get("expect", "")))),
                what=_FAILED,
            )
            yield manifest.parent / known.file, known
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadManifest from error


def _outcome(
    path: Path, known: FileOutcome, decoder: PictureDecoder, face_finder: FaceFinder | None
) -> FileOutcome:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadManifest from error
    started = time.monotonic()
    try:
        intake = decoder.decode(data, path.name)
    except IntakeError as refusal:
        seconds = time.monotonic() - started
        return replace(known, what=_REFUSED, code=refusal.code, seconds=seconds)
    except EngineFault:
        return replace(known, what=_FAILED, seconds=time.monotonic() - started)
    seconds = time.monotonic() - started
    faces = _faces(intake, face_finder) if face_finder is not None else 0
    return replace(
        known,
        what=_DECODED,
        seconds=seconds,
        face_seconds=time.monotonic() - started - seconds,
        width_px=intake.picture.width_px,
        height_px=intake.picture.height_px,
        faces=faces,
        texts=len(intake.metadata),
    )


def _faces(intake: Intake, face_finder: FaceFinder) -> int:
    readings = (intake.picture, *intake.also_check)
    return sum(len(face_finder.find_faces(picture, MediaId("file"))) for picture in readings)
