"""A name with school and grade beside it tells where to find the student."""

from __future__ import annotations

import pytest

from mediacheck.review.whereabouts import tells_where

LINCOLN = "Lincoln Elementary"


@pytest.mark.parametrize(
    "words",
    [
        "Maya Lopez, 3rd grade at Lincoln, won the prize.",
        "Maya is a fifth-grader at lincoln elementary!",
        "MAYA LOPEZ - GRADE 4 - LINCOLN",
        "Maya, kindergarten, of Riverside Elementary",
        "Maya Lopez, de tercer grado de la escuela Lincoln",
        "Freshman Maya of the high school",
    ],
)
def test_school_and_grade_together_are_noticed(words: str) -> None:
    assert tells_where(words, LINCOLN)


@pytest.mark.parametrize(
    "words",
    [
        "Maya Lopez of Lincoln won the prize.",
        "Maya is in 3rd grade now.",
        "Maya got a good grade on Abraham's essay.",
        "The third day at the gradeschool",
        "",
    ],
)
def test_one_of_them_alone_is_not(words: str) -> None:
    assert not tells_where(words, LINCOLN)


def test_a_school_without_a_name_of_its_own_is_known_by_its_kind_only() -> None:
    assert not tells_where("3rd grade fun with Maya", "Elementary School")
    assert not tells_where("3rd grade fun with Maya")
