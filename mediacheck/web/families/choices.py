"""Answering for one child: choose, see what it means, sign."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.families import (
    FamilyDesk,
    NoNotice,
    WouldWiden,
    channels_for,
    file_with,
    may_widen,
    notice_for,
    require_child,
    told_of,
)
from mediacheck.flow.families_choices import (
    NAMING_USES,
    PLACES,
    Choice,
    Choices,
    Place,
    answers_of_preset,
    single_places,
)
from mediacheck.flow.families_siblings import sign_together
from mediacheck.flow.families_summary import examples_of
from mediacheck.flow.families_told import Told
from mediacheck.web.access import open_to_families
from mediacheck.web.errors import form_again
from mediacheck.web.families import together, words
from mediacheck.web.families.catalogues import page_language
from mediacheck.web.families.desk import open_desk, signature_of_form
from mediacheck.web.families.examples import told_examples
from mediacheck.web.families.language import _
from mediacheck.web.forms import line_of
from release_db.presets import offered_presets
from release_db.records import StudentFile
from release_db.words import Audience, NoticeKind, Use

#: The value of the field ``preset`` for a family that answers one by one.
OWN = "own"

_FORM, _REVIEW = "families/choices.html", "families/review.html"


@open_to_families(restrict_links=True)
def choose(student_id: str) -> ResponseReturnValue:
    """The form: the presets first, the single questions for whoever wants them."""
    with open_desk() as desk:
        file = require_child(desk, student_id)
        return render_template(_FORM, errors={}, **_form(desk, file))


@open_to_families(restrict_links=True)
def review(student_id: str) -> ResponseReturnValue:
    """What the choices would mean, channel by channel; nothing is recorded yet."""
    with open_desk() as desk:
        file = require_child(desk, student_id)
        choices = _choices_of_form(desk, file)
        if choices is None:
            errors = {"preset": _("Choose one of these.")}
            return form_again(_FORM, errors=errors, **_form(desk, file))
        return _show_review(desk, file, choices, {})


@open_to_families(restrict_links=True)
def sign(student_id: str) -> ResponseReturnValue:
    """Records the choices of one signature, and shows the receipt."""
    signature = signature_of_form()
    if not signature.typed:
        return _review_again(student_id, _("Type your full name. It is your signature."))
    try:
        with open_desk() as desk:
            choices = _single_choices(desk, require_child(desk, student_id))
            signed = sign_together(desk, student_id, together.also_of_form(), choices, signature)
    except (WouldWiden, NoNotice) as refused:
        # Outside of its transaction: of several children, none is recorded or all are.
        return _review_again(student_id, refusal_words(refused))
    return together.after(signed)


def _review_again(student_id: str, error: str) -> ResponseReturnValue:
    with open_desk() as desk:
        file = require_child(desk, student_id)
        return _show_review(desk, file, _single_choices(desk, file), {"signature": error})


def refusal_words(refused: WouldWiden | NoNotice) -> str:
    """Why a signature was not taken, in the page's language."""
    if isinstance(refused, NoNotice):
        return _("The district has not published its notice yet, so it cannot take a yes.")
    return _("Here you can only say no. To say yes to more, sign in. Nothing was changed.")


def _form(desk: FamilyDesk, file: StudentFile) -> dict[str, object]:
    told, is_wide = told_of(desk, file), may_widen(desk, file)
    said = {place: one.choice for place, one in told.items()}
    uses = words.use_words()
    rows = [
        (
            audience,
            words.audience_words()[audience],
            [
                _question(Place(audience=audience, use=use), uses[use], told, is_wide=is_wide)
                for use in Use
            ],
        )
        for audience in Audience
    ]
    return {
        "student": file.student,
        "presets": _presets(desk, file, said, is_wide=is_wide),
        "rows": rows,
        "is_answered": any(choice is not Choice.UNSAID for choice in said.values()),
        "may_widen": is_wide,
    }


def _question(
    place: Place, label: str, told: Mapping[Place, Told], *, is_wide: bool
) -> dict[str, object]:
    """One question with the answers that this visitor may give."""
    now = told[place].choice
    names = words.choice_words()
    if now is Choice.KEPT:
        names = {Choice.KEPT: words.kept_words(told[place]), **names}
    offered = [
        (choice.value, name, choice is now)
        for choice, name in names.items()
        if _may_choose(place, choice, now, is_wide=is_wide)
    ]
    return {"field": place.field, "label": label, "offered": offered}


def _may_choose(place: Place, choice: Choice, now: Choice, *, is_wide: bool) -> bool:
    """What is not asked for usually is offered where it holds: initials, and no answer at all."""
    if choice in {Choice.UNSAID, Choice.INITIALS, Choice.FIRST_INITIAL, now}:
        return choice is now
    if choice is Choice.FIRST_NAME and place.use not in NAMING_USES:
        return False
    return is_wide or choice.strictness >= now.strictness


def _presets(
    desk: FamilyDesk, file: StudentFile, said: Choices, *, is_wide: bool
) -> list[dict[str, str]]:
    channels = channels_for(desk, file)
    offered = offered_presets(desk.work.register.terms.presets())
    return [
        {"key": preset.key, "title": _title(preset.titles), "hint": _title(preset.hints)}
        for preset in offered
        if is_wide or _only_restricts(answers_of_preset(preset, channels), said)
    ]


def _only_restricts(choices: Choices, said: Choices) -> bool:
    is_wider = (choices[place].strictness < said[place].strictness for place in PLACES)
    return Choice.SINGLE not in choices.values() and not any(is_wider)


def _title(texts: tuple[tuple[str, str], ...]) -> str:
    """The text in the page's language, else in any that there is."""
    by_language = dict(texts)
    fallback = next(iter(by_language.values()), "")
    return by_language.get(page_language(), by_language.get("en", fallback))


def _choices_of_form(desk: FamilyDesk, file: StudentFile) -> Choices | None:
    """What was chosen; None: nothing was."""
    key = line_of("preset")
    if key == OWN:
        return _single_choices(desk, file)
    for preset in offered_presets(desk.work.register.terms.presets()):
        if preset.key == key:
            return answers_of_preset(preset, channels_for(desk, file))
    return None


def _single_choices(desk: FamilyDesk, file: StudentFile) -> Choices:
    """The answers to the single questions; one that was not sent stays as it was said.

    Raises:
        BadRequest: an answer that no form offers.
    """
    single = [
        place for place in single_places(channels_for(desk, file)) if place.field in request.form
    ]
    asked = (*PLACES, *single)
    try:
        return {place: Choice(request.form.get(place.field, Choice.KEPT)) for place in asked}
    except ValueError as error:
        raise BadRequest from error


def _show_review(
    desk: FamilyDesk, file: StudentFile, choices: Choices, errors: dict[str, str]
) -> ResponseReturnValue:
    signature = signature_of_form()
    try:
        would_be = file_with(desk, file, choices, signature)
    except WouldWiden as refused:
        refusal = {"preset": refusal_words(refused)}
        return form_again(_FORM, errors=refusal, **_form(desk, file))
    context = {
        "student": file.student,
        "examples": told_examples(examples_of(desk, would_be)),
        "choices": [(place.field, choice.value) for place, choice in choices.items()],
        "notice": notice_for(desk, NoticeKind.RELEASE, page_language()),
        "errors": errors,
        "stays": _what_stays(desk, would_be, choices),
        **together.siblings_told(desk, file, choices),
    }
    if errors:
        return form_again(_REVIEW, **context)
    return render_template(_REVIEW, **context)


def _what_stays(desk: FamilyDesk, would_be: StudentFile, choices: Choices) -> list[str]:
    """The single channels that stay a no, because an own no for their whole group stands."""
    told, uses = told_of(desk, would_be), words.use_words()
    names = {channel.key: channel.name for channel in channels_for(desk, would_be)}
    return [
        f"{names[place.channel]}: {uses[place.use]}"
        for place, choice in choices.items()
        if place.channel is not None
        and choice.allows
        and not told[Place(audience=place.audience, use=place.use)].says_yes_on(place.channel)
    ]
