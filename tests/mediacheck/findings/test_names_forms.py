"""Every way in which captions write a student's name is found, and shown as what it tells."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediacheck.model.finding import Certainty, NameFinding
from release_db.words import NameForm, StudentId

CERTAIN, LIKELY = Certainty.CERTAIN, Certainty.LIKELY
FULL, FIRST, INITIAL = NameForm.FULL, NameForm.FIRST, NameForm.FIRST_INITIAL

FORMS: dict[str, tuple[str, str, str, NameForm, Certainty]] = {
    # written form: (caption, text of the finding, student, form, certainty)
    "full": ("Congrats to Maya Lopez today", "Maya Lopez", "S01", FULL, CERTAIN),
    "possessive": ("Maya Lopez's poem won", "Maya Lopez", "S01", FULL, CERTAIN),
    "capitals": ("Go MAYA LOPEZ!", "MAYA LOPEZ", "S01", FULL, CERTAIN),
    "lower case": ("so proud of maya lopez", "maya lopez", "S01", FULL, CERTAIN),
    "last, first": ("Winner: Lopez, Maya", "Lopez, Maya", "S01", FULL, CERTAIN),
    "last first": ("Winner: Lopez Maya", "Lopez Maya", "S01", FULL, CERTAIN),
    "across a line": ("Maya\nLopez", "Maya\nLopez", "S01", FULL, CERTAIN),
    "emoji between": ("Maya 🌟 Lopez won", "Maya 🌟 Lopez", "S01", FULL, CERTAIN),
    "bold letters": ("Go 𝗠𝗮𝘆𝗮 𝗟𝗼𝗽𝗲𝘇", "𝗠𝗮𝘆𝗮 𝗟𝗼𝗽𝗲𝘇", "S01", FULL, CERTAIN),
    "spaced capitals": ("M A Y A  L O P E Z", "M A Y A  L O P E Z", "S01", FULL, CERTAIN),
    "middle name": ("Here is Maya Elena Lopez", "Maya Elena Lopez", "S01", FULL, CERTAIN),
    "middle initial": ("Here is Maya E. Lopez", "Maya E. Lopez", "S01", FULL, CERTAIN),
    "nickname in quotes": ('Meet Maya "Mimi" Lopez', 'Maya "Mimi" Lopez', "S01", FULL, CERTAIN),
    "suffix": ("Samuel Whitaker Jr. sang", "Samuel Whitaker Jr", "S02", FULL, CERTAIN),
    "nickname and last": ("Sammy Whitaker sang", "Sammy Whitaker", "S02", FULL, CERTAIN),
    "accents lost": ("Zoe Nunez read aloud", "Zoe Nunez", "S03", FULL, CERTAIN),
    "first of two surnames": ("Juan Carlos García", "Juan Carlos García", "S04", FULL, CERTAIN),
    "second of two surnames": ("Juan Carlos Fuentes", "Juan Carlos Fuentes", "S04", FULL, CERTAIN),
    "hyphen swapped": (
        "By Juan-Carlos García Fuentes",
        "Juan-Carlos García Fuentes",
        "S04",
        FULL,
        CERTAIN,
    ),
    "surnames joined": ("Juan GarciaFuentes", "Juan GarciaFuentes", "S04", FULL, CERTAIN),
    "given names joined": ("Minjun Park won", "Minjun Park", "S05", FULL, CERTAIN),
    "given names apart": ("Min jun Park won", "Min jun Park", "S05", FULL, CERTAIN),
    "second given name": ("Carlos fed the goats", "Carlos", "S04", FIRST, LIKELY),
    "particles": ("Paco de la Rosa painted", "Paco de la Rosa", "S09", FULL, CERTAIN),
    "korean": ("축하해 박민준!", "박민준", "S05", FULL, CERTAIN),
    "arabic": ("مبروك ليلى حداد", "ليلى حداد", "S14", FULL, CERTAIN),
    "name and a particle of Japanese": ("Mayaさんの絵", "Maya", "S01", FIRST, LIKELY),
    "name and a particle of Korean": ("DeShawn이 달린다", "DeShawn", "S12", FIRST, LIKELY),
    "korean given name": ("축하해 민준!", "민준", "S05", FIRST, LIKELY),
    "arabic given name": ("مبروك ليلى", "ليلى", "S14", FIRST, LIKELY),
    "chinese": ("恭喜张美玲", "张美玲", "S15", FULL, CERTAIN),
    "hashtag": ("Yes! #MayaLopezRocks", "MayaLopez", "S01", FULL, CERTAIN),
    "team hashtag": ("#teammayalopez", "mayalopez", "S01", FULL, CERTAIN),
    "handle with a dot": ("photo by @maya.lopez12", "maya.lopez", "S01", FULL, CERTAIN),
    "joined handle": ("photo by @mayalopez2013", "mayalopez", "S01", FULL, CERTAIN),
    "initial and last in a handle": ("by @mlopez", "mlopez", "S01", FULL, LIKELY),
    "e-mail address": ("Write to mayalopez@school.org", "mayalopez", "S01", FULL, CERTAIN),
    "file name": ("IMG_Maya_Lopez_07.jpg", "Maya_Lopez", "S01", FULL, CERTAIN),
    "html": ("Go Maya&nbsp;Lopez", "Maya&nbsp;Lopez", "S01", FULL, CERTAIN),
    "percent signs": ("photos/Maya%20Lopez", "Maya%20Lopez", "S01", FULL, CERTAIN),
    "one slip": ("Maya Lpoez fed the goats", "Maya Lpoez", "S01", FULL, LIKELY),
    "two slips": ("Maia Lopes fed the goats", "Maia Lopes", "S01", FULL, LIKELY),
    "first and initial": ("Maya L. fed the goats", "Maya L", "S01", INITIAL, CERTAIN),
    "nickname and initial": ("Sam W fed the goats", "Sam W", "S02", INITIAL, CERTAIN),
    "initial and last": ("M. Lopez fed the goats", "M. Lopez", "S01", FULL, LIKELY),
    "initial and particles": ("F. de La Rosa painted", "F. de La Rosa", "S09", FULL, LIKELY),
    "last and initial": ("Results: Lopez M. 9.8 s", "Lopez M", "S01", FULL, LIKELY),
    "last, initial": ("1. Lopez, M", "Lopez, M", "S01", FULL, LIKELY),
    "possessive in a file's name": ("deshawns-diorama.jpg", "deshawns", "S12", FIRST, LIKELY),
    "first only": ("The goats ate from DeShawn", "DeShawn", "S12", FIRST, LIKELY),
    "first, possessive": ("We saw DeShawn's goats", "DeShawn", "S12", FIRST, LIKELY),
    "first, misspelt": ("Thanks to Meilling", "Meilling", "S15", FIRST, LIKELY),
    "nickname of two syllables": ("Thanks to Maddie K", "Maddie K", "S07", INITIAL, CERTAIN),
    "possessive without its apostrophe": ("Zoës goats ate", "Zoës", "S03", FIRST, LIKELY),
    "nickname only": ("Thanks to Sammy", "Sammy", "S02", FIRST, LIKELY),
    "preferred name": ("Thanks to Ash Vance", "Ash Vance", "S11", FULL, CERTAIN),
    "another spelling": ("Muhammad Rahman won", "Muhammad Rahman", "S08", FULL, CERTAIN),
    "spanish diminutive": ("Felicidades a Mayita", "Mayita", "S01", FIRST, LIKELY),
    "initials": ("Drawing by M.L. today", "M.L", "S01", NameForm.INITIALS, LIKELY),
    "a very short name": ("Bo Li won", "Bo Li", "S10", FULL, CERTAIN),
    "family": ("The Lopez family came", "Lopez", "S01", FULL, LIKELY),
    "family in Spanish": ("La familia Lopez vino", "Lopez", "S01", FULL, LIKELY),
}


@pytest.mark.parametrize("written", FORMS)
def test_a_written_form_is_found(
    match: Callable[[str], tuple[NameFinding, ...]], written: str
) -> None:
    caption, text, student, form, certainty = FORMS[written]

    found = [one for one in match(caption) if StudentId(student) in one.candidates]

    assert [(one.text, one.form, one.certainty) for one in found] == [(text, form, certainty)]


def test_every_name_of_a_list_is_found(match: Callable[[str], tuple[NameFinding, ...]]) -> None:
    found = match("Left to right: Maya L., Grace, Bo Li & Hunter / Madison and DeShawn")

    assert [one.text for one in found] == [
        "Maya L",
        "Grace",
        "Bo Li",
        "Hunter",
        "Madison",
        "DeShawn",
    ]
    assert all(one.certainty is not Certainty.POSSIBLE for one in found)


def test_the_same_words_twice_are_two_findings(
    match: Callable[[str], tuple[NameFinding, ...]],
) -> None:
    first, second = match("Maya Lopez and Maya Lopez")

    assert first.finding_id != second.finding_id
    assert (first.span, second.span) == ((0, 10), (15, 25))
