"""A question to a family: may this one picture go out there?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from mediacheck.model.people import StaffId
from mediacheck.model.post import Box, PostId
from release_db.words import ChannelKey, NameForm, StudentId, Use

QuestionId = NewType("QuestionId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUse:
    """One use of the student that the picture's post would make."""

    use: Use
    name_form: NameForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureQuestion:
    """What a family is asked about one picture. Append-only.

    ``item`` is the SHA-256 of the upload; ``boxes`` where the student is in it, and ``others``
    where everybody else is, who is none of this family's business.
    """

    question_id: QuestionId
    student_id: StudentId
    post_id: PostId
    item: str
    channel: ChannelKey
    uses: tuple[AskedUse, ...]
    names: tuple[str, ...]
    picture_key: str
    others: tuple[Box, ...]
    asked_by: StaffId
    asked_at: datetime
