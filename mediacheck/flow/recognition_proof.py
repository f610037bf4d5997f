"""Proves that where recognition is off its code is not loaded: checks a picture, and looks.

Meant for a process of its own, in which nothing else could have loaded it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from mediacheck.flow.check import face_search_for
from mediacheck.flow.judge import Known, judge
from mediacheck.flow.look import FaceSearch, Sight, look_at
from mediacheck.flow.naming import recognition_of
from mediacheck.intake.encoding import encode_jpeg
from mediacheck.model.people import StaffId
from mediacheck.model.post import (
    Box,
    Intake,
    Media,
    MediaId,
    MediaState,
    MetadataText,
    Picture,
    Post,
    PostId,
)
from mediacheck.ports.register import Register
from mediacheck.ports.services import Services
from mediacheck.settings import Recognition
from release_db.words import ChannelKey, SchoolKey

#: Whatever turns a face into numbers, or compares such numbers. Finding faces is not among it, and
#: neither are the bare figures of ``thresholds``, which judge pictures of works too.
RECOGNITION_CODE = (
    "face_recognition",
    "face_recognition_models",
    "mediacheck.findings.face_alignment_dlib",
    "mediacheck.findings.templates",
    "mediacheck.resolution.answered_faces",
    "mediacheck.resolution.face_assignment",
    "mediacheck.resolution.face_resolution",
    "mediacheck.resolution.gallery_evidence",
    "mediacheck.resolution.gallery_search",
    "mediacheck.resolution.glance",
    "mediacheck.resolution.lookalikes",
    "mediacheck.resolution.naming_evidence",
    "mediacheck.resolution.portrait_check",
)

_SIDE_PX = 320
_MEDIA = MediaId("self-test")
#: A region that a photo program might have marked: a face, whatever the detectors see.
_FACE = Box(left=100, top=100, width=120, height=120)


def recognition_code_in(modules: Iterable[str]) -> tuple[str, ...]:
    """Those of the modules that are recognition code."""
    return tuple(
        sorted(
            module
            for module in modules
            if any(
                module == code or module.startswith((f"{code}.", f"{code}_"))
                for code in RECOGNITION_CODE
            )
        )
    )


def schools_without_recognition(register: Register) -> tuple[SchoolKey, ...]:
    """The schools where recognition is off."""
    return tuple(
        school.key
        for school in register.schools()
        if recognition_of(register, school.key) is Recognition.OFF
    )


def recognition_code_after_a_check(services: Services) -> tuple[str, ...]:
    """Checks a picture with a face where recognition is off; returns the recognition code then.

    The stages are the ones of every check, and nothing is kept.

    Raises:
        EngineFault: an engine failed.
    """
    intake = services.decoder().decode(_blank_jpeg(), "self-test.jpg")
    marked = MetadataText(tag="self-test", text="", box=_FACE)
    sight = Sight(media_id=_MEDIA, picture=intake.picture, metadata=(marked,))
    for search, post in _searches(services, intake):
        seen = look_at(services, sight, search)
        known = Known(seen={_MEDIA: seen})
        _judge(services, post, known)
    return recognition_code_in(tuple(sys.modules))


def _judge(services: Services, post: Post, known: Known) -> None:
    with services.transaction() as work:
        judge(services, work, post, lambda: known)


def _searches(services: Services, intake: Intake) -> list[tuple[FaceSearch, Post]]:
    """Each way of searching that the schools have, with a post that searches so: mostly one."""
    searches: dict[FaceSearch, Post] = {}
    with services.transaction() as work:
        channels = work.register.channels()
        channel = channels[0].key if channels else ChannelKey("self-test")
        for school in schools_without_recognition(work.register) or (None,):
            post = _post(services, school, channel, intake)
            searches[face_search_for(services, work, post)] = post
    return list(searches.items())


def _post(
    services: Services, school: SchoolKey | None, channel: ChannelKey, intake: Intake
) -> Post:
    media = Media(
        media_id=_MEDIA,
        position=0,
        file_name="self-test.jpg",
        sha256=intake.sha256,
        state=MediaState.CHECKED,
        pixels_sha256=intake.picture.pixels_sha256,
    )
    return Post(
        post_id=PostId("self-test"),
        author=StaffId("self-test"),
        school=school,
        channel=channel,
        class_key=None,
        caption="A self-test.",
        created_at=services.clock.now(),
        media=(media,),
    )


def _blank_jpeg() -> bytes:
    return encode_jpeg(
        Picture(
            width_px=_SIDE_PX,
            height_px=_SIDE_PX,
            rgb=bytes([200]) * (_SIDE_PX * _SIDE_PX * 3),
            source_width_px=_SIDE_PX,
            source_height_px=_SIDE_PX,
        )
    )
