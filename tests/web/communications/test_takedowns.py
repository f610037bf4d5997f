"""The pages on which the office takes posts down."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from mediacheck.model.people import Role
from mediacheck.model.publication import Trigger
from mediacheck.model.publishing import Removal, RemovalState
from tests.conftest import House
from tests.factories import a_hold
from tests.mediacheck.flow.publishing import open_press_room
from tests.mediacheck.flow.test_withdraw import a_no, change, published
from tests.web.conftest import Browser, BrowserAs


@pytest.fixture
def case_path(house: House) -> str:
    """The page of a case with one post in it."""
    published(house)
    (case_id,) = change(house, a_no()).cases
    return f"/takedowns/{case_id}"


def form_paths(page: str) -> list[str]:
    return re.findall(r'<form method="post" action="(/takedowns/[^"]+)"', page)


def read(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_with_nothing_out_the_page_says_so(browser_as: BrowserAs) -> None:
    assert "Nothing has to come down." in read(browser_as(Role.COMMUNICATIONS), "/takedowns")


def test_the_queue_leads_to_what_has_to_come_down(browser_as: BrowserAs, case_path: str) -> None:
    office = browser_as(Role.COMMUNICATIONS)

    assert "1 post shows a student" in read(office, "/queue")
    assert case_path in read(office, "/takedowns")


def test_a_case_shows_the_post_and_where_the_student_is(
    browser_as: BrowserAs, case_path: str
) -> None:
    office = browser_as(Role.COMMUNICATIONS)

    page = read(office, case_path)

    assert "Maya and a windy day" in page
    assert "seen in a photo and named in the words" in page
    picture = re.search(r'<img src="(/takedowns/[^"]+)"', page)
    assert picture is not None
    assert office.get(picture[1]).mimetype == "image/jpeg"


def test_a_hold_reads_as_any_other_change(browser_as: BrowserAs, house: House) -> None:
    published(house)
    hold = change(house, lambda work: work.register.place_hold(a_hold()), trigger=Trigger.HOLD)

    page = read(browser_as(Role.COMMUNICATIONS), f"/takedowns/{hold.cases[0]}")

    assert "It is not allowed any more." in page
    assert "hold" not in page.lower()


def test_taking_it_down_is_noted_and_done(browser_as: BrowserAs, case_path: str) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    act = form_paths(read(office, case_path))[-1]

    bare = office.post(act, {"act": "removed", "words": ""})
    assert bare.status_code == 400
    assert "Show that it is gone" in bare.get_data(as_text=True)
    proof = {"link": "https://example.com/1", "screenshot": (BytesIO(b"grey:200"), "s.png")}
    office.post(act, {"act": "removed", "words": "", **proof})

    page = read(office, case_path)
    assert "Taken down" in page
    assert form_paths(page) == []
    assert 'href="https://example.com/1"' in page
    picture = re.search(r'href="(/takedowns/[^"]+/proofs/[^"]+)"', page)
    assert picture is not None
    assert office.get(picture[1]).data[:2] == b"\xff\xd8"
    assert office.get(f"{case_path}/proofs/another.jpg").status_code == 404
    assert "All done" in read(office, "/takedowns")


def test_what_cannot_be_taken_down_is_settled_and_never_called_done(
    browser_as: BrowserAs, case_path: str
) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    act = form_paths(read(office, case_path))[-1]

    office.post(act, {"act": "cannot-remove", "words": "It is printed."})

    for path in (case_path, "/takedowns", "/ledger/S1"):
        page = read(office, path)
        assert "till out" in page, path
        assert "Done" not in page.replace(">Done</h2>", ""), path
        assert "All done" not in page, path


def test_what_a_person_took_down_leaves_nothing_to_do_by_hand(
    browser_as: BrowserAs, house: House
) -> None:
    with open_press_room(house) as room:
        room.publish()
        out = room.dispatch()
        (case_id,) = change(house, a_no()).cases
        by_hand = replace(
            out, removal=Removal(state=RemovalState.BY_HAND, by_hand_until=house.clock.now())
        )
        room.with_work(lambda work: work.dispatches.save(by_hand))
        office = browser_as(Role.COMMUNICATIONS)
        before = read(office, f"/takedowns/{case_id}")

        proof = {"words": "", "link": "https://example.com/1"}
        office.post(form_paths(before)[-1], {"act": "removed", **proof})

        assert "Take it down by hand by" in before
        assert "Take it down by hand by" not in read(office, f"/takedowns/{case_id}")


def test_the_board_tells_until_when(browser_as: BrowserAs, case_path: str, house: House) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    assert "By Nov 25, 12:00 PM" in read(office, "/takedowns")

    house.clock.move(timedelta(hours=25))

    # The session has ended by then.
    office = browser_as(Role.COMMUNICATIONS)
    assert "Overdue since Nov 25, 12:00 PM" in read(office, "/takedowns")
    assert case_path in read(office, "/takedowns")


def test_a_task_of_nobody_is_said_as_that(browser_as: BrowserAs, case_path: str) -> None:
    page = read(browser_as(Role.COMMUNICATIONS), case_path)

    assert "It is nobody’s task yet, to be done by Nov 25, 12:00 PM." in page
    assert "Give it to somebody</a>" in page


def test_a_link_that_is_none_is_no_proof(browser_as: BrowserAs, case_path: str) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    act = form_paths(read(office, case_path))[-1]

    answer = office.post(act, {"act": "removed", "link": "javascript:alert(1)"})

    assert answer.status_code == 400
    assert "To take down" in read(office, case_path)


def test_a_task_is_given_to_another_and_administrators_see_no_student(
    browser_as: BrowserAs, case_path: str
) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    administrator = browser_as(Role.ADMINISTRATOR)
    page = administrator.get("/takedowns/tasks").get_data(as_text=True)
    assert "To do" in page
    assert "Maya" not in page
    assert f'href="{case_path}"' not in page
    path = re.search(r'action="(/takedowns/[^"]+/assign)"', page)
    assert path is not None

    assert office.post(path[1], {"to": "nobody"}).status_code == 400
    assert administrator.post(path[1], {"to": "the-communications"}).status_code == 302

    assert "Pat Communications" in read(office, case_path)
    assert browser_as(Role.TEACHER).get("/takedowns/tasks").status_code == 403


def test_without_a_reason_nothing_is_noted(browser_as: BrowserAs, case_path: str) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    act = form_paths(read(office, case_path))[-1]

    refused = office.post(act, {"act": "cannot-remove", "words": ""})

    assert refused.status_code == 400
    assert "Write why it cannot be taken down" in refused.get_data(as_text=True)


def test_what_could_not_be_taken_down_may_be_told_to_have_come_down(
    browser_as: BrowserAs, case_path: str
) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    act = form_paths(read(office, case_path))[-1]
    office.post(act, {"act": "cannot-remove", "words": "The site does not answer us."})

    page = read(office, case_path)
    assert "Has it come down since?" in page
    assert "Yes, it is gone" in page
    assert 'value="never-posted"' not in page
    office.post(act, {"act": "removed", "words": "The site was shut down; I looked."})

    page = read(office, case_path)
    assert "Still out" not in page
    assert act not in page


@pytest.mark.parametrize("act", ["covered-copy", "nonsense", ""])
def test_only_what_the_form_offers_is_taken(
    browser_as: BrowserAs, case_path: str, act: str
) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    path = form_paths(read(office, case_path))[-1]

    assert office.post(path, {"act": act}).status_code == 400


def test_the_covered_version_opens_as_a_post(browser_as: BrowserAs, case_path: str) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    cover = form_paths(read(office, case_path))[0]

    answer = office.post(cover)

    assert answer.status_code == 302
    assert office.get(answer.headers["Location"]).status_code == 200
    assert "Open the covered version" in read(office, case_path)


def test_nobody_else_sees_takedowns(browser_as: BrowserAs, case_path: str) -> None:
    for role in (Role.TEACHER, Role.REGISTRAR, Role.ADMINISTRATOR):
        assert browser_as(role).get(case_path).status_code == 403
