"""The made-up district's families who can sign in, and the notices that they read."""

from __future__ import annotations

from datetime import date, timedelta

import pyotp

from mediacheck.demo.people import PASSWORD
from mediacheck.demo.releases import RELEASED, kind_of
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.ports.services import Services, Work
from release_db.records import Guardian, Student
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.words import GuardianId

#: One authenticator for every made-up family: the demo's own sign-in page shows its code.
_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - the demo shows it to everybody.

_THREE_CHILDREN = FamilyAccount(
    account_id=FamilyAccountId("demo-family-three"),
    kind=FamilyKind.GUARDIAN,
    email="familia@demo.example",
    name="Rosa Campos",
    language="es",
)
_ACCOUNTS = (
    ("Three children, nothing answered yet (Spanish)", _THREE_CHILDREN),
    (
        "One child, everything allowed",
        FamilyAccount(
            account_id=FamilyAccountId("demo-family-one"),
            kind=FamilyKind.GUARDIAN,
            email=f"parent{RELEASED[1:]}@families.example",
            name="Karin Lindqvist",
        ),
    ),
    (
        "The same child's other guardian",
        FamilyAccount(
            account_id=FamilyAccountId("demo-family-other"),
            kind=FamilyKind.GUARDIAN,
            email=f"other{RELEASED[1:]}@families.example",
            name="Olof Lindqvist",
        ),
    ),
    (
        "One child, everything allowed, to try a withdrawal",
        FamilyAccount(
            account_id=FamilyAccountId("demo-family-withdraws"),
            kind=FamilyKind.GUARDIAN,
            email="parent1011@families.example",
            name="Soo-jin Kim",
        ),
    ),
    (
        "One child, asked each time on social networks",
        FamilyAccount(
            account_id=FamilyAccountId("demo-family-asked"),
            kind=FamilyKind.GUARDIAN,
            email="parent1012@families.example",
            name="Lucía Mendez",
        ),
    ),
)
_CHILDREN = 3
_APPROVED_BY = "demo-administrator"
_NOTICE_AGE = timedelta(days=100)


def demo_families(services: Services) -> tuple[tuple[str, str, str, str], ...]:
    """Label, e-mail, password and the authenticator's code of now, of every made-up family."""
    code = pyotp.TOTP(_TOTP_SECRET).at(services.clock.now())
    return tuple((label, account.email, PASSWORD, code) for label, account in _ACCOUNTS)


def fill_families(
    services: Services, work: Work, students: tuple[Student, ...], password_hash: str, today: date
) -> None:
    """Approves the notices, links three children to one guardian, and opens the accounts."""
    now = services.clock.now()
    for text in STANDARD_NOTICES:
        notice = approved(text, by=_APPROVED_BY, on=today - _NOTICE_AGE, at=now)
        work.register.terms.publish_notice(notice)
    unanswered = [
        student
        for position, student in enumerate(students)
        if kind_of(student, position) == "none-on-file"
    ]
    links = [
        Guardian(
            guardian_id=GuardianId("demo-family"),
            student_id=student.student_id,
            email=_THREE_CHILDREN.email,
            name=_THREE_CHILDREN.name,
            language=_THREE_CHILDREN.language,
        )
        for student in unanswered[:_CHILDREN]
    ]
    work.register.save_guardians(links, by=_APPROVED_BY)
    for _label, account in _ACCOUNTS:
        work.families.save_account(account)
        work.families.set_password(account.account_id, password_hash, _TOTP_SECRET, 0)
