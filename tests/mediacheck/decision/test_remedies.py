"""What is offered for a name that may not stand."""

from __future__ import annotations

import pytest

from mediacheck.decision.remedies import name_in_form, remedies_for, without_span
from release_db.records import RefusalReason, Refused
from release_db.words import NameForm
from tests.factories import a_name, a_student


def test_a_shorter_form_is_offered_where_a_release_allows_it() -> None:
    refused = Refused(reason=RefusalReason.NAME_FORM, allowed_form=NameForm.FIRST)

    offered = remedies_for(a_name(text="Maya Lopez"), refused, a_student())

    assert [remedy.replacement for remedy in offered] == ["Maya", ""]


def test_a_refused_name_can_only_be_taken_out() -> None:
    refused = Refused(reason=RefusalReason.HOLD)

    assert [one.replacement for one in remedies_for(a_name(), refused, a_student())] == [""]


@pytest.mark.parametrize(("text", "form"), [("maya", NameForm.FIRST), ("Maya", NameForm.NONE)])
def test_a_form_that_changes_nothing_or_shows_nothing_is_not_offered(
    text: str, form: NameForm
) -> None:
    refused = Refused(reason=RefusalReason.NAME_FORM, allowed_form=form)

    offered = remedies_for(a_name(text=text), refused, a_student())

    assert [remedy.replacement for remedy in offered] == [""]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (NameForm.NONE, ""),
        (NameForm.INITIALS, "M.L."),
        (NameForm.FIRST, "Maya"),
        (NameForm.FIRST_INITIAL, "Maya L."),
        (NameForm.FULL, "Maya Lopez"),
    ],
)
def test_a_name_has_its_forms(form: NameForm, name: str) -> None:
    assert name_in_form(a_student(), form) == name


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("Well done Maya!", "Maya", "Well done!"),
        ("Maya won the race", "Maya", "won the race"),
        ("Look at Maya's kite", "Maya", "Look at kite"),
        ("Thanks, Maya, for the kite", "Maya", "Thanks, for the kite"),
        ("Kites #Maya fly", "Maya", "Kites fly"),
        ("Maya and Teddy fly kites", "Teddy", "Maya fly kites"),
        ("Maya and Teddy fly kites", "Maya", "Teddy fly kites"),
        ("Leo, Maya and Teddy!", "Teddy", "Leo, Maya!"),
        ("Leo, Maya and Teddy!", "Maya", "Leo, and Teddy!"),
        ("Gracias Ana y Maya", "Maya", "Gracias Ana"),
    ],
)
def test_a_name_is_taken_out_with_what_hangs_on_it(text: str, name: str, left: str) -> None:
    start = text.index(name)

    assert without_span(text, (start, start + len(name)), "") == left


def test_a_replacement_stands_exactly_in_its_place() -> None:
    assert without_span("By Maya Lopez.", (3, 13), "Maya") == "By Maya."
