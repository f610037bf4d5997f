"""Makes rosters and labelled captions from small tables of its own. Nobody is real.

The tables are weighted as names are: a few are frequent, so that classes hold two of one name.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId

#: Name, and how often it is given among a thousand.
GIVEN = {
    "Olivia": 90,
    "Liam": 85,
    "Sofía": 70,
    "Mateo": 65,
    "Ava": 60,
    "Noah": 55,
    "Zoë": 30,
    "Amara": 25,
    "Elizabeth": 40,
    "Benjamin": 40,
    "Priya": 20,
    "Min-jun": 15,
    "Grace": 25,
    "Hunter": 20,
    "DeShawn": 15,
    "Mohammed": 30,
    "Xiomara": 10,
    "Łukasz": 8,
    "Juan Carlos": 12,
    "Katherine": 25,
    "Alexander": 40,
    "Leilani": 8,
    "Tobias": 10,
    "Imani": 12,
    "Quentin": 6,
}
FAMILY = {
    "García": 80,
    "Nguyen": 70,
    "Johnson": 60,
    "Martínez": 60,
    "Patel": 45,
    "Okafor": 25,
    "O'Sullivan": 15,
    "De La Cruz": 25,
    "Kowalczyk": 12,
    "Haddad": 12,
    "Whitfield": 10,
    "Featherstone": 5,
    "Núñez": 20,
    "Lindqvist": 6,
    "Castellanos": 8,
    "Abernathy": 5,
    "Tanaka": 10,
    "García-Fuentes": 6,
    "Ramanathan": 8,
    "Van Dijk": 6,
    "Oyelaran": 6,
}

#: Sentences round one name, and the ways in which it is written.
ABOUT = (
    *("So proud of {} today!", "{} won the science fair.", "Congratulations to {} on the award"),
    *("Our reader of the month is {}.", "Thank you {} for the wonderful drawing"),
    *("Tonight {} sings the solo", "Look at what {} built out of cardboard 🎉"),
    *("A round of applause for {}, who swam ten laps", "Felicidades a {} por su proyecto"),
)
CLEAN = (
    *("The library opens at nine on Monday.", "Grace under pressure is our motto this week."),
    *("Ms. Whitfield and Mr. Johnson led the choir.", "Join us at Martínez Park after school!"),
    *("Hunter green ribbons for everybody", "Permission slips are due on Friday."),
    *("Dr. Patel spoke about healthy food.", "Our team won the game last night."),
    *("Bring your own lunch for Field Day.", "We mapped Johnson County and the Grand Canyon."),
    *("Coach Tanaka opens the gym at six.", "No school on Monday. Rest well, everybody!"),
    *("The bus stops at García Street now.", "Amazing grace was sung at the assembly."),
)


def bold(text: str) -> str:
    """The text in bold mathematical letters, as far as there are any."""
    return "".join(
        chr(ord(letter) - ord("a") + 0x1D41A)
        if "a" <= letter <= "z"
        else chr(ord(letter) - ord("A") + 0x1D400)
        if "A" <= letter <= "Z"
        else letter
        for letter in text
    )


def plain(text: str) -> str:
    """The text without its accents."""
    parts = unicodedata.normalize("NFD", text.replace("Ł", "L").replace("ł", "l"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


FORMS: dict[str, Callable[[str, str], str]] = {
    "full": lambda given, family: f"{given} {family}",
    "upper": lambda given, family: f"{given} {family}".upper(),
    "lower": lambda given, family: f"{given} {family}".lower(),
    "last first": lambda given, family: f"{family}, {given}",
    "tag": lambda given, family: "#" + f"{given}{family}".replace(" ", ""),
    "handle": lambda given, family: "@" + f"{given}.{family}".replace(" ", "").lower(),
    "first": lambda given, _: given,
    "initial": lambda given, family: f"{given} {family[0]}.",
    "possessive": lambda given, family: f"{given} {family}'s",
    "new line": lambda given, family: f"{given}\n{family}",
    "emoji between": lambda given, family: f"{given} ⭐ {family}",
    "spelt out": lambda given, family: "-".join(given) + "  " + "-".join(family),
    "bold": lambda given, family: bold(f"{given} {family}"),
    "zero-width": lambda given, family: "\u200b".join(f"{given} {family}"),
    "accents lost": lambda given, family: plain(f"{given} {family}"),
    "initial, family": lambda given, family: f"{given[0]}. {family}",
    "file name": lambda given, family: plain(f"{given}_{family}_2026.jpg").replace(" ", ""),
    "escaped": lambda given, family: f"{given}&nbsp;{family}",
    "typing slip": lambda given, family: f"{given} {family[:-2]}{family[-1]}{family[-2]}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCaption:
    """A caption of a class. ``student`` None: nobody is named in it."""

    text: str
    class_key: ClassKey
    student: StudentId | None = None
    span: tuple[int, int] = (0, 0)
    form: str = ""

    def as_case(self) -> str:
        """The caption as a line of cases for ``mediacheck evaluate names``."""
        mention = {"span": list(self.span), "student": self.student, "form": self.form}
        mentions = [mention] if self.student is not None else []
        return json.dumps({"text": self.text, "class": self.class_key, "mentions": mentions})


def made_roster(size: int, *, seed: int = 0, class_size: int = 20) -> tuple[Student, ...]:
    """Students in schools of four classes."""
    dice = random.Random(seed)  # noqa: S311 - the same every time, and no secret.
    return tuple(_student(dice, number, number // class_size) for number in range(size))


def _student(dice: random.Random, number: int, room: int) -> Student:
    school = SchoolKey(f"school-{room // 4}")
    return Student(
        student_id=StudentId(f"made-{number:05}"),
        given_name=_drawn(dice, GIVEN),
        family_name=_drawn(dice, FAMILY),
        grade="3",
        school=school,
        classes=(ClassKey(f"{school}/room-{room % 4}"),),
    )


def _drawn(dice: random.Random, table: dict[str, int]) -> str:
    return dice.choices([*table], [*table.values()])[0]


def made_captions(roster: Sequence[Student], count: int, *, seed: int = 0) -> Iterator[MadeCaption]:
    """Captions, every other one about a student, in each written form in turn."""
    dice = random.Random(seed)  # noqa: S311 - the same every time, and no secret.
    forms = [*FORMS.items()]
    for number in range(count):
        student = dice.choice(roster)
        (class_key,) = student.classes
        if number % 2:
            yield MadeCaption(text=dice.choice(CLEAN), class_key=class_key)
            continue
        form, written = forms[number // 2 % len(forms)]
        before, after = dice.choice(ABOUT).split("{}")
        name = written(student.given_name, student.family_name)
        yield MadeCaption(
            text=before + name + after,
            class_key=class_key,
            student=student.student_id,
            span=(len(before), len(before) + len(name)),
            form=form,
        )


def roster_file(folder: Path, roster: Sequence[Student]) -> Path:
    """The roster as a plain CSV."""
    header = (
        "student_id,given_name,middle_name,family_name,suffix,preferred_name,other_names,"
        "birth_date,grade,school,classes,guardian_emails,status"
    )
    lines = [
        f"{one.student_id},{one.given_name},,{one.family_name},,,,,3,{one.school},{one.classes[0]},,active"
        for one in roster
    ]
    path = folder / "roster.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    return path


def cases_file(folder: Path, captions: Iterator[MadeCaption]) -> Path:
    """The captions as labelled cases."""
    path = folder / "cases.jsonl"
    path.write_text("\n".join(one.as_case() for one in captions), encoding="utf-8")
    return path
