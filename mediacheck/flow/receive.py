"""Takes posts, pictures and words in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from mediacheck.errors import BadRequest, NotAllowed
from mediacheck.flow.desk import Desk
from mediacheck.flow.portraits_posts import drop_groundless_of
from mediacheck.intake.words import clean_file_name, require_alt_text, require_caption
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from mediacheck.model.post import Media, MediaId, MediaState, Post, PostId
from mediacheck.ports.register import Register
from mediacheck.ports.services import Work
from mediacheck.review.rights import may_use_channel, require_editable
from release_db.records import Channel, ClassGroup
from release_db.words import ChannelKey, ClassKey, SchoolKey

#: Pictures of one post; the widest platform takes so many.
MOST_PICTURES = 20
TOO_MANY_PICTURES = f"A post takes up to {MOST_PICTURES} photos. Start another for the rest."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a post and where they go, as a form sends them."""

    caption: str
    channel: ChannelKey
    class_key: ClassKey | None
    school: SchoolKey | None = None


def channels_for(work: Work, staff: StaffMember) -> tuple[Channel, ...]:
    """The channels this person may post to."""
    return tuple(
        channel
        for channel in work.register.channels()
        if may_use_channel(staff, channel, work.channel_rules.of(channel.key))
    )


def classes_for(register: Register, staff: StaffMember) -> tuple[ClassGroup, ...]:
    """The classes of this person's schools."""
    return tuple(group for group in register.classes() if staff.works_at(group.school))


def start_post(desk: Desk, words: Words) -> Post:
    """A new, empty post.

    Raises:
        NotAllowed: the channel, class or school is not this person's.
        IntakeError: the caption cannot be taken.
    """
    if desk.staff.role not in {Role.TEACHER, Role.COMMUNICATIONS}:
        raise NotAllowed("Posts are made by teachers and by the communications office.")
    post = Post(
        post_id=PostId(desk.services.ids.new()),
        author=desk.staff.staff_id,
        school=_school_of(desk.work.register, desk.staff, words),
        channel=_require_channel(desk.work, desk.staff, words.channel).key,
        class_key=words.class_key,
        caption=require_caption(words.caption),
        created_at=desk.services.clock.now(),
    )
    desk.work.posts.add(post)
    desk.work.audit.write(
        Event.POST_CREATED, actor=desk.staff.staff_id, subject=post.post_id, channel=post.channel
    )
    return post


def change_words(desk: Desk, post: Post, words: Words) -> Post:
    """The post with other words, another channel or another class.

    ``post.version`` is the one that the person saw. Another class means another gallery, so the
    pictures are looked at again.

    Raises:
        NotAllowed: the post, channel or class is not this person's to change.
        Outdated: somebody changed the words in the meantime.
        IntakeError: the caption cannot be taken.
    """
    require_editable(desk.staff, post)
    changed = replace(
        post,
        caption=require_caption(words.caption),
        channel=_require_channel(desk.work, desk.staff, words.channel).key,
        class_key=words.class_key,
        school=_school_of(desk.work.register, desk.staff, words),
    )
    saved = desk.work.posts.save(changed)
    desk.work.audit.write(
        Event.POST_WORDS_CHANGED,
        actor=desk.staff.staff_id,
        subject=post.post_id,
        channel=saved.channel,
    )
    if (saved.class_key, saved.school) != (post.class_key, post.school):
        for media in post.media:
            check_again(desk, media)
    return saved


def change_alt_text(desk: Desk, post: Post, media_id: MediaId, alt_text: str) -> None:
    """Gives a picture its description.

    Raises:
        NotAllowed: the post is not this person's to change.
        IntakeError: the text cannot be taken.
    """
    media = require_media(require_editable(desk.staff, post), media_id)
    desk.work.posts.set_alt_text(media.media_id, require_alt_text(alt_text))
    desk.work.audit.write(Event.POST_WORDS_CHANGED, actor=desk.staff.staff_id, subject=media_id)


def add_picture(desk: Desk, post: Post, upload: tuple[str, bytes]) -> Media:
    """Keeps an upload (file name, bytes) and asks for its check. Nothing is decoded here.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: the post is full, or the file is empty.
    """
    require_editable(desk.staff, post)
    file_name, data = upload
    if len(post.media) >= MOST_PICTURES:
        raise BadRequest(TOO_MANY_PICTURES)
    if not data:
        raise BadRequest("This file is empty. Choose it again.")
    media = Media(
        media_id=MediaId(desk.services.ids.new()),
        position=max((media.position for media in post.media), default=0) + 1,
        file_name=clean_file_name(file_name),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    desk.services.uploads.put(data)
    desk.work.posts.add_media(post.post_id, media)
    desk.work.audit.write(
        Event.MEDIA_UPLOADED, actor=desk.staff.staff_id, subject=media.media_id, sha256=media.sha256
    )
    desk.work.after_commit(lambda: desk.services.jobs.check_media(media.media_id))
    return media


def remove_picture(desk: Desk, post: Post, media_id: MediaId) -> None:
    """Takes a picture out of the post; its record stays.

    Raises:
        NotAllowed: the post is not this person's to change.
    """
    media = require_media(require_editable(desk.staff, post), media_id)
    desk.work.posts.drop_media(media.media_id)
    if not desk.work.posts.is_upload_awaited(media.sha256):
        desk.work.after_commit(lambda: desk.services.uploads.drop(media.sha256))
    drop_groundless_of(desk, post.post_id)
    desk.work.audit.write(Event.MEDIA_REMOVED, actor=desk.staff.staff_id, subject=media_id)


def retry_picture(desk: Desk, post: Post, media_id: MediaId) -> None:
    """Looks at a picture again whose check failed.

    Raises:
        NotAllowed: the post is not this person's to change.
    """
    media = require_media(require_editable(desk.staff, post), media_id)
    if media.state is MediaState.FAILED:
        check_again(desk, media)


def check_again(desk: Desk, media: Media) -> None:
    """Puts a picture back to waiting and asks for its check. A refused one stays refused."""
    if media.state is MediaState.REFUSED:
        return
    desk.work.posts.save_media(replace(media, state=MediaState.WAITING, refused=None))
    desk.work.after_commit(lambda: desk.services.jobs.check_media(media.media_id))


def require_media(post: Post, media_id: MediaId) -> Media:
    """The picture of the post.

    Raises:
        BadRequest: it was taken out in the meantime.
    """
    media = post.media_or_none(media_id)
    if media is None:
        raise BadRequest("This picture is not in the post any more. Reload the page.")
    return media


def _require_channel(work: Work, staff: StaffMember, key: ChannelKey) -> Channel:
    channel = work.register.channel_or_none(key)
    if channel is None or not may_use_channel(staff, channel, work.channel_rules.of(key)):
        raise NotAllowed("Choose one of your channels from the list.")
    return channel


def _school_of(register: Register, staff: StaffMember, words: Words) -> SchoolKey | None:
    """The class's school, else the one that was chosen, else the only one there is to choose."""
    if words.class_key is not None:
        mine = {group.key: group.school for group in classes_for(register, staff)}
        if words.class_key not in mine:
            raise NotAllowed("Choose one of your classes from the list.")
        return mine[words.class_key]
    school = words.school or (staff.schools[0] if len(staff.schools) == 1 else None)
    if not staff.works_at(school):
        raise NotAllowed("Choose your school or one of your classes.")
    return school
