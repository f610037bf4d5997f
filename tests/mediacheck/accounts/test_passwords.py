"""Which passwords are taken, and that only the right one opens."""

from __future__ import annotations

import pytest
from argon2 import extract_parameters

from mediacheck.accounts import passwords
from mediacheck.accounts.errors import PasswordRefused
from mediacheck.accounts.passwords import (
    hash_password,
    require_acceptable_password,
    verify_password,
)

GOOD = "tangle violin harbor mops"
EMAIL = "j.whitcombe@lincoln.example"
NAME = "Jennifer Whitcombe"


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "my dog likes 3 apples",
        "grüße aus dem wald nebenan",
        "lantern-quilt-orchard",
        "vW7#kq9$Lp2&zR5",
    ],
)
def test_a_long_password_that_nobody_guesses_is_taken(password: str) -> None:
    require_acceptable_password(password, EMAIL, NAME)


@pytest.mark.parametrize(
    "password",
    [
        "Password12345678",
        "passw0rd12345678",
        "P@ssw0rd!P@ssw0rd!",
        "aaaaaaaaaaaaaaaaaa",
        "abababababababab",
        "abcdefghijklmnopqr",
        "qwertyuiop123456",
        "1q2w3e4r5t6y7u8i",
        "4815162342108108",
        "correct horse battery staple",
        "Summer2026!Summer2026",
        "Welcome to school 1",
        "mediacheck-teacher-2026",
        "JenniferWhitcombe2026",
        "lincoln whitcombe 99",
    ],
)
def test_a_password_that_a_guesser_tries_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused, match="easy to guess"):
        require_acceptable_password(password, EMAIL, NAME)


def test_a_short_password_is_refused_with_its_length() -> None:
    with pytest.raises(PasswordRefused, match="this has 14"):
        require_acceptable_password("violin-harbor!", EMAIL, NAME)


def test_a_password_of_more_than_200_characters_is_refused() -> None:
    with pytest.raises(PasswordRefused, match="at most 200"):
        require_acceptable_password(GOOD * 20, EMAIL, NAME)


def test_only_the_right_password_opens() -> None:
    kept = hash_password(GOOD)

    assert verify_password(kept, GOOD)
    assert not verify_password(kept, GOOD + " ")


def test_another_spelling_of_the_same_signs_is_the_same_password() -> None:
    kept = hash_password("ﬁnd the blüten garten")

    assert verify_password(kept, "find the blu\u0308ten garten")


def test_no_hash_is_never_right_and_costs_what_a_real_one_costs() -> None:
    assert not verify_password(None, GOOD)
    assert extract_parameters(passwords._NOBODYS_HASH) == extract_parameters(hash_password(GOOD))


def test_every_line_of_the_list_can_match() -> None:
    for word in passwords._common():
        assert word == word.casefold()
        assert word.isalnum()
        assert len(word) >= 3
