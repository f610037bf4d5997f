"""What a platform does not take as it is stays here: nothing is cut, and nothing is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Limits
from mediacheck.publish.content import graphemes_in, require_fit, words_length
from tests.contracts.accounts import some_content

LIMITS = Limits(
    words=40,
    pictures=2,
    alt_text=6,
    picture_bytes=10_000_000,
    picture_pixels=640 * 480,
    address_characters=23,
)


def test_what_just_fits_passes() -> None:
    require_fit(some_content(2, "w" * 40), LIMITS)


@pytest.mark.parametrize(
    ("less", "told"),
    [
        ({"words": 39}, "Shorten"),
        ({"pictures": 1}, "two posts"),
        ({"alt_text": 5}, "description"),
        ({"picture_bytes": 10}, "too large"),
        ({"picture_pixels": 640 * 480 - 1}, "too large"),
    ],
)
def test_what_is_too_much_by_one_says_what_to_do(less: dict[str, int], told: str) -> None:
    with pytest.raises(ConnectorError, match=told) as caught:
        require_fit(some_content(2, "w" * 40), replace(LIMITS, **less))

    assert caught.value.retry is Retry.NEVER


def test_a_web_address_counts_as_the_platform_counts_it() -> None:
    words = "See https://district.example/a/very/long/address/indeed today"

    assert words_length(words, LIMITS) == len("See  today") + 23
    assert words_length(words, replace(LIMITS, address_characters=None)) == len(words)


@pytest.mark.parametrize(
    ("words", "signs"),
    [
        ("", 0),
        ("kite", 4),
        ("cafe\u0301", 4),
        ("a\r\nb", 3),
        ("\U0001f469\u200d\U0001f467 x", 3),
        ("\U0001f44b\U0001f3fd!", 2),
        ("\U0001f1fa\U0001f1f8\U0001f1f2\U0001f1fd", 2),
        ("\u0301a", 2),
        ("a\u200db", 2),
        ("a\u200d\U0001f467", 2),
        ("\n\u0301", 2),
    ],
)
def test_signs_are_counted_as_a_reader_sees_them(words: str, signs: int) -> None:
    assert graphemes_in(words) == signs


def test_words_are_held_to_their_signs_and_their_bytes() -> None:
    limits = replace(LIMITS, counts_graphemes=True, words_bytes=30)
    family = "\U0001f469\u200d\U0001f467"

    require_fit(some_content(0, family * 2), replace(limits, words=2))
    with pytest.raises(ConnectorError, match="Shorten"):
        require_fit(some_content(0, family * 3), replace(limits, words=3))
    with pytest.raises(ConnectorError, match="Shorten"):
        require_fit(some_content(0, "abc"), replace(limits, words=2))
