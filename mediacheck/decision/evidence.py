"""All that a decision may look at, gathered beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from mediacheck.model.finding import FaceFinding, Finding, FindingId, NameFinding, UnreadText
from mediacheck.model.people import StaffId
from mediacheck.model.post import ANY_PICTURE, Media, MediaId, PictureNeeds
from mediacheck.model.resolution import Resolution, Unresolved
from mediacheck.model.works import WorkWord
from release_db.records import Channel, StudentFile
from release_db.words import SchoolKey, StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A post as it is seen at one moment.

    ``matches`` is what the searches made of each finding, ``words`` what a person said of it: a
    person's word goes first. ``texts`` is everything that can be read in the post when it is out,
    in the pictures too, and ``schools`` the name of each school. ``author`` None: nobody has spoken
    (the command line). ``works`` is
    what a person said of student work in each picture, ``recalled`` what was said before of works
    that look the same; ``is_unnamed_work_asked`` whether the district asks whose it is where no
    name can be seen. ``needs`` are what the channel takes of a picture.
    """

    channel: Channel
    media: tuple[Media, ...]
    findings: tuple[Finding, ...]
    matches: Mapping[FindingId, Resolution]
    words: Mapping[FindingId, Resolution] = field(default_factory=dict)
    files: Mapping[StudentId, StudentFile]
    author: StaffId | None = None
    roster_size: int
    now: datetime
    zone: tzinfo
    has_words: bool
    texts: tuple[str, ...]
    schools: Mapping[SchoolKey, str]
    is_alt_text_required: bool = False
    works: Mapping[MediaId, WorkWord] = field(default_factory=dict)
    recalled: Mapping[MediaId, tuple[WorkWord, ...]] = field(default_factory=dict)
    is_unnamed_work_asked: bool = False
    needs: PictureNeeds = ANY_PICTURE

    @property
    def on(self) -> date:
        """Today, where the district is."""
        return self.now.astimezone(self.zone).date()

    @property
    def faces(self) -> tuple[FaceFinding, ...]:
        """The faces among the findings."""
        return tuple(found for found in self.findings if isinstance(found, FaceFinding))

    @property
    def names(self) -> tuple[NameFinding, ...]:
        """The names among the findings."""
        return tuple(found for found in self.findings if isinstance(found, NameFinding))

    @property
    def unread(self) -> tuple[UnreadText, ...]:
        """The writing that nobody could read."""
        return tuple(found for found in self.findings if isinstance(found, UnreadText))

    def resolution_of(self, finding: FindingId) -> Resolution:
        """A person's word, else what the search made of it, else nothing is known.

        A word that was taken back is ``Unresolved``, and counts as none.
        """
        match self.words.get(finding):
            case None | Unresolved():
                return self.match_of(finding)
            case word:
                return word

    def match_of(self, finding: FindingId) -> Resolution:
        """What the search made of it; no match is ``Unresolved``."""
        return self.matches.get(finding, Unresolved())
