"""A family's own answers reach what is cleared and what is out, in the same transaction."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.flow.families import Signature, sign_choices
from mediacheck.flow.families_choices import PLACES, Choice
from mediacheck.model.publication import Trigger
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import PARENT, a_channel
from tests.mediacheck.flow.test_families import a_guardian, a_visitor, at_desk, family
from tests.mediacheck.flow.test_withdraw import published

__all__ = ["family"]


def test_a_guardians_no_pulls_the_post_and_opens_a_case(family: House) -> None:
    with family.services.transaction() as work:
        link = replace(a_guardian(PARENT), student_id=StudentId("S1"))
        work.register.save_guardians([link])
    kept = published(family)
    no = {place: Choice.NO for place in PLACES if place.audience is a_channel().audience}
    signature = Signature(typed="Ana Lopez", language="en")

    at_desk(family, lambda desk: sign_choices(desk, "S1", no, signature), a_visitor())

    with family.services.transaction() as work:
        (case,) = work.publications.cases()
        assert case.publications == (kept.publication_id,)
        assert case.trigger is Trigger.ANSWER
        assert "@" not in case.opened_by
        assert work.publications.is_void(kept.clearance_id)
