"""A folder that the office brings is judged in the background, file by file, and then dropped."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow import archive_folder
from mediacheck.flow.archive_folder import LEASE, bring_old, judge_old, sweep_old
from mediacheck.flow.check import MOST_ATTEMPTS
from mediacheck.model.archive import ArchivePicture, Triage
from mediacheck.model.audit import Event
from tests.conftest import House
from tests.factories import a_box, a_channel, a_staff_member
from tests.mediacheck.flow.test_clear import OFFICE
from tests.mediacheck.flow.test_withdraw import a_no, change

KITE = ("old/2019/kite.jpg", b"grey:100 a kite")


def bring(house: House, *files: tuple[str, bytes]) -> None:
    house.at_desk(OFFICE, lambda desk: bring_old(desk, a_channel().key, files))


def judge_all(house: House) -> None:
    while house.jobs.old:
        judge_old(house.services, house.jobs.old.pop(0))


def judged(house: House) -> list[ArchivePicture]:
    with house.services.transaction() as work:
        return [
            one
            for triage in Triage
            for one in work.archive.pictures(a_channel().key, triage, limit=100)
        ]


def waiting(house: House) -> int:
    with house.services.transaction() as work:
        return sum(work.archive.count_old().values())


def kept(house: House) -> list[Path]:
    folder = house.services.settings.old_pictures_folder
    return [one for one in folder.rglob("*") if one.is_file()]


def test_each_file_is_judged_and_then_dropped(house: House) -> None:
    bring(house, KITE, ("old/2020/Teddy Ramos.jpg", b"grey:120 on the stage"))
    assert (waiting(house), len(house.jobs.old)) == (2, 1)

    judge_all(house)

    assert {one.path: one.triage for one in judged(house)} == {
        "old/2019/kite.jpg": Triage.CLEAR,
        "old/2020/Teddy Ramos.jpg": Triage.MUST_COME_DOWN,
    }
    assert (waiting(house), kept(house)) == (0, [])
    with house.services.transaction() as work:
        assert Event.ARCHIVE_ASKED in [entry.event for entry in work.audit.entries()]


def test_what_fails_or_is_lost_or_is_no_picture_needs_a_person(house: House) -> None:
    bring(house, KITE, ("notes.txt", b"no picture at all"))
    house.finder.is_broken = True
    for file in kept(house)[:1]:
        file.unlink()

    judge_all(house)

    assert [one.triage for one in judged(house)] == [Triage.NEEDS_A_PERSON] * 2
    assert waiting(house) == 0


def test_an_unknown_face_needs_a_person(house: House) -> None:
    house.finder.boxes = (a_box(),)
    bring(house, KITE)

    judge_all(house)

    assert [one.triage for one in judged(house)] == [Triage.NEEDS_A_PERSON]


def test_what_a_dead_worker_left_is_taken_up(house: House) -> None:
    bring(house, KITE)
    with house.services.transaction() as work:
        work.archive.claim_old_or_none(house.jobs.old.pop(0), house.clock.now())
    sweep_old(house.services)
    assert house.jobs.old == []

    house.clock.move(LEASE + timedelta(seconds=1))
    sweep_old(house.services)
    judge_all(house)

    assert [one.triage for one in judged(house)] == [Triage.CLEAR]


def test_a_file_that_brings_down_every_worker_is_a_person_s(house: House) -> None:
    bring(house, KITE)
    for _ in range(MOST_ATTEMPTS):
        with house.services.transaction() as work:
            work.archive.claim_old_or_none(house.jobs.old.pop(0), house.clock.now())
        house.clock.move(LEASE + timedelta(seconds=1))
        sweep_old(house.services)

    judge_all(house)

    assert [one.triage for one in judged(house)] == [Triage.NEEDS_A_PERSON]
    assert waiting(house) == 0


def test_the_same_bytes_twice_are_kept_until_both_are_judged(house: House) -> None:
    bring(house, KITE, ("old/again.jpg", KITE[1]))
    judge_old(house.services, house.jobs.old.pop(0))
    assert len(kept(house)) == 1

    judge_all(house)

    assert kept(house) == []
    assert len(judged(house)) == 1


@pytest.mark.parametrize("is_named_first", [True, False])
def test_the_same_bytes_under_the_name_of_a_refused_student_must_come_down(
    house: House, is_named_first: bool
) -> None:
    named = ("old/Teddy Ramos.jpg", KITE[1])
    bring(house, *((named, KITE) if is_named_first else (KITE, named)))

    judge_all(house)

    assert [(one.path, one.triage) for one in judged(house)] == [
        ("old/Teddy Ramos.jpg", Triage.MUST_COME_DOWN)
    ]


def test_a_folder_that_is_brought_again_the_same_day_is_judged_again(house: House) -> None:
    file = ("old/Maya Lopez.jpg", b"grey:100 a kite")
    bring(house, file)
    judge_all(house)
    assert [one.triage for one in judged(house)] == [Triage.CLEAR]
    change(house, a_no())

    bring(house, file)
    judge_all(house)

    assert [one.triage for one in judged(house)] == [Triage.MUST_COME_DOWN]


def test_no_job_is_done_twice(house: House) -> None:
    bring(house, KITE)
    (job,) = house.jobs.old

    judge_old(house.services, job)
    judge_old(house.services, job)

    assert len(judged(house)) == 1


@pytest.mark.parametrize(
    "files", [(), (("a.jpg", b""),), ((".DS_Store", b"x"),), (("..", b"x"),), (("", b"x"),)]
)
def test_a_folder_without_a_picture_is_refused(
    house: House, files: tuple[tuple[str, bytes], ...]
) -> None:
    with pytest.raises(BadRequest, match="no picture"):
        bring(house, *files)


def test_more_than_can_wait_is_refused_whole(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_folder, "MOST_WAITING", 2)
    bring(house, KITE)

    with pytest.raises(BadRequest, match="1 old pictures wait"):
        bring(house, ("b.jpg", b"grey:1"), ("c.jpg", b"grey:2"))

    assert waiting(house) == 1


def test_a_path_of_another_system_is_kept_clean(house: House) -> None:
    bring(house, ("C:\\old\\..\\fête\u202e.jpg", b"grey:100"))

    judge_all(house)

    assert [one.path for one in judged(house)] == ["C:/old/fête.jpg"]


def test_another_school_s_channel_is_nobody_else_s(house: House) -> None:
    elsewhere = a_staff_member("other", role=OFFICE.role, schools=("roosevelt",))

    with pytest.raises(NotFound):
        house.at_desk(elsewhere, lambda desk: bring_old(desk, a_channel().key, (KITE,)))
