"""The tool believes nothing that comes out of the cage."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacheck.errors import IntakeError
from mediacheck.intake.errors import OtherKind, TooManyPixels, TypeNotTaken
from mediacheck.intake.formats import PictureFormat
from mediacheck.intake.seal import Posture
from mediacheck.intake.wire import (
    BrokenReply,
    Notice,
    NoticeKind,
    RawPicture,
    Reading,
    pack_posture,
    receive_reading,
    receive_upload,
    send_reading,
    send_refusal,
    send_upload,
    unpack_posture,
)
from mediacheck.model.post import Box, MetadataText

READING = Reading(
    format=PictureFormat.PNG,
    source_width_px=4_000,
    source_height_px=3_000,
    pictures=(
        RawPicture(width_px=4, height_px=3, rgb=bytes(range(36))),
        RawPicture(width_px=2, height_px=2, rgb=bytes(12)),
    ),
    metadata=(
        MetadataText(tag="XMP-dc:title", text="Zoë"),
        MetadataText(
            tag="XMP-mwg-rs:Name",
            text="Maya",
            is_person=True,
            box=Box(left=0, top=1, width=2, height=3),
        ),
    ),
    notices=(Notice(kind=NoticeKind.MORE_PICTURES, count=2),),
)


def sent(reading: Reading) -> bytes:
    out = io.BytesIO()
    send_reading(out.write, reading)
    return out.getvalue()


def received(data: bytes) -> Reading:
    return receive_reading(io.BytesIO(data).read)


def with_head(**changes: object) -> bytes:
    whole = sent(READING)
    length = struct.unpack(">I", whole[:4])[0]
    head = json.dumps(json.loads(whole[4 : 4 + length]) | changes).encode()
    return struct.pack(">I", len(head)) + head + whole[4 + length :]


def test_a_reading_arrives_as_it_was_sent() -> None:
    assert received(sent(READING)) == READING


def test_a_refusal_arrives_as_the_class_it_was() -> None:
    for refusal in (TooManyPixels(), TypeNotTaken(OtherKind.PDF)):
        out = io.BytesIO()
        send_refusal(out.write, refusal)
        with pytest.raises(type(refusal)) as arrived:
            received(out.getvalue())
        assert arrived.value.message == refusal.message


def test_an_upload_arrives_as_it_was_sent() -> None:
    out = io.BytesIO()
    send_upload(out.write, b"photo")

    assert receive_upload(io.BytesIO(out.getvalue()).read) == b"photo"


def test_an_upload_longer_than_any_may_be_is_not_read() -> None:
    with pytest.raises(BrokenReply):
        receive_upload(io.BytesIO(struct.pack(">I", 25 * 1024 * 1024 + 1)).read)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "GIF"},
        {"format": 7},
        {"source": [4_000]},
        {"source": [0, 3_000]},
        {"source": [16_001, 3_000]},
        {"source": [float("nan"), 3_000]},
        {"source": [True, 3_000]},
        {"source": None},
        {"pictures": []},
        {"pictures": [[2_049, 1]]},
        {"pictures": [[-4, -3]]},
        {"pictures": [[1, 1]] * 5},
        {"pictures": "many"},
        {"metadata": [["tag", "text", True]]},
        {"metadata": [["tag", 5, True, None]]},
        {"metadata": [["t" * 301, "text", True, None]]},
        {"metadata": [["tag", "x" * 10_001, True, None]]},
        {"metadata": [["tag", "x", True, [0, 0, 99_999, 1]]]},
        {"metadata": [["tag", "x", False, None]] * 501},
        {"notices": [["<script>", 1]]},
        {"notices": [["more-pictures", 10_001]]},
        {"refused": "nonsense"},
        {"refused": "type", "detail": "nonsense"},
        {"refused": ["too-slow"]},
    ],
)
def test_a_reply_that_makes_no_sense_is_broken(changes: dict[str, object]) -> None:
    with pytest.raises(BrokenReply):
        received(with_head(**changes))


@pytest.mark.parametrize("head", [b"", b"[]", b"{", b"7", b"[" * 100_000, b"{}", b"\xff"])
def test_a_head_that_is_no_object_is_broken(head: bytes) -> None:
    with pytest.raises(BrokenReply):
        received(struct.pack(">I", len(head)) + head)


def test_a_reply_that_breaks_off_anywhere_is_broken() -> None:
    whole = sent(READING)

    for end in range(len(whole)):
        with pytest.raises(BrokenReply):
            received(whole[:end])


def test_a_head_that_claims_gigabytes_is_not_read() -> None:
    with pytest.raises(BrokenReply):
        received(b"\xff\xff\xff\xff{}")


@given(st.binary(max_size=300))
def test_no_bytes_at_all_give_anything_but_a_reading_a_refusal_or_broken(data: bytes) -> None:
    try:
        reading = received(data)
    except (BrokenReply, IntakeError):
        return
    assert isinstance(reading, Reading)


def test_a_posture_arrives_as_it_was_sent() -> None:
    posture = Posture(
        system="linux", is_forked=True, has_limits=True, landlock_version=7, has_call_filter=True
    )

    assert unpack_posture(pack_posture(posture)) == posture
    assert unpack_posture(pack_posture(replace(posture, landlock_version=0))).missing


@pytest.mark.parametrize("packed", [b"", b"{}", b"[]", b'{"system": "linux"}'])
def test_no_posture_is_made_of_nonsense(packed: bytes) -> None:
    with pytest.raises(BrokenReply):
        unpack_posture(packed)
