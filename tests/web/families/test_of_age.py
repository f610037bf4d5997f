"""The family's pages around an 18th birthday: whose they are, and what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from mediacheck.accounts.families_sessions import open_family_session
from mediacheck.model.families import BY_PASSKEY, FamilyAccount, FamilyAccountId, FamilyKind
from tests.conftest import House
from tests.factories import a_student
from tests.web.conftest import Browser
from tests.web.families.conftest import CHILD, FamilyBrowserAs

OWN = "luz@students.example"


@pytest.fixture
def eve(family: House) -> House:
    """Luz turns 18 tomorrow."""
    luz = replace(a_student(CHILD, given="Luz"), birth_on=date(2008, 11, 25), email=OWN)
    with family.services.transaction() as work:
        work.register.save_students([luz])
    return family


def turn_18(house: House) -> None:
    house.clock.move(timedelta(days=1))


def as_student(app: Flask, house: House, language: str = "en") -> Browser:
    account = FamilyAccount(
        account_id=FamilyAccountId("luz"),
        kind=FamilyKind.STUDENT,
        email=OWN,
        name="Luz",
        language=language,
    )
    with house.services.transaction() as work:
        work.families.save_account(account)
        token = open_family_session(
            work,
            account.account_id,
            house.clock,
            house.services.ids,
            authenticated=BY_PASSKEY,
            replaces=None,
        )
    client = app.test_client()
    client.set_cookie("mediacheck-family", token)
    return Browser(client=client)


def test_until_the_birthday_the_pages_are_the_guardian_s(
    eve: House, app: Flask, as_guardian: FamilyBrowserAs
) -> None:
    assert "Luz Lopez" in as_guardian().get("/family").text
    assert "Luz" not in as_student(app, eve).get("/family").text


def test_from_then_on_the_guardian_reads_that_the_student_decides(
    eve: House, as_guardian: FamilyBrowserAs
) -> None:
    turn_18(eve)
    guardian = as_guardian()

    page = guardian.get("/family").text

    assert "Luz Lopez is 18 and decides alone now" in page
    assert "No child is linked" not in page
    assert guardian.get(f"/family/children/{CHILD}").status_code == 404
    spanish = as_guardian(language="es").get("/family").text
    assert "Luz Lopez tiene 18 años y ahora decide por su cuenta" in spanish


def test_the_student_s_pages_speak_to_the_student(eve: House, app: Flask) -> None:
    turn_18(eve)
    student = as_student(app, eve)

    page = student.get("/family").text

    assert "<h1>Your answers</h1>" in page
    assert "Your children" not in page
    assert "Saying no costs you nothing" in page
    assert "Luz Lopez" in page
