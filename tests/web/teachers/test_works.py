"""Student work on a post's page: whose it is, and whether a name in the picture is the artist's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.model.people import Role
from mediacheck.model.post import Box, PostId
from mediacheck.ports.engines import TextLine
from tests.conftest import House
from tests.web.conftest import BrowserAs
from tests.web.posting import Json, Posting, start_post


@pytest.fixture
def posting(browser_as: BrowserAs, house: House) -> Posting:
    """A post with one checked and described picture, in which nothing was found."""
    posting = start_post(browser_as(Role.TEACHER), house)
    media = posting.add_checked()
    posting.act("alt-text", media=media["id"], alt_text="A painting of a pond")
    return posting


@pytest.fixture
def signed(browser_as: BrowserAs, house: House) -> Posting:
    """The same, with Maya's signature in the picture."""
    house.reader.lines = (TextLine(text="Maya Lopez", box=_SIGNATURE, score=0.99),)
    posting = start_post(browser_as(Role.TEACHER), house)
    media = posting.add_checked()
    posting.act("alt-text", media=media["id"], alt_text="A painting of a pond")
    return posting


_SIGNATURE = Box(left=400, top=400, width=120, height=30)


def picture(posting: Posting) -> Json:
    (media,) = posting.state()["media"]
    return dict(media)


def say(posting: Posting, credit: str, *students: str, form: str = "none") -> int:
    answer = posting.act(
        "work", media=picture(posting)["id"], credit=credit, students=students, name_form=form
    )
    return answer.status_code


def messages(posting: Posting) -> list[str]:
    return [one["code"] for one in picture(posting)["messages"]]


def test_released_work_is_credited_and_cleared(posting: Posting) -> None:
    assert say(posting, "students", "S1") == 200

    assert picture(posting)["work"]["label"] == "Work of Maya Lopez. The name cannot be seen."
    assert posting.state()["outcome"] == "cleared"


def test_refused_work_reads_like_every_refusal(posting: Posting) -> None:
    say(posting, "students", "S1", "S2", form="first")

    assert messages(posting) == ["release-refused"]
    assert picture(posting)["work"]["label"] == (
        "Work of Maya Lopez and Teddy Ramos. Seen with it: first name."
    )


def test_work_of_nobody_yet_asks_and_unnamed_work_does_not(posting: Posting) -> None:
    say(posting, "unsaid")
    assert messages(posting) == ["whose-work"]

    say(posting, "unnamed")
    assert messages(posting) == []


def test_the_district_may_ask_whose_unnamed_work_is(posting: Posting, house: House) -> None:
    with house.services.transaction() as work:
        work.register.set_policy(
            "unnamed_work_needs_release", "yes", school=None, by="boss", at=house.clock.now()
        )

    say(posting, "unnamed")

    assert messages(posting) == ["whose-work"]


def test_students_of_another_school_or_none_cannot_be_credited(posting: Posting) -> None:
    assert say(posting, "students", "S99") == 400
    assert say(posting, "students") == 400


def test_a_word_can_be_taken_back(posting: Posting) -> None:
    say(posting, "students", "S2")

    say(posting, "no-work")

    assert picture(posting)["work"]["label"] == ""
    assert posting.state()["outcome"] == "cleared"


def test_a_signature_is_its_artists_with_one_tap(signed: Posting) -> None:
    (name,) = picture(signed)["names"]
    assert [one["name"] for one in name["artist"]["students"]] == ["Maya Lopez"]
    assert not name["artist"]["is_asked"]

    signed.act("artist", finding=name["id"], answer="yes")

    work = picture(signed)["work"]
    assert (work["credit"], work["name_form"]) == ("students", "full")
    assert picture(signed)["names"][0]["artist"] is None
    assert signed.state()["outcome"] == "cleared"


def test_a_signature_in_unnamed_work_is_asked_about(signed: Posting) -> None:
    say(signed, "unnamed")
    (name,) = picture(signed)["names"]
    assert name["status"] == "ask"

    signed.act("artist", finding=name["id"], answer="no")

    assert picture(signed)["names"][0]["status"] == "ok"
    assert picture(signed)["work"]["credit"] == "unnamed"


def test_no_to_a_name_in_an_ordinary_picture_changes_nothing(signed: Posting) -> None:
    (name,) = picture(signed)["names"]

    assert signed.act("artist", finding=name["id"], answer="no").status_code == 200

    assert picture(signed)["work"]["credit"] is None


def test_a_name_that_is_not_in_the_picture_is_nobodys_signature(posting: Posting) -> None:
    assert posting.act("artist", finding="nonsense", answer="yes").status_code == 400


def test_the_form_of_a_name_that_was_read_is_offered(signed: Posting) -> None:
    assert picture(signed)["work"]["name_form"] == "full"


def test_a_name_in_the_words_beside_unnamed_work_is_asked_about(posting: Posting) -> None:
    posting.act("words", **_words(posting, "Painted by Maya Lopez"))
    assert posting.state()["names"][0]["artist"] is None

    say(posting, "unnamed")
    (name,) = posting.state()["names"]
    assert (name["status"], name["artist"]["is_asked"]) == ("ask", True)

    posting.act("artist", finding=name["id"], answer="yes")
    assert picture(posting)["work"]["students"][0]["name"] == "Maya Lopez"
    assert posting.state()["outcome"] == "cleared"


def test_a_work_that_was_shown_before_is_offered_and_taken_over_with_a_tap(
    posting: Posting, browser_as: BrowserAs, house: House
) -> None:
    looks_alike(posting, house)
    say(posting, "students", "S1")
    again = start_post(browser_as(Role.TEACHER), house)
    media = again.add_checked()
    again.act("alt-text", media=media["id"], alt_text="The pond once more")

    looks_alike(again, house)
    assert messages(again) == ["known-work"]
    assert picture(again)["work"]["suggestion"] == "Yes, the same work, by Maya Lopez"
    again.act("take-over", media=media["id"])

    assert picture(again)["work"]["label"] == "Work of Maya Lopez. The name cannot be seen."
    assert again.state()["outcome"] == "cleared"
    assert again.act("take-over", media="gone").status_code == 400


def test_an_unknown_picture_has_nothing_to_take_over(posting: Posting) -> None:
    assert posting.act("take-over", media=picture(posting)["id"]).status_code == 400


def looks_alike(posting: Posting, house: House) -> None:
    """Gives the picture the prints of all others of this test: the fake pictures are blank."""
    post_id = PostId(posting.address.rsplit("/", 1)[-1])
    with house.services.transaction() as work:
        for media_id, seen in work.posts.seen(post_id).items():
            work.posts.keep_seen(media_id, replace(seen, prints=("0123456789abcdef",)))


def _words(posting: Posting, caption: str) -> Json:
    state = posting.state()
    kept = {key: state[key] for key in ("channel", "class_key", "school", "version")}
    return {**kept, "caption": caption}
