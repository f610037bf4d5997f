"""A short name with the school and the grade beside it tells as much as a full name."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacheck.decision import combinations
from mediacheck.decision.decide import decide
from mediacheck.decision.evidence import Evidence
from mediacheck.decision.school_and_grade import is_told, read_texts
from mediacheck.decision.wording import WORDS
from mediacheck.model.finding import Certainty, NameFinding, Where
from mediacheck.model.resolution import Identified, Resolution, RosterMatch, Unresolved
from mediacheck.model.verdict import Outcome, ReasonCode
from release_db.records import Granted, Refused, Student, StudentFile
from release_db.words import ClassKey, NameForm, StudentId, Use
from tests.factories import a_file, a_name, a_release, a_student, a_work_word, releases_for
from tests.mediacheck.decision.test_decide import seen

S1 = StudentId("S1")
LINCOLN = "Lincoln Elementary"
PLACED = "Maya L., 5th grade, Lincoln Elementary"
SHORT = a_file(releases=[a_release(use=Use.NAME, name_form=NameForm.FIRST_INITIAL)])
FULL = a_file(releases=releases_for(uses=[Use.NAME]))


def of_grade(grade: str, *classes: str) -> Student:
    return replace(a_student(), grade=grade, classes=tuple(ClassKey(key) for key in classes))


def tells(*texts: str, student: Student | None = None, school: str = LINCOLN) -> bool:
    return is_told(read_texts(texts), student or of_grade("5"), school)


def in_fifth(file: StudentFile) -> StudentFile:
    return replace(file, student=replace(file.student, grade="05"))


def named_so(
    caption: str = PLACED,
    *,
    file: StudentFile = SHORT,
    name: NameFinding | None = None,
    resolution: Resolution | None = None,
) -> Evidence:
    """A post that names Maya in a short form, in these words."""
    name = name or a_name(form=NameForm.FIRST_INITIAL, text="Maya L.")
    said = resolution or Identified(students=(S1,), by=RosterMatch())
    return seen(
        name, matches={name.finding_id: said}, files=[in_fifth(file)], media=(), texts=[caption]
    )


def codes(case: Evidence) -> list[ReasonCode]:
    return [reason.code for reason in decide(case).reasons]


# --- What it asks for -----------------------------------------------------------------------


def test_it_needs_the_full_name_to_be_released() -> None:
    verdict = decide(named_so())

    assert verdict.outcome is Outcome.BLOCKED
    (reason,) = verdict.reasons
    assert reason.code is ReasonCode.SCHOOL_AND_GRADE
    assert reason.message == WORDS[ReasonCode.SCHOOL_AND_GRADE]
    assert "take the grade or the school out" in reason.message


@pytest.mark.parametrize("caption", ["Maya L., 5th grade", "Maya L. of Lincoln Elementary"])
def test_taking_the_grade_or_the_school_out_is_enough(caption: str) -> None:
    assert decide(named_so(caption)).outcome is Outcome.CLEARED


def test_where_the_full_name_is_released_nothing_changes() -> None:
    verdict = decide(named_so(file=FULL))

    assert verdict.outcome is Outcome.CLEARED
    assert verdict == decide(named_so("Maya L.", file=FULL))


def test_a_name_that_is_refused_by_itself_is_told_as_before() -> None:
    assert codes(named_so(file=a_file())) == [ReasonCode.RELEASE_REFUSED]
    initials = a_file(releases=[a_release(use=Use.NAME, name_form=NameForm.INITIALS)])
    assert codes(named_so(file=initials)) == [ReasonCode.NAME_FORM]


@pytest.mark.parametrize("form", [NameForm.INITIALS, NameForm.FIRST, NameForm.FIRST_INITIAL])
def test_every_short_form_needs_it(form: NameForm) -> None:
    assert codes(named_so(name=a_name(form=form))) == [ReasonCode.SCHOOL_AND_GRADE]


def test_a_name_in_the_picture_needs_it_as_well() -> None:
    tag = a_name(form=NameForm.FIRST, where=Where.PIXELS, media_id="m1")

    assert codes(named_so(name=tag)) == [ReasonCode.SCHOOL_AND_GRADE]


@pytest.mark.parametrize("where", [Where.FILENAME, Where.METADATA])
def test_a_name_that_is_not_published_does_not(where: Where) -> None:
    assert codes(named_so(name=a_name(form=NameForm.FIRST, where=where))) == []


def test_a_face_with_the_short_name_needs_the_two_together_in_full() -> None:
    uses = (a_release(use=Use.IMAGE), a_release(use=Use.NAME))
    together = a_release(use=Use.IMAGE_WITH_NAME, name_form=NameForm.FIRST_INITIAL)
    file = a_file(releases=[*uses, together])
    tag = a_name(form=NameForm.FIRST, where=Where.FILENAME, media_id="m1")
    assert codes(replace(named_so(file=file), findings=(tag,))) == []

    case = named_so(file=a_file(releases=[*uses, replace(together, scope=uses[1].scope)]))
    assert codes(case) == []


def test_a_credited_work_needs_it_as_well() -> None:
    work = a_work_word(students=["S1"], name_form=NameForm.FIRST)
    names = a_release(use=Use.NAME, name_form=NameForm.FIRST)
    file = a_file(releases=[a_release(use=Use.WORK), names])
    case = replace(named_so(file=file), findings=(), works={work.media_id: work})
    case = replace(case, media=seen().media)

    assert codes(case) == [ReasonCode.SCHOOL_AND_GRADE]
    assert codes(replace(case, texts=())) == []


def test_who_may_be_meant_is_asked_in_words_of_its_own() -> None:
    maybe = a_name(form=NameForm.FIRST, certainty=Certainty.LIKELY)
    verdict = decide(named_so(name=maybe, resolution=Unresolved()))

    (reason,) = verdict.reasons
    assert reason.code is ReasonCode.UNSETTLED_NAME
    assert reason.message == combinations.MAYBE_WITH_SCHOOL_AND_GRADE


def test_who_is_refused_anyway_is_asked_about_in_the_usual_words() -> None:
    maybe = a_name(form=NameForm.FIRST, certainty=Certainty.LIKELY)
    verdict = decide(named_so(name=maybe, resolution=Unresolved(), file=a_file()))

    (reason,) = verdict.reasons
    assert reason.message == WORDS[ReasonCode.UNSETTLED_NAME]


def test_a_school_that_nobody_has_named_goes_by_its_key() -> None:
    case = replace(named_so("Maya L., 5th grade at Lincoln"), schools={})

    assert codes(case) == [ReasonCode.SCHOOL_AND_GRADE]


def test_the_permission_says_so_and_offers_no_shorter_name() -> None:
    verdict = decide(named_so())

    (permission,) = verdict.permissions.values()
    assert isinstance(permission, Refused)
    assert permission.allowed_form is None
    assert isinstance(next(iter(decide(named_so("Maya L.")).permissions.values())), Granted)


# --- The words that tell it -----------------------------------------------------------------


@pytest.mark.parametrize(
    "grade",
    [
        *(
            "5th grade",
            "5th-grade",
            "5th Grader",
            "our 5th graders",
            "grade 5",
            "Grade: 5",
            "Gr. 5",
        ),
        *("fifth grade", "Fifth-graders", "a fifth grader", "#5thGrade", "#fifthgraders", "Grade5"),
        *("4th and 5th grade", "grades 4, 5 and 6", "4th/5th graders", "fourth- and fifth-graders"),
        *("quinto grado", "5.º grado", "5º grado", "5to grado", "grado 5", "de quinto grado"),
        *("quinto año", "quinto curso", "estudiante de quinto", "class of 2033", "５th grade"),
        *("5️⃣th grade", "GRADE FIVE".replace("FIVE", "5"), "5\u200bth grade"),
    ],
)
def test_a_grade_is_told(grade: str) -> None:
    assert tells(f"Well done Maya L. ({grade}) of Lincoln Elementary!")
    assert not tells(f"Well done Maya L. ({grade})!")


@pytest.mark.parametrize(
    ("own", "grade"),
    [
        *(("KG", one) for one in ("kindergarten", "Kindergartener", "kínder", "grade K", "(K)")),
        *(("K", one) for one in ("K class", "K students", "TK", "jardín de infantes", "in K at")),
        *(("PK", one) for one in ("pre-K", "Pre-Kindergarten", "preschool", "preescolar")),
        *(("01", one) for one in ("first grade", "1st grader", "primer grado", "primero de grado")),
        *(("3", one) for one in ("tercer grado", "3er grado", "tercero de grado")),
        *(("9", one) for one in ("freshman", "freshmen", "9th grade", "noveno grado")),
        *(("10", one) for one in ("sophomores", "décimo grado", "10th grader")),
        *(("11", one) for one in ("junior", "juniors", "undécimo grado")),
        *(("12th", one) for one in ("senior", "seniors", "Grade 12", "class of 2027")),
        *(("", one) for one in ("3rd grade", "kindergarten", "grade 11")),
        *(("UG", one) for one in ("3rd grade", "kindergarten")),
    ],
)
def test_a_grade_is_told_as_rosters_and_people_write_it(own: str, grade: str) -> None:
    assert tells(f"Maya L., {grade} Lincoln Elementary", student=of_grade(own))


@pytest.mark.parametrize(
    "words",
    [
        *(
            "4th grade",
            "grade 50",
            "5 kids",
            "5th place",
            "5th period",
            "a 5 pm game",
            "15th grade",
        ),
        *("kindergarten", "seniors", "a los 5 años", "de segundo", "5th graders".replace("5", "6")),
        "Our 4th graders won. 5 buses",
        "upgrades! 5",
    ],
)
def test_what_is_not_the_own_grade_tells_none(words: str) -> None:
    assert not tells(f"Maya L. and {words} and Lincoln Elementary")


def test_an_initial_is_no_kindergarten() -> None:
    assert not tells("Maya K. of Lincoln Elementary", student=of_grade("K"))


@pytest.mark.parametrize("room", ["Room 12", "room-12", "#Room12", "lincoln/room-12"])
def test_the_own_room_tells_as_much_as_the_grade(room: str) -> None:
    student = of_grade("5", "lincoln/room-12", "lincoln/choir")

    assert tells(f"Maya L., {room}, at Lincoln", student=student)
    assert not tells(f"Maya L., {room}1, at Lincoln", student=student)
    assert not tells("The choir and Maya L. at Lincoln", student=student)


@pytest.mark.parametrize(
    ("school", "words"),
    [
        *(
            (LINCOLN, one)
            for one in ("Lincoln Elementary", "LINCOLN ELEMENTARY SCHOOL", "#Lincoln")
        ),
        *((LINCOLN, one) for one in ("Lincoln Elem.", "@LincolnElementary", "Lincoln School")),
        *(
            (LINCOLN, one)
            for one in ("#lincolnelementary", "at Lincoln", "from Lincoln", "Lincoln ES")
        ),
        *(
            (LINCOLN, one)
            for one in ("la escuela Lincoln", "Escuela Primaria Lincoln", "en Lincoln")
        ),
        *(("lincoln", one) for one in ("Lincoln Elementary", "at Lincoln", "@lincoln_es")),
        *(("Oak Hill K-8 School", one) for one in ("Oak Hill", "#OakHill", "oak-hill K8")),
        *(("Escuela Benito Juárez", one) for one in ("Benito Juarez", "BENITO JUÁREZ")),
        *(("School of the Arts", one) for one in ("School of the Arts", "Arts School")),
        *(("P.S. 118", one) for one in ("PS 118", "P.S. 118", "#PS118")),
        *(("The High School", one) for one in ("The High School", "the high school's")),
        ("育英小学", "育英小学"),
    ],
)
def test_a_school_is_told(school: str, words: str) -> None:
    assert tells(f"Maya L., 5th grade team, here: {words}", school=school)
    assert not tells(f"Maya L., here: {words}", school=school)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "5th grade, Lincoln",
            "Lincoln 5th graders",
            "Lincoln’s fifth grade",
            "(5th grade; Lincoln)",
        ),
        "Lincoln Grade 5",
    ],
)
def test_one_word_tells_the_school_right_beside_the_grade(words: str) -> None:
    assert tells(f"Maya L.: {words}")


@pytest.mark.parametrize(
    "words",
    [
        "Maya L. and the 5th graders read about Lincoln",
        "Maya L., 5th grade, plays President Lincoln",
        "Maya L. (5th grade) drew the Lincolns",
        "Maya L., 5th grade, Roosevelt Elementary",
        "5th grade won! Maya L. stood by. Lincoln, too",
    ],
)
def test_a_president_is_no_school(words: str) -> None:
    assert not tells(words)


def test_a_school_of_signs_alone_is_told_by_nothing() -> None:
    assert not tells("Maya L., 5th grade, ★★", school="★★")


def test_they_may_stand_in_different_texts() -> None:
    assert tells("Maya L. of the 5th grade", "", "A door of Lincoln Elementary")


# --- What has to hold of every text ---------------------------------------------------------

PARTS = (
    *("Maya", "L.", ",", "5th", "grade", "Grade", "5", "quinto", "grado", "K", "\n", "#", "🎉"),
    *("Lincoln", "Elementary", "at", "from"),
)
WORDS_OF_POSTS = st.lists(st.sampled_from(PARTS), max_size=12).map(" ".join)


@given(WORDS_OF_POSTS, WORDS_OF_POSTS)
def test_more_words_never_tell_less(one: str, other: str) -> None:
    if tells(one):
        assert tells(one, other)
        assert tells(other, one)


@given(st.lists(WORDS_OF_POSTS, max_size=3), st.randoms())
def test_the_order_of_the_texts_does_not_matter(texts: list[str], random: object) -> None:
    turned = list(texts)
    random.shuffle(turned)  # type: ignore[attr-defined]

    assert tells(*turned) == tells(*texts)


@given(st.text(max_size=200), st.text(max_size=12), st.text(max_size=3))
def test_no_text_makes_it_raise(text: str, school: str, grade: str) -> None:
    assert tells(text, school=school, student=of_grade(grade)) in {True, False}


@pytest.mark.parametrize("changed", [str.upper, str.casefold, lambda text: f"\u200b{text}\u200d"])
def test_neither_case_nor_hidden_signs_change_it(changed: object) -> None:
    assert tells(changed("Maya L., 5th grade, Lincoln Elementary"))  # type: ignore[operator]


def test_the_time_grows_with_the_text_and_no_faster() -> None:
    def seconds(times: int) -> float:
        begun = time.process_time()
        tells("5th grade and " * times + "Lincoln " * times)
        return time.process_time() - begun

    assert seconds(1_600) < 10 * min(seconds(400) for _ in range(3)) + 0.05
