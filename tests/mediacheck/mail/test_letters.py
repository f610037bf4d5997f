"""The mails' words: whole in every language, and none of them in two."""

from __future__ import annotations

import ast
import inspect

import pytest

from mediacheck.mail import letters
from mediacheck.mail.letters import letter_for, words_in
from mediacheck.model.mail import MailKind


def said_words() -> list[str]:
    """Every message that the letters are made of."""
    calls = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(letters)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    ]
    return [ast.literal_eval(call.args[0]) for call in calls]


def test_every_word_of_the_mails_is_there_in_spanish() -> None:
    spanish = words_in("es-MX")

    assert len(said_words()) > 10
    assert [words for words in said_words() if spanish(words) == words] == []


@pytest.mark.parametrize("language", ["", "xx", "../../etc", "en-US", "zz_ZZ"])
def test_a_language_that_we_do_not_have_gets_english(language: str) -> None:
    letter = letter_for(MailKind.CODE, language, code="12345")

    assert letter.subject == "Your one-time code"
    assert "12345" in letter.text


@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_of_mail_says_what_it_brings(kind: MailKind) -> None:
    letter = letter_for(kind, "es", link="https://link.example", code="https://link.example")

    assert "https://link.example" in letter.text
