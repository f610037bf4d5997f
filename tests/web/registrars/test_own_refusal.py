"""A no that was told to the office: it counts at once and can only restrict."""

from __future__ import annotations

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.records import Guardian
from release_db.words import Answer, Audience, Capacity, GuardianId, StudentId, Use
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


def test_a_guardian_s_no_is_that_guardian_s(browser_as: BrowserAs, house: House) -> None:
    link = Guardian(guardian_id=GuardianId("S1-ana"), student_id=MAYA, email="ana@home.example")
    with house.services.transaction() as work:
        work.register.save_guardians([link])
    browser = browser_as(Role.REGISTRAR)
    browser.post(f"{PAGE}/refusals", {"who": "S1-ana", "use": "image", "audience": "social"})

    with house.services.transaction() as work:
        word = work.register.student_files([MAYA])[MAYA].releases[-1]
    assert (word.decided_by, word.capacity) == ("ana@home.example", Capacity.GUARDIAN)
    assert word.scope.audience is Audience.SOCIAL
    assert browser.post(f"{PAGE}/refusals", {"who": "S1-bo", "use": ""}).status_code == 404


def test_a_no_to_a_face_template_is_apart_from_every_other(
    browser_as: BrowserAs, house: House
) -> None:
    with house.services.transaction() as work:
        before = work.register.student_files([MAYA])[MAYA].releases
    browser_as(Role.REGISTRAR).post(f"{PAGE}/refusals", {"use": "template"})

    with house.services.transaction() as work:
        file = work.register.student_files([MAYA])[MAYA]
        assert work.audit.entries()[-1].event == Event.BIOMETRIC_SIGNED
    assert [one.answer for one in file.biometric] == [Answer.DENY]
    assert file.releases == before
