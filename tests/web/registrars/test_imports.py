"""An import shows its difference first, and then changes all of it or nothing."""

from __future__ import annotations

import io
import re
from hashlib import sha256

import pytest
from werkzeug.test import TestResponse

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.words import StudentId, StudentStatus
from tests.conftest import House
from tests.factories import a_student
from tests.release_db.test_oneroster import MAYA as MAYA_OF_BUNDLE
from tests.release_db.test_oneroster import USERS_11, bundle
from tests.web.conftest import Browser, BrowserAs

HEADER = (
    "student_id,given_name,middle_name,family_name,suffix,preferred_name,other_names,birth_date,"
    "grade,school,classes,guardian_emails,status"
)
MAYA = "S1,Maya,,Lopez,,,,2016-05-01,,lincoln,lincoln/room-12,,active"
TEDDY = "S2,Teddy,,Ramos,,,,2016-05-01,,lincoln,lincoln/room-12,,active"
NORA = "S3,Nora,,Quinn,,,,2015-02-03,5,lincoln,lincoln/room-12,quinn@families.example,active"
RELEASES = (
    "student_id,use,channel,name_form,answer,decided_by,method,given_on,ends_on,notice\n"
    "S2,image,social,,allow,office,paper,2026-11-20,,v1\n"
)


def roster(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.REGISTRAR)


def upload(browser: Browser, data: bytes, kind: str = "roster") -> TestResponse:
    return browser.post("/registrars/imports", {"kind": kind, "file": (io.BytesIO(data), "f.csv")})


def waiting(answer: TestResponse) -> str:
    found = re.search(r'name="waiting" value="([^"]+)"', answer.get_data(as_text=True))
    assert found is not None
    return found[1]


def apply(browser: Browser, shown: TestResponse, **fields: str) -> TestResponse:
    return browser.post("/registrars/imports/apply", {"waiting": waiting(shown), **fields})


def events(house: House) -> list[str]:
    with house.services.transaction() as work:
        return [entry.event for entry in work.audit.entries()]


def status_of(house: House, student: str) -> StudentStatus | None:
    with house.services.transaction() as work:
        found = work.register.student_or_none(StudentId(student))
    return found.status if found else None


def waiting_files(house: House) -> int:
    return sum(1 for path in house.services.settings.uploads_folder.rglob("*") if path.is_file())


def test_the_difference_is_shown_and_nothing_is_changed(browser: Browser, house: House) -> None:
    shown = upload(browser, roster(MAYA, TEDDY, NORA))

    assert "New students: 1" in shown.get_data(as_text=True)
    assert status_of(house, "S3") is None
    assert events(house) == []


def test_the_changes_are_made_and_recorded(browser: Browser, house: House) -> None:
    shown = upload(browser, roster(MAYA, TEDDY, NORA))
    assert apply(browser, shown).status_code == 302

    assert status_of(house, "S3") is StudentStatus.ACTIVE
    assert events(house) == [Event.ROSTER_IMPORTED]
    assert waiting_files(house) == 0


def test_releases_are_imported_too(browser: Browser, house: House) -> None:
    shown = upload(browser, RELEASES.encode(), "releases")
    assert "S2, image on social: allow" in shown.get_data(as_text=True)
    apply(browser, shown)

    assert events(house) == [Event.RELEASES_IMPORTED]
    with house.services.transaction() as work:
        assert len(work.register.student_files([StudentId("S2")])[StudentId("S2")].releases) == 1


def test_a_systems_export_is_imported_by_the_codes_that_were_explained(
    browser: Browser, house: House
) -> None:
    codes = b"code,status,use,channel,name_form,answer\nNP,Y,image,,,deny\nNP,N,,,,\n"
    export = b"Student ID,Code,Status,Status Date\nS2,NP,Y,9/1/2026\nS77,NP,Y,\n"
    assert "the code NP" in upload(browser, export, "releases").get_data(as_text=True)

    apply(browser, upload(browser, codes, "codes"))
    shown = upload(browser, export, "releases")
    apply(browser, shown, confirmed="yes")

    page = shown.get_data(as_text=True)
    assert "S2, image on every channel: deny" in page
    assert "Not on the roster: set aside: 1" in page
    assert events(house)[1:] == [Event.SIS_CODES_IMPORTED, Event.RELEASES_IMPORTED]
    upload(browser, export.replace(b"S2,", b"S78,") + b"S1,NP,N,\n", "releases")
    flashed = browser.get("/registrars/imports").get_data(as_text=True)
    assert "no longer in it, and still count: 1" in flashed
    assert "not on the roster: 2" in flashed


def test_every_import_is_recorded_with_the_hash_of_its_file(browser: Browser, house: House) -> None:
    data = roster(MAYA, TEDDY, NORA)

    apply(browser, upload(browser, data))
    upload(browser, b"a,b\n1,2\n")

    with house.services.transaction() as work:
        subjects = [entry.subject for entry in work.audit.entries()]
    assert subjects == [sha256(data).hexdigest(), sha256(b"a,b\n1,2\n").hexdigest()]


def test_a_file_that_drops_many_students_must_be_confirmed(browser: Browser, house: House) -> None:
    shown = upload(browser, roster(MAYA))
    assert "1 of 2 students (50.0%) would be gone" in shown.get_data(as_text=True)

    refused = apply(browser, shown)
    assert refused.status_code == 422
    assert '<a href="#confirmed">' in refused.get_data(as_text=True)
    assert status_of(house, "S2") is StudentStatus.ACTIVE

    apply(browser, refused, confirmed="yes")
    assert status_of(house, "S2") is StudentStatus.DEPARTED
    with house.services.transaction() as work:
        assert '"is_confirmed":true' in work.audit.entries()[-1].details


def test_a_register_that_changed_meanwhile_shows_the_difference_anew(
    browser: Browser, house: House
) -> None:
    shown = upload(browser, roster(MAYA, TEDDY, NORA))
    with house.services.transaction() as work:
        work.register.save_students([a_student("S9", given="Late", family="Comer")])

    anew = apply(browser, shown)
    assert anew.status_code == 422
    assert "Look at the difference again" in anew.get_data(as_text=True).replace(
        "look at", "Look at"
    )
    assert status_of(house, "S3") is None


def test_a_file_with_problems_is_refused_with_all_of_them(browser: Browser, house: House) -> None:
    answer = upload(browser, roster(MAYA.replace("S1", ""), TEDDY.replace("2016-05-01", "May")))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "row 2, student_id" in page
    assert "row 3, birth_date" in page
    assert events(house) == [Event.IMPORT_REFUSED]
    assert waiting_files(house) == 0


def test_a_file_that_changes_nothing_says_so(browser: Browser, house: House) -> None:
    apply(browser, upload(browser, roster(MAYA, TEDDY, NORA)))

    answer = upload(browser, roster(MAYA, TEDDY, NORA))
    assert answer.status_code == 302
    assert waiting_files(house) == 0


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"a,b\n1,2\n"])
def test_a_file_that_is_none_is_refused(browser: Browser, house: House, data: bytes) -> None:
    assert upload(browser, data).status_code == 422
    assert status_of(house, "S1") is StudentStatus.ACTIVE


def test_a_kind_that_was_never_offered_is_refused(browser: Browser) -> None:
    assert upload(browser, roster(MAYA), "grades").status_code == 400


def test_a_dropped_file_is_gone(browser: Browser, house: House) -> None:
    shown = upload(browser, roster(MAYA, TEDDY, NORA))
    browser.post("/registrars/imports/discard", {"waiting": waiting(shown)})

    assert waiting_files(house) == 0
    assert status_of(house, "S3") is None


@pytest.mark.parametrize("act", ["apply", "discard"])
def test_nobody_reaches_another_upload_by_its_name(
    browser: Browser, house: House, act: str
) -> None:
    key = house.services.uploads.put(b"a picture that waits")
    forged = f'["roster","{key}","x"]'

    assert browser.post(f"/registrars/imports/{act}", {"waiting": forged}).status_code == 409
    assert house.services.uploads.get(key) == b"a picture that waits"


def test_a_registrar_of_one_school_imports_nothing(browser_as: BrowserAs, house: House) -> None:
    browser = browser_as(Role.REGISTRAR, "lincoln")

    assert upload(browser, roster(MAYA)).status_code == 403
    assert browser.post("/registrars/imports/apply", {"waiting": "x"}).status_code == 403
    assert status_of(house, "S2") is StudentStatus.ACTIVE


def test_an_id_that_was_given_to_somebody_else_is_shown_until_it_is_settled(
    browser: Browser, house: House
) -> None:
    with house.services.transaction() as work:
        work.register.save_students([a_student("S1", given="Maya", family="Lopez")])
    other = MAYA.replace("Maya,,Lopez", "Zoe,,Quinn").replace("2016-05-01", "2017-09-09")

    shown = upload(browser, roster(other, TEDDY, NORA))
    assert apply(browser, shown).status_code == 302

    assert "Another person under a known id: set aside: 1" in shown.get_data(as_text=True)
    page = browser.get("/registrars/imports").get_data(as_text=True)
    assert "ids that were given to somebody else" in page
    assert "S1, Maya Lopez" in page
    assert Event.HOLD_PLACED in events(house)


def test_the_form_says_which_columns_each_file_has(browser: Browser) -> None:
    page = browser.get("/registrars/imports").get_data(as_text=True)

    assert "student_id, use, channel, name_form, answer" in page
    assert "code, status, use, channel, name_form, answer" in page


TEACHERS = "teacher_id,name,email,schools,status\n"
PAT_TEACHES = "t1,Pat Doe,pat@district.example,lincoln,\n"


def test_teachers_are_imported_where_no_bundle_tells_them(browser: Browser, house: House) -> None:
    shown = upload(browser, (TEACHERS + PAT_TEACHES).encode(), "teachers")

    assert "New teachers" in shown.get_data(as_text=True)
    apply(browser, shown)
    with house.services.transaction() as work:
        assert [one.roster_id for one in work.sign_on.teachers()] == ["t1"]
    assert Event.TEACHERS_IMPORTED in events(house)


def test_a_bundle_brings_its_teachers(browser: Browser, house: House) -> None:
    teacher = "t1,,,true,linc,teacher,pat,,Pat,Doe,,,pat@d.org,,,,,\n"
    shown = upload(browser, bundle(users=USERS_11 + MAYA_OF_BUNDLE + teacher))

    assert "New teachers" in shown.get_data(as_text=True)
    apply(browser, shown, confirmed="yes")
    with house.services.transaction() as work:
        (pat,) = work.sign_on.teachers()
    assert (pat.roster_id, pat.schools) == ("t1", ("linc",))


def test_a_roster_without_teachers_leaves_them(browser: Browser, house: House) -> None:
    apply(browser, upload(browser, (TEACHERS + PAT_TEACHES).encode(), "teachers"))

    apply(browser, upload(browser, roster(MAYA, TEDDY, NORA)))

    with house.services.transaction() as work:
        assert len(work.sign_on.teachers()) == 1
