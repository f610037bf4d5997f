"""A student's file: what is on it, and the holds that the office places and lifts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mediacheck.accounts.sessions import open_session
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.records import Hold
from release_db.words import Answer, Audience, HoldId, NameForm, StudentId, Use
from tests.conftest import House
from tests.factories import TODAY, a_channel, a_face_consent, a_release
from tests.web.conftest import Browser, BrowserAs

MAYA, TEDDY = StudentId("S1"), StudentId("S2")
PAGE = "/registrars/students/S1"


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.REGISTRAR)


def holds_on(house: House, student: StudentId) -> tuple[Hold, ...]:
    with house.services.transaction() as work:
        return work.register.student_files([student])[student].holds


def last_event(house: House) -> tuple[str, str]:
    with house.services.transaction() as work:
        entry = work.audit.entries()[-1]
    return entry.event, entry.subject


def waiting_item(browser: Browser) -> str:
    page = browser.get("/registrars/waiting").get_data(as_text=True)
    found = re.search(r'href="(/registrars/waiting/[^"]+)"', page)
    assert found is not None
    return found[1]


def browser_as_again(browser: Browser, house: House) -> Browser:
    """The same person, signed in anew once the session has ended."""
    assert browser.member is not None
    with house.services.transaction() as work:
        token = open_session(
            work.accounts, browser.member.staff_id, house.clock, house.services.ids, replaces=None
        )
    browser.client.set_cookie("mediacheck", token)
    return browser


def test_the_page_says_what_is_allowed_and_on_what_it_rests(browser: Browser) -> None:
    page = browser.get(PAGE).get_data(as_text=True)

    assert "Maya Lopez" in page
    assert "Allowed" in page
    assert "Office, from a form" in page
    assert "No consent: no template is held" in page


def test_a_student_without_a_record_is_refused(browser: Browser) -> None:
    page = browser.get("/registrars/students/S2").get_data(as_text=True)

    assert "Nothing on file" in page
    assert "no record means no" in page
    assert "Allowed" not in page


def test_decisions_are_told_in_words(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        work.register.add_channel(a_channel("newsletter", audience=Audience.PRINT))
        work.register.record(
            [
                a_release("S2", use=Use.NAME, name_form=NameForm.FIRST, channel="newsletter"),
                a_release("S2", use=Use.WORK, answer=Answer.ASK, audience=Audience.SOCIAL),
                a_release("S2", use=Use.VOICE, answer=Answer.DENY),
            ]
        )
    page = browser.get("/registrars/students/S2").get_data(as_text=True)

    assert "newsletter, first name" in page
    assert "On social networks" in page
    assert "Everywhere" in page
    for words in ("Refused", "Ask each time"):
        assert words in page


def rows_on_file(browser: Browser, student: str) -> list[str]:
    page = browser.get(f"/registrars/students/{student}").get_data(as_text=True)
    table = page[page.index('aria-label="Decisions on file"') :]
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", table, re.DOTALL)
    return [" | ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows]


def test_a_no_does_not_end_with_the_school_year(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        work.register.record(
            [
                a_release("S2", use=Use.VOICE, answer=Answer.DENY),
                a_release("S2", use=Use.IMAGE, answer=Answer.ALLOW),
            ]
        )

    ends = {"Refused" in row: row for row in rows_on_file(browser, "S2")}

    assert ends[True].endswith("Does | not | end | by | itself")
    assert re.search(r"20\d\d-\d\d-\d\d$", ends[False])


def test_consent_to_a_face_template_is_a_decision_on_file(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        work.register.record_biometric([a_face_consent("S1")])
    house.clock.move(timedelta(minutes=1))
    browser.post(f"{PAGE}/refusals", {"who": "", "use": "template", "audience": ""})

    told = [row for row in rows_on_file(browser, "S1") if "Face | template" in row]

    assert ["Allowed" in row for row in told] == [False, True]
    assert "Refused" in told[0]


def test_a_hold_is_in_force_at_once_and_recorded(browser: Browser, house: House) -> None:
    answer = browser.post(f"{PAGE}/holds", {"kind": "safety", "ends_on": ""})

    assert answer.status_code == 302
    (hold,) = holds_on(house, MAYA)
    assert (hold.starts_on, hold.ends_on, hold.kind) == (TODAY, None, "safety")
    assert last_event(house) == (Event.HOLD_PLACED, "S1")
    page = browser.get(PAGE).get_data(as_text=True)
    assert "On hold" in page
    assert "Safety or court order" in page


def test_a_hold_may_have_an_end(browser: Browser, house: House) -> None:
    browser.post(f"{PAGE}/holds", {"kind": "other", "ends_on": "2026-12-24"})

    (hold,) = holds_on(house, MAYA)
    assert str(hold.ends_on) == "2026-12-24"


@pytest.mark.parametrize("ends_on", ["2026-11-23", "soon"])
def test_an_end_that_cannot_be_is_asked_for_again(
    browser: Browser, house: House, ends_on: str
) -> None:
    answer = browser.post(f"{PAGE}/holds", {"kind": "other", "ends_on": ends_on})

    assert answer.status_code == 422
    assert '<a href="#ends_on">' in answer.get_data(as_text=True)
    assert holds_on(house, MAYA) == ()


def test_a_kind_that_was_never_offered_is_refused(browser: Browser, house: House) -> None:
    assert browser.post(f"{PAGE}/holds", {"kind": "gossip"}).status_code == 400
    assert holds_on(house, MAYA) == ()


def test_a_hold_is_lifted_by_two_people(
    browser: Browser, browser_as: BrowserAs, house: House
) -> None:
    browser.post(f"{PAGE}/holds", {"kind": "other", "ends_on": ""})
    (hold,) = holds_on(house, MAYA)
    browser.post(f"{PAGE}/holds/{hold.hold_id}/lift")
    (asked,) = holds_on(house, MAYA)
    page = browser.get(PAGE).get_data(as_text=True)
    second = browser_as(Role.ADMINISTRATOR)
    second.post(waiting_item(second) + "/accept")

    assert asked.ends_on is None
    assert "Its end waits for a second person" in page
    assert "Ask to lift this hold" not in page
    assert holds_on(house, MAYA)[0].ends_on == TODAY
    assert last_event(house) == (Event.HOLD_LIFTED, "S1")


@pytest.mark.parametrize(
    ("where", "audience", "channel"),
    [
        ("", None, None),
        ("audience:social", Audience.SOCIAL, None),
        ("channel:lincoln-instagram", None, "lincoln-instagram"),
    ],
)
def test_a_hold_may_be_about_one_place(
    browser: Browser, house: House, where: str, audience: Audience | None, channel: str | None
) -> None:
    browser.post(f"{PAGE}/holds", {"kind": "other", "where": where, "reference": "Drawer 3"})

    (hold,) = holds_on(house, MAYA)
    assert (hold.audience, hold.channel) == (audience, channel)
    assert (hold.reference, hold.placed_by) == ("Drawer 3", "the-registrar")


def test_a_place_that_was_never_offered_is_refused(browser: Browser, house: House) -> None:
    for where in ("channel:nowhere", "audience:moon", "planet:mars"):
        answer = browser.post(f"{PAGE}/holds", {"kind": "other", "where": where})
        assert answer.status_code == 400
    assert holds_on(house, MAYA) == ()


def test_a_hold_that_is_due_is_listed(browser: Browser, house: House) -> None:
    browser.post(f"{PAGE}/holds", {"kind": "safety", "review_on": "2026-11-30"})
    before = browser.get("/registrars/waiting").get_data(as_text=True)
    house.clock.move(timedelta(days=6, minutes=-1))
    later = browser_as_again(browser, house).get("/registrars/waiting").get_data(as_text=True)

    assert "No hold and no court order is due" in before
    assert "Hold: Safety or court order, since 2026-11-30" in later


def test_a_hold_that_was_looked_at_is_listed_again_on_the_day_that_was_given(
    browser: Browser, house: House
) -> None:
    browser.post(f"{PAGE}/holds", {"kind": "safety", "review_on": "2026-11-24"})
    (hold,) = holds_on(house, MAYA)
    due = browser.get(PAGE).get_data(as_text=True)
    for next_on in ("2026-11-24", "soon"):
        browser.post(f"{PAGE}/reviews/{hold.hold_id}", {"next_on": next_on})
    still = browser.get("/registrars/waiting").get_data(as_text=True)
    browser.post(f"{PAGE}/reviews/{hold.hold_id}", {"next_on": "2027-02-01"})
    page = browser.get("/registrars/waiting").get_data(as_text=True)

    assert "I have looked at it" in due
    assert "Hold: Safety or court order" in still
    assert "No hold and no court order is due" in page
    assert "Look again on 2027-02-01" in browser.get(PAGE).get_data(as_text=True)
    assert last_event(house) == (Event.REVIEWED, "S1")
    assert holds_on(house, MAYA) == (hold,)


def test_what_is_not_the_students_cannot_be_looked_at(browser: Browser) -> None:
    assert browser.post(f"{PAGE}/reviews/another", {"next_on": ""}).status_code == 404


def test_a_registrar_whom_the_district_does_not_show_holds_reads_a_plain_refusal(
    browser: Browser, house: House
) -> None:
    browser.post(f"{PAGE}/holds", {"kind": "safety", "reference": "Drawer 3"})
    (hold,) = holds_on(house, MAYA)
    with house.services.transaction() as work:
        at = house.clock.now()
        work.register.set_policy("holds_visible_to", "administrator", school=None, by="a", at=at)
    page = browser.get(PAGE).get_data(as_text=True)
    asked = browser.get(f"{PAGE}/permission?channel=lincoln-instagram").get_data(as_text=True)

    for words in ("On hold", "Drawer 3", "protective hold"):
        assert words not in page
        assert words not in asked
    assert "Not allowed" in page
    assert browser.post(f"{PAGE}/holds/{hold.hold_id}/lift").status_code == 404


def test_a_hold_of_another_student_is_not_found(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        work.register.place_hold(
            Hold(hold_id=HoldId("h2"), student_id=TEDDY, starts_on=TODAY, kind="other")
        )

    assert browser.post(f"{PAGE}/holds/h2/lift").status_code == 404
    (hold,) = holds_on(house, TEDDY)
    assert hold.ends_on is None


def test_a_student_of_another_school_is_not_found(browser_as: BrowserAs, house: House) -> None:
    elsewhere = browser_as(Role.REGISTRAR, "hoover")

    assert elsewhere.get(PAGE).status_code == 404
    assert elsewhere.post(f"{PAGE}/holds", {"kind": "other"}).status_code == 404
    assert holds_on(house, MAYA) == ()
