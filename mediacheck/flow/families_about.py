"""Of a student's file, what a question of a family's form is about; pure.

A page asks some hundred questions, and the register reads the whole file for each. A word on
another use or another audience changes none of the answers, and is left out here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from mediacheck.flow.families_choices import Place
from release_db.records import Scope, StudentFile
from release_db.words import ChannelKey, Use

#: The uses whose words can change the answer on a use.
_TOUCHING = {
    use: frozenset({Use.IMAGE, Use.NAME, use}) if use is Use.IMAGE_WITH_NAME else frozenset({use})
    for use in Use
}


def file_about(file: StudentFile, place: Place, channels: Collection[ChannelKey]) -> StudentFile:
    """The file with the releases that a place, on these channels of its audience, rests on."""
    touching = tuple(word for word in file.releases if _touches(word.scope, place, channels))
    return replace(file, releases=touching)


def _touches(scope: Scope, place: Place, channels: Collection[ChannelKey]) -> bool:
    if scope.use not in _TOUCHING[place.use]:
        return False
    if scope.channel is not None:
        return scope.channel in channels or scope.audience is place.audience
    return scope.audience in {None, place.audience}
