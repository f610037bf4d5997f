"""What may not change the names found in a picture, and what must change exactly one: real reading.

The picture is a list of names on a whiteboard, where the names stand close together.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from PIL import Image, ImageOps

from mediacheck.evaluation.name_pictures import scope_of
from mediacheck.evaluation.pictures import canonical_picture
from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.findings.text_rapidocr import RapidOcrReader
from mediacheck.intake.encoding import encode_jpeg, picture_from_jpeg
from mediacheck.model.finding import Certainty, NameFinding
from mediacheck.model.people import StaffId
from mediacheck.model.post import Cover, CoverStyle, MediaId, Picture
from mediacheck.ports.engines import TextLine
from mediacheck.ports.posts import Seen
from mediacheck.redaction.covers import cover_regions, painted_box
from mediacheck.review.carry import carry_over
from release_db.records import Student
from release_db.words import SchoolKey, StudentId
from tests.mediacheck.findings.made_names import made_roster
from tests.mediacheck.findings.made_pictures import whiteboard

pytestmark = pytest.mark.slow

ROSTER = made_roster(120, seed=7)
ROOM = ROSTER[0].classes[0]
SHOWN = [one for one in ROSTER if ROOM in one.classes][:4]


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader()


@pytest.fixture(scope="module")
def board() -> Image.Image:
    names = [f"{one.given_name} {one.family_name}" for one in SHOWN]
    return whiteboard(random.Random(1), names)  # noqa: S311 - the same every time, and no secret.


@pytest.fixture(scope="module")
def lines(reader: RapidOcrReader, board: Image.Image) -> tuple[TextLine, ...]:
    return reader.read_text(canonical_picture(board))


def alerts(lines: tuple[TextLine, ...], roster: tuple[Student, ...] = ROSTER) -> list[NameFinding]:
    matcher = RosterNameMatcher(build_name_index(roster))
    return [
        found
        for found in matcher.match_lines(lines, scope_of(ROOM), MediaId("board"))
        if isinstance(found, NameFinding) and found.certainty is not Certainty.POSSIBLE
    ]


def people(found: list[NameFinding]) -> set[tuple[StudentId, ...]]:
    return {one.candidates for one in found}


def test_every_name_of_the_list_is_found(lines: tuple[TextLine, ...]) -> None:
    found = alerts(lines)

    assert len(found) == len(SHOWN)
    assert {one.student_id for one in SHOWN} <= {who for one in found for who in one.candidates}


def covered(picture: Picture, cover: Cover) -> Picture:
    """The picture as it would be published with that cover."""
    return picture_from_jpeg(
        encode_jpeg(cover_regions(picture, [cover])),
        source_width_px=picture.source_width_px,
        source_height_px=picture.source_height_px,
    )


@pytest.mark.parametrize("place", [0, 2])
def test_a_name_that_is_covered_goes_and_no_other_does(
    reader: RapidOcrReader, board: Image.Image, lines: tuple[TextLine, ...], place: int
) -> None:
    before = alerts(lines)
    assert before[place].box is not None
    cover = Cover(
        box=before[place].box,
        style=CoverStyle.SOLID,
        by=StaffId("t-1"),
        is_writing=True,
    )

    again = reader.read_text(covered(canonical_picture(board), cover))
    seen = carry_over(Seen(lines=lines), Seen(lines=again), [cover], [painted_box(cover)])

    left = [one.finding_id for one in before if one is not before[place]]
    assert [one.finding_id for one in alerts(seen.lines)] == left
    assert people(alerts(again)) == people([*before[:place], *before[place + 1 :]])


def test_students_who_join_another_school_change_nothing(lines: tuple[TextLine, ...]) -> None:
    joined = tuple(
        replace(
            one,
            student_id=StudentId(f"joined-{number}"),
            given_name=one.given_name,
            family_name=f"Q{one.family_name}",
            school=SchoolKey("elsewhere"),
            classes=(),
        )
        for number, one in enumerate(SHOWN)
    )

    assert alerts(lines, (*ROSTER, *joined)) == alerts(lines)


@pytest.mark.parametrize("turn", [ImageOps.flip, ImageOps.mirror, lambda one: one.rotate(180)])
def test_a_picture_that_is_turned_over_names_the_same_students(
    reader: RapidOcrReader, board: Image.Image, lines: tuple[TextLine, ...], turn: object
) -> None:
    assert callable(turn)
    turned = reader.read_text(canonical_picture(turn(board)))

    assert people(alerts(turned)) == people(alerts(lines))


def test_the_picture_that_is_read_is_as_large_as_what_is_published(
    reader: RapidOcrReader, board: Image.Image
) -> None:
    large = board.resize((board.width * 4, board.height * 4))

    picture = canonical_picture(large)

    assert max(picture.width_px, picture.height_px) == 2048
    assert len(alerts(reader.read_text(picture))) == len(SHOWN)
