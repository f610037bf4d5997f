"""A family at its pages: a child with two guardians, and both notices approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

import pytest
from flask import Flask

from mediacheck.accounts.families_sessions import open_family_session
from mediacheck.model.families import (
    BY_LINK,
    BY_PASSKEY,
    FamilyAccount,
    FamilyAccountId,
    FamilyKind,
    FamilyLink,
    LinkPurpose,
)
from release_db.records import Guardian
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.words import Audience, GuardianId, StudentId
from tests.conftest import House
from tests.factories import NOW, PARENT, TODAY, a_channel, a_student
from tests.web.conftest import Browser

CHILD = "S3"
OTHER = "other@families.example"


class FamilyBrowserAs(Protocol):
    """Signs a guardian in; ``by`` says how."""

    def __call__(self, email: str = PARENT, *, language: str = "en", by: str = ...) -> Browser:
        """A browser in which she has signed in."""
        ...


@pytest.fixture
def family(house: House) -> House:
    """Luz has two guardians; there is a class page and the school's own social account."""
    with house.services.transaction() as work:
        work.register.save_students([a_student(CHILD, given="Luz")])
        work.register.save_guardians([a_link(PARENT), a_link(OTHER)])
        work.register.add_channel(a_channel("class-page", audience=Audience.CLASS))
        for text in STANDARD_NOTICES:
            work.register.terms.publish_notice(approved(text, by="the-boss", on=TODAY, at=NOW))
    return house


def a_link(email: str) -> Guardian:
    return Guardian(guardian_id=GuardianId(f"g-{email}"), student_id=StudentId(CHILD), email=email)


@pytest.fixture
def as_guardian(app: Flask, family: House) -> FamilyBrowserAs:
    """A browser in which a guardian has signed in."""

    def sign_in(email: str = PARENT, *, language: str = "en", by: str = BY_PASSKEY) -> Browser:
        account = FamilyAccount(
            account_id=FamilyAccountId(f"account-{email}"),
            kind=FamilyKind.GUARDIAN,
            email=email,
            name="A guardian",
            language=language,
        )
        with family.services.transaction() as work:
            work.families.save_account(account)
            link = FamilyLink(
                account_id=account.account_id,
                purpose=LinkPurpose.RESTRICT,
                ends_at=NOW + timedelta(days=1),
            )
            if by == BY_LINK:
                work.families.keep_link("a-link", link)
            token = open_family_session(
                work,
                account.account_id,
                family.clock,
                family.services.ids,
                authenticated=by,
                replaces=None,
                link_sha256="a-link" if by == BY_LINK else None,
            )
        client = app.test_client()
        client.set_cookie("mediacheck-family", token)
        return Browser(client=client)

    return sign_in
