"""Goes through old pictures: each is judged by the same rules against the releases of today.

What is known to have been published and may not be shown any more becomes a case.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import assert_never

from mediacheck.flow.check import face_search_for
from mediacheck.flow.check_file import FileChecked, FileToCheck
from mediacheck.flow.check_once import CheckFiles, check_here
from mediacheck.flow.judge import Judged, Known, judge
from mediacheck.flow.look import FaceSearch
from mediacheck.flow.today import today_of
from mediacheck.flow.withdraw import after_change
from mediacheck.intake.words import clean_file_name
from mediacheck.model.archive import ArchivePicture, Triage
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffId
from mediacheck.model.post import Media, Post, PostId
from mediacheck.model.publication import CaseId, Publication, Trigger
from mediacheck.model.verdict import ClearanceId, Outcome
from mediacheck.ports.services import Services, Work
from release_db.words import ChannelKey, SchoolKey

_BY = StaffId("command-line")
_CHUNK = 1 << 20
_LONGEST_PATH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveAsked:
    """For which channel old pictures are judged, and as whose."""

    channel: ChannelKey
    school: SchoolKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep found, file by file; ``before``: what it had found until it was cut off.

    ``outdated``: so many were judged before a family's answer, a hold or the roster changed.
    """

    pictures: tuple[tuple[Path, ArchivePicture], ...]
    before: Counter[Triage]
    outdated: int = 0

    @property
    def counts(self) -> Counter[Triage]:
        """How many came out how, those before among them."""
        return self.before + Counter(one.triage for _, one in self.pictures)


def sweep_files(
    services: Services,
    asked: ArchiveAsked,
    paths: Mapping[Path, str],
    progress: Callable[[Sequence[Path]], Iterable[Path]] = lambda paths: paths,
    check_files: CheckFiles | None = None,
) -> Swept:
    """Judges every file. ``paths``: each with its path in the archive.

    Each is written down before the next one, so that a sweep which was cut off goes on the same
    day, unless something was taken back since; one that has come to its end begins anew.
    """
    with services.transaction() as work:
        today = today_of(services.clock, work.register)
        done = work.archive.judged_in_open_sweep(asked.channel, today)
        search = search_for(services, work, asked)
    # A name is a finding: the same bytes under another name are another file.
    keys = {path: (_sha256_of(path), inside) for path, inside in paths.items()}
    left = [path for path, key in keys.items() if key not in done]
    files = [FileToCheck(position=0, path=path) for path in left]
    check_all = check_files or partial(check_here, services)
    found = []
    with closing(check_all(files, search)) as results:
        for path in progress(left):
            picture = judge_picture(
                services, asked, (*keys[path], today), next(results), is_swept=True
            )
            found.append((path, picture))
    with services.transaction() as work:
        current = {sha256 for sha256, _ in work.archive.judged_in_open_sweep(asked.channel, today)}
        work.archive.end_sweeps(asked.channel)
        work.audit.write(
            Event.ARCHIVE_SWEPT,
            actor=_BY,
            subject=asked.channel,
            pictures=len(found),
            cases=len({case for _, one in found for case in one.cases}),
        )
    return Swept(
        pictures=tuple(found),
        before=Counter(done[key] for key in keys.values() if key in done),
        outdated=sum(sha256 not in current for sha256, _ in keys.values()),
    )


def path_in_archive(name: str) -> str:
    """The path within the folder, cleaned part by part; empty for a hidden file."""
    parts = [part for part in name.replace("\\", "/").split("/") if part.strip(". ")]
    if not parts or parts[-1].startswith("."):
        return ""
    return "/".join(map(clean_file_name, parts))[-_LONGEST_PATH:]


def search_for(services: Services, work: Work, asked: ArchiveAsked) -> FaceSearch:
    """How the faces of those pictures are searched."""
    return face_search_for(services, work, _post_of(services, asked, ()))


def judge_picture(
    services: Services,
    asked: ArchiveAsked,
    about: tuple[str, str, date],
    result: FileChecked,
    *,
    is_swept: bool = False,
) -> ArchivePicture:
    """Judges a picture that was looked at, and writes it down. ``about``: hash, path and day.

    ``is_swept``: by a sweep that goes on behind it if it is cut off.
    """
    sha256, path, today = about
    media = result.media
    with services.transaction() as work:
        services.name_matcher(work.register)
        post = _post_of(services, asked, (media,))
        known = Known(seen={media.media_id: result.seen})
        judged = judge(services, work, post, lambda: known)
        shown = _known_publications(work, sha256, media)
        cases = _open_cases(services, work, shown)
        picture = ArchivePicture(
            channel=asked.channel,
            sha256=sha256,
            path=path,
            judged_on=today,
            triage=_triage(judged, cases),
            reasons=tuple(dict.fromkeys(one.message for one in judged.verdict.reasons)),
            publications=tuple(one.publication_id for one in shown),
            cases=cases,
        )
        work.archive.keep(picture, in_open_sweep=is_swept)
    return picture


def _post_of(services: Services, asked: ArchiveAsked, media: tuple[Media, ...]) -> Post:
    return Post(
        post_id=PostId(services.ids.new()),
        author=_BY,
        school=asked.school,
        channel=asked.channel,
        media=media,
        created_at=services.clock.now(),
    )


def _triage(judged: Judged, cases: tuple[CaseId, ...]) -> Triage:
    if cases:
        return Triage.MUST_COME_DOWN
    match judged.verdict.outcome:
        case Outcome.CLEARED:
            return Triage.CLEAR
        case Outcome.NEEDS_REVIEW:
            return Triage.NEEDS_A_PERSON
        case Outcome.BLOCKED if judged.post.media[0].refused is not None:
            # Nobody has seen what is in it.
            return Triage.NEEDS_A_PERSON
        case Outcome.BLOCKED:
            return Triage.MUST_COME_DOWN
        case other:
            assert_never(other)


def _known_publications(work: Work, sha256: str, media: Media) -> tuple[Publication, ...]:
    """What showed this very upload, or went out with the mark that the file carries."""
    found = {one.publication_id: one for one in work.publications.with_upload(sha256)}
    for carried in media.metadata:
        marked = work.publications.of_clearance_or_none(ClearanceId(carried.text.strip()))
        if marked is not None:
            found[marked.publication_id] = marked
    return tuple(found.values())


def _open_cases(services: Services, work: Work, shown: Iterable[Publication]) -> tuple[CaseId, ...]:
    """Cases for whoever appears in it and may not any more; those that are open already, too."""
    students = sorted({one.student_id for out in shown for one in out.appearances})
    after_change(services, work, students, trigger=Trigger.ARCHIVE, by=_BY)
    listed = {out.publication_id for out in shown}
    return tuple(
        case.case_id for case in work.publications.cases_of(students) if listed & set(case.left)
    )


def _sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
