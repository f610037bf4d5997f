"""A name that reads as something else is a note; a word that reads as a name, a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediacheck.model.finding import Certainty, NameFinding

Match = Callable[[str], tuple[NameFinding, ...]]

NOTED = {
    "a title": "Ms. Grace visited room 4",
    "a title before a full name": "Thank you, Dr. Grace Whitfield",
    "a title in Spanish": "La maestra Maya nos leyó un cuento",
    "a place after it": "Madison Avenue is closed for the parade",
    "a school": "Grace Elementary hosts the fair",
    "a saint": "Our trip to Santa Maya was great",
    "a public figure": "We are reading poems by Maya Angelou",
    "a people of long ago": "We built Maya pyramids out of sugar cubes",
    "an ordinary word that opens a sentence": "Grace under pressure: our debate team won!",
    "an ordinary word in a question": "The fair is on May 12. Will you be there?",
    "a season": "Hunter safety course at the center",
    "an article": "Join the Hunter safety course tonight",
    "a list of places": "Paris, Madison and Rome: our geography unit",
    "a city": "We went to a museum in Madison",
}


@pytest.mark.parametrize("why", NOTED)
def test_a_name_that_is_something_else_asks_nothing(match: Match, why: str) -> None:
    found = match(NOTED[why])

    assert all(one.certainty is Certainty.POSSIBLE for one in found)


SILENT = (
    "This is a great day",
    "Let's give a hand to everyone who will park cars",
    "Students will mark the trail with grace",
    "PTA meeting 6 pm in the library #GoEagles",
    "Mark your calendars: picture day is Tuesday",
    "We raised $1,200 for the animal shelter",
    "Joy to the world: winter concert",
    "All the hunters of the lost book found it",
)


@pytest.mark.parametrize("caption", SILENT)
def test_ordinary_words_say_nothing(match: Match, caption: str) -> None:
    assert match(caption) == ()


ASKED = (
    "Grace won first place",
    "Thanks to Grace for the cookies",
    "Grace and her team built a bridge",
    "Grace at the science fair",
    "Grace!",
    "Grace, you are a star",
    "This is Grace",
    "Painting by Grace / Hunter",
    "Our class loved the poem Madison wrote",
    "Shout-out to Madison, who stayed late",
    "Congrats to Will and the rest of the team",
    "Gracias Grace",
    "Felicidades a Madison por su proyecto",
    "Mira lo que hizo Madison en la clase",
    "Student council president, Grace.",
    "Grace: artist of the month",
    "Grace, our soloist of the night",
    "GRACE ROCKS",
    "GREAT JOB GRACE",
    "great job madison",
)


@pytest.mark.parametrize("caption", ASKED)
def test_an_ordinary_word_that_stands_for_a_person_is_a_question(
    match: Match, caption: str
) -> None:
    assert Certainty.LIKELY in {one.certainty for one in match(caption)}


DOUBTED = {
    "a title before it": "Ms. Maya Lopez led the choir",
    "a place after it": "Maya Lopez Elementary opens",
    "ordinary words in lower case": "maya and madison kowalski, and grace oduya too",
}


@pytest.mark.parametrize("why", DOUBTED)
def test_a_doubtful_full_name_of_the_class_is_still_a_question(match: Match, why: str) -> None:
    certainties = {one.certainty for one in match(DOUBTED[why])}

    assert Certainty.LIKELY in certainties


def test_a_full_stop_parts_two_people(match: Match) -> None:
    found = match("We thanked Maya. Lopez Street was closed.")

    assert [one.text for one in found if one.certainty is not Certainty.POSSIBLE] == ["Maya"]


def test_a_name_with_another_family_name_is_a_question(match: Match) -> None:
    found = match("Maya Johnson fed the giraffes")

    assert [(one.text, one.certainty) for one in found] == [("Maya", Certainty.LIKELY)]
