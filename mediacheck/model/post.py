"""A post: the pictures and words that somebody wants to publish on one channel."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.people import StaffId
from release_db.words import ChannelKey, ClassKey, SchoolKey, StudentId

PostId = NewType("PostId", str)
MediaId = NewType("MediaId", str)
PixelHash = NewType("PixelHash", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels of the upright picture, origin at the top left."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column to the right of the box."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.top + self.height

    @property
    def area(self) -> int:
        """Pixels inside."""
        return self.width * self.height

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        shared = self.shared_area(other)
        return shared / (self.area + other.area - shared) if shared else 0.0

    def shared_area(self, other: Box) -> int:
        """Pixels inside both."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, across) * max(0, down)

    def scaled(self, factor: float) -> Box:
        """The same region in a picture that is ``factor`` times as large."""
        return Box(
            left=round(self.left * factor),
            top=round(self.top * factor),
            width=max(1, round(self.width * factor)),
            height=max(1, round(self.height * factor)),
        )

    def clipped(self, width_px: int, height_px: int) -> Box:
        """The part inside a picture of that size; at least one pixel."""
        left = min(max(0, self.left), width_px - 1)
        top = min(max(0, self.top), height_px - 1)
        right = max(left + 1, min(self.right, width_px))
        bottom = max(top + 1, min(self.bottom, height_px))
        return Box(left=left, top=top, width=right - left, height=bottom - top)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Canonical pixels: upright 8-bit sRGB, row by row, no metadata. All stages see these.

    ``source_width_px`` and ``source_height_px`` are the size of the upright upload, before it was
    brought to the size that is published.
    """

    width_px: int
    height_px: int
    rgb: bytes = field(repr=False)
    source_width_px: int
    source_height_px: int

    def __post_init__(self) -> None:
        """Raises ``ValueError`` when the bytes are not exactly ``width * height * 3``."""
        if len(self.rgb) != self.width_px * self.height_px * 3:
            raise ValueError("a picture's bytes do not fit its size")

    @property
    def pixels_sha256(self) -> PixelHash:
        """Hash of the size and the exact pixels."""
        digest = hashlib.sha256(f"{self.width_px}x{self.height_px}:".encode())
        digest.update(self.rgb)
        return PixelHash(digest.hexdigest())

    @property
    def source_scale(self) -> float:
        """Factor from these pixels to those of the upright upload."""
        return self.source_width_px / self.width_px


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataText:
    """A piece of text that the upload carried: a caption, a person tag, a comment.

    ``tag`` names the carrier, such as ``XMP-iptcExt:PersonInImage``. ``box`` is set for a face
    region (pixels of the canonical picture).
    """

    tag: str
    text: str
    is_person: bool = False
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What an upload became: its canonical picture, and the words it carried.

    ``jpeg`` is our own encoding, and ``picture`` holds exactly the pixels that it decodes to: what
    is checked is what is published. ``also_check`` are other readings of the same upload (over
    black instead of white, where it was transparent) that are looked at and never published.
    """

    picture: Picture
    jpeg: bytes = field(repr=False)
    also_check: tuple[Picture, ...] = ()
    sha256: str
    format: str
    metadata: tuple[MetadataText, ...] = ()
    notices: tuple[str, ...] = ()


class CoverStyle(StrEnum):
    """How a region is covered. All of them destroy what is beneath."""

    BLUR = "blur"
    SOLID = "solid"
    FRIENDLY = "friendly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A region of a picture to be painted over. ``finding`` is the finding it hides, if any.

    ``students`` are those who were known to be beneath: a name beside a covered face still tells.
    Over writing a cover is always solid, and no larger than the writing.
    """

    box: Box
    style: CoverStyle
    by: StaffId
    finding: str | None = None
    students: tuple[StudentId, ...] = ()
    is_writing: bool = False


class MediaState(StrEnum):
    """Where one picture of a post stands. Only ``CHECKED`` can ever be cleared."""

    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a file was not taken, in a code and in words that say what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureNeeds:
    """What a channel takes of one picture at most. None: as it is.

    ``narrowest`` and ``widest`` bound width divided by height.
    """

    side_px: int | None = None
    pixels: int | None = None
    size_bytes: int | None = None
    narrowest: float | None = None
    widest: float | None = None


#: Of a channel that takes every picture as it was checked.
ANY_PICTURE = PictureNeeds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A checked picture as one channel takes it: smaller, or between bars, and never more.

    ``needs`` are those that it was made for. ``refused``: it could not be made.
    """

    needs: PictureNeeds
    key: str | None = None
    pixels_sha256: PixelHash | None = None
    width_px: int = 0
    height_px: int = 0
    has_bars: bool = False
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One picture of a post.

    ``picture_key`` names our own encoding in the picture store; ``original_key`` the one before
    any cover, kept as evidence. ``pixels_sha256`` is the hash of the decoded ``picture_key``, which
    is what was checked; ``rendition`` is made from that, and goes out in its place.
    """

    media_id: MediaId
    position: int
    file_name: str
    sha256: str = ""
    pixels_sha256: PixelHash | None = None
    picture_key: str | None = None
    original_key: str | None = None
    width_px: int = 0
    height_px: int = 0
    source_width_px: int = 0
    source_height_px: int = 0
    alt_text: str = ""
    covers: tuple[Cover, ...] = ()
    state: MediaState = MediaState.WAITING
    refused: Refusal | None = None
    metadata: tuple[MetadataText, ...] = ()
    notices: tuple[str, ...] = ()
    rendition: Rendition | None = None

    def is_fitted(self, needs: PictureNeeds) -> bool:
        """Whether what goes out was made for these needs."""
        made_for = self.rendition.needs if self.rendition is not None else ANY_PICTURE
        return made_for == needs

    @property
    def outgoing_key(self) -> str | None:
        """Our own encoding of what goes out."""
        return self.rendition.key if self.rendition is not None else self.picture_key

    @property
    def outgoing_sha256(self) -> PixelHash | None:
        """The hash of the very pixels that go out; None: there are none yet."""
        return self.rendition.pixels_sha256 if self.rendition is not None else self.pixels_sha256


class PostState(StrEnum):
    """Who has the post in hand."""

    DRAFT = "draft"
    WITH_OFFICE = "with-office"
    SENT_BACK = "sent-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Pictures and words for one channel. ``version`` counts changes of the words.

    ``school`` None: the district's own.
    """

    post_id: PostId
    author: StaffId
    school: SchoolKey | None
    channel: ChannelKey
    class_key: ClassKey | None = None
    caption: str = ""
    media: tuple[Media, ...] = ()
    state: PostState = PostState.DRAFT
    created_at: datetime
    version: int = 1

    @property
    def alt_texts(self) -> tuple[str, ...]:
        """The alt text of each picture, in order."""
        return tuple(media.alt_text for media in self.media)

    def media_or_none(self, media_id: MediaId) -> Media | None:
        """The picture with that id."""
        return next((media for media in self.media if media.media_id == media_id), None)
