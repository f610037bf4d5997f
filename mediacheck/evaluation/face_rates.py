"""Error rates of face search, in the words of ISO/IEC 19795 and NIST's FRTE. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mediacheck.model.det_curve import DetPoint
from mediacheck.model.finding import FindingId
from mediacheck.resolution.bounds import upper_bound
from mediacheck.resolution.gallery_search import Gallery, MatchKind, search_prepared
from mediacheck.resolution.thresholds import TARGET_FPIR, Threshold, max_distance_among
from release_db.records import Template
from release_db.words import StudentId

#: The false match rates for which a row of the verification table is given.
_FALSE_MATCH_RATES = (1e-2, 1e-3, 1e-4)
#: The searched people and the templates of each, for which a row of identification is given: a
#: class and a school. Half of the people, and all but one, are searched as well.
_GALLERY_SIZES = (30, 600)
_TEMPLATES_EACH = (1, 3)
#: So many searches of each kind at the most make a row, spread over everybody.
_MOST_SEARCHES = 3_000
#: The distances at which a curve has a point.
_DET_STEPS = np.linspace(0.10, 0.60, 51)
_PROBE = FindingId("probe")

Templates = Mapping[StudentId, Sequence[bytes]]
_Numbers = npt.NDArray[np.float64]


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

    ``wanted_threshold`` is the largest distance at which so few strangers have somebody nearer,
    whatever the margin, that their share is within ``wanted_fpir`` with 95 % certainty;
    ``is_wanted_shown`` False: there are too few searches to show that, and it is the distance at
    which nobody has.
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
    wanted_fpir: float
    wanted_threshold: float
    is_wanted_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What the pairs say of a gallery larger than the set: never measured, only bounded.

    ``fpir_bound95`` is ``1 - (1 - b)^gallery``, with ``b`` the bound of the false match rate at
    ``threshold``, one template a person.
    """

    gallery: int
    threshold: float
    fpir_bound95: float


def verification_table(people: Templates, threshold: Threshold) -> tuple[Verification, ...]:
    """All pairs of pictures, at the product's bar and at the bars of some false match rates."""
    impostors, genuine = _pair_distances(people)
    if not impostors.size or not genuine.size:
        return ()
    ordered = np.sort(impostors)
    bars = [float(ordered[int(rate * len(ordered))]) for rate in _FALSE_MATCH_RATES]
    return tuple(_verification(bar, ordered, genuine) for bar in (threshold.max_distance, *bars))


def det_curve(people: Templates) -> tuple[DetPoint, ...]:
    """Both error rates at every hundredth of a distance; nothing without pairs of both kinds."""
    impostors, genuine = _pair_distances(people)
    if not impostors.size or not genuine.size:
        return ()
    return tuple(
        DetPoint(
            threshold=round(float(bar), 3),
            fmr=float((impostors < bar).mean()),
            fnmr=float((genuine >= bar).mean()),
        )
        for bar in _DET_STEPS
    )


def identification_table(people: Templates, threshold: Threshold) -> tuple[Identification, ...]:
    """Searches in galleries of several sizes, with one template a person and with more."""
    most = len(people) - 1
    sizes = sorted({len(people) // 2, most, *(size for size in _GALLERY_SIZES if size <= most)})
    return tuple(
        _identification(people, threshold, size, each)
        for size in sizes
        for each in _TEMPLATES_EACH
        if size > 0
    )


def projection_table(people: Templates, threshold: Threshold) -> tuple[Projection, ...]:
    """The galleries of interest that are larger than the set, bounded by its pairs."""
    impostors, _ = _pair_distances(people)
    rows = []
    for size in _GALLERY_SIZES:
        if size <= len(people) - 1 or not impostors.size:
            continue
        bar = max_distance_among(threshold, size)
        bound = upper_bound(int((impostors < bar).sum()), len(impostors))
        rows.append(Projection(gallery=size, threshold=bar, fpir_bound95=1 - (1 - bound) ** size))
    return tuple(rows)


def _pair_distances(people: Templates) -> tuple[_Numbers, _Numbers]:
    """Distances of all pairs of different people, and of all pairs of one person."""
    rows = [(person, vector) for person, vectors in people.items() for vector in vectors]
    if not rows:
        return np.zeros(0), np.zeros(0)
    vectors = np.stack([np.frombuffer(vector, "<f4") for _, vector in rows]).astype(np.float64)
    owners = np.array([person for person, _ in rows])
    first, second = np.triu_indices(len(rows), 1)
    products = (vectors @ vectors.T)[first, second]
    distances = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * products))
    is_genuine = owners[first] == owners[second]
    return distances[~is_genuine], distances[is_genuine]


def _verification(bar: float, impostors: _Numbers, genuine: _Numbers) -> Verification:
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
    strangers = list(_searches(people, threshold, (size, each), is_mated=False))
    named = [_named(probe, gallery, threshold) for _, probe, gallery in strangers]
    mated = [
        (person, _named(probe, gallery, threshold))
        for person, probe, gallery in _searches(people, threshold, (size, each), is_mated=True)
    ]
    false_positives = sum(name is not None for name in named)
    misses = sum(name != person for person, name in mated)
    nearest = np.array([_nearest(probe, gallery) for _, probe, gallery in strangers])
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
        wanted_fpir=TARGET_FPIR,
        wanted_threshold=_threshold_for(nearest),
        is_wanted_shown=upper_bound(0, len(nearest)) <= TARGET_FPIR,
    )


def _threshold_for(nearest: _Numbers) -> float:
    """The distance of the first stranger too many: below it, the wanted rate is kept.

    So many may be named as leave the bound of their share within the wanted rate; with too few
    searches to show that rate at all, nobody.
    """
    if not nearest.size:
        return 0.0
    allowed = 0
    while upper_bound(allowed + 1, len(nearest)) <= TARGET_FPIR:
        allowed += 1
    return float(np.sort(nearest)[allowed])


def _searches(
    people: Templates, threshold: Threshold, shape: tuple[int, int], *, is_mated: bool
) -> Iterator[tuple[StudentId, bytes, Gallery]]:
    """Pictures that are in no gallery, each searched among the people who follow its person.

    ``shape`` is people and templates each. The first pictures of a person are the templates.
    """
    size, each = shape
    order = list(people)
    every = -(-sum(len(people[person][each:]) for person in order) // _MOST_SEARCHES)
    number = 0
    for place, person in enumerate(order):
        following = [order[(place + step) % len(order)] for step in range(1, size + 1)]
        enrolled = [person, *following[:-1]] if is_mated else following
        gallery = Gallery.of(
            [
                Template(student_id=one, model=threshold.model, vector=vector)
                for one in enrolled
                for vector in people[one][:each]
            ]
        )
        for probe in people[person][each:]:
            if number % every == 0:
                yield person, probe, gallery
            number += 1


def _named(probe: bytes, gallery: Gallery, threshold: Threshold) -> StudentId | None:
    """Whom the product would name."""
    result = search_prepared([(_PROBE, probe)], gallery, threshold)[_PROBE]
    return result.candidates[0].student_id if result.kind is MatchKind.ACCEPTED else None


def _nearest(probe: bytes, gallery: Gallery) -> float:
    """The distance to the nearest template of all."""
    products = gallery.vectors @ np.frombuffer(probe, "<f4")
    return float(np.sqrt(max(0.0, 2.0 - 2.0 * float(products.max()))))
