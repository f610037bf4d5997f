"""An administrator approves the notices that families read."""

from __future__ import annotations

from mediacheck.model.people import Role
from release_db.standard_notices import STANDARD_NOTICES
from release_db.words import NoticeKind
from tests.conftest import House
from tests.factories import TODAY
from tests.web.conftest import BrowserAs

PATH = "/administrators/notices"
FORM: dict[str, object] = {
    "kind": "release",
    "language": "vi",
    "title": "A title",
    "body": "One paragraph.\r\n\r\nAnother.",
}


def test_the_standard_texts_wait_to_be_approved(browser_as: BrowserAs) -> None:
    page = browser_as(Role.ADMINISTRATOR).get(PATH).get_data(as_text=True)

    assert page.count("Not approved yet") == len(STANDARD_NOTICES)


def test_an_approved_notice_is_in_force_at_once(browser_as: BrowserAs, house: House) -> None:
    browser_as(Role.ADMINISTRATOR).post(PATH, FORM)

    with house.services.transaction() as work:
        notice = work.register.terms.notice_or_none(NoticeKind.RELEASE, "vi", TODAY)
        event = work.audit.head()
    assert notice is not None
    assert notice.body == "One paragraph.\n\nAnother."
    assert event is not None
    assert event.event == "notice:published"


def test_approving_again_makes_a_new_version(browser_as: BrowserAs, house: House) -> None:
    browser = browser_as(Role.ADMINISTRATOR)
    browser.post(PATH, FORM)
    browser.post(PATH, FORM)

    with house.services.transaction() as work:
        assert [one.version for one in work.register.terms.notices()] == [1, 2]


def test_a_notice_without_a_text_is_not_published(browser_as: BrowserAs) -> None:
    refused = browser_as(Role.ADMINISTRATOR).post(PATH, {**FORM, "body": " "})

    assert refused.status_code == 422


def test_only_an_administrator_approves(browser_as: BrowserAs) -> None:
    assert browser_as(Role.REGISTRAR).post(PATH, FORM).status_code == 403
