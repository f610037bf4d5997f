"""The settings that a law may touch: what a profile forbids cannot be chosen, and says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.jurisdictions import PROFILES
from tests.conftest import House
from tests.factories import SCHOOL
from tests.web.administrators.test_certificates import enroll
from tests.web.administrators.test_notices import FORM as NOTICE
from tests.web.conftest import Browser, BrowserAs

PLACE = "/administrators/settings/place"
BLANKS = "/administrators/settings/blanks"
LIMITS = "/administrators/settings/limits"
WORKS = "/administrators/settings/works"
GOOD_LIMITS: dict[str, object] = {
    "smallest_count": "5",
    "backup_days": "20",
    "template_months": "",
}

OFF: dict[str, object] = {
    "recognition": "off",
    "school_year_ends_on": "2027-06-11",
    "time_zone": "UTC",
}

Policy = Callable[[str], str | None]


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.ADMINISTRATOR)


@pytest.fixture
def policy(house: House) -> Policy:
    """Reads what is set for the district."""

    def read(key: str) -> str | None:
        with house.services.transaction() as work:
            return work.register.policy_or_none(key)

    return read


def the_page(browser: Browser) -> str:
    return browser.get("/administrators/settings").get_data(as_text=True)


def test_every_profile_says_what_it_changes_and_when_it_was_reviewed(browser: Browser) -> None:
    page = the_page(browser)

    for words in ("Illinois", "New York", "Colorado", "California", "United Kingdom"):
        assert words in page
    assert "Last reviewed 2026-11-24" in page
    assert "Nobody has looked at this law" not in page


def test_a_profile_that_nobody_looked_at_for_a_year_warns(
    browser_as: BrowserAs, house: House
) -> None:
    house.clock.move(timedelta(days=400))

    page = the_page(browser_as(Role.ADMINISTRATOR))

    assert page.count("Nobody has looked at this law for a year") == len(PROFILES)


def test_new_york_leaves_nothing_but_off_to_choose(browser: Browser, policy: Policy) -> None:
    assert browser.post(PLACE, {"jurisdiction": "NY"}).status_code == 302

    page = the_page(browser)
    assert "The profile New York keeps recognition off" in page
    assert 'id="recognition-suggest" name="recognition" value="suggest" disabled' in page
    assert policy("recognition") == "off"


@pytest.mark.parametrize(
    ("path", "form", "box"),
    [
        (PLACE, {"jurisdiction": "NY"}, "destroy_place"),
        ("/administrators/settings", OFF, "destroy"),
        (
            "/administrators/settings/school",
            {"school": SCHOOL, "school_recognition": "off"},
            "destroy_school",
        ),
    ],
)
def test_what_destroys_templates_asks_first(
    browser: Browser, house: House, path: str, form: dict[str, object], box: str
) -> None:
    enroll(house)

    asked = browser.post(path, form)

    assert asked.status_code == 422
    assert "destroys the face templates of 1 student" in asked.get_data(as_text=True)
    with house.services.transaction() as work:
        assert work.gallery.held_at([SCHOOL]) == 1
        assert work.register.policy_or_none("recognition", SCHOOL) == "suggest"
        assert work.gallery.destructions() == ()

    assert browser.post(path, {**form, box: "yes"}).status_code == 302
    with house.services.transaction() as work:
        assert work.gallery.held_at([SCHOOL]) == 0
        assert len(work.gallery.destructions()) == 1


def test_what_a_profile_forbids_is_refused_however_it_is_sent(browser: Browser) -> None:
    browser.post(PLACE, {"jurisdiction": "NY"})
    form = {"recognition": "suggest", "school_year_ends_on": "2027-06-11", "time_zone": "UTC"}

    assert browser.post("/administrators/settings", form).status_code == 422


def test_colorado_asks_for_its_document_and_roles(browser: Browser, policy: Policy) -> None:
    browser.post(PLACE, {"jurisdiction": "CO"})
    assert "The district’s policy document" in the_page(browser)

    papers = {"co_policy_document": "JRA, 2026-08-01", "co_named_roles": "registrar"}
    browser.post(PLACE, {"jurisdiction": "CO", **papers})

    assert "keeps recognition off" not in the_page(browser)
    assert policy("co_policy_document") == "JRA, 2026-08-01"


def test_a_blank_means_yes_only_where_a_notice_says_so(browser: Browser, policy: Policy) -> None:
    form: dict[str, object] = {"default_rule": "opt-out", "opt_out_uses": ["image", "work"]}
    refused = browser.post(BLANKS, form)
    assert refused.status_code == 422
    assert "First approve a notice" in refused.get_data(as_text=True)

    browser.post("/administrators/notices", NOTICE)
    assert browser.post(BLANKS, form).status_code == 302

    assert policy("default_rule") == "opt-out"
    assert policy("opt_out_uses") == "image;work"


def test_back_to_no_forgets_the_uses(browser: Browser, policy: Policy) -> None:
    browser.post("/administrators/notices", NOTICE)
    browser.post(BLANKS, {"default_rule": "opt-out", "opt_out_uses": ["image"]})

    browser.post(BLANKS, {"default_rule": "opt-in", "opt_out_uses": ["image"]})

    assert (policy("default_rule"), policy("opt_out_uses")) == ("opt-in", "")


def test_the_united_kingdom_knows_no_blank_that_means_yes(browser: Browser) -> None:
    browser.post("/administrators/notices", NOTICE)
    browser.post(PLACE, {"jurisdiction": "UK"})

    assert "The profile United Kingdom forbids it" in the_page(browser)
    form: dict[str, object] = {"default_rule": "opt-out", "opt_out_uses": ["image"]}
    assert browser.post(BLANKS, form).status_code == 422


def test_the_limits_are_kept_and_recorded(browser: Browser, house: House, policy: Policy) -> None:
    assert browser.post(LIMITS, GOOD_LIMITS).status_code == 302

    assert policy("smallest_count") == "5"
    assert policy("template_months") is None
    with house.services.transaction() as work:
        subjects = [one.subject for one in work.audit.entries() if one.event == Event.POLICY_SET]
    assert subjects[-2:] == ["smallest_count", "backup_days"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"smallest_count": "1"}, "from 3 to 100"),
        ({"backup_days": "soon"}, "as a number"),
        ({"template_months": "90"}, "from 1 to 60"),
    ],
)
def test_a_limit_that_cannot_be_is_asked_for_again(
    browser: Browser, policy: Policy, change: dict[str, object], words: str
) -> None:
    answer = browser.post(LIMITS, {**GOOD_LIMITS, **change})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert policy("smallest_count") is None


def test_illinois_shortens_what_may_be_chosen(browser: Browser) -> None:
    browser.post(PLACE, {"jurisdiction": "IL"})

    answer = browser.post(LIMITS, {**GOOD_LIMITS, "backup_days": "35"})

    assert "allows at most 30 days" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (PLACE, {"jurisdiction": "Atlantis"}),
        (BLANKS, {"default_rule": "yes"}),
        (BLANKS, {"default_rule": "opt-out", "opt_out_uses": ["face"]}),
        (WORKS, {"unnamed_work_needs_release": "perhaps"}),
    ],
)
def test_what_was_never_offered_is_refused(
    browser: Browser, path: str, form: dict[str, object]
) -> None:
    assert browser.post(path, form).status_code == 400


def test_only_an_administrator_sets_anything(browser_as: BrowserAs) -> None:
    registrar = browser_as(Role.REGISTRAR)

    for path in (PLACE, BLANKS, LIMITS, WORKS):
        assert registrar.post(path, {}).status_code == 403


def test_unnamed_work_needs_a_release_where_the_district_says_so(
    browser: Browser, policy: Policy
) -> None:
    assert 'id="unnamed-work-no" name="unnamed_work_needs_release" value="no" checked' in the_page(
        browser
    )

    assert browser.post(WORKS, {"unnamed_work_needs_release": "yes"}).status_code == 302

    assert policy("unnamed_work_needs_release") == "yes"
    assert 'name="unnamed_work_needs_release" value="yes" checked' in the_page(browser)


def test_reminders_are_limited_by_the_district(browser: Browser, policy: Policy) -> None:
    reminders = "/administrators/settings/reminders"
    good = {"renewal_reminders": "1", "renewal_reminder_days": "21"}
    assert browser.post(reminders, {**good, "renewal_reminder_days": "2"}).status_code == 422
    assert browser.post(reminders, {**good, "renewal_reminders": "9"}).status_code == 422
    assert policy("renewal_reminders") is None

    assert browser.post(reminders, {**good}).status_code == 302

    assert (policy("renewal_reminders"), policy("renewal_reminder_days")) == ("1", "21")
