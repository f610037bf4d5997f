"""A face keeps its identity when its picture is looked at again."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.model.finding import FaceFinding, FaceMark, FindingId
from mediacheck.model.post import Box, Cover, CoverStyle
from mediacheck.model.resolution import Unresolved
from mediacheck.ports.engines import TextLine
from mediacheck.ports.posts import Seen
from mediacheck.review.carry import carry_over, faces_under_covers
from tests.factories import AUTHOR, a_box, a_face


def face_at(finding_id: str, left: int, marks: frozenset[FaceMark] = frozenset()) -> FaceFinding:
    return replace(a_face(finding_id), box=a_box(left=left), marks=marks)


def ids(seen: Seen) -> list[FindingId]:
    return [face.finding_id for face in seen.faces]


def cover_at(left: int) -> Cover:
    return Cover(box=a_box(left=left), style=CoverStyle.SOLID, by=AUTHOR)


def test_a_face_that_moved_a_little_keeps_its_id() -> None:
    carried = carry_over(Seen(faces=(face_at("old", 100),)), Seen(faces=(face_at("new", 104),)), ())

    assert ids(carried) == ["old"]
    assert carried.faces[0].box.left == 104


def test_another_face_gets_its_own_id() -> None:
    carried = carry_over(Seen(faces=(face_at("old", 100),)), Seen(faces=(face_at("new", 400),)), ())

    assert ids(carried) == ["new", "old"]


def test_a_face_that_is_not_found_again_is_not_dropped() -> None:
    drawn = face_at("drawn", 100, frozenset({FaceMark.DRAWN_BY_HAND}))

    carried = carry_over(Seen(faces=(drawn,)), Seen(), ())

    assert carried.faces == (drawn,)
    assert carried.matches == {FindingId("drawn"): Unresolved()}


def test_a_face_under_a_cover_is_gone() -> None:
    carried = carry_over(Seen(faces=(face_at("old", 100),)), Seen(), [cover_at(100)])

    assert carried.faces == ()


def test_two_faces_never_keep_one_id() -> None:
    now = Seen(faces=(face_at("a", 100), face_at("b", 110)))

    carried = carry_over(Seen(faces=(face_at("old", 102),)), now, ())

    assert sorted(ids(carried)) == ["b", "old"]


def test_a_face_found_under_its_cover_is_reported() -> None:
    seen = Seen(faces=(face_at("a", 100), face_at("b", 400)))

    assert faces_under_covers(seen, [cover_at(100)]) == (seen.faces[0],)


def test_a_drawn_box_under_a_cover_is_no_failure() -> None:
    drawn = face_at("a", 100, frozenset({FaceMark.DRAWN_BY_HAND}))

    assert faces_under_covers(Seen(faces=(drawn,)), [cover_at(100)]) == ()


def line_at(left: int, text: str = "Maya Lopez", top: int = 100) -> TextLine:
    return TextLine(text=text, box=Box(left=left, top=top, width=200, height=40), score=0.9)


def test_a_line_that_moved_a_little_keeps_its_place_and_is_as_it_is_read_now() -> None:
    earlier, now = Seen(lines=(line_at(100),)), Seen(lines=(line_at(103, "Maya Lopcz"),))

    (line,) = carry_over(earlier, now, ()).lines

    assert line == line_at(100, "Maya Lopcz")


def test_a_line_that_is_not_found_again_is_not_dropped() -> None:
    earlier = Seen(lines=(line_at(100), line_at(100, "Teddy", top=300)))

    carried = carry_over(earlier, Seen(lines=(line_at(100),)), ())

    assert carried.lines == earlier.lines


def test_a_line_that_a_cover_touches_is_as_it_is_read_now_or_gone() -> None:
    earlier = Seen(lines=(line_at(100), line_at(100, "Teddy", top=300)))
    left_of_it = line_at(260, "pez")
    painted = [Box(left=90, top=90, width=150, height=60)]

    carried = carry_over(earlier, Seen(lines=(left_of_it,)), (), painted)

    assert carried.lines == (left_of_it, line_at(100, "Teddy", top=300))


def test_what_was_said_of_writing_half_hidden_is_not_said_of_it_when_the_cover_goes() -> None:
    """The place of a line is what an answer hangs on."""
    half = Box(left=90, top=90, width=60, height=60)
    covered = carry_over(Seen(), Seen(lines=(line_at(155, "ya Lopez"),)), (), [half])

    (line,) = carry_over(covered, Seen(lines=(line_at(100),)), ()).lines

    assert line == line_at(100)
    assert carry_over(covered, Seen(lines=(line_at(100),)), ()).painted == ()


def test_two_lines_never_keep_one_place() -> None:
    now = Seen(lines=(line_at(100, "one"), line_at(110, "two")))

    carried = carry_over(Seen(lines=(line_at(102),)), now, ())

    assert sorted(line.box.left for line in carried.lines) == [102, 110]
