"""The standard presets and notices: whole, in both languages, and nothing in force by itself."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from release_db.presets import INSIDE_SCHOOL, STANDARD_PRESETS, offered_presets
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.terms import Preset
from release_db.words import Answer, NoticeKind, Use
from tests.factories import NOW, TODAY


@pytest.mark.parametrize("preset", STANDARD_PRESETS, ids=lambda preset: preset.key)
def test_a_standard_preset_answers_every_use_in_both_languages(preset: Preset) -> None:
    assert {line.use for line in preset.lines} == set(Use)
    assert set(dict(preset.titles)) == set(dict(preset.hints)) == {"en", "es"}


def test_inside_school_allows_nothing_in_public() -> None:
    inside = STANDARD_PRESETS[0]

    outside = [line.answer for line in inside.lines if line.audience not in INSIDE_SCHOOL]
    assert set(outside) == {Answer.DENY}


def test_the_districts_own_presets_stand_instead_of_the_standard_ones() -> None:
    own, withdrawn = STANDARD_PRESETS[0], replace(STANDARD_PRESETS[1], is_offered=False)

    assert offered_presets((own, withdrawn)) == (own,)
    assert offered_presets(()) == STANDARD_PRESETS


@pytest.mark.parametrize("kind", NoticeKind)
def test_each_notice_is_there_in_english_and_spanish(kind: NoticeKind) -> None:
    assert {text.language for text in STANDARD_NOTICES if text.kind is kind} == {"en", "es"}


def test_an_approved_notice_carries_the_hash_of_its_words() -> None:
    text = STANDARD_NOTICES[0]

    notice = approved(text, by="administrator", on=TODAY, at=NOW)

    assert notice.sha256 == hashlib.sha256(f"{text.title}\n{text.body}".encode()).hexdigest()
