"""What a channel takes of a picture is made before the clearance, and is what goes out."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mediacheck.errors import NotCleared
from mediacheck.flow import clear, receive
from mediacheck.flow.check import check_media
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.flow.renditions import picture_needs
from mediacheck.intake.encoding import picture_from_jpeg
from mediacheck.model.audit import Event
from mediacheck.model.post import (
    ANY_PICTURE,
    Intake,
    Media,
    MediaState,
    Picture,
    PictureNeeds,
    Post,
    PostId,
)
from mediacheck.model.publishing import DispatchState, Limits
from mediacheck.model.verdict import ReasonCode
from release_db.records import Channel
from release_db.words import Audience, ChannelKey
from tests.conftest import House
from tests.factories import CLASS, SCHOOL, a_channel
from tests.mediacheck.flow.publishing import LIMITS, PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import TEACHER, a_cleared_post
from tests.mediacheck.intake.test_rendition import checked

INSTAGRAM = replace(
    LIMITS, picture_bytes=8_000_000, picture_side_px=1440, narrowest=0.8, widest=1.91
)
NEWSLETTER = Channel(
    key=ChannelKey("newsletter"),
    name="Newsletter",
    audience=Audience.SCHOOL,
    school=SCHOOL,
    largest_side_px=800,
)


class PanoramaDecoder:
    """Gives a real picture of 2,048 by 800 pixels."""

    def decode(self, data: bytes, file_name: str) -> Intake:
        jpeg, picture = checked(2048, 800)
        return Intake(
            picture=picture, jpeg=jpeg, sha256=hashlib.sha256(data).hexdigest(), format="JPEG"
        )


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        decoder = PanoramaDecoder()
        services = replace(house.services, decoder=lambda: decoder)
        house.jobs.check = lambda media_id: check_media(services, media_id)
        yield opened


def limit(room: PressRoom, limits: Limits) -> None:
    """The server says that it takes that much."""
    with room.publisher.transaction() as work:
        (connection,) = work.connections.all()
        work.connections.save(replace(connection, limits=limits))


def post_of(room: PressRoom, post_id: PostId) -> Post:
    with room.publisher.transaction() as work:
        post = work.posts.post_or_none(post_id)
    assert post is not None
    return post


def media_of(room: PressRoom, post_id: PostId) -> Media:
    return post_of(room, post_id).media[0]


def judged(room: PressRoom, post_id: PostId) -> Judged:
    with room.publisher.transaction() as work:
        post = work.posts.post_or_none(post_id)
        assert post is not None
        return judge_post(room.publisher, work, post)


def codes(room: PressRoom, post_id: PostId) -> list[ReasonCode]:
    return [reason.code for reason in judged(room, post_id).verdict.reasons]


def pixels_in(jpeg: bytes) -> Picture:
    return picture_from_jpeg(jpeg, source_width_px=1, source_height_px=1)


def test_the_bytes_that_were_cleared_are_the_bytes_that_go(room: PressRoom) -> None:
    limit(room, INSTAGRAM)
    post_id = a_cleared_post(room.house)
    with room.publisher.transaction() as work:
        clearance = work.posts.latest_clearance_or_none(post_id)
    assert clearance is not None

    dispatch = room.publish(post_id)

    assert dispatch.state is DispatchState.PUBLISHED
    (upload,) = room.server.uploads.values()
    assert clearance.files == (hashlib.sha256(upload.jpeg).hexdigest(),)
    sent, media = pixels_in(upload.jpeg), media_of(room, post_id)
    assert clearance.pixels == (sent.pixels_sha256,) == (media.outgoing_sha256,)
    assert (sent.width_px, sent.height_px) == (1440, 754)
    assert media.rendition is not None
    assert media.rendition.has_bars
    assert media.width_px == 2048


def test_the_package_holds_the_rendition_of_its_channel(room: PressRoom) -> None:
    smaller = replace(a_channel(), largest_side_px=1200)
    room.with_work(lambda work: work.register.save_channel(smaller))
    post_id = a_cleared_post(room.house)

    packed = clear.hand_over(room.publisher, TEACHER, post_id).data

    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        jpeg = package.read("photo-01.jpg")
    assert pixels_in(jpeg).width_px == 1200
    assert pixels_in(jpeg).pixels_sha256 == media_of(room, post_id).outgoing_sha256


def test_an_account_that_takes_everything_changes_no_byte(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)

    media = media_of(room, post_id)

    assert media.rendition is None
    assert media.outgoing_key == media.picture_key


def test_another_channel_makes_it_anew_and_asks_nothing_again(room: PressRoom) -> None:
    limit(room, INSTAGRAM)
    room.with_work(lambda work: work.register.add_channel(NEWSLETTER))
    post_id = a_cleared_post(room.house)
    before, looked = media_of(room, post_id), len(room.house.reader.given)

    post = post_of(room, post_id)

    def move(desk: Desk) -> None:
        receive.change_words(
            desk,
            post,
            receive.Words(caption=post.caption, channel=NEWSLETTER.key, class_key=CLASS),
        )

    room.house.at_desk(TEACHER, move)
    assert codes(room, post_id) == [ReasonCode.FILE_WAITING]
    with pytest.raises(NotCleared):
        clear.hand_over(room.publisher, TEACHER, post_id)
    room.house.jobs.run()

    media = media_of(room, post_id)
    assert ReasonCode.FILE_WAITING not in codes(room, post_id)
    assert media.rendition is not None
    assert (media.rendition.width_px, media.rendition.has_bars) == (800, False)
    assert media.pixels_sha256 == before.pixels_sha256
    # Nobody is asked again who that is, and no engine looks again.
    assert len(room.house.reader.given) == looked
    with room.publisher.transaction() as work:
        events = [entry.event for entry in work.audit.entries()]
        assert len(work.posts.resolutions(post_id)) == 2
    assert events.count(Event.MEDIA_FITTED) == 1


def test_limits_that_changed_since_void_the_clearance(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    room.ask(post_id)
    limit(room, INSTAGRAM)

    room.run()

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.server.heard == []
    room.house.jobs.run()
    assert media_of(room, post_id).is_fitted(picture_needs(INSTAGRAM, None))


def test_a_picture_that_cannot_be_made_to_fit_blocks_with_words(room: PressRoom) -> None:
    limit(room, replace(INSTAGRAM, picture_bytes=17_000))

    with pytest.raises(NotCleared):
        a_cleared_post(room.house)

    with room.publisher.transaction() as work:
        (summary,) = work.posts.posts(schools=None)
    reasons = judged(room, summary.post.post_id).verdict.reasons
    assert [reason.code for reason in reasons] == [ReasonCode.FILE_REFUSED]
    assert "another channel" in reasons[0].message


def test_a_rendition_that_fails_blocks_and_can_be_tried_again(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    key = media_of(room, post_id).picture_key
    assert key is not None
    jpeg = room.publisher.pictures.get(key)
    room.publisher.pictures.drop(key)
    limit(room, INSTAGRAM)
    judged(room, post_id)

    room.house.jobs.run()

    assert media_of(room, post_id).state is MediaState.FAILED
    assert room.publisher.pictures.put(jpeg) == key
    post = post_of(room, post_id)
    room.house.at_desk(
        TEACHER, lambda desk: receive.retry_picture(desk, post, post.media[0].media_id)
    )
    room.house.jobs.run()
    assert media_of(room, post_id).state is MediaState.CHECKED
    assert media_of(room, post_id).is_fitted(picture_needs(INSTAGRAM, None))


def test_a_swapped_rendition_does_not_go_out(room: PressRoom) -> None:
    limit(room, INSTAGRAM)
    post_id = a_cleared_post(room.house)
    media = media_of(room, post_id)
    other, _ = checked(1440, 754, noise=20)
    assert media.rendition is not None
    swapped = replace(media.rendition, key=room.publisher.pictures.put(other))
    room.with_work(lambda work: work.posts.keep_rendition(media.media_id, swapped))

    with pytest.raises(NotCleared):
        clear.hand_over(room.publisher, TEACHER, post_id)


def test_the_stricter_of_account_and_channel_counts() -> None:
    assert picture_needs(None, None) == ANY_PICTURE
    assert picture_needs(LIMITS, None) == ANY_PICTURE
    assert picture_needs(LIMITS, 2048) == ANY_PICTURE
    assert picture_needs(INSTAGRAM, 1200).side_px == 1200
    assert picture_needs(INSTAGRAM, 1600) == PictureNeeds(
        side_px=1440, size_bytes=8_000_000, narrowest=0.8, widest=1.91
    )
    assert picture_needs(replace(LIMITS, picture_pixels=1_000_000), None).pixels == 1_000_000
