"""Makes each checked picture fit its channel, before anything is cleared.

What a channel takes is read from its account's limits, as the connector last heard them, and from
the channel's own largest size. A rendition is made from checked pixels alone, so that nothing in it
has to be looked for anew; it is what a clearance names, and what goes out.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from mediacheck.intake.encoding import picture_from_jpeg
from mediacheck.intake.errors import DoesNotFit
from mediacheck.intake.limits import PUBLISHED_MAX_SIDE_PX
from mediacheck.intake.rendition import fit_picture
from mediacheck.model.audit import Event
from mediacheck.model.post import (
    ANY_PICTURE,
    Media,
    MediaId,
    MediaState,
    Picture,
    PictureNeeds,
    Post,
    Refusal,
    Rendition,
)
from mediacheck.model.publishing import Limits
from mediacheck.ports.services import Services, Work
from release_db.records import Channel
from release_db.words import ChannelKey

#: A JPEG of the largest picture that is ever published has fewer: three bytes a pixel.
_MOST_BYTES = 3 * PUBLISHED_MAX_SIDE_PX**2
_MAKER = "worker"
#: A channel of its own smaller size than that would show nothing.
SMALLEST_SIDE_PX = 320


def needs_of(work: Work, channel: Channel | None) -> PictureNeeds:
    """What a channel takes of a picture, as far as that is less than what is checked anyway."""
    if channel is None:
        return ANY_PICTURE
    connection = work.connections.of_channel_or_none(channel.key)
    limits = connection.limits if connection is not None else None
    return picture_needs(limits, channel.largest_side_px)


def picture_needs(limits: Limits | None, largest_side_px: int | None) -> PictureNeeds:
    """The stricter of an account's limits and a channel's own."""
    sides = [largest_side_px, limits.picture_side_px if limits is not None else None]
    side = min((one for one in sides if one is not None), default=None)
    own = PictureNeeds(side_px=_less_than(PUBLISHED_MAX_SIDE_PX, side))
    if limits is None:
        return own
    return replace(
        own,
        pixels=_less_than(PUBLISHED_MAX_SIDE_PX**2, limits.picture_pixels),
        size_bytes=_less_than(_MOST_BYTES, limits.picture_bytes),
        narrowest=limits.narrowest,
        widest=limits.widest,
    )


def _less_than(checked_anyway: int, limit: int | None) -> int | None:
    return limit if limit is not None and limit < checked_anyway else None


def with_rendition(
    services: Services, media: Media, picture: Picture, needs: PictureNeeds
) -> Media:
    """The checked picture with what goes out of it; its bytes are kept."""
    if needs == ANY_PICTURE:
        return replace(media, rendition=None)
    jpeg = services.pictures.get(media.picture_key or "")
    rendition, smaller = rendition_of(jpeg, picture, needs)
    if smaller is not None:
        services.pictures.put(smaller)
    return replace(media, rendition=rendition)


def rendition_of(
    jpeg: bytes, picture: Picture, needs: PictureNeeds
) -> tuple[Rendition, bytes | None]:
    """The rendition of a checked picture with its bytes, or why there is none."""
    try:
        fitted = fit_picture(jpeg, picture, needs)
    except DoesNotFit as refusal:
        reason = Refusal(code=refusal.code, message=refusal.message)
        return Rendition(needs=needs, refused=reason), None
    rendition = Rendition(
        needs=needs,
        key=hashlib.sha256(fitted.jpeg).hexdigest(),
        pixels_sha256=fitted.picture.pixels_sha256,
        width_px=fitted.picture.width_px,
        height_px=fitted.picture.height_px,
        has_bars=fitted.has_bars,
    )
    return rendition, fitted.jpeg


def ask_to_fit(services: Services, work: Work, post: Post, needs: PictureNeeds) -> None:
    """Asks for every checked picture that was made for another channel, or before a change."""
    for media in post.media:
        if media.state is MediaState.CHECKED and not media.is_fitted(needs):
            work.after_commit(_Asking(services, media.media_id))


def unfitted_or_none(services: Services, media_id: MediaId) -> tuple[Media, PictureNeeds] | None:
    """A checked picture that does not fit its channel, and what the channel takes."""
    with services.transaction() as work:
        post = work.posts.post_of_media_or_none(media_id)
        media = post.media_or_none(media_id) if post is not None else None
        if post is None or media is None or media.state is not MediaState.CHECKED:
            return None
        needs = needs_of(work, work.register.channel_or_none(ChannelKey(post.channel)))
    return None if media.is_fitted(needs) else (media, needs)


def fit_again(services: Services, media: Media, needs: PictureNeeds) -> None:
    """Makes what goes out anew, of the very pixels that were checked. Nothing is looked at again.

    Raises:
        ValueError: the store holds another picture.
    """
    picture = picture_from_jpeg(
        services.pictures.get(media.picture_key or ""),
        source_width_px=media.source_width_px,
        source_height_px=media.source_height_px,
    )
    if picture.pixels_sha256 != media.pixels_sha256:
        raise ValueError("not the picture that was checked")
    fitted = with_rendition(services, media, picture, needs)
    with services.transaction() as work:
        post = work.posts.post_of_media_or_none(media.media_id)
        now = post.media_or_none(media.media_id) if post is not None else None
        # Somebody covered it meanwhile: the check that was asked for since makes its own.
        if now is None or now.state is not media.state or now.covers != media.covers:
            return
        work.posts.keep_rendition(media.media_id, fitted.rendition)
        work.audit.write(
            Event.MEDIA_FITTED,
            actor=_MAKER,
            subject=media.media_id,
            pixels=fitted.outgoing_sha256 or "",
        )


class _Asking:
    """Asks for one picture. A job that comes twice finds nothing left to do."""

    def __init__(self, services: Services, media_id: MediaId) -> None:
        self._services, self._media_id = services, media_id

    def __call__(self) -> None:
        self._services.jobs.check_media(self._media_id)
