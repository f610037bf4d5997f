"""A family answers: choose, see what it means, sign, keep the receipt."""

from __future__ import annotations

import json
import re

import pytest
from werkzeug.test import TestResponse

from mediacheck.flow.families_choices import PLACES
from mediacheck.model.families import BY_LINK
from release_db.records import Granted, Permission
from release_db.words import ChannelKey, NameForm, StudentId, Use
from tests.conftest import House
from tests.factories import NOW
from tests.web.conftest import Browser
from tests.web.families.conftest import CHILD, OTHER, FamilyBrowserAs

PAGE = f"/family/children/{CHILD}"
EVERYTHING = {place.field: "yes" for place in PLACES}
NOTHING = {place.field: "no" for place in PLACES}


def sign(browser: Browser, choices: dict[str, str]) -> TestResponse:
    return browser.post(f"{PAGE}/sign", {**choices, "signature": "Ana Lopez"})


def text_of(response: TestResponse) -> str:
    """A page without the secrets of its forms, which differ from request to request."""
    page = response.get_data(as_text=True)
    return re.sub(r'(csrf-token" content|csrf_token" value)="[^"]+"', "", page)


def permission(house: House, channel: str = "lincoln-instagram") -> Permission:
    with house.services.transaction() as work:
        key = ChannelKey(channel)
        return work.register.permission_for(StudentId(CHILD), Use.IMAGE, key, NameForm.NONE, NOW)


def test_the_first_page_lists_the_children(as_guardian: FamilyBrowserAs) -> None:
    page = text_of(as_guardian().get("/family"))

    assert "Luz Lopez" in page
    assert "You have not answered yet" in page


def test_the_page_speaks_the_familys_language(as_guardian: FamilyBrowserAs) -> None:
    page = text_of(as_guardian(language="es").get(f"{PAGE}/choices"))

    assert '<html lang="es" dir="ltr">' in page
    assert "Todo dentro de la escuela, nada público" in page
    assert "What may the school show" not in page


def test_a_preset_shows_what_it_means_before_anything_is_saved(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    shown = as_guardian().post(f"{PAGE}/choices", {"preset": "no-names"})

    page = text_of(shown)
    assert "A photo of the whole class: <strong>yes</strong>" in page.replace("\n", "")
    assert "The same photo with the name: <strong>no</strong>" in page
    assert not isinstance(permission(family), Granted)


def test_a_signature_is_saved_and_gives_a_receipt(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()

    saved = sign(browser, EVERYTHING)

    assert saved.status_code == 302
    assert isinstance(permission(family), Granted)
    assert "Ana Lopez" in text_of(browser.get(saved.location))


def test_the_receipt_is_there_as_a_tagged_pdf_and_as_a_record(
    as_guardian: FamilyBrowserAs,
) -> None:
    browser = as_guardian(language="es")
    there = sign(browser, EVERYTHING).location

    record = json.loads(browser.get(f"{there}.json").get_data())
    pdf = browser.get(f"{there}.pdf").get_data()

    assert record["schema_version"] == "ISO/IEC TS 27560:2023"
    assert record["privacy_notice"]["language"] == "es"
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf


def test_without_a_signature_nothing_is_saved(as_guardian: FamilyBrowserAs, family: House) -> None:
    refused = as_guardian().post(f"{PAGE}/sign", EVERYTHING)

    assert refused.status_code == 422
    assert not isinstance(permission(family), Granted)


def test_a_mailed_link_cannot_grant(as_guardian: FamilyBrowserAs, family: House) -> None:
    refused = sign(as_guardian(by=BY_LINK), EVERYTHING)

    assert refused.status_code == 422
    assert "Here you can only say no" in text_of(refused)
    assert not isinstance(permission(family), Granted)


def test_a_mailed_link_restricts_without_a_sign_in(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    sign(as_guardian(), EVERYTHING)

    visitor = as_guardian(by=BY_LINK)
    done = sign(visitor, NOTHING)

    assert "Your no is recorded" in text_of(done)
    assert not isinstance(permission(family), Granted)


@pytest.mark.parametrize("path", ["", "/choices", "/face", "/history"])
def test_somebody_elses_child_is_not_there(as_guardian: FamilyBrowserAs, path: str) -> None:
    assert as_guardian().get(f"/family/children/S1{path}").status_code == 404


@pytest.mark.parametrize("path", ["/family", PAGE, f"{PAGE}/history", f"{PAGE}/choices"])
def test_two_guardians_never_see_each_others_data(
    as_guardian: FamilyBrowserAs, family: House, path: str
) -> None:
    mine, theirs = as_guardian(), as_guardian(OTHER)
    sign(mine, NOTHING)
    before = text_of(mine.get(path))

    sign(theirs, EVERYTHING)

    assert text_of(mine.get(path)) == before


def test_a_differing_guardian_is_told_of_without_a_name(as_guardian: FamilyBrowserAs) -> None:
    mine, theirs = as_guardian(), as_guardian(OTHER)
    sign(mine, EVERYTHING)

    sign(theirs, NOTHING)

    page = text_of(mine.get(PAGE))
    assert "Another guardian differs: not allowed until settled" in page
    assert OTHER not in page


def test_somebody_elses_receipt_is_not_there(as_guardian: FamilyBrowserAs) -> None:
    there = sign(as_guardian(OTHER), EVERYTHING).location

    assert as_guardian().get(there).status_code == 404


def test_the_answer_about_a_face_template_is_apart(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()

    browser.post(f"{PAGE}/face", {"answer": "allow", "signature": "Ana Lopez"})

    assert "You said yes to a face template" in text_of(browser.get(PAGE))
    assert not isinstance(permission(family), Granted)


def test_where_no_faces_are_compared_no_family_is_asked(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    with family.services.transaction() as work:
        work.register.set_policy("recognition", "off", school=None, by="the-boss", at=NOW)
    browser = as_guardian()

    refused = browser.post(f"{PAGE}/face", {"answer": "allow", "signature": "Ana Lopez"})

    assert refused.status_code == 422
    assert "Face template" not in text_of(browser.get(PAGE))
