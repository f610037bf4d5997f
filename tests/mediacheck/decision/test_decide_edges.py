"""Answers that settle nothing still block: of nobody at all, or against what a model is sure of."""

from __future__ import annotations

from mediacheck.decision.decide import decide
from mediacheck.model.resolution import Identified, NotAStudent, OtherPerson
from mediacheck.model.verdict import Outcome, ReasonCode
from tests.factories import AUTHOR, a_face, a_name
from tests.mediacheck.decision.test_decide import REFUSED, codes, identified, seen

NOBODY = Identified(students=(), by=AUTHOR)


def test_a_face_that_is_said_to_be_of_no_student_at_all_blocks() -> None:
    verdict = decide(seen(a_face(), words={"f1": NOBODY}))

    assert verdict.outcome is Outcome.BLOCKED


def test_a_name_that_is_said_to_be_of_no_student_at_all_is_unsettled() -> None:
    verdict = decide(seen(a_name(), words={"n1": NOBODY}))

    assert codes(verdict) == [ReasonCode.UNSETTLED_NAME]


def test_an_author_cannot_talk_away_a_face_that_a_model_identified_as_a_refused_student() -> None:
    words = {"f1": NotAStudent(kind=OtherPerson.STAFF, by=AUTHOR)}

    verdict = decide(seen(a_face(), matches={"f1": identified()}, words=words, files=[REFUSED]))

    assert verdict.outcome is not Outcome.CLEARED
