"""Gives the gallery a new key while everything runs, and lets the old one go afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mediacheck.errors import NotReady
from mediacheck.model.audit import Event
from mediacheck.ports.services import Services
from release_db.words import StudentId

#: Students' keys a transaction: others wait for no more than some milliseconds.
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekeyed:
    """How many students' keys were wrapped anew, and whose could not be read."""

    key_id: str
    count: int
    unreadable: tuple[StudentId, ...]
    is_resumed: bool


def waiting_under_old_keys(services: Services) -> int:
    """How many students' keys are still wrapped under a key that is kept as an old one."""
    old = services.gallery_keys.old_ids()
    with services.transaction() as work:
        wrapped = work.gallery.wrapped_under()
    return sum(wrapped.get(key_id, 0) for key_id in old)


def rekey_gallery(
    services: Services, *, by: str, batch: int = BATCH, tell: Callable[[int], None] = lambda _: None
) -> Rekeyed:
    """Makes a new key and wraps every student's key under it, a batch a transaction.

    Where an earlier run was cut off it is taken up, without another new key. ``tell`` hears after
    each batch how many are done.
    """
    is_resumed = waiting_under_old_keys(services) > 0
    if not is_resumed:
        services.gallery_keys.begin_new()
    key_id = services.gallery_keys.present_id()
    count = 0
    last: StudentId | None = None
    unreadable: list[StudentId] = []
    while True:
        with services.transaction() as work:
            done = work.gallery.rewrap(after=last, most=batch)
            if done.count:
                work.audit.write(
                    Event.GALLERY_REKEYED, actor=by, subject=key_id, students=done.count
                )
        if done.last is None:
            break
        last = done.last
        count += done.count
        unreadable += done.unreadable
        tell(count)
    return Rekeyed(key_id=key_id, count=count, unreadable=tuple(unreadable), is_resumed=is_resumed)


def destroy_old_keys(services: Services, *, by: str) -> tuple[str, ...]:
    """Destroys the old keys, when nothing is wrapped under one any more; returns their ids.

    What a backup still holds under an old key cannot be read after that.

    Raises:
        NotReady: something is still wrapped under one.
    """
    with services.transaction() as work:
        wrapped = work.gallery.wrapped_under()
        old = services.gallery_keys.old_ids()
        waiting = sum(wrapped.get(key_id, 0) for key_id in old)
        if waiting:
            raise NotReady(
                f"{waiting} student key(s) still need an old gallery key. Run: mediacheck gallery "
                "rekey"
            )
        for key_id in old:
            work.audit.write(Event.GALLERY_KEYS_DESTROYED, actor=by, subject=key_id)
        # A new template is wrapped under the present key alone, so nothing can need them again.
        work.after_commit(services.gallery_keys.destroy_old)
    return old
