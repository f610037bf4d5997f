"""Rows of posts to frozen records and back."""

from __future__ import annotations

from mediacheck.model.people import StaffId
from mediacheck.model.post import (
    Cover,
    Media,
    MediaId,
    MediaState,
    MetadataText,
    PixelHash,
    Post,
    PostId,
    PostState,
    Refusal,
    Rendition,
)
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.posts_schema import MediaRow, PostRow
from release_db.words import ChannelKey, ClassKey, SchoolKey


def post_of(row: PostRow, media: tuple[Media, ...]) -> Post:
    """The post of a row, with its pictures."""
    return Post(
        post_id=PostId(row.post_id),
        author=StaffId(row.author),
        school=SchoolKey(row.school) if row.school else None,
        channel=ChannelKey(row.channel),
        class_key=ClassKey(row.class_key) if row.class_key else None,
        caption=row.caption,
        media=media,
        state=PostState(row.state),
        created_at=row.created_at,
        version=row.version,
    )


def fill_post_row(row: PostRow, post: Post) -> None:
    """Writes what may change of a post into its row."""
    row.school = post.school
    row.channel = post.channel
    row.class_key = post.class_key
    row.caption = post.caption
    row.state = post.state


def media_of(row: MediaRow) -> Media:
    """The picture of a row."""
    refused = (
        Refusal(code=row.refused_code, message=row.refused_message or "")
        if row.refused_code
        else None
    )
    return Media(
        media_id=MediaId(row.media_id),
        position=row.position,
        file_name=row.file_name,
        sha256=row.sha256,
        pixels_sha256=PixelHash(row.pixels_sha256) if row.pixels_sha256 else None,
        picture_key=row.picture_key,
        original_key=row.original_key,
        width_px=row.width_px,
        height_px=row.height_px,
        source_width_px=row.source_width_px,
        source_height_px=row.source_height_px,
        alt_text=row.alt_text,
        covers=from_json(row.covers, tuple[Cover, ...]),
        state=MediaState(row.state),
        refused=refused,
        metadata=from_json(row.carried, tuple[MetadataText, ...]),
        notices=from_json(row.notices, tuple[str, ...]),
        rendition=from_json(row.rendition, Rendition) if row.rendition is not None else None,
    )


def fill_media_row(row: MediaRow, media: Media) -> None:
    """Writes a picture into its row."""
    row.position = media.position
    row.file_name = media.file_name
    row.sha256 = media.sha256
    row.pixels_sha256 = media.pixels_sha256
    row.picture_key = media.picture_key
    row.original_key = media.original_key
    row.width_px = media.width_px
    row.height_px = media.height_px
    row.source_width_px = media.source_width_px
    row.source_height_px = media.source_height_px
    row.alt_text = media.alt_text
    row.covers = to_json(media.covers, tuple[Cover, ...])
    row.state = media.state
    row.refused_code = media.refused.code if media.refused else None
    row.refused_message = media.refused.message if media.refused else None
    row.carried = to_json(media.metadata, tuple[MetadataText, ...])
    row.notices = to_json(media.notices, tuple[str, ...])
    row.rendition = rendition_text(media.rendition)


def rendition_text(rendition: Rendition | None) -> str | None:
    """What goes out of a picture, as its row keeps it."""
    return to_json(rendition, Rendition) if rendition is not None else None
