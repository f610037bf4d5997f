"""Every published post of a student, with its proofs; whoever looks is recorded."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import pytest

from mediacheck.flow import clear
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from tests.conftest import House
from tests.factories import a_channel
from tests.mediacheck.flow.publishing import open_press_room
from tests.mediacheck.flow.test_clear import OFFICE, TEACHER, a_cleared_post
from tests.mediacheck.flow.test_withdraw import a_no, change, published
from tests.web.conftest import BrowserAs


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.REGISTRAR])
def test_a_student_is_found_and_every_post_of_hers_stands_there(
    browser_as: BrowserAs, house: House, role: Role
) -> None:
    out = published(house)
    browser = browser_as(role)
    found = browser.get("/ledger?q=maya").get_data(as_text=True)
    assert "/ledger/S1" in found

    page = browser.get("/ledger/S1").get_data(as_text=True)

    assert "Maya and a windy day" in page
    assert out.clearance_id in page
    assert str(out.media[0].pixels_sha256) in page
    assert "Left as a package" in page
    with house.services.transaction() as work:
        newest = work.audit.head()
    assert newest is not None
    assert (newest.event, newest.subject) == (Event.LEDGER_READ, "S1")


def test_the_bytes_are_those_that_went_out(browser_as: BrowserAs, house: House) -> None:
    out = published(house)
    package = clear.hand_over(house.services, TEACHER, out.post_id)
    with zipfile.ZipFile(io.BytesIO(package.data)) as files:
        (name,) = [one for one in files.namelist() if one.endswith(".jpg")]
        sent = hashlib.sha256(files.read(name)).hexdigest()
    office = browser_as(Role.COMMUNICATIONS)
    page = office.get("/ledger/S1").get_data(as_text=True)
    address = re.search(r'<img src="(/ledger/[^"]+)"', page)
    assert address is not None

    shown = office.get(address[1])

    assert hashlib.sha256(shown.data).hexdigest() == sent
    assert sent in page
    assert office.get(address[1].replace("/1.jpg", "/2.jpg")).status_code == 404
    assert office.get(address[1].replace("S1", "S2")).status_code == 404


def test_a_post_of_an_account_stands_with_its_address_its_yes_and_what_became_of_it(
    browser_as: BrowserAs, house: House
) -> None:
    with open_press_room(house) as room:
        room.with_work(lambda work: work.register.save_channel(a_channel(is_official=True)))
        room.ask(a_cleared_post(house, author=OFFICE), OFFICE)
        office = browser_as(Role.COMMUNICATIONS)
        office.post(f"/publishing/{room.dispatch().dispatch_id}/approve")
        room.run()
        (status,) = room.server.live
        out = office.get("/ledger/S1").get_data(as_text=True)

        change(house, a_no())
        room.run()
        gone = office.get("/ledger/S1").get_data(as_text=True)

    assert f'<a href="{status["url"]}"' in out
    assert "<dt>Approved by</dt><dd>Pat Communications</dd>" in out
    assert "Published</" in out
    assert f"<dt>Address that it had</dt><dd><code>{status['url']}</code></dd>" in gone
    assert "Open the published post" not in gone
    assert "Settled in a takedown" in gone


def test_what_has_to_come_down_says_so(browser_as: BrowserAs, house: House) -> None:
    published(house)
    change(house, a_no())

    page = browser_as(Role.COMMUNICATIONS).get("/ledger/S1").get_data(as_text=True)

    assert "To take down" in page


def test_the_office_takes_down_what_it_finds_wrong(browser_as: BrowserAs, house: House) -> None:
    out = published(house)
    office, registrar = browser_as(Role.COMMUNICATIONS), browser_as(Role.REGISTRAR)
    button = f"/ledger/S1/{out.publication_id}/take-down"
    assert button in office.get("/ledger/S1").get_data(as_text=True)
    assert button not in registrar.get("/ledger/S1").get_data(as_text=True)
    assert registrar.post(button).status_code == 403

    answer = office.post(button)

    assert answer.status_code == 302
    case = office.get(answer.headers["Location"]).get_data(as_text=True)
    assert "It should not be out as it is." in case
    with house.services.transaction() as work:
        (task,) = work.takedown_tasks.open_tasks()
    assert task.publication_id == out.publication_id
    page = office.get("/ledger/S1").get_data(as_text=True)
    assert "To take down" in page
    assert button not in page
    assert office.post(button).status_code == 400
    assert office.post("/ledger/S2/" + out.publication_id + "/take-down").status_code == 404


def test_another_school_and_a_teacher_find_nobody(browser_as: BrowserAs, house: House) -> None:
    published(house)
    stranger = browser_as(Role.COMMUNICATIONS, "roosevelt")

    assert "Nobody of your schools" in stranger.get("/ledger?q=maya").get_data(as_text=True)
    assert stranger.get("/ledger/S1").status_code == 404
    assert browser_as(Role.TEACHER).get("/ledger").status_code == 403


def test_nothing_published_is_said(browser_as: BrowserAs) -> None:
    page = browser_as(Role.COMMUNICATIONS).get("/ledger/S2").get_data(as_text=True)

    assert "Nothing was published of this student." in page
