"""Whatever somebody signed before, what a form saves is exactly what then holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mediacheck.flow.families_about import file_about
from mediacheck.flow.families_choices import (
    LIMITED_TO,
    NAMING_USES,
    PLACES,
    Choice,
    Choices,
    Place,
    appearance_in,
    channels_of,
    decisions_for,
    own_choices,
    restrictions_for,
)
from mediacheck.flow.families_told import told_by
from mediacheck.model.families import FamilyKind, FamilyVisitor
from release_db.records import Guardian, Release, Scope, StudentFile
from release_db.rules import permission_for
from release_db.words import Answer, Audience, GuardianId, NameForm, StudentId, Use
from tests.factories import NOW, PARENT, TODAY, a_channel, a_release, a_student

VISITOR = FamilyVisitor(
    account_id=None,
    kind=FamilyKind.GUARDIAN,
    email=PARENT,
    language="en",
    may_grant=True,
    authenticated="passkey",
)
CHANNELS = (a_channel(), a_channel("class-page", audience=Audience.CLASS))
LINK = Guardian(guardian_id=GuardianId("g"), student_id=StudentId("S1"), email=PARENT)
FILE = StudentFile(student=a_student(), guardians=(LINK,))

wheres = st.sampled_from(
    [(None, None), *((None, one) for one in Audience), *((c.key, None) for c in CHANNELS)]
)
scopes = st.builds(
    lambda use, where, form: Scope(
        use=use, channel=where[0], audience=where[1], name_form=form if use in NAMING_USES else None
    ),
    st.sampled_from(Use),
    wheres,
    st.sampled_from([None, *NameForm]),
)
earlier = st.lists(st.tuples(scopes, st.sampled_from(Answer)), max_size=6)


def offered(place: Place) -> st.SearchStrategy[Choice]:
    """What a form offers in a place, to somebody who answers it."""
    return st.sampled_from(
        [
            choice
            for choice in Choice
            if choice.is_said
            and choice is not Choice.SINGLE
            and (choice not in LIMITED_TO or place.use in NAMING_USES)
        ]
    )


answers = st.fixed_dictionaries({place: offered(place) for place in PLACES})


def signed(file: StudentFile, scoped: list[tuple[Scope, Answer]], day: int) -> StudentFile:
    words = tuple(
        replace(
            a_release(answer=answer),
            release_id=f"{day}-{number}",
            scope=scope,
            recorded_at=NOW + timedelta(days=day),
        )
        for number, (scope, answer) in enumerate(scoped)
    )
    held: tuple[Release, ...] = (*file.releases, *words)
    return replace(file, releases=held)


def told_choices(file: StudentFile) -> dict[Place, Choice]:
    told = told_by(VISITOR, file, CHANNELS, TODAY)
    return {place: one.choice for place, one in told.items()}


def with_its_parts(choices: Choices) -> dict[Place, Choice]:
    """A photo with a name is never allowed where the photo, or the name, is not."""
    whole = dict(choices)
    for audience in Audience:
        parts = [Place(audience=audience, use=use) for use in (Use.IMAGE, Use.NAME)]
        both = Place(audience=audience, use=Use.IMAGE_WITH_NAME)
        answers = [choices[place] for place in (*parts, both)]
        whole[both] = max(answers, key=lambda choice: choice.strictness)
    return whole


@settings(max_examples=8)
@given(before=earlier, choices=answers)
def test_what_is_signed_is_what_holds(
    before: list[tuple[Scope, Answer]], choices: dict[Place, Choice]
) -> None:
    file = signed(FILE, before, 0)

    after = signed(file, list(decisions_for(VISITOR, file, choices, TODAY, CHANNELS)), 1)

    now, least = told_choices(after), with_its_parts(choices)
    alone = [place for place in PLACES if place.use is not Use.IMAGE_WITH_NAME]
    assert {place: now[place] for place in alone} == {place: choices[place] for place in alone}
    coarse = own_choices(VISITOR, after, CHANNELS, TODAY)
    assert all(coarse[place].strictness >= least[place].strictness for place in PLACES)


@settings(max_examples=20)
@given(before=earlier, place=st.sampled_from(PLACES), form=st.sampled_from(NameForm))
def test_what_a_question_is_not_about_does_not_change_its_answer(
    before: list[tuple[Scope, Answer]], place: Place, form: NameForm
) -> None:
    file = signed(FILE, before, 0)
    about = file_about(file, place, {channel.key for channel in CHANNELS})

    for channel in channels_of(place.audience, CHANNELS):
        asked = appearance_in(place, channel, file, form)
        assert permission_for(asked, about, TODAY) == permission_for(asked, file, TODAY)


@settings(max_examples=8)
@given(before=earlier)
def test_saving_a_form_untouched_changes_nothing(before: list[tuple[Scope, Answer]]) -> None:
    file = signed(FILE, before, 0)
    told = told_by(VISITOR, file, CHANNELS, TODAY)
    untouched = {place: one.choice for place, one in told.items()}

    after = signed(file, list(decisions_for(VISITOR, file, untouched, TODAY, CHANNELS)), 1)

    assert told_by(VISITOR, after, CHANNELS, TODAY) == told


@settings(max_examples=8)
@given(before=earlier, choices=answers, kept=st.sets(st.sampled_from(PLACES), max_size=20))
def test_what_is_kept_is_never_widened_by_the_rest(
    before: list[tuple[Scope, Answer]], choices: dict[Place, Choice], kept: set[Place]
) -> None:
    file = signed(FILE, before, 0)
    told = told_by(VISITOR, file, CHANNELS, TODAY)
    chosen = choices | dict.fromkeys(kept, Choice.KEPT)

    after = signed(file, list(decisions_for(VISITOR, file, chosen, TODAY, CHANNELS)), 1)

    now = told_by(VISITOR, after, CHANNELS, TODAY)
    wider = [
        place
        for place in kept
        for was, is_now in zip(
            (told[place].elsewhere, *(said for _, said in told[place].by_channel)),
            (now[place].elsewhere, *(said for _, said in now[place].by_channel)),
            strict=True,
        )
        if is_now.choice.strictness < was.choice.strictness and is_now.choice.allows
    ]
    assert wider == []


@settings(max_examples=8)
@given(before=earlier, choices=answers)
def test_a_restriction_never_loosens_anything(
    before: list[tuple[Scope, Answer]], choices: dict[Place, Choice]
) -> None:
    file = signed(FILE, before, 0)
    said = own_choices(VISITOR, file, CHANNELS, TODAY)
    stricter = {
        place: choice
        for place, choice in choices.items()
        if choice.strictness > said[place].strictness
    }

    after = signed(file, list(restrictions_for(stricter)), 1)

    now = own_choices(VISITOR, after, CHANNELS, TODAY)
    allowed = [place for place in PLACES if now[place].allows]
    assert all(now[place].strictness >= said[place].strictness for place in allowed)
