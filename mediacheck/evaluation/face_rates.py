"""Error rates of face search, in the words of ISO/IEC 19795 and NIST's FRTE. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mediacheck.model.finding import FindingId
from mediacheck.resolution.bounds import upper_bound
from mediacheck.resolution.gallery_search import MatchKind, search_gallery
from mediacheck.resolution.thresholds import Threshold, max_distance_among
from release_db.records import Template
from release_db.words import StudentId

#: The false match rates for which a row of the verification table is given.
_FALSE_MATCH_RATES = (1e-2, 1e-3, 1e-4)
#: The searched people and the templates of each, for which a row of identification is given.
_GALLERY_SIZES = (5, 10, 20, 30)
_TEMPLATES_EACH = (1, 3)
_PROBE = FindingId("probe")

Templates = Mapping[StudentId, Sequence[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One to one, at one threshold. ``bound95`` is the upper bound of ``fmr`` (95 %)."""

    threshold: float
    fmr: float
    bound95: float
    fnmr: float
    impostor_pairs: int
    genuine_pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """One to many, by the product's own rules.

    ``trials`` are the searches for people who are not in the gallery; ``bound95`` the upper bound
    (95 %) of ``fpir``, the share of them that named somebody. ``fnir`` is the share of
    ``mated_trials`` that did not name the right person, ``misnamed`` how many named a wrong one.
    """

    gallery: int
    templates: int
    threshold: float
    fpir: float
    bound95: float
    trials: int
    fnir: float
    mated_trials: int
    misnamed: int


def verification_table(people: Templates, threshold: Threshold) -> tuple[Verification, ...]:
    """All pairs of pictures, at the product's bar and at the bars of some false match rates."""
    impostors, genuine = _pair_distances(people)
    if not impostors.size or not genuine.size:
        return ()
    ordered = np.sort(impostors)
    bars = [float(ordered[int(rate * len(ordered))]) for rate in _FALSE_MATCH_RATES]
    return tuple(_verification(bar, ordered, genuine) for bar in (threshold.max_distance, *bars))


def identification_table(people: Templates, threshold: Threshold) -> tuple[Identification, ...]:
    """Searches in galleries of several sizes, with one template a person and with more."""
    sizes = sorted({min(size, len(people) - 1) for size in _GALLERY_SIZES})
    return tuple(
        _identification(people, threshold, size, each)
        for size in sizes
        for each in _TEMPLATES_EACH
        if size > 0
    )


def _pair_distances(
    people: Templates,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Distances of all pairs of different people, and of all pairs of one person."""
    rows = [(person, vector) for person, vectors in people.items() for vector in vectors]
    if not rows:
        return np.zeros(0), np.zeros(0)
    vectors = np.stack([np.frombuffer(vector, "<f4") for _, vector in rows]).astype(np.float64)
    owners = np.array([person for person, _ in rows])
    first, second = np.triu_indices(len(rows), 1)
    distances = np.linalg.norm(vectors[first] - vectors[second], axis=1)
    is_genuine = owners[first] == owners[second]
    return distances[~is_genuine], distances[is_genuine]


def _verification(
    bar: float, impostors: npt.NDArray[np.float64], genuine: npt.NDArray[np.float64]
) -> Verification:
    wrong = int((impostors < bar).sum())
    return Verification(
        threshold=bar,
        fmr=wrong / len(impostors),
        bound95=upper_bound(wrong, len(impostors)),
        fnmr=float((genuine >= bar).mean()),
        impostor_pairs=len(impostors),
        genuine_pairs=len(genuine),
    )


def _identification(
    people: Templates, threshold: Threshold, size: int, each: int
) -> Identification:
    strangers = [
        _named(probe, gallery, threshold)
        for _, probe, gallery in _searches(people, threshold, (size, each), is_mated=False)
    ]
    mated = [
        (person, _named(probe, gallery, threshold))
        for person, probe, gallery in _searches(people, threshold, (size, each), is_mated=True)
    ]
    false_positives = sum(name is not None for name in strangers)
    misses = sum(name != person for person, name in mated)
    return Identification(
        gallery=size,
        templates=each,
        threshold=max_distance_among(threshold, size * each),
        fpir=false_positives / max(1, len(strangers)),
        bound95=upper_bound(false_positives, len(strangers)),
        trials=len(strangers),
        fnir=misses / max(1, len(mated)),
        mated_trials=len(mated),
        misnamed=sum(name not in (None, person) for person, name in mated),
    )


def _searches(
    people: Templates, threshold: Threshold, shape: tuple[int, int], *, is_mated: bool
) -> Iterator[tuple[StudentId, bytes, list[Template]]]:
    """Each picture that is in no gallery, searched among the people who follow its person.

    ``shape`` is people and templates each. The first pictures of a person are the templates.
    """
    size, each = shape
    order = list(people)
    for place, person in enumerate(order):
        following = [order[(place + step) % len(order)] for step in range(1, size + 1)]
        enrolled = [person, *following[:-1]] if is_mated else following
        gallery = [
            Template(student_id=one, model=threshold.model, vector=vector)
            for one in enrolled
            for vector in people[one][:each]
        ]
        for probe in people[person][each:]:
            yield person, probe, gallery


def _named(probe: bytes, gallery: Sequence[Template], threshold: Threshold) -> StudentId | None:
    """Whom the product would name."""
    result = search_gallery([(_PROBE, probe)], gallery, threshold)[_PROBE]
    return result.candidates[0].student_id if result.kind is MatchKind.ACCEPTED else None
