"""What a measurement of a gallery says, in rows to read. It decides nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from mediacheck.flow.naming import why_not_identify_at
from mediacheck.model.det_curve import DetPoint
from mediacheck.model.face_evidence import BARS, Band, BandCounts, FaceEvidence
from mediacheck.ports.services import Services, Work

#: The bands, in words for a page.
BAND_WORDS = {
    Band.ALL: "Everybody",
    Band.EARLY: "Up to grade 2",
    Band.MIDDLE: "Grades 3 to 5",
    Band.UPPER: "Grades 6 to 8",
    Band.HIGH: "Grades 9 to 12",
    Band.UNKNOWN: "No grade on record",
}
#: Rates are told of so many trials or more: fewer say nothing, and might tell of somebody.
FEWEST_SHOWN = 20
POPULATION = "students of this district, from their own portraits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Errors in so many trials, and the most that the rate can be (95 %)."""

    errors: int
    trials: int
    bound95: float

    @property
    def is_thin(self) -> bool:
        """Whether it is of too few trials to be told."""
        return self.trials < FEWEST_SHOWN

    @property
    def bound95_shown(self) -> float:
        """The bound in two figures, never rounded down."""
        from mediacheck.resolution.bounds import rounded_up

        return rounded_up(self.bound95)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandReport:
    """The rates of one band at the product's own bar.

    ``fpir``: students who, were they not enrolled, would be named as somebody else. ``fmr``: pairs
    of different students nearer than the bar. ``fnmr``: portraits of one student farther apart.
    ``needed``: so many students without an error would show that the share of strangers that are
    named is at most ``limit``; ``is_backed``: that is shown.
    """

    band: Band
    students: int
    fpir: Rate
    fmr: Rate
    fnmr: Rate
    limit: float
    needed: int
    is_backed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReport:
    """One measurement. ``within`` None: no distance is backed; ``reasons``: why not to identify."""

    evidence: FaceEvidence
    bar: float
    within: float | None
    bands: tuple[BandReport, ...]
    det: tuple[DetPoint, ...]
    det_in_posts: tuple[DetPoint, ...]
    wrong_answers: Rate
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {
            "evidence": self.evidence.evidence_id,
            "population": POPULATION,
            "school": self.evidence.school,
            "model": self.evidence.model,
            "measured_at": self.evidence.measured_at.isoformat(),
            "students": self.evidence.whole.students,
            "templates": self.evidence.whole.templates,
            "threshold": self.bar,
            "supported_threshold": self.within,
            "bands": [asdict(band) for band in self.bands],
            "det": [asdict(point) for point in self.det],
            "det_in_posts": [asdict(point) for point in self.det_in_posts],
            "answers": asdict(self.wrong_answers),
            "why_not_identify": list(self.reasons),
        }


def report_on(services: Services, work: Work, evidence: FaceEvidence) -> EvidenceReport:
    """The report on one measurement, as the gallery stands now.

    Raises:
        MixedModels: nobody has measured a threshold for the model in use.
    """
    # Imported here: a process that shows no evidence loads none of it.
    from mediacheck.resolution.naming_evidence import backed_bar_or_none
    from mediacheck.resolution.thresholds import max_distance_among, threshold_for

    threshold = threshold_for(services.template_extractor().model)
    # Beyond the last of BARS nothing is counted, and nothing is backed.
    bar = min(max_distance_among(threshold, evidence.whole.templates), BARS[-1])
    answers = evidence.answers
    school = evidence.school
    return EvidenceReport(
        evidence=evidence,
        bar=bar,
        within=backed_bar_or_none(evidence, threshold),
        bands=tuple(_band_report(counts, bar) for counts in evidence.bands),
        det=_det(evidence.whole, evidence.whole.genuine_within, evidence.whole.genuine_pairs),
        det_in_posts=_det(evidence.whole, answers.within, answers.mated),
        wrong_answers=_rate(answers.wrong, answers.close),
        reasons=why_not_identify_at(services, work, school) if school is not None else (),
    )


def _band_report(counts: BandCounts, bar: float) -> BandReport:
    from mediacheck.resolution.bounds import fewest_trials
    from mediacheck.resolution.naming_evidence import limit_of

    # The first bar that is not below the product's: what is counted there is no less.
    place = next(place for place, one in enumerate(BARS) if one >= bar)
    limit = limit_of(counts.band)
    fpir = _rate(counts.false_positives[place], counts.students)
    missed = counts.genuine_pairs - counts.genuine_within[max(0, place - 1)]
    return BandReport(
        band=counts.band,
        students=counts.students,
        fpir=fpir,
        fmr=_rate(counts.false_matches[place], counts.impostor_pairs),
        fnmr=_rate(missed, counts.genuine_pairs),
        limit=limit,
        needed=fewest_trials(limit),
        is_backed=fpir.bound95 <= limit,
    )


def _rate(errors: int, trials: int) -> Rate:
    from mediacheck.resolution.bounds import upper_bound

    return Rate(errors=errors, trials=trials, bound95=upper_bound(errors, trials))


def _det(counts: BandCounts, within: tuple[int, ...], genuine: int) -> tuple[DetPoint, ...]:
    """Both rates at every bar; nothing, where there are too few trials of either kind."""
    if min(counts.impostor_pairs, genuine) < FEWEST_SHOWN:
        return ()
    return tuple(
        DetPoint(
            threshold=bar,
            fmr=counts.false_matches[place] / counts.impostor_pairs,
            fnmr=1 - within[place] / genuine,
        )
        for place, bar in enumerate(BARS)
    )
