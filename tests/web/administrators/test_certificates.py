"""Certificates of destroyed templates: read, kept, and in the audit whatever led to them."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace

import pytest

from mediacheck.flow.retention import destroy_what_lapsed
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from release_db.errors import UnknownStudent
from release_db.records import BiometricConsent, Template
from release_db.words import Answer, Capacity, ReleaseId, StudentId, StudentStatus
from tests.conftest import House
from tests.factories import NOW, TODAY, a_student
from tests.web.conftest import Browser, BrowserAs

MAYA = StudentId("S1")


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.ADMINISTRATOR)


def a_consent(answer: Answer) -> BiometricConsent:
    return BiometricConsent(
        release_id=ReleaseId(f"b-{answer}"),
        student_id=MAYA,
        answer=answer,
        capacity=Capacity.GUARDIAN,
        decided_by="ana@home.example",
        method="portal",
        given_on=TODAY,
        recorded_at=NOW,
    )


def enroll(house: House) -> None:
    with house.services.transaction() as work:
        work.register.record_biometric([replace(a_consent(Answer.ALLOW), capacity=Capacity.OFFICE)])
        template = Template(student_id=MAYA, model="m", vector=struct.pack("<f", 1))
        work.gallery.enroll(template, reference_sha256="a", portrait=b"jpeg", at=NOW)


def no_by_family(work: Work) -> None:
    work.register.record_biometric([replace(a_consent(Answer.DENY), recorded_at=NOW)])


def departure(work: Work) -> None:
    gone = replace(a_student(), status=StudentStatus.DEPARTED, left_on=TODAY, classes=())
    work.register.save_students([gone])


def erasure(work: Work) -> None:
    work.register.delete_student(MAYA, why="the family asked", at=NOW, by="the-registrar")


def switching_off(work: Work) -> None:
    work.register.set_policy("recognition", "off", school=None, by="the-boss", at=NOW)


@pytest.mark.parametrize(
    ("act", "why", "by"),
    [
        (no_by_family, "the consent has ended", "guardian"),
        (departure, "the student has left", "mediacheck"),
        (erasure, "the family asked", "the-registrar"),
        (switching_off, "recognition is off", "the-boss"),
    ],
)
def test_whatever_destroys_a_template_is_certified_and_recorded(
    house: House, act: Callable[[Work], None], why: str, by: str
) -> None:
    enroll(house)

    with house.services.transaction() as work:
        act(work)

    with house.services.transaction() as work:
        (record,) = work.gallery.destructions()
        (entry,) = [one for one in work.audit.entries() if one.event == Event.TEMPLATES_DESTROYED]
    assert (record.why, record.destroyed_by) == (why, by)
    assert record.backups_until is not None
    assert (entry.actor, entry.subject) == (by, MAYA)
    assert json.loads(entry.details) == {"certificate": record.certificate_id, "templates": 1}


def test_what_is_rolled_back_destroys_and_records_nothing(house: House) -> None:
    enroll(house)

    with pytest.raises(UnknownStudent), house.services.transaction() as work:
        [erasure(work) for _ in range(2)]

    with house.services.transaction() as work:
        assert work.gallery.destructions() == ()
        assert Event.TEMPLATES_DESTROYED not in {one.event for one in work.audit.entries()}
        assert work.gallery.enrolled(TODAY) == {MAYA}


def test_the_sweep_records_each_destruction_once(house: House) -> None:
    enroll(house)
    house.clock.move(TODAY.replace(year=2029) - TODAY)

    assert destroy_what_lapsed(house.services) == 1

    with house.services.transaction() as work:
        events = [one.event for one in work.audit.entries()]
    assert events.count(Event.TEMPLATES_DESTROYED) == 1


def test_an_administrator_reads_and_keeps_the_certificates(browser: Browser, house: House) -> None:
    enroll(house)
    with house.services.transaction() as work:
        no_by_family(work)
        (record,) = work.gallery.destructions()

    page = browser.get("/administrators/certificates").get_data(as_text=True)
    kept = browser.get(f"/administrators/certificates/{record.certificate_id}")
    everything = browser.get("/administrators/certificates/all.json").get_json()

    assert "A guardian, who ended the consent" in page
    assert "Until 2026-12-29" in page
    assert "attachment" in kept.headers["Content-Disposition"]
    assert kept.get_json()["is_unaltered"] is True
    assert everything == {"certificates": [kept.get_json()]}


def test_without_certificates_the_page_says_so(browser: Browser) -> None:
    page = browser.get("/administrators/certificates").get_data(as_text=True)

    assert "No template has been destroyed yet" in page
    assert browser.get("/administrators/certificates/none").status_code == 404
