"""How far a search may name somebody at a school: as its evidence stands in this moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mediacheck.flow.today import today_of
from mediacheck.model.resolution import Naming
from mediacheck.ports.register import Register
from mediacheck.ports.services import Services, Work
from mediacheck.settings import Recognition
from release_db.errors import UnfitPolicy
from release_db.recognition import RECOGNITION_KEY
from release_db.records import Template
from release_db.words import SchoolKey, StudentId

if TYPE_CHECKING:
    from mediacheck.resolution.naming_evidence import PresentGallery

_BY_SCHOOL = (
    "Identify is switched on school by school: each needs evidence of its own. Choose suggest for "
    "the district."
)


def recognition_of(register: Register, school: SchoolKey | None) -> Recognition:
    """The recognition setting that holds for a school: off, until somebody has switched it on."""
    return Recognition(register.policy_or_none(RECOGNITION_KEY, school) or Recognition.OFF)


def naming_at(
    services: Services, work: Work, school: SchoolKey | None, searched: Sequence[StudentId]
) -> Naming:
    """How far a search among these students may go now.

    Where the setting says ``identify`` and the evidence does not back it (any more), nobody is
    named without a person's word.
    """
    mode = recognition_of(work.register, school)
    if mode is not Recognition.IDENTIFY or school is None:
        return Naming(mode=mode)
    # Imported here: where recognition goes less far, none of its code is loaded.
    from mediacheck.resolution.lookalikes import lookalikes_among
    from mediacheck.resolution.naming_evidence import backed_bar_or_none
    from mediacheck.resolution.thresholds import threshold_for

    templates = templates_at(services, work, school)
    evidence = work.evidence.latest_or_none(school)
    if evidence is None or _why_not(services, work, school, templates):
        return Naming(mode=mode)
    threshold = threshold_for(services.template_extractor().model)
    siblings = work.register.terms.with_siblings(searched)
    return Naming(
        mode=mode,
        within=backed_bar_or_none(evidence, threshold),
        asked=siblings | lookalikes_among(searched, templates, threshold),
    )


def why_not_identify_at(services: Services, work: Work, school: SchoolKey) -> tuple[str, ...]:
    """Why a search may not name anybody at the school without a person's word; empty: it may.

    Raises:
        MixedModels: nobody has measured a threshold for the model in use.
    """
    return _why_not(services, work, school, templates_at(services, work, school))


def require_backed(
    services: Services, work: Work, key: str, value: str, school: SchoolKey | None
) -> None:
    """Passes every setting but ``identify`` where the evidence does not back it.

    Raises:
        UnfitPolicy: it does not, in words for a person.
    """
    if key != RECOGNITION_KEY or value != Recognition.IDENTIFY:
        return
    if school is None:
        raise UnfitPolicy(_BY_SCHOOL)
    reasons = why_not_identify_at(services, work, school)
    if reasons:
        raise UnfitPolicy(
            f"Identify cannot be switched on here yet. {reasons[0]} The page Evidence says what is "
            "missing."
        )


def templates_at(services: Services, work: Work, school: SchoolKey | None) -> tuple[Template, ...]:
    """The live templates of the school's students (None: the district's), of the model in use."""
    students = [student.student_id for student in work.register.students(school=school)]
    today = today_of(services.clock, work.register)
    return work.gallery.templates(students, services.template_extractor().model, today)


def is_outgrown_at(services: Services, work: Work, school: SchoolKey | None) -> bool:
    """Whether a gallery (None: the district's) is no longer within what was measured of it.

    It is not, where nothing was measured.

    Raises:
        GalleryUnreadable: a template cannot be read.
    """
    from mediacheck.resolution.naming_evidence import is_outgrown

    evidence = work.evidence.latest_or_none(school)
    if evidence is None:
        return False
    return is_outgrown(evidence, _present(services, templates_at(services, work, school)))


def _why_not(
    services: Services, work: Work, school: SchoolKey, templates: Sequence[Template]
) -> tuple[str, ...]:
    from mediacheck.resolution.naming_evidence import why_not_identify
    from mediacheck.resolution.thresholds import threshold_for

    present = _present(services, templates)
    evidence = work.evidence.latest_or_none(school)
    return why_not_identify(evidence, present, threshold_for(present.model))


def _present(services: Services, templates: Sequence[Template]) -> PresentGallery:
    from mediacheck.resolution.naming_evidence import PresentGallery

    return PresentGallery(
        model=services.template_extractor().model,
        students=len({template.student_id for template in templates}),
        templates=len(templates),
    )
