"""A folder of old pictures that the office brings: each file is judged in the background.

One file is judged a job, and the next is asked for behind whatever was asked for meanwhile: no
teacher's post waits for a folder of thousands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from mediacheck.errors import BadRequest, MediacheckError, NotFound
from mediacheck.flow.archive import ArchiveAsked, judge_picture, path_in_archive, search_for
from mediacheck.flow.check import MOST_ATTEMPTS
from mediacheck.flow.check_file import FileToCheck, check_file, not_checked
from mediacheck.flow.check_once import school_posting_on
from mediacheck.flow.desk import Desk
from mediacheck.flow.today import today_of
from mediacheck.model.archive import OldPicture, OldPictureId
from mediacheck.model.audit import Event
from mediacheck.ports.services import Services
from release_db.words import ChannelKey

#: A worker that has had a file for so long died with it.
LEASE = timedelta(minutes=10)
#: So many files wait at most: more would fill the disk, and take days.
MOST_WAITING = 5_000
#: Bytes that no row speaks of any more are of a request that failed half-way.
_KEPT = timedelta(days=30)


def bring_old(desk: Desk, channel_key: str, files: Sequence[tuple[str, bytes]]) -> int:
    """Keeps files (path in their folder, bytes) until they are judged. Returns how many.

    Hidden files of a folder are the system's own, and left out.

    Raises:
        NotFound: the channel is not one of this person's schools'.
        BadRequest: there is no file in it, or too many wait already.
    """
    channel = desk.work.register.channel_or_none(ChannelKey(channel_key))
    if channel is None or not desk.staff.works_at(channel.school):
        raise NotFound
    shown = [(path, data) for name, data in files if data and (path := path_in_archive(name))]
    if not shown:
        raise BadRequest("There is no picture in that folder. Choose another.")
    waiting = sum(desk.work.archive.count_old().values())
    if waiting + len(shown) > MOST_WAITING:
        raise BadRequest(
            f"{waiting:,} old pictures wait to be judged already. Bring the rest once they are."
        )
    school = school_posting_on(desk.work.register, channel)
    now = desk.services.clock.now()
    for path, data in shown:
        picture = OldPicture(
            old_picture_id=OldPictureId(desk.services.ids.new()),
            channel=channel.key,
            school=school,
            path=path,
            sha256=desk.services.old_pictures.put(data),
            asked_by=desk.staff.staff_id,
            asked_at=now,
        )
        desk.work.archive.add_old(picture)
    desk.work.audit.write(
        Event.ARCHIVE_ASKED, actor=desk.staff.staff_id, subject=channel.key, pictures=len(shown)
    )
    desk.work.after_commit(partial(ask_for_next, desk.services))
    return len(shown)


def judge_old(services: Services, old_picture_id: OldPictureId) -> None:
    """Judges one waiting file by the releases of today, and asks for the next."""
    now = services.clock.now()
    with services.transaction() as work:
        claimed = work.archive.claim_old_or_none(old_picture_id, now)
    if claimed is None:
        return
    picture, attempts = claimed
    try:
        _judge(services, picture, may_look=attempts <= MOST_ATTEMPTS)
    finally:
        # Where it failed it waits on, and the sweep takes it up again.
        ask_for_next(services)


def sweep_old(services: Services) -> None:
    """Takes up what a dead worker left."""
    services.old_pictures.drop_before(services.clock.now() - _KEPT)
    ask_for_next(services)


def ask_for_next(services: Services) -> None:
    """Asks for the first file that waits to be judged; for none when none does."""
    with services.transaction() as work:
        waiting = work.archive.waiting_old_or_none(services.clock.now() - LEASE)
    if waiting is not None:
        services.jobs.judge_old(waiting)


def _judge(services: Services, picture: OldPicture, *, may_look: bool) -> None:
    asked = ArchiveAsked(channel=picture.channel, school=picture.school)
    with services.transaction() as work:
        today = today_of(services.clock, work.register)
        search = search_for(services, work, asked) if may_look else None
    file = FileToCheck(position=0, path=Path(picture.path), kept=_bytes_of(services, picture))
    # What has brought down one worker after the other is a person's.
    result = check_file(services, file, search) if may_look else not_checked(file)
    judge_picture(services, asked, (picture.sha256, picture.path, today), result)
    with services.transaction() as work:
        if work.archive.drop_old(picture):
            work.after_commit(lambda: services.old_pictures.drop(picture.sha256))


def _bytes_of(services: Services, picture: OldPicture) -> bytes:
    """The file; nothing where it is lost, which no decoder takes, so that a person sees to it."""
    try:
        return services.old_pictures.get(picture.sha256)
    except MediacheckError:
        return b""
