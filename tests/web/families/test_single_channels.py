"""A yes for one channel, or for a part of the name: told as it is, and not lost by saving."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mediacheck.model.families import BY_LINK
from release_db.records import Granted
from release_db.terms import Preset, PresetLine
from release_db.words import Answer, Audience, ChannelKey, NameForm, PresetKey, StudentId, Use
from tests.conftest import House
from tests.factories import NOW, a_channel, a_release
from tests.web.conftest import Browser
from tests.web.families.conftest import CHILD, FamilyBrowserAs
from tests.web.families.test_choices import EVERYTHING, NOTHING, PAGE, permission, sign, text_of

ONE = "lincoln-instagram"
OTHER = "lincoln-facebook"
SIGNED = {"signature": "Ana Lopez"}
A_PRESET = Preset(
    key=PresetKey("instagram"),
    position=1,
    titles=(("en", "Our Instagram, nothing else"),),
    lines=(
        PresetLine(use=Use.IMAGE, answer=Answer.ALLOW, channel=ChannelKey(ONE)),
        PresetLine(use=Use.NAME, answer=Answer.ALLOW, name_form=NameForm.INITIALS),
    ),
)


@pytest.fixture(autouse=True)
def district(family: House) -> None:
    """Has a second social account, and a preset of its own."""
    with family.services.transaction() as work:
        work.register.add_channel(a_channel(OTHER))
        work.register.terms.set_preset(A_PRESET, by="the-boss")


def choose_preset(browser: Browser, house: House) -> str:
    """Chooses the preset and signs what the review holds; returns the receipt's page."""
    review = browser.post(f"{PAGE}/choices", {"preset": "instagram"})
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', text_of(review)))
    signed = browser.post(f"{PAGE}/sign", {**fields, **SIGNED})
    return text_of(browser.get(signed.location))


def name_permission(house: House, form: NameForm) -> bool:
    with house.services.transaction() as work:
        found = work.register.permission_for(StudentId(CHILD), Use.NAME, ChannelKey(ONE), form, NOW)
    return isinstance(found, Granted)


def untouched(browser: Browser) -> dict[str, str]:
    """The details form as a browser would send it again."""
    page = text_of(browser.get(f"{PAGE}/choices"))
    chosen = {}
    for field, options in re.findall(
        r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', page, re.S
    ):
        [chosen[field]] = re.findall(r'value="([^"]+)" selected', options)
    return chosen


def test_a_preset_for_one_channel_allows_that_channel_and_no_other(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    choose_preset(as_guardian(), family)

    assert isinstance(permission(family, ONE), Granted)
    assert not isinstance(permission(family, OTHER), Granted)


def test_it_ends_what_was_allowed_more_widely_before(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    sign(browser, EVERYTHING)
    assert isinstance(permission(family, OTHER), Granted)

    choose_preset(browser, family)

    assert isinstance(permission(family, ONE), Granted)
    assert not isinstance(permission(family, OTHER), Granted)


def test_the_page_the_form_and_the_receipt_say_on_which_channel(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()

    receipt = choose_preset(browser, family)

    assert f"Only on {ONE}" in receipt
    assert f"Only on {ONE}" in text_of(browser.get(f"{PAGE}/history"))
    assert f"Allowed on {ONE} only" in text_of(browser.get(PAGE))
    assert f"Yes, on {ONE} only" in text_of(browser.get(f"{PAGE}/choices"))
    assert f"On social networks ({ONE})" in text_of(browser.get("/family"))


def test_saving_the_form_untouched_changes_nothing(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    choose_preset(browser, family)
    before = text_of(browser.get(PAGE))

    saved = browser.post(f"{PAGE}/sign", {**untouched(browser), **SIGNED})

    assert saved.status_code == 302
    assert text_of(browser.get(PAGE)) == before
    assert isinstance(permission(family, ONE), Granted)
    assert not isinstance(permission(family, OTHER), Granted)


def test_initials_are_allowed_and_told_and_nothing_more_of_the_name(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()

    receipt = choose_preset(browser, family)

    assert name_permission(family, NameForm.INITIALS)
    assert not name_permission(family, NameForm.FIRST)
    assert "Name, more than the initials" in receipt
    assert "Allowed, initials only" in text_of(browser.get(PAGE))


def test_initials_from_a_paper_form_stay_through_a_save(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    with family.services.transaction() as work:
        work.register.record([a_release(CHILD, use=Use.NAME, name_form=NameForm.INITIALS)])
    browser = as_guardian()
    assert "Initials only" in text_of(browser.get(f"{PAGE}/choices"))
    assert "Name, initials" in text_of(browser.get(f"{PAGE}/history"))

    browser.post(f"{PAGE}/sign", {**untouched(browser), **SIGNED})

    assert name_permission(family, NameForm.INITIALS)
    assert "Allowed, initials only" in text_of(browser.get(PAGE))


def test_a_no_for_one_channel_stays_through_a_save(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    sign(browser, EVERYTHING)
    with family.services.transaction() as work:
        work.register.record([a_release(CHILD, answer=Answer.DENY, channel=OTHER)])
    assert f"Yes, but not on {OTHER}" in text_of(browser.get(f"{PAGE}/choices"))

    browser.post(f"{PAGE}/sign", {**untouched(browser), **SIGNED})

    assert isinstance(permission(family, ONE), Granted)
    assert not isinstance(permission(family, OTHER), Granted)


def test_a_no_for_the_audience_ends_the_one_channel(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    choose_preset(browser, family)

    changed = untouched(browser) | {f"{Audience.SOCIAL.value}.{Use.IMAGE.value}": "no"}
    browser.post(f"{PAGE}/sign", {**changed, **SIGNED})

    assert not isinstance(permission(family, ONE), Granted)


def test_a_mailed_link_is_offered_no_preset_that_allows_a_channel(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    visitor = as_guardian(by=BY_LINK)

    assert "Our Instagram" not in text_of(visitor.get(f"{PAGE}/choices"))
    raw = {f"{Audience.SOCIAL.value}.{Use.IMAGE.value}@{ONE}": "yes"}
    refused = visitor.post(f"{PAGE}/sign", {**raw, **SIGNED})

    assert refused.status_code == 422
    assert not isinstance(permission(family, ONE), Granted)


def test_a_no_for_the_whole_group_stays_and_the_review_says_so(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    sign(browser, NOTHING)
    family.clock.move(timedelta(minutes=1))

    review = text_of(browser.post(f"{PAGE}/choices", {"preset": "instagram"}))

    assert "Your earlier no stays" in review
    assert f"{ONE}: Photo or video" in review
    choose_preset(browser, family)
    assert not isinstance(permission(family, ONE), Granted)


def test_where_nothing_stands_against_it_the_review_says_nothing_of_it(
    as_guardian: FamilyBrowserAs,
) -> None:
    review = text_of(as_guardian().post(f"{PAGE}/choices", {"preset": "instagram"}))

    assert "Your earlier no stays" not in review
