"""Asks the register about everything that was seen and said, and decides. Never cached."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from mediacheck.decision.decide import decide
from mediacheck.decision.evidence import Evidence
from mediacheck.decision.wording import WORDS
from mediacheck.flow.known_works import recalled_works
from mediacheck.flow.remembered import Asking, Recalled, recall_words, with_recalled
from mediacheck.flow.renditions import ask_to_fit, needs_of
from mediacheck.model.finding import (
    Certainty,
    Finding,
    FindingId,
    NameFinding,
    UnreadText,
    Where,
)
from mediacheck.model.people import StaffId
from mediacheck.model.post import Media, MediaId, PictureNeeds, Post
from mediacheck.model.resolution import (
    Identified,
    Resolution,
    Suggested,
    Unresolved,
)
from mediacheck.model.verdict import Outcome, Reason, ReasonCode, Verdict
from mediacheck.model.works import WorkWord
from mediacheck.ports.engines import NameMatcher, NameScope
from mediacheck.ports.posts import Seen
from mediacheck.ports.register import Register
from mediacheck.ports.services import Services, Work
from mediacheck.resolution.roster_match import resolve_name
from release_db.policy import asks_for_unnamed_work, zone_of
from release_db.records import Channel, Student
from release_db.words import NameForm, StudentId

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What people said: their words on findings, who wrote the post, and what is asked of it."""

    words: Mapping[FindingId, Resolution] = field(default_factory=dict)
    author: StaffId | None = None
    is_alt_text_required: bool = False
    works: Mapping[MediaId, WorkWord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a post before it is judged: what was seen in it, and what people said.

    ``is_trial``: nothing may rest on the verdict, so the register's state is left out of it.
    """

    seen: Mapping[MediaId, Seen]
    spoken: Spoken = field(default_factory=Spoken)
    is_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A post with everything that is known of it at this moment."""

    post: Post
    channel: Channel | None
    findings: tuple[Finding, ...] = ()
    matches: Mapping[FindingId, Resolution] = field(default_factory=dict)
    words: Mapping[FindingId, Resolution] = field(default_factory=dict)
    students: Mapping[StudentId, Student] = field(default_factory=dict)
    works: Mapping[MediaId, WorkWord] = field(default_factory=dict)
    recalled: Mapping[MediaId, tuple[WorkWord, ...]] = field(default_factory=dict)
    remembered: Mapping[FindingId, Recalled] = field(default_factory=dict)
    verdict: Verdict
    register_state: str = ""

    def resolution_of(self, finding: FindingId) -> Resolution:
        """A person's word, else what the search made of it."""
        match self.words.get(finding):
            case None | Unresolved():
                return self.matches.get(finding, Unresolved())
            case word:
                return word


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    findings: tuple[Finding, ...]
    matches: Mapping[FindingId, Resolution]
    remembered: Mapping[FindingId, Recalled]


def judge_post(services: Services, work: Work, post: Post, *, is_trial: bool = False) -> Judged:
    """Judges a kept post as it stands, with the register as it stands."""

    def gather() -> Known:
        spoken = Spoken(
            words=work.posts.resolutions(post.post_id),
            author=post.author,
            is_alt_text_required=True,
            works=work.works.of_post(post.post_id),
        )
        seen = work.posts.seen(post.post_id)
        return Known(seen=seen, spoken=spoken, is_trial=is_trial)

    return judge(services, work, post, gather)


def judge(services: Services, work: Work, post: Post, gather: Callable[[], Known]) -> Judged:
    """Judges a post. A stage that fails leaves it in need of a person, and says so.

    ``gather`` is one of these stages: what cannot be read must not stop a withdrawal.
    """
    channel = work.register.channel_or_none(post.channel)
    if channel is None:
        return _undecided(post, None, ReasonCode.UNKNOWN_CHANNEL, Outcome.BLOCKED)
    try:
        return _judge(services, work, (post, channel), gather())
    except Exception as fault:  # A stage that fails blocks, whatever failed in it.
        _LOG.error("judging post %s failed: %s", post.post_id, type(fault).__name__)
        return _undecided(post, channel, ReasonCode.STAGE_FAILED, Outcome.NEEDS_REVIEW)


def _judge(services: Services, work: Work, about: tuple[Post, Channel], known: Known) -> Judged:
    (post, channel), seen, spoken = about, known.seen, known.spoken
    now, zone = services.clock.now(), zone_of(work.register)
    found = _find_all(services, work, post, known, now.astimezone(zone).date())
    recalled = recalled_works(work.works, post, seen)
    concerned = _concerned(found, spoken, recalled, post)
    files = work.register.student_files(concerned)
    evidence = Evidence(
        channel=channel,
        media=post.media,
        findings=found.findings,
        matches=found.matches,
        words=spoken.words,
        files=files,
        author=spoken.author,
        roster_size=work.register.count_students(post.school),
        now=now,
        zone=zone,
        has_words=bool(post.caption.strip()),
        texts=tuple(_texts_of(post, seen)),
        schools={school.key: school.name for school in work.register.schools()},
        is_alt_text_required=spoken.is_alt_text_required,
        works=spoken.works,
        recalled=recalled,
        is_unnamed_work_asked=asks_for_unnamed_work(work.register, post.school),
        needs=_needs_of(services, work, post, channel),
    )
    return Judged(
        post=post,
        channel=channel,
        findings=found.findings,
        matches=found.matches,
        words=spoken.words,
        students={student_id: file.student for student_id, file in files.items()},
        works=spoken.works,
        recalled=recalled,
        remembered=found.remembered,
        verdict=decide(evidence),
        register_state=_state_of(work.register, post, concerned, known),
    )


def _state_of(register: Register, post: Post, concerned: frozenset[StudentId], known: Known) -> str:
    if known.is_trial:
        return ""
    return register.state_of(concerned, school=post.school, channel=post.channel)


def _needs_of(services: Services, work: Work, post: Post, channel: Channel) -> PictureNeeds:
    """What the channel takes of a picture; what does not fit it yet is asked for."""
    needs = needs_of(work, channel)
    ask_to_fit(services, work, post, needs)
    return needs


def _find_all(services: Services, work: Work, post: Post, known: Known, on: date) -> _Found:
    """The faces that were seen, and the names in the words and the writing as they are now."""
    seen, spoken, matcher = known.seen, known.spoken, services.name_matcher(work.register)
    faces = [face for media in post.media for face in _seen_of(seen, media).faces]
    matches: dict[FindingId, Resolution] = {}
    for media in post.media:
        matches.update(_seen_of(seen, media).matches)
    present = _present(matches, spoken.words, post)
    scope = NameScope(school=post.school, class_key=post.class_key, present=present)
    texts: tuple[Finding, ...] = tuple(
        _as_said(text, spoken.words) for text in _find_names(matcher, post, seen, scope)
    )
    remembered = recall_words(work, _asking(post, spoken, present, on), texts)
    texts = with_recalled(work, texts, remembered)
    named = [text for text in texts if isinstance(text, NameFinding)]
    matches.update({text.finding_id: resolve_name(text) for text in named})
    return _Found(findings=(*faces, *texts), matches=matches, remembered=remembered)


def _asking(post: Post, spoken: Spoken, present: frozenset[StudentId], on: date) -> Asking:
    makers = {student for word in spoken.works.values() for student in word.students}
    return Asking(
        post=post,
        words=spoken.words,
        works=spoken.works,
        author=spoken.author,
        here=present | makers,
        on=on,
    )


def _as_said(
    found: NameFinding | UnreadText, words: Mapping[FindingId, Resolution]
) -> NameFinding | UnreadText:
    """Unread writing of which somebody says whom it names is a name in the picture, in full."""
    match found, words.get(found.finding_id):
        case UnreadText(), Identified(students=students) if students:
            return NameFinding(
                finding_id=found.finding_id,
                where=Where.PIXELS,
                media_id=found.media_id,
                text=found.guess,
                span=None,
                form=NameForm.FULL,
                candidates=students,
                certainty=Certainty.LIKELY,
                box=found.box,
                note="read by a person",
            )
        case _:
            return found


def _find_names(
    matcher: NameMatcher, post: Post, seen: Mapping[MediaId, Seen], scope: NameScope
) -> Iterator[NameFinding | UnreadText]:
    yield from matcher.match_names(post.caption, scope, Where.CAPTION)
    for media in post.media:
        media_id = media.media_id
        yield from matcher.match_names(media.alt_text, scope, Where.ALT, media_id)
        yield from matcher.match_names(media.file_name, scope, Where.FILENAME, media_id)
        for carried in media.metadata:
            yield from matcher.match_names(
                carried.text, scope, Where.METADATA, media_id, carried.tag
            )
        yield from matcher.match_lines(_seen_of(seen, media).lines, scope, media_id)


def _texts_of(post: Post, seen: Mapping[MediaId, Seen]) -> Iterator[str]:
    """Everything that can be read in the post once it is out."""
    yield post.caption
    for media in post.media:
        yield media.alt_text
        yield from (line.text for line in _seen_of(seen, media).lines)


def _seen_of(seen: Mapping[MediaId, Seen], media: Media) -> Seen:
    return seen.get(media.media_id, Seen())


def _present(
    matches: Mapping[FindingId, Resolution], words: Mapping[FindingId, Resolution], post: Post
) -> frozenset[StudentId]:
    """Who is in the pictures, as a person or the search has it: their first names count as well.

    Of what the search only suggests the first counts, as it does for combinations.
    """
    beneath = {
        student for media in post.media for cover in media.covers for student in cover.students
    }
    found = {
        student
        for one in (*matches.values(), *words.values())
        for student in (_students_of(one) if isinstance(one, Identified) else _students_of(one)[:1])
    }
    return frozenset(beneath | found)


def _concerned(
    found: _Found, spoken: Spoken, recalled: Mapping[MediaId, tuple[WorkWord, ...]], post: Post
) -> frozenset[StudentId]:
    """Everybody whom a finding, a word or a cover may be, or whose work is shown."""
    named = {
        student
        for finding in found.findings
        if isinstance(finding, NameFinding)
        for student in finding.candidates
    }
    works = (*spoken.works.values(), *(word for words in recalled.values() for word in words))
    makers = {student for word in works for student in word.students}
    maybe = {
        student
        for one in (*found.matches.values(), *spoken.words.values())
        for student in _students_of(one)
    }
    return _present(found.matches, spoken.words, post) | maybe | named | makers


def _students_of(resolution: Resolution) -> tuple[StudentId, ...]:
    """Whom a resolution names or may name, the likeliest first."""
    match resolution:
        case Identified(students=students):
            return students
        case Suggested(candidates=candidates) | Unresolved(candidates=candidates):
            return tuple(candidate.student_id for candidate in candidates)
        case _:
            return ()


def _undecided(post: Post, channel: Channel | None, code: ReasonCode, outcome: Outcome) -> Judged:
    reason = Reason(code=code, message=WORDS[code])
    return Judged(post=post, channel=channel, verdict=Verdict(outcome=outcome, reasons=(reason,)))
