"""A new key for the gallery while everything runs."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import mediacheck
from mediacheck.errors import NotReady
from mediacheck.flow.rekey import destroy_old_keys, rekey_gallery, waiting_under_old_keys
from mediacheck.model.audit import Event
from mediacheck.ports.services import Services
from mediacheck.wiring.services import open_services
from release_db.errors import GalleryUnreadable
from release_db.records import Template
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import NOW, TODAY, a_face_consent, a_student

VECTOR = struct.pack("<2f", 0.5, 0.25)
STUDENTS = [StudentId(f"S{number}") for number in range(1, 9)]
KILLED = """
import os, sys
from mediacheck.flow.rekey import rekey_gallery
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services

def tell(count):
    if count == 3:
        os.kill(os.getpid(), 9)

rekey_gallery(open_services(settings_from()), by="somebody", batch=1, tell=tell)
"""


@pytest.fixture
def services(house: House) -> Services:
    """Eight students are enrolled."""
    with house.services.transaction() as work:
        work.register.save_students([a_student(student_id) for student_id in STUDENTS])
        for student_id in STUDENTS:
            work.register.record_biometric([a_face_consent(student_id)])
            template = Template(student_id=student_id, model="m", vector=VECTOR)
            work.gallery.enroll(template, reference_sha256="a", portrait=b"jpeg", at=NOW)
    return house.services


def found(services: Services) -> int:
    with services.transaction() as work:
        return len(work.gallery.templates(STUDENTS, "m", TODAY))


def key_files(services: Services) -> set[str]:
    return {path.name for path in services.settings.keys_folder.glob("gallery*")}


def test_every_student_key_is_wrapped_anew_and_the_old_key_can_go(services: Services) -> None:
    before = services.gallery_keys.present_id()

    done = rekey_gallery(services, by="somebody", batch=3)

    assert (done.count, done.unreadable, done.is_resumed) == (8, (), False)
    assert done.key_id != before
    assert destroy_old_keys(services, by="somebody") == (before,)
    assert key_files(services) == {"gallery.key"}
    assert found(services) == 8
    with services.transaction() as work:
        entries = [(entry.event, entry.subject) for entry in work.audit.entries()]
    assert entries[-4:] == [
        *[(Event.GALLERY_REKEYED, done.key_id)] * 3,
        (Event.GALLERY_KEYS_DESTROYED, before),
    ]


def test_a_process_that_knows_only_the_old_key_goes_on_searching(services: Services) -> None:
    running = open_services(services.settings, clock=services.clock)
    assert found(running) == 8

    rekey_gallery(services, by="somebody")
    destroy_old_keys(services, by="somebody")

    assert found(running) == 8


def test_a_search_at_the_same_time_finds_everybody(services: Services) -> None:
    running = open_services(services.settings, clock=services.clock)
    counts: list[int] = []
    is_done = threading.Event()

    def search() -> None:
        while not is_done.is_set():
            counts.append(found(running))

    searching = threading.Thread(target=search)
    searching.start()
    try:
        rekey_gallery(services, by="somebody", batch=1)
    finally:
        is_done.set()
        searching.join()

    assert set(counts) == {8}


@pytest.mark.lane
def test_a_run_that_was_killed_is_taken_up(services: Services) -> None:
    settings = services.settings
    environment = os.environ | {
        "MEDIACHECK_DATA": str(settings.data_folder),
        "MEDIACHECK_DB": settings.database_url,
    }
    command = [sys.executable, "-c", KILLED]
    root = Path(mediacheck.__file__).parents[1]
    assert subprocess.run(command, cwd=root, env=environment, check=False).returncode == -9

    assert waiting_under_old_keys(services) == 5
    assert found(services) == 8
    with pytest.raises(NotReady, match="5 student key"):
        destroy_old_keys(services, by="somebody")
    done = rekey_gallery(services, by="somebody")

    assert (done.count, done.is_resumed) == (5, True)
    assert len(destroy_old_keys(services, by="somebody")) == 1
    assert found(services) == 8


def test_a_key_that_was_swapped_is_refused_and_named(house: House, services: Services) -> None:
    with services.transaction() as work:
        session = work.gallery._session  # type: ignore[attr-defined]
        session.connection().exec_driver_sql(
            "UPDATE gallery_key SET wrapped ="
            " (SELECT wrapped FROM gallery_key WHERE student_id = 'S1') WHERE student_id = 'S2'"
        )

    done = rekey_gallery(services, by="somebody")

    assert (done.count, done.unreadable) == (7, (StudentId("S2"),))
    with pytest.raises(NotReady):
        destroy_old_keys(services, by="somebody")
    with pytest.raises(GalleryUnreadable, match="S2"):
        found(services)


def test_what_is_enrolled_meanwhile_is_under_the_new_key(services: Services) -> None:
    running = open_services(services.settings, clock=services.clock)
    rekey_gallery(services, by="somebody")
    with running.transaction() as work:
        work.register.save_students([a_student("S9")])
        work.register.record_biometric([a_face_consent(StudentId("S9"))])
        template = Template(student_id=StudentId("S9"), model="m", vector=VECTOR)
        work.gallery.enroll(template, reference_sha256="a", portrait=b"jpeg", at=NOW)

    with services.transaction() as work:
        assert work.gallery.wrapped_under() == {services.gallery_keys.present_id(): 9}


def test_a_key_file_is_readable_by_its_owner_alone(services: Services) -> None:
    rekey_gallery(services, by="somebody")

    for path in services.settings.keys_folder.glob("gallery*"):
        assert path.stat().st_mode & 0o077 == 0


def test_without_an_old_key_nothing_is_destroyed(services: Services) -> None:
    assert destroy_old_keys(services, by="somebody") == ()
