"""The district's table of what its system's codes mean."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from release_db.errors import ImportRefused
from release_db.records import Scope
from release_db.register import ReleaseRegister
from release_db.sis_codes import SisCode, read_codes
from release_db.words import Answer, Audience, ChannelKey, NameForm, Use

HEADER = "code,status,use,channel,name_form,answer\n"
CHANNELS = frozenset({ChannelKey("instagram")})


@pytest.fixture
def kind() -> str:
    """The database in memory will do."""
    return "memory"


def codes(*rows: str) -> tuple[SisCode, ...]:
    return read_codes((HEADER + "\n".join(rows) + "\n").encode(), CHANNELS)


def test_a_row_means_one_answer_for_each_of_its_uses() -> None:
    image, work = codes("MR,A,image; work,social,,allow")

    assert image.scope == Scope(use=Use.IMAGE, audience=Audience.SOCIAL)
    assert work.scope == Scope(use=Use.WORK, audience=Audience.SOCIAL)
    assert image.words == "MR with status A: image on social: allow"


def test_a_row_may_name_an_account_and_a_form_of_the_name() -> None:
    (code,) = codes("NM,P,name,instagram,first,deny")

    assert code.scope == Scope(
        use=Use.NAME, channel=ChannelKey("instagram"), name_form=NameForm.FIRST
    )
    assert code.answer is Answer.DENY
    assert code.words == "NM with status P: name on instagram, first: deny"


def test_a_code_without_a_use_is_of_no_concern() -> None:
    (code,) = codes("BUS,,,,,")

    assert code.words == "BUS with status (blank): of no concern here"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",A,image,,,allow", "must not be blank"),
        ("MR,A,image,,,", "Say what it means"),
        ("MR,A,image,,,perhaps", "Write one of"),
        ("MR,A,picture,,,allow", "one or more of"),
        ("MR,A,image,nowhere,,allow", "key of an account"),
        ("MR,A,image,,first,allow", "where a name is shown"),
        ("MR,A,,social,,", "for which use"),
        ("MR,A,biometric,,,allow", "one or more of"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused(row: str, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        codes(row)


def test_one_code_never_means_two_things_for_one_use() -> None:
    with pytest.raises(ImportRefused, match="Another row"):
        codes("MR,A,image,,,allow", "mr,a,image,,,deny")


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(ImportRefused, match="below the header"):
        codes()


def test_a_new_table_replaces_the_one_before(register: ReleaseRegister) -> None:
    register.terms.set_sis_codes(codes("MR,A,image,,,allow", "BUS,,,,,"), by="admin")
    register.terms.set_sis_codes(codes("MR,A,image,class,,allow"), by="admin")

    assert register.terms.sis_codes() == codes("MR,A,image,class,,allow")


def test_what_a_code_meant_is_never_changed(register: ReleaseRegister, session: Session) -> None:
    register.terms.set_sis_codes(codes("MR,A,image,,,allow"), by="admin")

    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE sis_code SET answer = 'deny'"))
