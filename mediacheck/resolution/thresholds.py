"""The bars of face search: one named record a model, with where it comes from.

Every figure was measured on ADULTS: 25 people, 255 pictures (the ORL Database of Faces of AT&T
Laboratories Cambridge, and dlib's examples), 31,210 pairs of different people. Children's faces are
confused more often, so a search suggests and does not identify until a district has measured its
own gallery and switched that on. face_recognition's own bar (a distance of six tenths between
unnormalised templates) would name a stranger in one pair of eighty, and is used nowhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mediacheck.resolution.errors import MixedModels

#: Of searches for people who are not enrolled, this share may name somebody: a class of 30 with
#: one template each at a false match rate of 1e-4.
TARGET_FPIR = 0.003

#: What a school's own evidence has to show before a search names anybody there without a person's
#: word: the 95 % bound of the share of strangers that are named, in the whole school and in each
#: band of grades. Without an error that takes 299 students, and 99 of each band.
MOST_FPIR = 0.01
MOST_BAND_FPIR = 0.03
#: And what people answered to suggestions as close as that: so many answers at least, and the
#: 95 % bound of the share that was somebody else. 99 answers without an error show it.
FEWEST_ANSWERS = 100
MOST_WRONG_ANSWERS = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The bars for templates of one model; distances are Euclidean, between vectors of length 1.

    ``max_distance`` was set for the false match rate ``fmr``: no pair of different people among
    ``impostor_pairs`` came nearer, which bounds the rate at about 3 / pairs (95 %). A rate ten
    times as small is taken to need ``decade`` less distance. Up to ``candidate_distance`` (a rate
    of about 1e-3) a student is a likely match: suggested, and blocking when refused. Farther off
    the face is unknown, which no post passes either. ``margin`` is the lead asked over the runner-
    up.
    """

    model: str
    max_distance: float
    fmr: float
    decade: float
    candidate_distance: float
    margin: float
    impostor_pairs: int
    population: str


#: Nearest pair of different people 0.332; measured false match rates 1e-4 at 0.338, 1e-3 at 0.358
#: and 1e-2 at 0.393: 0.02 to 0.035 a decade. Misses 5.7 % of genuine pairs at 0.32.
DLIB_RESNET_V1_M6 = Threshold(
    model="dlib-resnet-v1/m6",
    max_distance=0.32,
    fmr=1e-4,
    decade=0.03,
    candidate_distance=0.36,
    margin=0.05,
    impostor_pairs=31_210,
    population="adults",
)

#: Nearest pair of different people 0.330; 1e-4 at 0.344, 1e-3 at 0.364 and 1e-2 at 0.401.
DLIB_RESNET_V1_M2 = Threshold(
    model="dlib-resnet-v1/m2",
    max_distance=0.32,
    fmr=1e-4,
    decade=0.03,
    candidate_distance=0.36,
    margin=0.05,
    impostor_pairs=31_210,
    population="adults",
)

_BY_MODEL = {threshold.model: threshold for threshold in (DLIB_RESNET_V1_M6, DLIB_RESNET_V1_M2)}
_OURS = frozenset(_BY_MODEL)


def threshold_for(model: str) -> Threshold:
    """The bars for templates of ``model``.

    Raises:
        MixedModels: nobody has measured that model, so nothing may be compared with it.
    """
    try:
        return _BY_MODEL[model]
    except KeyError as error:
        raise MixedModels from error


def use_threshold(threshold: Threshold) -> None:
    """Sets the bars for a recogniser of the district's own, as they were measured there.

    Raises:
        ValueError: the model is one of ours, whose bars stand here, or they are no bars.
    """
    if threshold.model in _OURS:
        raise ValueError("the bars of this model are not the district's to set")
    if not 0 < threshold.max_distance < threshold.candidate_distance or threshold.margin <= 0:
        raise ValueError("these are no bars")
    _BY_MODEL[threshold.model] = threshold


def max_distance_among(threshold: Threshold, templates: int) -> float:
    """The bar for a search among so many templates: the more are searched, the stricter.

    The chance that a stranger is matched to one of ``N`` is ``1 - (1 - FMR)^N``; the bar is the
    distance whose false match rate keeps it at ``TARGET_FPIR``, never above ``max_distance``.
    """
    if templates < 1:
        return threshold.max_distance
    allowed = 1 - (1 - TARGET_FPIR) ** (1 / templates)
    decades = math.log10(threshold.fmr / allowed)
    return threshold.max_distance - max(0.0, decades) * threshold.decade


#: Bits by which two hashes of one work may differ, of 64, over the closest of their parts.
#: Measured on 163 pictures (the demo's painting and the evaluation pictures). Within 8 bits: a
#: half and a third of the size, squashed, a fifth cut off evenly, or a twentieth at one corner, in
#: 100 %; a tenth cut off at one corner 98 %, turned by 3 degrees 98 %, JPEG at quality 20 97 %, a
#: tenth cut off at a third of the size and quality 30 93 %. Of 13,196 pairs of different pictures
#: 15 came as close, nearly all of them two sheets of the same printed form: a class's worksheets
#: look alike, and then ask. A new photo of the same painting from another side is another picture
#: to these hashes.
SAME_WORK_BITS = 8

#: How far one reading of a face (a glance) can lie from its template, seen from anybody's template.
#: 255 pictures of 25 adults, 64,770 comparisons with either model: never nearer than the template
#: by more than 0.030; farther by 0.057 or less in 999 of 1,000 where the template is a candidate.
GLANCE_NEARER = 0.03
GLANCE_FARTHER = 0.06
#: A model for which nobody has measured that is never glanced with.
GLANCED_MODELS = _OURS
