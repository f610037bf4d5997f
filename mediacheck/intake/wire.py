"""The bytes between the tool and the caged reader: one upload in, one reading or refusal out.

A reply is a 4-byte length, a JSON head of that length, then the raw pixels of each picture. The
receiving side believes nothing: every number is checked and every length is capped.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from mediacheck.errors import IntakeError
from mediacheck.intake.errors import TypeNotTaken, refusal_for
from mediacheck.intake.formats import PictureFormat
from mediacheck.intake.limits import (
    MAX_FILE_BYTES,
    MAX_READINGS,
    MAX_SIDE_PX,
    MAX_TEXT_CHARACTERS,
    MAX_TEXTS,
    PUBLISHED_MAX_SIDE_PX,
)
from mediacheck.intake.seal import Posture
from mediacheck.model.post import Box, MetadataText

Receive = Callable[[int], bytes]
Send = Callable[[bytes], object]

#: The one message to the zygote: it comes with the two ends that a new reader needs.
ANNOUNCEMENT = b"reader"
#: How the zygote reports a reader that it stopped itself; no process ends with this code.
OVERDUE = -1000
#: Exit codes of a reader: it has answered; its cage did not close, so it read nothing.
ANSWERED, CAGE_OPEN = 0, 70

_LENGTH_BYTES = 4
#: Every text at its longest, four bytes a character, and some room for tags and boxes.
_MAX_HEAD_BYTES = MAX_TEXTS * (MAX_TEXT_CHARACTERS * 4 + 1_000) + 10_000
_MAX_TAG_CHARACTERS = 300


class BrokenReply(Exception):
    """The reader answered too little, too much, or what makes no sense."""


class NoticeKind(StrEnum):
    """What the teacher is told of a file that is taken."""

    MORE_PICTURES = "more-pictures"
    MORE_DATA = "more-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something of the file that was left out. ``count``: how many further pictures."""

    kind: NoticeKind
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPicture:
    """Pixels row by row, three bytes each."""

    width_px: int
    height_px: int
    rgb: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the cage lets out: the first of ``pictures`` is the one to publish."""

    format: PictureFormat
    source_width_px: int
    source_height_px: int
    pictures: tuple[RawPicture, ...]
    metadata: tuple[MetadataText, ...] = ()
    notices: tuple[Notice, ...] = ()


def send_upload(send: Send, data: bytes) -> None:
    """Hands an upload to the reader."""
    send(len(data).to_bytes(_LENGTH_BYTES))
    send(data)


def receive_upload(receive: Receive) -> bytes:
    """The upload that the tool handed over.

    Raises:
        BrokenReply: it is longer than any upload may be, or ends early.
    """
    length = int.from_bytes(_receive_exactly(receive, _LENGTH_BYTES))
    if length > MAX_FILE_BYTES:
        raise BrokenReply
    return _receive_exactly(receive, length)


def send_reading(send: Send, reading: Reading) -> None:
    """Answers with what was read."""
    _send_head(
        send,
        {
            "format": reading.format,
            "source": [reading.source_width_px, reading.source_height_px],
            "pictures": [[picture.width_px, picture.height_px] for picture in reading.pictures],
            "metadata": [_packed_text(text) for text in reading.metadata],
            "notices": [[notice.kind, notice.count] for notice in reading.notices],
        },
    )
    for picture in reading.pictures:
        send(picture.rgb)


def send_refusal(send: Send, refusal: IntakeError) -> None:
    """Answers that the upload is not taken."""
    detail = refusal.kind if isinstance(refusal, TypeNotTaken) else ""
    _send_head(send, {"refused": refusal.code, "detail": detail})


def receive_reading(receive: Receive) -> Reading:
    """What the reader answers.

    Raises:
        IntakeError: it refuses the upload.
        BrokenReply: the answer breaks off or makes no sense.
    """
    length = int.from_bytes(_receive_exactly(receive, _LENGTH_BYTES))
    if length > _MAX_HEAD_BYTES:
        raise BrokenReply
    head = _parsed_head(_receive_exactly(receive, length))
    try:
        if "refused" in head:
            refusal = refusal_for(_text(head["refused"]), _text(head.get("detail")))
        else:
            return _reading(head, receive)
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenReply from error
    raise refusal


def pack_posture(posture: Posture) -> bytes:
    """A posture in one short message."""
    return json.dumps(asdict(posture)).encode()


def unpack_posture(packed: bytes) -> Posture:
    """The posture that a child process told of before it touched any upload.

    Raises:
        BrokenReply: it told nothing, or nonsense.
    """
    try:
        return Posture(**json.loads(packed))
    except (TypeError, ValueError) as error:
        raise BrokenReply from error


def _send_head(send: Send, head: dict[str, object]) -> None:
    encoded = json.dumps(head, ensure_ascii=False).encode()
    send(len(encoded).to_bytes(_LENGTH_BYTES))
    send(encoded)


def _receive_exactly(receive: Receive, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = receive(min(length - len(parts), 1 << 20))
        if not part:
            raise BrokenReply
        parts += part
    return bytes(parts)


def _parsed_head(encoded: bytes) -> dict[str, object]:
    try:
        head: object = json.loads(encoded)
    except (ValueError, RecursionError) as error:
        raise BrokenReply from error
    if not isinstance(head, dict):
        raise BrokenReply
    return head


def _reading(head: dict[str, object], receive: Receive) -> Reading:
    source_width, source_height = (_number(side, MAX_SIDE_PX) for side in _items(head["source"], 2))
    sizes = [
        tuple(_number(side, PUBLISHED_MAX_SIDE_PX) for side in _items(size, 2))
        for size in _items(head["pictures"], MAX_READINGS)
    ]
    if not sizes:
        raise BrokenReply
    return Reading(
        format=PictureFormat(_text(head["format"])),
        source_width_px=source_width,
        source_height_px=source_height,
        pictures=tuple(
            RawPicture(
                width_px=width,
                height_px=height,
                rgb=_receive_exactly(receive, width * height * 3),
            )
            for width, height in sizes
        ),
        metadata=tuple(_unpacked_text(item) for item in _items(head["metadata"], MAX_TEXTS)),
        notices=tuple(_notice(item) for item in _items(head["notices"], len(NoticeKind))),
    )


def _packed_text(text: MetadataText) -> list[object]:
    box = text.box
    place = [box.left, box.top, box.width, box.height] if box is not None else None
    return [text.tag[:_MAX_TAG_CHARACTERS], text.text, text.is_person, place]


def _unpacked_text(item: object) -> MetadataText:
    tag, text, is_person, place = _items(item, 4)
    return MetadataText(
        tag=_text(tag, _MAX_TAG_CHARACTERS),
        text=_text(text),
        is_person=is_person is True,
        box=None if place is None else _box(place),
    )


def _box(place: object) -> Box:
    left, top, width, height = (_number(side, MAX_SIDE_PX, least=0) for side in _items(place, 4))
    return Box(left=left, top=top, width=max(1, width), height=max(1, height))


def _notice(item: object) -> Notice:
    kind, count = _items(item, 2)
    return Notice(kind=NoticeKind(_text(kind)), count=_number(count, 10_000, least=0))


def _items(value: object, most: int) -> list[object]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("not a list of that length")
    return value


def _number(value: object, most: int, *, least: int = 1) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("not a number in range")
    return value


def _text(value: object, most: int = MAX_TEXT_CHARACTERS) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("not a text of that length")
    return value
