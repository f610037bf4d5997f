"""A paper form on its page: entered by one, confirmed by another who sees the scan."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mediacheck.model.office import ScanKind
from mediacheck.model.people import Role
from release_db.records import Guardian
from release_db.words import Answer, GuardianId, StudentId
from tests.conftest import House
from tests.factories import a_student
from tests.fakes import NotAPicture
from tests.mediacheck.intake.test_scans import PDF
from tests.web.conftest import Browser, BrowserAs

TEDDY = StudentId("S2")
PAGE = "/registrars/students/S2/paper"
LIST = "/registrars/waiting"


@pytest.fixture
def registrar(browser_as: BrowserAs, house: House) -> Browser:
    link = Guardian(guardian_id=GuardianId("S2-ana"), student_id=TEDDY, email="ana@home.example")
    with house.services.transaction() as work:
        work.register.save_guardians([link])
    return browser_as(Role.REGISTRAR)


def form(data: bytes = PDF, name: str = "form.pdf", **answers: str) -> dict[str, object]:
    return {
        "signer": "S2-ana",
        "signed_on": "2026-11-23",
        "scan": (io.BytesIO(data), name),
        "preset": "",
        **{field.replace("__", "."): value for field, value in answers.items()},
    }


def answers_on_file(house: House) -> set[Answer]:
    with house.services.transaction() as work:
        return {one.answer for one in work.register.student_files([TEDDY])[TEDDY].releases}


def item(browser: Browser) -> str:
    page = browser.get(LIST).get_data(as_text=True)
    found = re.search(r'href="(/registrars/waiting/[^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_form_that_only_refuses_needs_nobody_else(registrar: Browser, house: House) -> None:
    answer = registrar.post(PAGE, form(social__image="no"))

    assert answer.status_code == 302
    assert answers_on_file(house) == {Answer.DENY}
    assert "Nothing waits" in registrar.get(LIST).get_data(as_text=True)


def test_a_form_that_allows_is_confirmed_by_an_administrator(
    registrar: Browser, browser_as: BrowserAs, house: House
) -> None:
    registrar.post(PAGE, form(social__image="yes"))
    before = answers_on_file(house)
    second = browser_as(Role.ADMINISTRATOR)
    page = second.get(item(second)).get_data(as_text=True)
    second.post(item(second) + "/accept")

    assert before == set()
    assert "On social networks: Picture" in page
    assert "ana@home.example" in page
    assert answers_on_file(house) == {Answer.ALLOW}


def test_whoever_entered_it_is_offered_no_confirmation(registrar: Browser, house: House) -> None:
    registrar.post(PAGE, form(social__image="yes"))
    page = registrar.get(item(registrar)).get_data(as_text=True)

    assert "Take it back" in page
    assert "confirm</button>" not in page
    assert registrar.post(item(registrar) + "/accept").status_code == 403
    assert answers_on_file(house) == set()


def test_a_form_that_is_taken_back_waits_no_longer(registrar: Browser) -> None:
    registrar.post(PAGE, form(social__image="yes"))
    there = item(registrar)
    registrar.post(there + "/decline")

    assert "Nothing waits" in registrar.get(LIST).get_data(as_text=True)
    assert registrar.post(there + "/accept").status_code == 404


def test_a_box_of_the_form_is_entered_as_the_form_names_it(
    registrar: Browser, house: House
) -> None:
    page = registrar.get(PAGE).get_data(as_text=True)
    found = re.search(r'<select id="preset".*?</select>', page, re.S)
    assert found is not None
    key = re.findall(r'value="([^"]+)"', found[0])[-1]
    answer = registrar.post(PAGE, {**form(), "preset": key})

    assert answer.status_code == 302
    assert answers_on_file(house) == {Answer.DENY}


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "Choose the scan"), (b"PK\3\4", NotAPicture.message), (b"%PDF-1.7 half", "cut off")],
)
def test_a_file_that_is_no_scan_is_asked_for_again(
    registrar: Browser, house: House, data: bytes, words: str
) -> None:
    answer = registrar.post(PAGE, form(data, social__image="no"))
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert '<a href="#scan">' in page
    assert words in page
    assert answers_on_file(house) == set()


def test_a_form_needs_a_day_and_something_new(registrar: Browser) -> None:
    late = registrar.post(PAGE, {**form(social__image="no"), "signed_on": "2027-01-01"})
    no_day = registrar.post(PAGE, {**form(social__image="no"), "signed_on": ""})
    nothing = registrar.post(PAGE, form())

    assert (late.status_code, no_day.status_code, nothing.status_code) == (422, 422, 422)
    assert '<a href="#signed_on">' in late.get_data(as_text=True)
    assert "nothing that is not on file" in nothing.get_data(as_text=True)


@pytest.mark.parametrize("answers", [{"social__image": "gossip"}, {"social__image": "first-name"}])
def test_an_answer_that_was_never_offered_is_refused(
    registrar: Browser, answers: dict[str, str]
) -> None:
    assert registrar.post(PAGE, form(**answers)).status_code == 400
    assert registrar.post(PAGE, {**form(), "preset": "gossip"}).status_code == 400


def test_no_guardian_signs_for_a_student_of_18(registrar: Browser, house: House) -> None:
    grown = replace(a_student("S2", given="Teddy", family="Ramos"), birth_on=date(2008, 1, 1))
    with house.services.transaction() as work:
        work.register.save_students([grown])

    assert "ana@home.example" not in registrar.get(PAGE).get_data(as_text=True)
    assert registrar.post(PAGE, form(social__image="no")).status_code == 404
    by_student = {**form(social__image="no"), "signer": "student"}
    assert registrar.post(PAGE, by_student).status_code == 302


def test_a_scan_is_shown_to_the_office_and_saved_if_it_is_a_pdf(
    registrar: Browser, browser_as: BrowserAs, house: House
) -> None:
    registrar.post(PAGE, form(social__image="no"))
    pdf_at = scan_of(house)
    registrar.post(PAGE, form(b"grey:120", "form.jpg", social__name="no"))
    house.clock.move(timedelta(minutes=1))
    pdf, elsewhere = registrar.get(pdf_at), browser_as(Role.REGISTRAR, "hoover")
    with house.services.transaction() as work:
        kept = {one.scan.kind: one.form_id for one in work.office.forms_of(TEDDY)}
    picture = browser_as(Role.ADMINISTRATOR).get(
        f"/registrars/papers/{kept[ScanKind.PICTURE]}/scan"
    )

    with house.services.transaction() as work:
        lookers = {look.actor for look in work.family_log.looks_at(TEDDY)}
    assert lookers == {"the-registrar", "the-administrator"}
    assert pdf.data == PDF
    assert "attachment" in pdf.headers["Content-Disposition"]
    assert picture.mimetype == "image/jpeg"
    assert browser_as(Role.TEACHER).get(pdf_at).status_code == 403
    assert elsewhere.get(pdf_at).status_code == 404
    assert elsewhere.get(PAGE).status_code == 404


def scan_of(house: House) -> str:
    with house.services.transaction() as work:
        return f"/registrars/papers/{work.office.forms_of(TEDDY)[0].form_id}/scan"
