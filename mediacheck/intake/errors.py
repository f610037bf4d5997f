"""The files and words that are not taken: one class per cause, each with a way out."""

from __future__ import annotations

from enum import StrEnum

from mediacheck.errors import EngineFault, IntakeError


class OtherKind(StrEnum):
    """What a file is when it is not a kind of picture that is taken."""

    GIF = "gif"
    TIFF = "tiff"
    BMP = "bmp"
    ICON = "icon"
    SVG = "svg"
    PHOTOSHOP = "photoshop"
    JPEG_2000 = "jpeg-2000"
    JPEG_XL = "jpeg-xl"
    PDF = "pdf"
    POSTSCRIPT = "postscript"
    FILM = "film"
    ARCHIVE = "archive"
    WEB_PAGE = "web-page"
    PROGRAM = "program"
    SIDECAR = "sidecar"
    UNKNOWN = "unknown"


_SAVE_AS = "Save it as a JPEG or PNG and drop that file."

_WHAT_IT_IS = {
    OtherKind.GIF: f"This is a GIF, which may hold many pictures. {_SAVE_AS}",
    OtherKind.TIFF: f"This is a TIFF or a camera's raw file. {_SAVE_AS}",
    OtherKind.BMP: f"This is a BMP. {_SAVE_AS}",
    OtherKind.ICON: f"This is an icon. {_SAVE_AS}",
    OtherKind.SVG: f"This is an SVG drawing. {_SAVE_AS}",
    OtherKind.PHOTOSHOP: f"This is a Photoshop file. {_SAVE_AS}",
    OtherKind.JPEG_2000: f"This is a JPEG 2000. {_SAVE_AS}",
    OtherKind.JPEG_XL: f"This is a JPEG XL. {_SAVE_AS}",
    OtherKind.PDF: "This is a PDF. Save the page as a JPEG or PNG and drop that file.",
    OtherKind.POSTSCRIPT: f"This is a PostScript file. {_SAVE_AS}",
    OtherKind.FILM: "This is a film. Only photos can be checked here.",
    OtherKind.ARCHIVE: "This is a packed folder. Unpack it and drop the photos that are inside.",
    OtherKind.WEB_PAGE: "This is a web page. Save the picture itself and drop that file.",
    OtherKind.PROGRAM: "This is a program, not a photo. Delete it if you do not know it.",
    OtherKind.SIDECAR: "This file belongs to a photo but is not the photo. Drop the photo itself.",
    OtherKind.UNKNOWN: "This is not a photo that can be checked. Drop a JPEG, PNG, WebP or HEIC.",
}


class EmptyFile(IntakeError):
    """The upload has no bytes."""

    code = "empty"
    message = "This file is empty. Save the photo again and drop it again."


class FileTooLarge(IntakeError):
    """The upload has more than ``MAX_FILE_BYTES``."""

    code = "too-many-bytes"
    message = "This photo is larger than 25 MB. Make it smaller and drop it again."


class TypeNotTaken(IntakeError):
    """The upload is of a kind that is not taken, whatever its name says."""

    code = "type"

    def __init__(self, kind: OtherKind) -> None:
        """Keeps what the file is, and says it."""
        super().__init__(_WHAT_IT_IS[kind])
        self.kind = kind


class IncompletePicture(IntakeError):
    """The upload ends too early: half a picture is never taken."""

    code = "incomplete"
    message = "Part of this photo is missing. Copy it from the camera again and drop it again."


class UnreadablePicture(IntakeError):
    """The upload is damaged, or not what it claims to be."""

    code = "unreadable"
    message = "This photo could not be opened. Save it as a new JPEG and drop that file."


class TooManyPixels(IntakeError):
    """The picture has more than ``MAX_PIXELS``."""

    code = "too-many-pixels"
    message = "This photo has more than 50 megapixels. Make it smaller and drop it again."


class SideTooLong(IntakeError):
    """One side is longer than ``MAX_SIDE_PX``."""

    code = "side-too-long"
    message = "This photo is more than 16,000 pixels long. Make it smaller and drop it again."


class SideTooShort(IntakeError):
    """One side is shorter than ``MIN_SIDE_PX``."""

    code = "side-too-short"
    message = "This photo is too small to be checked. Use a copy of at least 64 by 64 pixels."


class MovingPicture(IntakeError):
    """The upload holds several frames that are shown one after the other."""

    code = "moving"
    message = "This picture moves. Save one still picture of it and drop that."


class TooManyScans(IntakeError):
    """A JPEG with more than ``MAX_JPEG_SCANS`` scans."""

    code = "too-many-scans"
    message = "This photo is stored in an unusual way. Save it as a new JPEG and drop that file."


class ProfileTooLarge(IntakeError):
    """The colour profile has more than ``MAX_PROFILE_BYTES``."""

    code = "profile-too-large"
    message = (
        "This photo carries unusual colour settings. Save it as a new JPEG and drop that file."
    )


class TooMuchText(IntakeError):
    """The upload carries more words than are read; none may stay unread."""

    code = "too-much-text"
    message = (
        "This photo carries too many hidden words to check. "
        "Take a screenshot of it, or save it without them, and drop that."
    )


class TooSlow(IntakeError):
    """The upload was not read within ``DECODE_CPU_S`` or ``DECODE_WALL_S``."""

    code = "too-slow"
    message = "This photo takes too long to open. Save it as a new JPEG and drop that file."


class TooHeavy(IntakeError):
    """The upload needs more than ``DECODE_MEMORY_BYTES``."""

    code = "too-heavy"
    message = "This photo needs too much memory. Make it smaller and drop it again."


class ReaderCrashed(IntakeError):
    """The reader died, was caught doing what no picture needs, or answered nonsense."""

    code = "reader-crashed"
    message = "This photo could not be opened safely. Save it as a new JPEG and drop that file."


class DoesNotFit(IntakeError):
    """No rendition of a checked picture is as small as its channel wants it."""

    code = "does-not-fit"
    message = (
        "This photo cannot be made small enough for this channel's account. Take it out of the "
        "post, or choose another channel."
    )


class CaptionTooLong(IntakeError):
    """A caption of more than ``MAX_CAPTION_CHARACTERS``."""

    code = "caption-too-long"
    message = "This caption has more than 10,000 characters. Make it shorter."


class AltTextTooLong(IntakeError):
    """An image description of more than ``MAX_ALT_TEXT_CHARACTERS``."""

    code = "alt-text-too-long"
    message = "This description has more than 1,500 characters. Make it shorter."


class HiddenCharacters(IntakeError):
    """Words with control characters, which nobody can see and no name check can trust."""

    code = "hidden-characters"
    message = "These words hold invisible control characters. Type them again instead of pasting."


class CageFault(EngineFault):
    """The caged reader cannot be started: no upload is read outside it."""

    message = "Photos cannot be opened safely on this machine right now. Tell your administrator."


_REFUSED_IN_THE_CAGE: tuple[type[IntakeError], ...] = (
    IncompletePicture,
    UnreadablePicture,
    TooManyPixels,
    SideTooLong,
    SideTooShort,
    MovingPicture,
    TooManyScans,
    ProfileTooLarge,
    TooMuchText,
    TooHeavy,
)
_BY_CODE = {error.code: error for error in _REFUSED_IN_THE_CAGE}


def refusal_for(code: str, detail: str) -> IntakeError:
    """The refusal that the caged reader meant: it may choose a cause, never the words.

    Raises:
        ValueError: no check in the cage refuses with that code.
    """
    if code == TypeNotTaken.code:
        return TypeNotTaken(OtherKind(detail))
    if code not in _BY_CODE:
        raise ValueError("an unknown refusal")
    return _BY_CODE[code]()
