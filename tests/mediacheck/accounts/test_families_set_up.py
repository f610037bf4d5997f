"""Whom the office may invite, and what an invitation leaves as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from mediacheck.accounts.families_set_up import invite
from mediacheck.accounts.families_totp import new_totp_secret, step_of_code_or_none
from mediacheck.errors import NotAllowed
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from release_db.records import Guardian
from release_db.words import GuardianId, StudentId
from tests.conftest import House
from tests.factories import NOW, PARENT
from tests.fakes import CountingIds

MOTHER = FamilyAccount(
    account_id=FamilyAccountId("mother"),
    kind=FamilyKind.GUARDIAN,
    email=PARENT,
    name="A mother",
)


@pytest.fixture
def district(house: House) -> House:
    """Maya's mother is on the register."""
    link = Guardian(guardian_id=GuardianId("g1"), student_id=StudentId("S1"), email=PARENT)
    with house.services.transaction() as work:
        work.register.save_guardians([link])
    return house


def invited(house: House, account: FamilyAccount) -> FamilyAccount:
    with house.services.transaction() as work:
        return invite(work, house.services, account, by="office")


def with_password(house: House) -> None:
    with house.services.transaction() as work:
        work.families.set_password(MOTHER.account_id, "a-hash", "A" * 32, 1)


def test_a_second_invitation_is_for_the_same_account_and_changes_no_way_in(
    district: House,
) -> None:
    invited(district, MOTHER)
    with_password(district)

    again = invited(district, replace(MOTHER, account_id=FamilyAccountId("another")))

    assert again.account_id == MOTHER.account_id
    with district.services.transaction() as work:
        assert work.families.has_credentials(MOTHER.account_id)


def test_a_closed_account_that_is_invited_again_forgets_its_way_in(district: House) -> None:
    invited(district, MOTHER)
    with_password(district)
    with district.services.transaction() as work:
        work.families.save_account(replace(MOTHER, is_active=False))

    assert invited(district, MOTHER).is_active
    with district.services.transaction() as work:
        assert not work.families.has_credentials(MOTHER.account_id)


def test_one_address_is_not_a_guardian_and_a_student(district: House) -> None:
    invited(district, MOTHER)

    with pytest.raises(NotAllowed):
        invited(district, replace(MOTHER, kind=FamilyKind.STUDENT))


def test_a_code_of_long_ago_or_of_another_secret_belongs_to_no_step() -> None:
    secret, other = new_totp_secret(CountingIds()), "B" * 32
    assert step_of_code_or_none(secret, pyotp.TOTP(secret).at(NOW), NOW) is not None
    assert (
        step_of_code_or_none(secret, pyotp.TOTP(secret).at(NOW - timedelta(minutes=2)), NOW) is None
    )
    assert step_of_code_or_none(secret, pyotp.TOTP(other).at(NOW), NOW) is None
    assert step_of_code_or_none(secret, "ünsinn", NOW) is None
