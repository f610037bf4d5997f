"""What a name's place on the page tells of words that its class said before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from mediacheck.flow.judge import Judged
from mediacheck.model.finding import NameFinding
from mediacheck.model.people import StaffId
from mediacheck.model.resolution import Nobody, NotAStudent
from mediacheck.review.remembered import remembering_or_none

_SOMEBODY = "Somebody"


def is_remembered(judged: Judged, name: NameFinding) -> bool:
    """Whether the class's word settles the name, so that it is shown with a way to ask again."""
    recalled = judged.remembered.get(name.finding_id)
    return recalled is not None and recalled.is_settled


def remembered_words(
    judged: Judged,
    name: NameFinding,
    names: Mapping[StaffId, str],
    zone: tzinfo,
    *,
    is_open: bool,
) -> list[str]:
    """Who said when that the name is no student's, and what follows here; often nothing."""
    recalled = judged.remembered.get(name.finding_id)
    if recalled is None:
        return []
    at = recalled.word.at.astimezone(zone)
    who = names.get(recalled.word.by) or _SOMEBODY
    said = f"{who} said on {at:%B} {at.day}, {at.year} that this is not a student."
    if recalled.is_settled:
        return [f"{said} It is remembered for your class."]
    if is_open:
        return [f"{said} It is asked again, because a student of your class is called so."]
    return _kept_now(judged, name)


def _kept_now(judged: Judged, name: NameFinding) -> list[str]:
    """What comes of a word that was said in this very post."""
    about = remembering_or_none(name)
    is_said = isinstance(judged.words.get(name.finding_id), NotAStudent | Nobody)
    if about is None or not is_said or about.with_words:
        return []
    return ["It is remembered for your class, and not asked again."]
