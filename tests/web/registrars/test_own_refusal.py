"""A student's own no, told to the office: it counts at once and can only restrict."""

from __future__ import annotations

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.words import Answer, Audience, Capacity, StudentId, Use
from tests.conftest import House
from tests.web.conftest import BrowserAs

MAYA = StudentId("S1")
PAGE = "/registrars/students/S1"


def test_the_students_no_counts_at_once_everywhere(browser_as: BrowserAs, house: House) -> None:
    browser = browser_as(Role.REGISTRAR)
    before = browser.get(PAGE).get_data(as_text=True)
    answer = browser.post(f"{PAGE}/refusals", {"use": "", "audience": ""})

    assert answer.status_code == 302
    assert 'class="badge cleared"' in before
    assert 'class="badge cleared"' not in browser.get(PAGE).get_data(as_text=True)
    with house.services.transaction() as work:
        assert work.audit.entries()[-1].event == Event.RELEASES_SIGNED


@pytest.mark.parametrize("use", ["", Use.IMAGE, Use.WORK])
@pytest.mark.parametrize("audience", ["", Audience.SOCIAL])
def test_whatever_is_sent_only_refuses(
    browser_as: BrowserAs, house: House, use: str, audience: str
) -> None:
    with house.services.transaction() as work:
        before = set(work.register.student_files([MAYA])[MAYA].releases)
    browser_as(Role.REGISTRAR).post(
        f"{PAGE}/refusals", {"use": use, "audience": audience, "answer": "allow"}
    )

    with house.services.transaction() as work:
        new = set(work.register.student_files([MAYA])[MAYA].releases) - before
    assert {(one.answer, one.capacity) for one in new} == {(Answer.DENY, Capacity.STUDENT)}


def test_only_a_registrar_of_the_school_may_record_it(browser_as: BrowserAs) -> None:
    elsewhere = browser_as(Role.REGISTRAR, "hoover")

    assert elsewhere.post(f"{PAGE}/refusals", {}).status_code == 404
    assert browser_as(Role.TEACHER).post(f"{PAGE}/refusals", {}).status_code == 403


def test_a_use_that_was_never_offered_is_refused(browser_as: BrowserAs) -> None:
    answer = browser_as(Role.REGISTRAR).post(f"{PAGE}/refusals", {"use": "gossip"})

    assert answer.status_code == 400
