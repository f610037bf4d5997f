"""Old pictures are judged by today's releases; what is out and may not be becomes a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mediacheck.flow.archive import ArchiveAsked, Swept, sweep_files
from mediacheck.model.archive import ArchivePicture, Triage
from mediacheck.model.audit import Event
from tests.conftest import House
from tests.factories import SCHOOL, a_box, a_channel
from tests.mediacheck.flow.test_withdraw import a_no, change, published


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "old"
    made.mkdir()
    (made / "kite.jpg").write_bytes(b"grey:100 a kite")
    return made


ASKED = ArchiveAsked(channel=a_channel().key, school=SCHOOL)


def files_in(folder: Path) -> dict[Path, str]:
    return {path: f"old/{path.name}" for path in sorted(folder.iterdir())}


def sweep(house: House, folder: Path) -> Swept:
    return sweep_files(house.services, ASKED, files_in(folder))


def cut_off(house: House, folder: Path) -> None:
    """A sweep that judges the first file and is interrupted."""

    def first(paths: Sequence[Path]) -> Iterator[Path]:
        yield paths[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep_files(house.services, ASKED, files_in(folder), first)


def only(house: House, folder: Path) -> ArchivePicture:
    ((path, picture),) = sweep(house, folder).pictures
    assert picture.path == f"old/{path.name}"
    return picture


def test_a_picture_with_nobody_in_it_is_clear(house: House, folder: Path) -> None:
    picture = only(house, folder)

    assert (picture.triage, picture.reasons) == (Triage.CLEAR, ())
    with house.services.transaction() as work:
        assert work.archive.counts() == {(a_channel().key, Triage.CLEAR): 1}
        assert Event.ARCHIVE_SWEPT in [entry.event for entry in work.audit.entries()]


def test_an_unknown_face_needs_a_person(house: House, folder: Path) -> None:
    house.finder.boxes = (a_box(),)

    assert only(house, folder).triage is Triage.NEEDS_A_PERSON


def test_a_file_named_after_a_refused_student_must_come_down(house: House, folder: Path) -> None:
    (folder / "kite.jpg").rename(folder / "Teddy Ramos.jpg")

    picture = only(house, folder)

    assert picture.triage is Triage.MUST_COME_DOWN
    assert picture.reasons


@pytest.mark.parametrize("other", ["a first.jpg", "z last.jpg"])
def test_the_same_bytes_under_a_harmless_name_clear_nothing(
    house: House, folder: Path, other: str
) -> None:
    (folder / "kite.jpg").rename(folder / "Teddy Ramos.jpg")
    (folder / other).write_bytes((folder / "Teddy Ramos.jpg").read_bytes())

    sweep(house, folder)

    with house.services.transaction() as work:
        assert work.archive.counts() == {(a_channel().key, Triage.MUST_COME_DOWN): 1}


def test_a_file_that_is_no_picture_needs_a_person(house: House, folder: Path) -> None:
    (folder / "kite.jpg").write_bytes(b"no picture at all")

    assert only(house, folder).triage is Triage.NEEDS_A_PERSON


def test_a_stage_that_fails_clears_nothing(house: House, folder: Path) -> None:
    house.finder.is_broken = True

    assert only(house, folder).triage is Triage.NEEDS_A_PERSON


def test_a_sweep_that_was_cut_off_goes_on_where_it_was(house: House, folder: Path) -> None:
    (folder / "second.jpg").write_bytes(b"grey:120 another kite")

    cut_off(house, folder)
    swept = sweep(house, folder)

    assert (len(swept.pictures), swept.before.total()) == (1, 1)
    assert swept.counts == {Triage.CLEAR: 2}


def test_what_a_sweep_found_before_it_was_cut_off_counts(house: House, folder: Path) -> None:
    (folder / "kite.jpg").rename(folder / "Teddy Ramos.jpg")
    (folder / "second.jpg").write_bytes(b"grey:120 another kite")

    cut_off(house, folder)

    assert sweep(house, folder).counts == {Triage.MUST_COME_DOWN: 1, Triage.CLEAR: 1}


def test_a_sweep_that_was_cut_off_begins_anew_where_a_family_said_no_since(
    house: House, folder: Path
) -> None:
    (folder / "kite.jpg").rename(folder / "Maya Lopez.jpg")
    (folder / "second.jpg").write_bytes(b"grey:120 another kite")
    cut_off(house, folder)
    change(house, a_no())

    assert sweep(house, folder).counts == {Triage.MUST_COME_DOWN: 1, Triage.CLEAR: 1}


def test_what_was_judged_before_a_no_that_came_meanwhile_is_told(
    house: House, folder: Path
) -> None:
    (folder / "kite.jpg").rename(folder / "Maya Lopez.jpg")
    (folder / "second.jpg").write_bytes(b"grey:120 another kite")

    def meanwhile(paths: Sequence[Path]) -> Iterator[Path]:
        yield paths[0]
        change(house, a_no())
        yield paths[1]

    swept = sweep_files(house.services, ASKED, files_in(folder), meanwhile)

    assert (swept.counts, swept.outdated) == ({Triage.CLEAR: 2}, 1)
    assert sweep(house, folder).outdated == 0


def test_a_sweep_that_has_ended_begins_anew_for_a_family_may_have_said_no_since(
    house: House, folder: Path
) -> None:
    (folder / "kite.jpg").rename(folder / "Maya Lopez.jpg")
    assert only(house, folder).triage is Triage.CLEAR
    change(house, a_no())

    assert only(house, folder).triage is Triage.MUST_COME_DOWN


def test_the_newer_judgement_of_a_file_counts_the_stricter_of_two_names(
    house: House, folder: Path
) -> None:
    strict = replace(only(house, folder), triage=Triage.MUST_COME_DOWN)
    with house.services.transaction() as work:
        work.archive.keep(strict)
        work.archive.keep(replace(strict, path="old/other.jpg", triage=Triage.CLEAR))
        assert work.archive.counts() == {(a_channel().key, Triage.MUST_COME_DOWN): 1}

        work.archive.keep(replace(strict, triage=Triage.CLEAR))
        assert work.archive.counts() == {(a_channel().key, Triage.CLEAR): 1}


def test_tomorrow_everything_is_judged_by_the_releases_of_tomorrow(
    house: House, folder: Path
) -> None:
    (folder / "kite.jpg").rename(folder / "Maya Lopez.jpg")
    assert only(house, folder).triage is Triage.CLEAR
    change(house, a_no())
    house.clock.move(timedelta(days=1))

    assert only(house, folder).triage is Triage.MUST_COME_DOWN
    with house.services.transaction() as work:
        assert work.archive.counts() == {(a_channel().key, Triage.MUST_COME_DOWN): 1}


def test_a_picture_that_is_known_to_be_out_and_may_not_be_becomes_a_case(
    house: House, folder: Path
) -> None:
    out = published(house)
    (folder / "kite.jpg").write_bytes(b"grey:200")
    with house.services.transaction() as work:
        a_no()(work)
        assert work.publications.cases() == ()

    picture = only(house, folder)

    assert picture.triage is Triage.MUST_COME_DOWN
    assert picture.publications == (out.publication_id,)
    with house.services.transaction() as work:
        (case,) = work.publications.cases()
    assert picture.cases == (case.case_id,)
    assert case.left == (out.publication_id,)


def test_a_picture_that_is_out_and_still_may_be_opens_no_case(house: House, folder: Path) -> None:
    out = published(house)
    (folder / "kite.jpg").write_bytes(b"grey:200")

    picture = only(house, folder)

    assert picture.publications == (out.publication_id,)
    assert picture.cases == ()
