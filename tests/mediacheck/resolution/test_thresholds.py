"""The bars are named, sourced, and get stricter as more people are searched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.resolution import thresholds
from mediacheck.resolution.errors import MixedModels
from mediacheck.resolution.thresholds import (
    DLIB_RESNET_V1_M2,
    DLIB_RESNET_V1_M6,
    TARGET_FPIR,
    Threshold,
    max_distance_among,
    threshold_for,
    use_threshold,
)

EVERY_THRESHOLD = (DLIB_RESNET_V1_M6, DLIB_RESNET_V1_M2)


@pytest.mark.parametrize("threshold", EVERY_THRESHOLD, ids=lambda one: one.model)
def test_a_threshold_claims_no_rate_that_its_pairs_cannot_bound(threshold: Threshold) -> None:
    assert threshold.fmr >= 3 / threshold.impostor_pairs
    assert threshold.population == "adults"


@pytest.mark.parametrize("threshold", EVERY_THRESHOLD, ids=lambda one: one.model)
def test_no_bar_comes_near_the_default_of_face_recognition(threshold: Threshold) -> None:
    assert threshold.max_distance < threshold.candidate_distance < 0.6 / 1.4


@pytest.mark.parametrize("threshold", EVERY_THRESHOLD, ids=lambda one: one.model)
def test_the_bar_gets_stricter_as_more_templates_are_searched(threshold: Threshold) -> None:
    bars = [max_distance_among(threshold, templates) for templates in (1, 30, 90, 600, 4500)]

    assert bars == sorted(bars, reverse=True)
    assert bars[0] == bars[1] == threshold.max_distance
    assert bars[-1] < threshold.max_distance - 0.05


def test_the_bar_of_a_school_keeps_strangers_at_the_target() -> None:
    templates = 600

    bar = max_distance_among(DLIB_RESNET_V1_M6, templates)

    decades = (DLIB_RESNET_V1_M6.max_distance - bar) / DLIB_RESNET_V1_M6.decade
    fmr = DLIB_RESNET_V1_M6.fmr / 10**decades
    assert 1 - (1 - fmr) ** templates == pytest.approx(TARGET_FPIR, rel=1e-6)


def test_an_empty_gallery_has_the_plain_bar() -> None:
    assert max_distance_among(DLIB_RESNET_V1_M6, 0) == DLIB_RESNET_V1_M6.max_distance


def test_a_model_that_nobody_measured_raises() -> None:
    with pytest.raises(MixedModels):
        threshold_for("another-model/v9")


def test_each_model_finds_its_own_bars() -> None:
    for threshold in EVERY_THRESHOLD:
        assert threshold_for(threshold.model) is threshold
    assert thresholds.TARGET_FPIR <= 0.003


def test_a_districts_own_model_is_judged_by_its_own_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thresholds, "_BY_MODEL", dict(thresholds._BY_MODEL))
    own = replace(DLIB_RESNET_V1_M6, model="own/m2", max_distance=0.2)
    with pytest.raises(MixedModels):
        threshold_for("own/m2")

    use_threshold(own)

    assert threshold_for("own/m2") == own


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"model": "own", "max_distance": 0},
        {"model": "own", "max_distance": 0.5},
        {"model": "own", "margin": 0},
    ],
    ids=["ours", "none", "above the candidates", "no margin"],
)
def test_nobody_sets_bars_for_our_models_or_bars_that_are_none(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="bars"):
        use_threshold(replace(DLIB_RESNET_V1_M6, **changes))  # type: ignore[arg-type]
