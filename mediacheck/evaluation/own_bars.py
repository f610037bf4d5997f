"""The bars of a recogniser of the district's own, from pictures of people it knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mediacheck.errors import MediacheckError
from mediacheck.evaluation.faces import templates_of
from mediacheck.findings.templates_own_setup import OwnBars
from mediacheck.ports.engines import FaceFinder, TemplateExtractor
from release_db.words import StudentId

#: Fewer pairs of different people bound a false match rate at worse than one in a thousand.
FEWEST_PAIRS = 3_000
_BEST_FMR, _CANDIDATE_FMR, _LOOSE_FMR = 1e-4, 1e-3, 1e-2
#: Zero errors in n trials bound a rate at about 3 / n (95 %).
_RULE_OF_THREE = 3
#: The bar lies so far below the nearest pair of different people, and candidates so far above it.
_BELOW, _ABOVE = 0.96, 1.05
#: The lead asked over the runner-up, and the least distance a decade of the rate, in bars.
_MARGIN, _DECADE = 0.16, 0.06


class TooFewPeople(MediacheckError):
    """The pictures bound no rate worth setting a bar by."""

    message = (
        f"These pictures give fewer than {FEWEST_PAIRS} pairs of different people. Take more "
        "people, with two pictures or more each."
    )


def measure_bars(
    identities: Path, finder: FaceFinder, extractor: TemplateExtractor, population: str
) -> OwnBars:
    """Measures how near different people come, and sets the bars below that.

    Args:
        identities: One folder a person, with several pictures each.
        finder: Finds the face in each.
        extractor: The district's recogniser.
        population: Who the people are, in words; it is shown beside every figure.

    Raises:
        BadScenes: there is nobody in the folder.
        BadPicture: a picture cannot be read.
        TooFewPeople: too few pairs of different people.
        EngineFault: an engine failed.
    """
    people, _ = templates_of(identities, finder, extractor)
    return bars_from(people, population)


def bars_from(people: Mapping[StudentId, Sequence[bytes]], population: str) -> OwnBars:
    """The bars that templates of known people support.

    Raises:
        TooFewPeople: too few pairs of different people.
    """
    owners = np.array([person for person, templates in people.items() for _ in templates])
    vectors = np.stack(
        [np.frombuffer(one, "<f4") for templates in people.values() for one in templates]
    ).astype(np.float64)
    rows, columns = np.triu_indices(len(owners), k=1)
    is_other = owners[rows] != owners[columns]
    pairs = int(is_other.sum())
    if pairs < FEWEST_PAIRS:
        raise TooFewPeople
    likeness = (vectors @ vectors.T)[rows[is_other], columns[is_other]]
    apart = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * likeness))
    bar = _BELOW * float(apart.min())
    candidate, loose = (float(np.quantile(apart, rate)) for rate in (_CANDIDATE_FMR, _LOOSE_FMR))
    return OwnBars(
        max_distance=bar,
        candidate_distance=max(candidate, _ABOVE * bar),
        margin=_MARGIN * bar,
        fmr=max(_BEST_FMR, _RULE_OF_THREE / pairs),
        decade=max(loose - candidate, _DECADE * bar),
        impostor_pairs=pairs,
        population=population,
    )
