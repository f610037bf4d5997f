"""What is remembered of names that are no student's: recalled at each judging, said, taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from mediacheck.errors import NotFound
from mediacheck.flow.desk import Desk
from mediacheck.model.audit import Event
from mediacheck.model.finding import Certainty, Finding, FindingId, NameFinding
from mediacheck.model.people import StaffId
from mediacheck.model.post import MediaId, Post
from mediacheck.model.remembered import KeptWord, RememberedWord, Remembering
from mediacheck.model.resolution import (
    Identified,
    Nobody,
    NotAStudent,
    Resolution,
    Unresolved,
)
from mediacheck.model.works import WorkWord, work_beside
from mediacheck.ports.services import Work
from mediacheck.review.remembered import (
    is_stricter_since,
    note_of,
    remembering_or_none,
    rests_on_one_person,
    standing_word_or_none,
)
from release_db.policy import zone_of
from release_db.records import ClassGroup
from release_db.words import ClassKey, StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What the class said before of a name: the newest word, and whether it settles the name."""

    word: RememberedWord
    is_settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A post at its judging, as the memory of its class is asked.

    ``here`` are students who are in the post for another reason: of them nothing is taken back.
    ``on`` is today where the district is.
    """

    post: Post
    words: Mapping[FindingId, Resolution]
    works: Mapping[MediaId, WorkWord]
    author: StaffId | None
    here: Collection[StudentId]
    on: date


def recall_words(
    work: Work, asking: Asking, findings: Sequence[Finding]
) -> Mapping[FindingId, Recalled]:
    """What the post's class said before of its names that are a question; asked in one query.

    Of which somebody has spoken in the post itself is settled by that, and not by the memory.
    """
    asked = dict(_questions(asking, findings))
    class_key = asking.post.class_key
    if class_key is None or not asked:
        return {}
    said = work.remembered.said_of(class_key, set(asked.values()))
    recalled = {}
    for finding_id, about in asked.items():
        words = [word for word in said.get(about, ()) if word.fits]
        if not words:
            continue
        is_spoken_of = not isinstance(asking.words.get(finding_id, Unresolved()), Unresolved)
        standing = None if is_spoken_of else standing_word_or_none(about, words, asking.author)
        is_settled = standing is not None and not (
            rests_on_one_person(words) and _is_outdated(work, asking, about, standing)
        )
        recalled[finding_id] = Recalled(word=standing or words[0], is_settled=is_settled)
    return recalled


def _is_outdated(work: Work, asking: Asking, about: Remembering, word: RememberedWord) -> bool:
    """Whether somebody whom the name may be has been refused since."""
    zone = zone_of(work.register)
    said = (word.at, word.at.astimezone(zone).date())
    files = work.register.student_files(about.near | about.far)
    return any(is_stricter_since(file, said, asking.on) for file in files.values())


def with_recalled(
    work: Work, findings: Sequence[Finding], recalled: Mapping[FindingId, Recalled]
) -> tuple[Finding, ...]:
    """The findings, where a name that the class's word settles is a note that all can see."""
    if not recalled:
        return tuple(findings)
    zone = zone_of(work.register)
    return tuple(_noted(found, recalled.get(found.finding_id), zone) for found in findings)


def _noted(found: Finding, recalled: Recalled | None, zone: tzinfo) -> Finding:
    if recalled is None or not recalled.is_settled or not isinstance(found, NameFinding):
        return found
    note = note_of(recalled.word.at.astimezone(zone))
    return replace(found, certainty=Certainty.POSSIBLE, note=note)


def remember(desk: Desk, post: Post, name: NameFinding, resolution: Resolution) -> None:
    """Remembers for the class that a name is no student's, or takes back what it remembered."""
    about, class_key = remembering_or_none(name), post.class_key
    if about is None or class_key is None:
        return
    by, now = desk.staff.staff_id, desk.services.clock.now()
    match resolution:
        case NotAStudent() | Nobody():
            number = desk.work.remembered.keep(class_key, about, post.post_id, by, now)
            desk.work.audit.write(
                Event.WORD_REMEMBERED,
                actor=by,
                subject=post.post_id,
                word=number,
                class_key=class_key,
                finding=name.finding_id,
            )
        case Identified() | Unresolved():
            for word in desk.work.remembered.said_of(class_key, [about]).get(about, ()):
                take_back_word(desk, word.number)
        case _:
            pass


def take_back_word(desk: Desk, number: int) -> None:
    """Lets a remembered word count no more: the name is asked about again."""
    by = desk.staff.staff_id
    desk.work.remembered.take_back(number, by, desk.services.clock.now())
    desk.work.audit.write(Event.WORD_TAKEN_BACK, actor=by, subject=str(number))


def kept_words(desk: Desk, most: int) -> tuple[KeptWord, ...]:
    """What is remembered of this person's classes, taken back or not; the newest first."""
    return desk.work.remembered.kept_in(list(classes_of(desk)), most)


def end_kept_word(desk: Desk, number: int) -> None:
    """Takes back one remembered word of this person's classes.

    Raises:
        NotFound: there is none, or it is not of this person's classes.
    """
    word = desk.work.remembered.kept_or_none(number)
    if word is None or word.class_key not in classes_of(desk):
        raise NotFound
    if word.ended is None:
        take_back_word(desk, number)


def classes_of(desk: Desk) -> Mapping[ClassKey, ClassGroup]:
    """The classes of this person's schools."""
    groups = desk.work.register.classes()
    return {group.key: group for group in groups if desk.staff.works_at(group.school)}


def _questions(
    asking: Asking, findings: Sequence[Finding]
) -> Iterator[tuple[FindingId, Remembering]]:
    """The names that the memory may settle.

    None of a student who is in the post for another reason, and none that may be the signature
    on a work.
    """
    here = {*asking.here, *_surely_named(findings)}
    for found in findings:
        if not isinstance(found, NameFinding) or not here.isdisjoint(found.candidates):
            continue
        about = remembering_or_none(found)
        if about is not None and not _is_on_work(asking, found):
            yield found.finding_id, about


def _is_on_work(asking: Asking, name: NameFinding) -> bool:
    place = work_beside(name, asking.post.media)
    word = asking.works.get(place) if place is not None else None
    return word is not None and word.shows_work


def _surely_named(findings: Sequence[Finding]) -> Iterator[StudentId]:
    for found in findings:
        if isinstance(found, NameFinding) and found.certainty is Certainty.CERTAIN:
            yield from found.candidates
