"""Works that went out, and what a withdrawal of the work's release does to them."""

from __future__ import annotations

from mediacheck.flow import clear
from mediacheck.flow.desk import Desk
from mediacheck.flow.works import SaidOfWork, say_of_work
from mediacheck.model.audit import Event
from mediacheck.model.post import Post
from mediacheck.model.publication import Manner, Publication
from mediacheck.model.works import Credit
from release_db.words import NameForm, StudentId, Use
from tests.conftest import House
from tests.mediacheck.flow.test_clear import TEACHER, a_cleared_post, at
from tests.mediacheck.flow.test_withdraw import a_no, change

S1 = StudentId("S1")


def published_work(house: House, form: NameForm = NameForm.NONE) -> Publication:
    """A picture of Maya's work, handed over."""
    house.finder.boxes = ()
    post_id = a_cleared_post(house)

    def credit(desk: Desk, post: Post) -> None:
        media_id = post.media[0].media_id
        said = SaidOfWork(media_id=media_id, credit=Credit.STUDENTS, students=(S1,), name_form=form)
        say_of_work(desk, post, said)
        clear.clear_post(desk, post)

    at(house, post_id, credit)
    clearance = clear.hand_over(house.services, TEACHER, post_id).clearance
    with house.services.transaction() as work:
        kept = work.publications.of_clearance_or_none(clearance.clearance_id)
    assert kept is not None
    return kept


def test_a_published_work_is_its_students_appearance_and_what_allowed_it(house: House) -> None:
    kept = published_work(house, NameForm.FIRST)

    (shown,) = [one for one in kept.appearances if one.manner is Manner.WORK]
    assert (shown.student_id, shown.media_id) == (S1, kept.media[0].media_id)
    assert shown.name_form is NameForm.FIRST
    assert shown.grounds


def test_withdrawing_the_works_release_brings_the_publication_down(house: House) -> None:
    kept = published_work(house)

    withdrawn = change(house, a_no(Use.WORK))

    assert len(withdrawn.cases) == 1
    with house.services.transaction() as work:
        (case,) = work.publications.cases()
        assert case.publications == (kept.publication_id,)


def test_a_word_on_a_work_is_in_the_audit_with_ids_only(house: House) -> None:
    kept = published_work(house)

    with house.services.transaction() as work:
        entry = next(one for one in work.audit.entries() if one.event == Event.WORK_CREDITED)
        assert entry.subject == kept.media[0].media_id
        assert "S1" in entry.details
        assert "Maya" not in entry.details
