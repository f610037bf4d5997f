"""One signature for several children: the pages."""

from __future__ import annotations

import pytest

from mediacheck.flow.families_choices import PLACES
from mediacheck.model.families import BY_LINK
from release_db.records import Guardian, Hold
from release_db.words import GuardianId, HoldId, StudentId
from tests.conftest import House
from tests.factories import PARENT, TODAY, a_student
from tests.web.families.conftest import OTHER, FamilyBrowserAs
from tests.web.families.test_choices import EVERYTHING, NOTHING, PAGE, text_of

PRESET = {"preset": "inside-school"}
SIGNED = {"signature": "Ana Lopez"}


@pytest.fixture(autouse=True)
def siblings(family: House) -> None:
    """Luz has two sisters."""
    names = {"S4": "Sol", "S5": "Mar"}
    links = [
        Guardian(guardian_id=GuardianId(f"g-{PARENT}"), student_id=StudentId(one), email=PARENT)
        for one in names
    ]
    with family.services.transaction() as work:
        work.register.save_students([a_student(one, given=names[one]) for one in names])
        work.register.save_guardians(links)


def test_the_review_offers_her_other_children_and_ticks_none(as_guardian: FamilyBrowserAs) -> None:
    page = text_of(as_guardian().post(f"{PAGE}/choices", PRESET))

    assert "Use the same answers for" in page
    assert "What this means for Sol Lopez" in page
    assert " checked" not in page


def test_the_other_guardian_of_one_child_is_offered_nobody(as_guardian: FamilyBrowserAs) -> None:
    page = text_of(as_guardian(OTHER).post(f"{PAGE}/choices", PRESET))

    assert "Sol" not in page
    assert "Use the same answers for" not in page


def test_one_signature_gives_three_receipts(as_guardian: FamilyBrowserAs) -> None:
    browser = as_guardian()

    done = browser.post(f"{PAGE}/sign", {**EVERYTHING, **SIGNED, "also": ["S4", "S5"]})

    page = text_of(browser.get(done.location))
    assert page.count("Receipt number") == 3
    assert "You have not answered yet" not in text_of(browser.get("/family"))


def test_somebody_elses_receipts_are_not_there(as_guardian: FamilyBrowserAs) -> None:
    done = as_guardian().post(f"{PAGE}/sign", {**EVERYTHING, **SIGNED, "also": ["S4"]})

    assert as_guardian(OTHER).get(done.location).status_code == 404


def test_a_receipt_leads_to_the_same_answers_for_another_child(
    as_guardian: FamilyBrowserAs,
) -> None:
    browser = as_guardian()
    receipt = browser.post(f"{PAGE}/sign", {**EVERYTHING, **SIGNED}).location
    assert f"{PAGE}/same" in text_of(browser.get(receipt))

    done = browser.post(f"{PAGE}/same", {**SIGNED, "also": ["S4"]})

    assert "Sol Lopez" in text_of(browser.get(done.location))


def test_without_a_tick_or_a_signature_the_page_says_what_is_missing(
    as_guardian: FamilyBrowserAs,
) -> None:
    refused = as_guardian().post(f"{PAGE}/same")

    assert refused.status_code == 422
    assert "Tick at least one child." in text_of(refused)


def test_a_child_managed_by_the_office_is_left_out_in_plain_words(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    hold = Hold(hold_id=HoldId("h"), student_id=StudentId("S4"), starts_on=TODAY)
    with family.services.transaction() as work:
        work.register.place_hold(hold)

    page = text_of(as_guardian().get(f"{PAGE}/same"))

    assert "The office manages some answers for Sol Lopez. Answer apart." in page
    assert 'value="S4"' not in page


def test_a_mailed_link_says_no_for_all_of_them(as_guardian: FamilyBrowserAs, family: House) -> None:
    as_guardian().post(f"{PAGE}/sign", {**EVERYTHING, **SIGNED, "also": ["S4", "S5"]})

    done = as_guardian(by=BY_LINK).post(f"{PAGE}/sign", {**NOTHING, **SIGNED, "also": ["S4", "S5"]})

    assert "Your no is recorded" in text_of(done)
    assert text_of(as_guardian().get("/family")).count("Photos are allowed nowhere") == 3


def test_what_cannot_be_signed_keeps_the_ticks(as_guardian: FamilyBrowserAs) -> None:
    page = text_of(as_guardian().post(f"{PAGE}/sign", {**EVERYTHING, "also": ["S5"]}))

    assert page.count(" checked") == 1
    assert len(PLACES) <= page.count('type="hidden"')
