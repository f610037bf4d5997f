"""The sieve lets every name through, and hardly any other word."""

from __future__ import annotations

import string
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from mediacheck.findings.name_sieve import NameSieve

words = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=12)


@given(names=st.lists(words), others=st.lists(words))
def test_no_name_is_ever_held_back(names: list[str], others: list[str]) -> None:
    sieve = NameSieve(names, 3)

    assert set(names) <= set(sieve.sifted([*others, *names]))
    assert sieve.starts == {name[:3] for name in names}


def test_few_other_words_are_let_through() -> None:
    dice = Random(7)  # noqa: S311 - the same every time, and no secret.
    made = {"".join(dice.choices(string.ascii_lowercase, k=9)) for _ in range(12_000)}
    names, others = sorted(made)[::2], sorted(made)[1::2]

    let_through = NameSieve(names, 3).sifted(others)

    assert len(let_through) < 0.03 * len(others)


def test_an_empty_district_lets_nothing_through() -> None:
    assert NameSieve([], 3).sifted(["maya"]) == []
