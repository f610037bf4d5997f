"""The list of posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from mediacheck.accounts.sessions import open_session
from mediacheck.model.people import Role
from mediacheck.model.post import PostState
from mediacheck.model.verdict import Outcome
from mediacheck.web.post_lines import badge_of, moment_words
from tests.conftest import House
from tests.web.conftest import Browser, BrowserAs, a_member
from tests.web.posting import start_post


def test_an_empty_list_leads_to_the_first_post(browser_as: BrowserAs) -> None:
    page = browser_as(Role.TEACHER).get("/posts").get_data(as_text=True)

    assert "No posts yet" in page
    assert 'href="/posts/new"' in page


def test_a_post_is_listed_with_its_channel_author_and_moment(
    browser_as: BrowserAs, house: House
) -> None:
    browser = browser_as(Role.TEACHER)
    start_post(browser, house, caption="A day at the pond.")

    page = browser.get("/posts").get_data(as_text=True)

    for words in ("lincoln-instagram", "A day at the pond.", "Pat Teacher", "Nov 24, 12:00 PM"):
        assert words in page


def test_a_teacher_does_not_see_the_posts_of_another_school(
    browser_as: BrowserAs, house: House
) -> None:
    start_post(browser_as(Role.TEACHER), house, caption="Only for Lincoln.")

    page = browser_as(Role.TEACHER, "roosevelt").get("/posts").get_data(as_text=True)

    assert "Only for Lincoln." not in page


def test_a_teacher_without_a_school_sees_no_posts(
    app: Flask, browser_as: BrowserAs, house: House
) -> None:
    start_post(browser_as(Role.TEACHER), house, caption="Only for Lincoln.")
    member = replace(a_member(Role.TEACHER, "new"), schools=())
    with house.services.transaction() as work:
        work.accounts.save_staff(member)
        ids = house.services.ids
        token = open_session(work.accounts, member.staff_id, house.clock, ids, replaces=None)
    client = app.test_client()
    client.set_cookie("mediacheck", token)

    page = Browser(client=client, member=member).get("/posts").get_data(as_text=True)

    assert "No posts yet" in page


@pytest.mark.parametrize(
    ("state", "outcome", "kind"),
    [
        (PostState.DRAFT, None, "review"),
        (PostState.DRAFT, Outcome.NEEDS_REVIEW, "review"),
        (PostState.DRAFT, Outcome.BLOCKED, "blocked"),
        (PostState.DRAFT, Outcome.CLEARED, "cleared"),
        (PostState.WITH_OFFICE, Outcome.CLEARED, "review"),
        (PostState.SENT_BACK, Outcome.CLEARED, "review"),
    ],
)
def test_only_a_cleared_draft_looks_cleared(
    state: PostState, outcome: Outcome | None, kind: str
) -> None:
    assert badge_of(state, outcome)[0] == kind


def test_a_moment_is_written_as_people_write_it() -> None:
    assert moment_words(datetime(2026, 1, 2, 0, 5, tzinfo=UTC)) == "Jan 2, 12:05 AM"
    assert moment_words(datetime(2026, 1, 2, 15, 0, tzinfo=UTC)) == "Jan 2, 3:00 PM"
