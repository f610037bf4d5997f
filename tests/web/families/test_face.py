"""The question about a face template: apart, with its own notice, never bundled, never nagged."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from mediacheck.flow.families_choices import PLACES
from mediacheck.model.families import BY_LINK
from mediacheck.model.mail import MailKind
from release_db.presets import STANDARD_PRESETS
from release_db.records import BiometricConsent, Granted, Guardian
from release_db.rules import biometric_consent_or_none
from release_db.standard_notices import STANDARD_NOTICES
from release_db.words import Answer, GuardianId, NoticeKind, StudentId
from tests.conftest import House
from tests.factories import PARENT, TODAY, a_student
from tests.web.conftest import Browser
from tests.web.families.conftest import CHILD, FamilyBrowserAs
from tests.web.families.test_choices import EVERYTHING, NOTHING, PAGE, permission, sign, text_of

YES, NO = ({"answer": one, "signature": "Ana Lopez"} for one in ("allow", "deny"))
OF_A_FACE = re.compile(r"face|rostro|facial|biometr|template|plantilla", re.I)


def answers(house: House, student: str = CHILD) -> tuple[BiometricConsent, ...]:
    with house.services.transaction() as work:
        return work.register.student_files([StudentId(student)])[StudentId(student)].biometric


def may_be_held(house: House) -> bool:
    with house.services.transaction() as work:
        file = work.register.student_files([StudentId(CHILD)])[StudentId(CHILD)]
    return biometric_consent_or_none(file, TODAY) is not None


def main_of(browser: Browser, path: str) -> str:
    """What a page is about, without its frame."""
    found = re.search(r"<main.*?</main>", text_of(browser.get(path)), re.S)
    assert found is not None
    return found[0]


def test_apart_no_form_about_releases_asks_for_it(as_guardian: FamilyBrowserAs) -> None:
    browser = as_guardian()

    form = main_of(browser, f"{PAGE}/choices")
    review = text_of(browser.post(f"{PAGE}/choices", {"preset": "everything"}))

    assert "template" not in form + review
    assert not any(OF_A_FACE.search(place.field) for place in PLACES)


def test_apart_its_own_form_asks_for_nothing_else(as_guardian: FamilyBrowserAs) -> None:
    fields = re.findall(r'\bname="(\w+)"', main_of(as_guardian(), f"{PAGE}/face"))

    assert set(fields) == {"answer", "signature"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_its_own_notice_and_no_other_is_read(as_guardian: FamilyBrowserAs, language: str) -> None:
    title = {text.kind: text.title for text in STANDARD_NOTICES if text.language == language}
    browser = as_guardian(language=language)

    about_face = main_of(browser, f"{PAGE}/face")
    about_releases = text_of(browser.post(f"{PAGE}/choices", {"preset": "everything"}))

    assert title[NoticeKind.BIOMETRIC] in about_face
    assert title[NoticeKind.RELEASE] not in about_face
    assert title[NoticeKind.BIOMETRIC] not in about_releases


def test_its_own_notice_is_what_the_answer_names(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    as_guardian().post(f"{PAGE}/face", YES)

    [consent] = answers(family)
    with family.services.transaction() as work:
        [read] = [
            one
            for one in work.register.terms.notices()
            if (one.kind, one.language) == (NoticeKind.BIOMETRIC, "en")
        ]
    assert consent.notice == read.reference
    assert json.loads(consent.evidence)["notice_sha256"] == read.sha256


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("separate question", "one purpose only", "destroyed when", "given to nobody")),
        ("es", ("pregunta aparte", "un solo fin", "Se destruye cuando", "No se entrega")),
    ],
)
def test_the_notice_names_purpose_retention_and_end(language: str, words: tuple[str, ...]) -> None:
    [text] = [
        one
        for one in STANDARD_NOTICES
        if (one.kind, one.language) == (NoticeKind.BIOMETRIC, language)
    ]

    assert [one for one in words if one not in text.body.replace("\n", " ")] == []


def test_nothing_is_chosen_before_the_family_chooses(as_guardian: FamilyBrowserAs) -> None:
    page = main_of(as_guardian(), f"{PAGE}/face")

    assert " checked" not in page
    assert page.index('value="deny"') < page.index('value="allow"')


@pytest.mark.parametrize("preset", [one.key for one in STANDARD_PRESETS])
def test_never_bundled_no_preset_answers_it(
    as_guardian: FamilyBrowserAs, family: House, preset: str
) -> None:
    browser = as_guardian()
    review = text_of(browser.post(f"{PAGE}/choices", {"preset": preset}))
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', review))

    sign(browser, fields | {"answer": "allow"})

    assert answers(family) == ()


def test_never_bundled_one_signature_for_siblings_answers_it_for_nobody(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    link = Guardian(guardian_id=GuardianId(f"g-{PARENT}"), student_id=StudentId("S4"), email=PARENT)
    with family.services.transaction() as work:
        work.register.save_students([a_student("S4", given="Sol")])
        work.register.save_guardians([link])
    browser = as_guardian()
    browser.post(f"{PAGE}/face", YES)

    sign(browser, EVERYTHING | {"also": "S4"})

    assert answers(family, "S4") == ()


@pytest.mark.parametrize(("choices", "is_granted"), [(EVERYTHING, True), (NOTHING, False)])
def test_never_bundled_either_answer_leaves_the_other_as_it_was(
    as_guardian: FamilyBrowserAs, family: House, choices: dict[str, str], is_granted: bool
) -> None:
    browser = as_guardian()
    browser.post(f"{PAGE}/face", YES)
    sign(browser, choices)
    assert may_be_held(family)

    browser.post(f"{PAGE}/face", NO)

    assert not may_be_held(family)
    assert isinstance(permission(family), Granted) is is_granted


def test_never_nagged_the_first_page_does_not_mention_it(as_guardian: FamilyBrowserAs) -> None:
    browser = as_guardian()
    before = main_of(browser, "/family")

    browser.post(f"{PAGE}/face", NO)

    assert "template" not in before
    assert main_of(browser, "/family") == before


def test_never_nagged_a_no_reads_as_no_answer_does(as_guardian: FamilyBrowserAs) -> None:
    browser = as_guardian()
    before = main_of(browser, PAGE)

    browser.post(f"{PAGE}/face", NO)

    assert main_of(browser, PAGE) == before
    assert before.count("emplate") == 2


def test_never_nagged_no_mail_asks_for_it(as_guardian: FamilyBrowserAs, family: House) -> None:
    browser = as_guardian()
    browser.post(f"{PAGE}/face", NO)
    browser.post(f"{PAGE}/face", YES)

    assert family.jobs.mails == []
    assert [kind for kind in MailKind if OF_A_FACE.search(kind.value)] == []


def test_never_nagged_neither_answer_leads_to_another_question(
    as_guardian: FamilyBrowserAs,
) -> None:
    browser = as_guardian()

    for answer in (NO, YES, NO):
        assert browser.post(f"{PAGE}/face", answer).location == PAGE


def test_a_yes_needs_its_own_notice_to_be_approved(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    # A day before either notice came into force.
    family.clock.move(timedelta(days=-1))

    assert 'value="allow"' not in main_of(browser, f"{PAGE}/face")
    assert browser.post(f"{PAGE}/face", YES).status_code == 422


def test_a_mailed_link_takes_a_yes_back_and_gives_none(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    as_guardian().post(f"{PAGE}/face", YES)
    visitor = as_guardian(by=BY_LINK)
    assert 'value="allow"' not in main_of(visitor, f"{PAGE}/face")

    visitor.post(f"{PAGE}/face", NO)

    assert visitor.post(f"{PAGE}/face", YES).status_code == 422
    assert [one.answer for one in answers(family)] == [Answer.ALLOW, Answer.DENY]
