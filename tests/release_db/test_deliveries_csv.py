"""The proof that a notice was sent: without it a blank never means yes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from release_db.deliveries_csv import COLUMNS, DeliveriesPlan, apply_deliveries, plan_deliveries
from release_db.errors import ImportRefused
from release_db.records import Granted
from release_db.register import ReleaseRegister
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.words import ChannelKey, NameForm, NoticeKind, StudentId, Use
from tests.factories import NOW, TODAY

S1 = StudentId("S1")
SENT = TODAY - timedelta(days=30)
CLOSED = TODAY - timedelta(days=2)


@pytest.fixture
def notified(register: ReleaseRegister) -> ReleaseRegister:
    """A student, a channel, and an approved release notice."""
    for text in STANDARD_NOTICES:
        register.terms.publish_notice(approved(text, by="the-boss", on=SENT, at=NOW))
    return register


def reference(register: ReleaseRegister) -> str:
    return next(
        notice.reference
        for notice in register.terms.notices()
        if notice.kind is NoticeKind.RELEASE and notice.language == "en"
    )


def a_file(register: ReleaseRegister, **cells: str) -> bytes:
    line = {
        "student_id": S1,
        "notice": reference(register),
        "language": "en",
        "address": "12 Elm Street",
        "sent_on": SENT.isoformat(),
        "window_ends_on": CLOSED.isoformat(),
        "arrived": "",
    } | cells
    return (",".join(COLUMNS) + "\n" + ",".join(line[one] for one in COLUMNS) + "\n").encode()


def plan(register: ReleaseRegister, data: bytes) -> DeliveriesPlan:
    return plan_deliveries(register, data, on=TODAY, now=NOW)


def is_granted(register: ReleaseRegister) -> bool:
    given = register.permission_for(S1, Use.IMAGE, ChannelKey("instagram"), NameForm.NONE, NOW)
    return isinstance(given, Granted)


def allow_blanks(register: ReleaseRegister) -> None:
    for key, value in (("default_rule", "opt-out"), ("opt_out_uses", "image")):
        register.set_policy(key, value, school=None, by="the-boss", at=NOW)


def test_with_the_proof_a_blank_means_yes_where_the_district_says_so(
    notified: ReleaseRegister,
) -> None:
    allow_blanks(notified)
    assert not is_granted(notified)

    apply_deliveries(notified, plan(notified, a_file(notified)))

    assert is_granted(notified)


def test_the_proof_alone_allows_nothing(notified: ReleaseRegister) -> None:
    apply_deliveries(notified, plan(notified, a_file(notified)))

    assert not is_granted(notified)


def test_the_same_file_twice_is_no_change(notified: ReleaseRegister) -> None:
    apply_deliveries(notified, plan(notified, a_file(notified)))

    again = plan(notified, a_file(notified))

    assert again.is_empty
    assert again.unchanged == 1


def test_what_did_not_arrive_proves_nothing(notified: ReleaseRegister) -> None:
    allow_blanks(notified)
    apply_deliveries(notified, plan(notified, a_file(notified)))
    came_back = plan(notified, a_file(notified, arrived="no"))

    apply_deliveries(notified, came_back)

    assert came_back.concerned == {S1}
    assert not is_granted(notified)
    assert plan(notified, a_file(notified, arrived="no")).is_empty


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("student_id", "S999", "Nobody on the roster"),
        ("student_id", "", "must not be blank"),
        ("notice", "made-up@1", "published release notice"),
        ("language", "fr", "published release notice"),
        ("address", "", "must not be blank"),
        ("sent_on", "", "must not be blank"),
        ("sent_on", (TODAY + timedelta(days=1)).isoformat(), "still to come"),
        ("sent_on", "24.11.2026", "YYYY-MM-DD"),
        ("window_ends_on", (SENT + timedelta(days=13)).isoformat(), "at least 14 days"),
        ("arrived", "perhaps", "Write one of"),
    ],
)
def test_a_line_that_proves_nothing_refuses_the_file(
    notified: ReleaseRegister, column: str, cell: str, words: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        plan(notified, a_file(notified, **{column: cell}))

    assert any(words in str(problem) for problem in refused.value.problems)
    assert notified.student_files([S1])[S1].deliveries == ()


def test_a_notice_on_face_templates_is_no_proof(notified: ReleaseRegister) -> None:
    biometric = next(
        notice.reference
        for notice in notified.terms.notices()
        if notice.kind is NoticeKind.BIOMETRIC and notice.language == "en"
    )

    with pytest.raises(ImportRefused):
        plan(notified, a_file(notified, notice=biometric))
