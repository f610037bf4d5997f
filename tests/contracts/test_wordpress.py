"""A WordPress site is connected by a password of our own, and shows just what was cleared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mediacheck.errors import ConnectorError, Retry
from mediacheck.publish.connectors.wordpress.connector import WordPressConnector, open_wordpress
from mediacheck.publish.connectors.wordpress.linking import NEEDED, WordPressLinking
from mediacheck.publish.connectors.wordpress.markup import content_of, read_markup
from mediacheck.publish.connectors.wordpress.site import site_address
from tests.contracts.accounts import (
    Step,
    a_moment_ago,
    some_content,
    wordpress_account,
    wordpress_secret,
)
from tests.servers.strict import Fault
from tests.servers.wordpress import AUTHOR, Site, wordpress_site

BACK = "http://127.0.0.1:8000/connections/return"
LINKING = WordPressLinking(allows_loopback=True)


@pytest.fixture(params=[True, False], ids=["pretty", "plain"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with wordpress_site() as held:
        held.has_pretty_addresses = request.param
        yield held


def connector_of(site: Site) -> WordPressConnector:
    return open_wordpress(site.base, site.account, wordpress_secret(site), allows_loopback=True)


def brought_back(page_address: str) -> dict[str, str]:
    """What somebody who says yes on the site's page brings back."""
    page = requests.get(page_address, timeout=5).text
    link = re.search(r'href="([^"]+)"', page)
    assert link is not None
    back = urlsplit(unescape(link[1]))
    assert back.geturl().startswith(BACK + "?")
    return {key: values[0] for key, values in parse_qs(back.query).items()}


def test_the_site_s_own_page_gives_a_password_of_our_own(site: Site) -> None:
    begun = LINKING.begin(site.base, BACK)
    brought = brought_back(begun.address)

    linked = LINKING.finish(site.base, BACK, begun.secret, brought)

    assert brought["state"] == begun.state
    assert (linked.account.account_id, linked.account.handle) == ("109", "lincoln")
    assert linked.scopes == NEEDED
    assert site.unknown == []


def test_a_password_that_somebody_copied_connects_the_same_user(site: Site) -> None:
    linked = LINKING.enter(site.base, "lincoln", f" {site.allow()} ")

    assert linked.account.account_id == "109"
    opened = open_wordpress(linked.server, "109", linked.secret, allows_loopback=True)
    assert opened.account() == linked.account


@pytest.mark.parametrize(
    ("rights", "told"),
    [
        (tuple(one for one in AUTHOR if not one.startswith("delete_published")), "taken down"),
        ((*AUTHOR, "manage_options"), "run the whole site"),
    ],
)
def test_too_few_rights_and_too_many_are_refused_and_given_back(
    site: Site, rights: tuple[str, ...], told: str
) -> None:
    site.rights = rights

    with pytest.raises(ConnectorError, match=told):
        LINKING.enter(site.base, "lincoln", site.allow())
    assert site.tokens == {}


def test_a_wrong_password_connects_nothing(site: Site) -> None:
    with pytest.raises(ConnectorError, match="application password"):
        LINKING.enter(site.base, "lincoln", "wrong")


def test_whoever_says_no_or_brings_another_site_s_answer_is_not_let_in(site: Site) -> None:
    begun = LINKING.begin(site.base, BACK)
    brought = brought_back(begun.address)

    for other in (
        {"success": "false"},
        {**brought, "site_url": "https://elsewhere.example"},
        {**brought, "password": ""},
    ):
        with pytest.raises(ConnectorError, match="did not let mediacheck in"):
            LINKING.finish(site.base, BACK, begun.secret, other)


def test_a_site_without_passwords_or_without_wordpress_is_told_so(site: Site) -> None:
    site.has_passwords = False
    with pytest.raises(ConnectorError, match="no application passwords"):
        LINKING.begin(site.base, BACK)

    with pytest.raises(ConnectorError, match="no WordPress site"):
        LINKING.begin(f"{site.base}/elsewhere", BACK)
    site.fail_next("GET", "/", Fault.REDIRECT)
    with pytest.raises(ConnectorError, match="another address"):
        LINKING.begin(site.base, BACK)


@pytest.mark.parametrize(
    "typed",
    [
        "http://localhost/blog",
        "https://127.0.0.1/blog",
        "https://10.0.0.1",
        "https://u@example.org",
        "https://example.org/?x=1",
        "file:///etc/passwd",
        "https://[::1]/",
    ],
)
def test_an_address_inside_of_somebody_s_network_is_no_site(typed: str) -> None:
    with pytest.raises(ConnectorError):
        site_address(typed, allows_loopback=False)


def test_neither_word_nor_picture_leaves_before_the_moment_of_publishing(site: Site) -> None:
    connector_of(site).prepare(some_content())

    assert site.media == {}
    (draft,) = site.posts.values()
    assert (draft["status"], site.words_of(draft)) == ("draft", "")


def test_a_draft_left_by_a_dead_process_is_taken_up_again(site: Site) -> None:
    content, connector = some_content(), connector_of(site)

    assert connector.prepare(content) == connector.prepare(content)
    assert len(site.posts) == 1


def test_pictures_left_by_a_lost_try_go_before_the_next(site: Site) -> None:
    content, connector = some_content(), connector_of(site)
    parts = connector.prepare(content)
    publish = "/wp-json/wp/v2/posts/.*" if site.has_pretty_addresses else "/"
    site.fail_next("POST", publish, Fault.LOST_BEFORE)
    with pytest.raises(ConnectorError):
        connector.publish(content, parts, "key")

    connector.publish(content, parts, "key")

    assert len(site.media) == len(content.pictures)
    (post,) = site.live
    assert [one.alt_text for one in site.media_of(post)] == ["Kite 1", "Kite 2"]


def test_an_upload_of_an_unknown_end_is_tried_again_because_nothing_is_public() -> None:
    with wordpress_account() as account:
        content = some_content()
        parts = account.connector.prepare(content)
        account.fail_next(Step.UPLOAD, Fault.LOST_AFTER)

        with pytest.raises(ConnectorError) as caught:
            account.connector.publish(content, parts, "key")

        assert caught.value.retry is Retry.LATER
        assert account.leftovers() == 0


@pytest.mark.parametrize("status", ["trash", "pending", "private"])
def test_a_draft_that_somebody_changed_on_the_site_is_not_published(
    site: Site, status: str
) -> None:
    content, connector = some_content(), connector_of(site)
    (draft,) = connector.prepare(content)
    site.posts[int(draft)]["status"] = status

    with pytest.raises(ConnectorError, match="changed or deleted") as caught:
        connector.publish(content, (draft,), "key")
    assert caught.value.retry is Retry.NEVER
    assert site.media == {}


def test_a_discarded_draft_takes_its_pictures_along_and_a_public_post_stays(site: Site) -> None:
    content, connector = some_content(), connector_of(site)
    parts = connector.prepare(content)
    connector.discard(parts)
    assert site.posts == {}

    parts = connector.prepare(content)
    connector.publish(content, parts, "key")
    connector.discard(parts)
    assert len(site.live) == 1
    assert len(site.media) == 2


def test_words_neither_run_a_shortcode_nor_fetch_a_preview_nor_add_markup() -> None:
    words = 'See [gallery] at\n\nhttps://elsewhere.example/x\n\n<img src=x onerror="y"> & so on'

    content = content_of(words, [])

    assert "[" not in content.replace("<!-- wp:", "")
    assert "://" not in content
    assert "<img" not in content
    assert "".join("".join(read_markup(content).text).split()) == "".join(words.split())


def test_nobody_is_invited_to_write_names_under_a_photo(site: Site) -> None:
    content, connector = some_content(), connector_of(site)
    connector.publish(content, connector.prepare(content), "key")

    (post,) = site.live
    assert (post["comment_status"], post["ping_status"]) == ("closed", "closed")


def test_neither_the_address_of_a_page_nor_a_file_s_name_holds_a_word(site: Site) -> None:
    content, connector = some_content(words="Maya Lopez\nflies"), connector_of(site)
    posted = connector.publish(content, connector.prepare(content), "key")

    assert "maya" not in f"{posted.address} {posted.pictures}".lower()
    assert len(posted.pictures) == 4


def test_what_another_user_posted_is_seen_with_the_picture_that_stands_apart(site: Site) -> None:
    content, connector = some_content(1), connector_of(site)
    connector.publish(content, connector.prepare(content), "key")
    (mine,), (photo,) = site.live, site.media
    site.posts[7] = {**mine, "id": 7, "author": 5, "content": "<p>Hi</p>", "featured_media": photo}

    seen = {one.reference: one for one in connector.read_timeline(a_moment_ago(), most=10)}

    assert set(seen) == {f"{mine['id']}:{photo}", "7:"}
    (picture,) = seen["7:"].pictures
    assert picture.alt_text == "Kite 1"
    assert connector.fetch_picture(picture) == content.pictures[0].jpeg


@pytest.mark.parametrize(
    ("content", "has_more"),
    [
        ('<p>Hi <a href="https://x.example/page">there</a></p><ul><li>one</li></ul>', False),
        ('<figure><img src="a.jpg" alt="b"><figcaption>c</figcaption></figure>', False),
        ('<video src="a.mp4"></video>', True),
        ('<iframe src="https://x.example"></iframe>', True),
        ('<p><a href="/wp-content/uploads/play.PDF">programme</a></p>', True),
        ('<p><a href="/wp-content/uploads/whole.jpg?x=1"><img src="a.jpg"></a></p>', True),
        ('<div style="background: URL(a.jpg)"></div>', True),
    ],
)
def test_a_post_that_holds_more_than_words_and_pictures_says_so(
    site: Site, content: str, has_more: bool
) -> None:
    connector = connector_of(site)
    connector.publish(some_content(0), connector.prepare(some_content(0)), "key")
    (post,) = site.live
    post["content"] = content

    (seen,) = connector.read_timeline(a_moment_ago(), most=10)

    assert seen.has_more is has_more
