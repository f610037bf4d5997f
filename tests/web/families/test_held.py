"""Everything held about a child: the export, who looked, and asking for erasure."""

from __future__ import annotations

import io
import json
import zipfile

from mediacheck.model.family_log import Look, Looked, RequestKind
from mediacheck.model.people import Role
from release_db.records import Hold
from release_db.words import HoldId, StudentId
from tests.conftest import House
from tests.factories import NOW, TODAY
from tests.web.conftest import Browser, BrowserAs
from tests.web.families.conftest import CHILD, OTHER, FamilyBrowserAs
from tests.web.families.test_choices import EVERYTHING, NOTHING, PAGE, sign, text_of


def exported(browser: Browser) -> dict[str, object]:
    data = browser.get(f"{PAGE}/export.zip").get_data()
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        return {name: json.loads(files.read(name)) for name in files.namelist()}


def test_the_export_holds_what_she_signed(as_guardian: FamilyBrowserAs) -> None:
    browser = as_guardian()
    sign(browser, EVERYTHING)

    files = exported(browser)

    assert "Ana Lopez" in json.dumps(files["your-signatures.json"])
    assert files["notices.json"]


def test_the_export_holds_nothing_of_the_other_guardian(as_guardian: FamilyBrowserAs) -> None:
    sign(as_guardian(OTHER), NOTHING)

    assert OTHER not in json.dumps(exported(as_guardian()))


def test_the_export_does_not_tell_of_a_hold(as_guardian: FamilyBrowserAs, family: House) -> None:
    hold = Hold(
        hold_id=HoldId("h"), student_id=StudentId(CHILD), starts_on=TODAY, reference="case 77"
    )
    with family.services.transaction() as work:
        work.register.place_hold(hold)

    assert "case 77" not in json.dumps(exported(as_guardian()))


def test_who_looked_is_told_and_the_export_counts_as_a_look(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    look = Look(student_id=StudentId(CHILD), at=NOW, actor="gone", is_staff=True, what=Looked.FILE)
    with family.services.transaction() as work:
        work.family_log.note(look)
    browser = as_guardian()
    exported(browser)

    page = text_of(browser.get(f"{PAGE}/held"))

    assert "staff, The child" in page
    assert "you, The export" in page


def test_one_guardian_does_not_see_that_the_other_looked(as_guardian: FamilyBrowserAs) -> None:
    mine = as_guardian()
    before = text_of(mine.get(f"{PAGE}/held"))

    exported(as_guardian(OTHER))

    assert text_of(mine.get(f"{PAGE}/held")) == before


def test_asking_for_erasure_twice_is_one_request(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    for _ in range(2):
        browser.post(f"{PAGE}/erasure", {"sure": "yes"})

    with family.services.transaction() as work:
        kinds = [one.kind for one in work.family_log.open_requests()]
    assert kinds == [RequestKind.ERASURE]
    assert "The office has it" in text_of(browser.get(f"{PAGE}/held"))


def test_erasure_is_not_asked_for_by_accident(as_guardian: FamilyBrowserAs) -> None:
    assert as_guardian().post(f"{PAGE}/erasure").status_code == 400


def test_the_family_reads_that_the_registrar_opened_the_file(
    as_guardian: FamilyBrowserAs, browser_as: BrowserAs
) -> None:
    browser_as(Role.REGISTRAR).get(f"/registrars/students/{CHILD}")

    assert "Pat Registrar (registrar), The child" in text_of(as_guardian().get(f"{PAGE}/held"))
