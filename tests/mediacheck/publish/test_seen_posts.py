"""What is read on an account: every word that people see."""

from __future__ import annotations

from mediacheck.publish.connectors.bluesky.connector import words_in
from mediacheck.publish.connectors.wordpress.posts import seen_post


def a_post(content: str, excerpt: str = "") -> dict[str, object]:
    return {
        "id": 7,
        "link": "https://site.example/7",
        "date_gmt": "2026-11-24T20:00:00",
        "title": {"rendered": "Kites"},
        "content": {"rendered": content},
        "excerpt": {"rendered": excerpt},
    }


def test_a_site_s_post_of_words_and_pictures_holds_no_more() -> None:
    seen = seen_post(a_post('<p>A windy day</p><figure><img src="https://s/1.jpg"/></figure>'), ())

    assert not seen.has_more
    assert [one.address for one in seen.pictures] == ["https://s/1.jpg"]


def test_the_summary_of_a_site_s_post_is_one_of_its_words() -> None:
    seen = seen_post(a_post("<p>A windy day</p>", "<p>With Maya Lopez</p>"), ())

    assert seen.words == "Kites\nA windy day\nWith Maya Lopez"


def test_bluesky_s_tags_are_words() -> None:
    assert words_in({"text": "A kite", "tags": ["MayaLopez"]}) == "A kite\n#MayaLopez"
