"""What the buttons of a post's page ask for, over the real database."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from mediacheck.model.people import Role
from release_db.records import Release
from release_db.words import Answer, Capacity, NameForm, Use
from tests.conftest import House
from tests.factories import a_box, a_channel, a_hold, a_release, releases_for
from tests.web.conftest import BrowserAs
from tests.web.posting import Posting, start_post

REFUSALS: tuple[tuple[str, tuple[Release, ...]], ...] = (
    ("nothing on file", ()),
    ("a refusal", releases_for("S2", answer=Answer.DENY)),
    ("asked each time", releases_for("S2", answer=Answer.ASK)),
    ("another channel", (a_release("S2", channel="elsewhere"),)),
)

#: The one wording for every reason: status, messages and label of the face, and the headline.
PLAIN_REFUSAL = [
    "blocked",
    ["This student cannot be posted here. Cover or take out what shows or names them."],
    "Teddy Ramos",
    "This post cannot go out as it is",
]


def a_post_with_a_face(browser_as: BrowserAs, house: House) -> Posting:
    house.finder.boxes = (a_box(),)
    posting = start_post(browser_as(Role.TEACHER), house)
    media = posting.add_checked()
    posting.act("alt-text", media=media["id"], alt_text="By the pond")
    return posting


def only_face(posting: Posting) -> dict[str, object]:
    (media,) = posting.state()["media"]
    (face,) = media["faces"]
    return dict(face)


def test_a_released_student_is_named_and_the_post_is_handed_over(
    browser_as: BrowserAs, house: House
) -> None:
    posting = a_post_with_a_face(browser_as, house)
    named = posting.act("say", finding=only_face(posting)["id"], word="choose", student="S1")
    assert named.get_json()["outcome"] == "cleared"

    cleared = posting.act("clear").get_json()["clearance"]
    package = posting.browser.get(cleared["package_url"])

    assert cleared["holds"] is True
    assert package.mimetype == "application/zip"
    assert any(
        name.endswith(".jpg") for name in zipfile.ZipFile(io.BytesIO(package.data)).namelist()
    )


def test_a_word_can_be_taken_back(browser_as: BrowserAs, house: House) -> None:
    posting = a_post_with_a_face(browser_as, house)
    face = only_face(posting)["id"]
    posting.act("say", finding=face, word="staff")
    assert only_face(posting)["label"] == "A staff member"

    posting.act("say", finding=face, word="undo")

    assert only_face(posting)["label"] == "Who is this?"


def test_a_face_that_was_missed_can_be_drawn(browser_as: BrowserAs, house: House) -> None:
    posting = start_post(browser_as(Role.TEACHER), house)
    media = posting.add_checked()

    posting.act("draw", media=media["id"], left=10, top=10, width=60, height=60)

    assert only_face(posting)["box"] == [10, 10, 60, 60]
    assert only_face(posting)["marks"] == ["Drawn by hand"]


@pytest.mark.parametrize(("what", "releases"), REFUSALS, ids=[what for what, _ in REFUSALS])
def test_every_refusal_reads_alike(
    browser_as: BrowserAs, house: House, what: str, releases: tuple[Release, ...]
) -> None:
    """Whoever compares two posts must not learn who opted out, or why."""
    with house.services.transaction() as work:
        work.register.record(
            [replace(one, capacity=Capacity.OFFICE, decided_by="office") for one in releases]
        )
    assert words_about_teddy(browser_as, house) == PLAIN_REFUSAL


def test_a_hold_reads_like_every_refusal(browser_as: BrowserAs, house: House) -> None:
    with house.services.transaction() as work:
        work.register.place_hold(a_hold("S2"))

    assert words_about_teddy(browser_as, house) == PLAIN_REFUSAL


def words_about_teddy(browser_as: BrowserAs, house: House) -> list[object]:
    posting = a_post_with_a_face(browser_as, house)
    posting.act("say", finding=only_face(posting)["id"], word="choose", student="S2")
    face = only_face(posting)
    return [face["status"], face["messages"], face["label"], posting.state()["headline"]]


def test_a_name_in_the_caption_is_underlined_and_taken_out(
    browser_as: BrowserAs, house: House
) -> None:
    posting = start_post(browser_as(Role.TEACHER), house, caption="😀 Teddy Ramos won a prize.")
    (name,) = posting.state()["names"]
    # Scripts count in UTF-16: the face before the name is two of their characters.
    assert name["span"] == [3, 14]

    answer = posting.act("reword", finding=name["id"], replacement="")

    assert "Teddy" not in answer.get_json()["caption"]
    assert answer.get_json()["names"] == []


def test_what_is_typed_is_looked_at_and_not_kept(browser_as: BrowserAs, house: House) -> None:
    posting = start_post(browser_as(Role.TEACHER), house, caption="A good day.")
    before = posting.state()
    with house.services.transaction() as work:
        entries = len(list(work.audit.entries()))

    answer = posting.act("look", caption="😀 Teddy Ramos won a prize.")

    (name,) = answer.get_json()["names"]
    assert (name["span"], name["status"]) == ([3, 14], "blocked")
    assert name["messages"]
    assert [one["label"] for one in name["remedies"]] == ["Take the name out"]
    assert posting.state() == before
    with house.services.transaction() as work:
        assert len(list(work.audit.entries())) == entries


def test_a_description_is_looked_at_as_it_is_typed(browser_as: BrowserAs, house: House) -> None:
    posting = start_post(browser_as(Role.TEACHER), house, caption="Teddy Ramos.")
    media_id = posting.add_checked()["id"]
    before = posting.state()

    answer = posting.act("look", media=media_id, alt_text="Teddy Ramos at a desk")

    (name,) = answer.get_json()["names"]
    assert (name["where"], name["span"], name["status"]) == ("alt", [0, 11], "blocked")
    assert posting.state() == before
    assert posting.act("look", media="nothing", alt_text="Teddy Ramos").get_json()["names"] == []
    assert posting.act("look", media=media_id).status_code == 400


def test_a_look_shows_the_shorter_form_that_is_allowed(browser_as: BrowserAs, house: House) -> None:
    with house.services.transaction() as work:
        first = a_release("S2", use=Use.NAME, name_form=NameForm.FIRST)
        work.register.record([replace(first, capacity=Capacity.OFFICE, decided_by="office")])
    posting = start_post(browser_as(Role.TEACHER), house)

    (name,) = posting.act("look", caption="Teddy Ramos won.").get_json()["names"]

    remedy = {"label": "Write “Teddy”", "replacement": "Teddy"}
    assert remedy in name["remedies"]


def test_only_who_may_change_a_post_may_try_words_on_it(
    browser_as: BrowserAs, house: House
) -> None:
    posting = start_post(browser_as(Role.TEACHER), house)
    office = posting.as_seen_by(browser_as(Role.COMMUNICATIONS))

    assert office.act("look", caption="Teddy Ramos won.").status_code == 403
    assert posting.act("look", caption="x" * 20_000).status_code == 422
    assert posting.act("look").status_code == 400


def test_words_of_an_older_page_are_refused(browser_as: BrowserAs, house: House) -> None:
    posting = start_post(browser_as(Role.TEACHER), house)
    state = posting.state()
    words = {"channel": state["channel"], "class_key": state["class_key"]}
    posting.act("words", version=state["version"], caption="One.", **words)

    late = posting.act("words", version=state["version"], caption="Two.", **words)

    assert late.status_code == 409
    assert "another window" in late.get_json()["error"]
    assert posting.state()["caption"] == "One."


def test_an_edit_makes_the_clearance_void(browser_as: BrowserAs, house: House) -> None:
    posting = start_post(browser_as(Role.TEACHER), house, caption="A good day.")
    package = posting.act("clear").get_json()["clearance"]["package_url"]
    state = posting.state()
    posting.act(
        "words",
        version=state["version"],
        caption="A better day.",
        channel=state["channel"],
        class_key=state["class_key"],
    )

    assert posting.state()["clearance"]["holds"] is False
    assert posting.state()["clearance"]["trouble"]
    assert posting.browser.get(package, Accept="application/json").status_code == 409


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("say", {"finding": "nothing", "word": "staff"}),
        ("say", {"word": "staff"}),
        ("say", {"finding": "f1", "word": "no such word"}),
        ("cover-everyone", {"style": "see-through"}),
        ("draw", {"media": "nothing", "left": "0", "top": 0, "width": 1, "height": 1}),
        ("uncover", {"media": "nothing", "index": True}),
    ],
)
def test_what_makes_no_sense_is_refused(
    browser_as: BrowserAs, house: House, act: str, sent: dict[str, object]
) -> None:
    answer = a_post_with_a_face(browser_as, house).act(act, **sent)

    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_the_office_reviews_what_it_did_not_write(browser_as: BrowserAs, house: House) -> None:
    posting = a_post_with_a_face(browser_as, house)
    posting.act("send", words="Nobody here knows the child.")
    assert posting.state()["may_edit"] is False
    review = posting.as_seen_by(browser_as(Role.COMMUNICATIONS))
    assert review.state()["may_review"] is True
    assert review.state()["is_mine"] is False

    review.act("say", finding=only_face(review)["id"], word="visitor")
    cleared = review.act("clear-by-office", words="The visitor signed our form.")

    assert cleared.status_code == 200
    assert [note["act"] for note in posting.state()["notes"]] == ["sent-to-office", "cleared"]
    assert posting.state()["clearance"]["holds"] is True


def test_only_a_marked_face_is_overruled_and_only_with_a_reason(
    browser_as: BrowserAs, house: House
) -> None:
    posting = a_post_with_a_face(browser_as, house)
    media = posting.state()["media"][0]
    posting.act("draw", media=media["id"], left=300, top=10, width=20, height=20)
    posting.act("send", words="")
    review = posting.as_seen_by(browser_as(Role.COMMUNICATIONS))
    plain, drawn = review.state()["media"][0]["faces"]
    reason = "The back of a head, far away."

    assert review.act("overrule", finding=plain["id"], reason=reason).status_code == 403
    assert review.act("overrule", finding=drawn["id"], reason="ok").status_code == 400
    assert review.act("overrule", finding=drawn["id"], reason=reason).status_code == 200


def test_the_author_of_a_post_for_an_official_account_is_sent_to_a_colleague(
    browser_as: BrowserAs, house: House
) -> None:
    with house.services.transaction() as work:
        work.register.save_channel(a_channel(is_official=True))
    posting = start_post(
        browser_as(Role.COMMUNICATIONS), house, caption="A windy day", school="lincoln"
    )
    assert posting.act("clear").status_code == 200
    assert posting.state()["wants_colleague"] is True

    refused = posting.browser.get(posting.state()["clearance"]["package_url"])

    assert refused.status_code == 403
    assert "once a colleague has cleared it" in refused.get_data(as_text=True)
