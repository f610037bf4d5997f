"""A clearance names exactly what may go, and breaks when any of it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.decision.clearance import give_clearance, renew_clearance, require_clearance
from mediacheck.errors import NotCleared
from mediacheck.model.post import PictureNeeds, PixelHash, Post, PostId, Refusal, Rendition
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome, Verdict
from release_db.words import ChannelKey
from tests.factories import NOW, a_media, a_post

CLEARED = Verdict(outcome=Outcome.CLEARED, good_until=NOW + timedelta(hours=24))
POST = a_post(media=[a_media()])


def a_clearance(
    post: Post = POST, verdict: Verdict = CLEARED, files: tuple[str, ...] = ("f" * 64,)
) -> Clearance:
    return give_clearance(
        post,
        verdict,
        clearance_id=ClearanceId("c1"),
        files=files,
        register_state="state",
        now=NOW,
    )


def require(
    clearance: Clearance | None, post: Post = POST, verdict: Verdict = CLEARED, **at: object
) -> Clearance:
    state = str(at.get("state", "state"))
    hours = at.get("hours", 1)
    assert isinstance(hours, int)
    return require_clearance(
        clearance, post, verdict, register_state=state, now=NOW + timedelta(hours=hours)
    )


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.NEEDS_REVIEW])
def test_only_a_cleared_verdict_gives_a_clearance(outcome: Outcome) -> None:
    verdict = replace(CLEARED, outcome=outcome)

    with pytest.raises(NotCleared):
        a_clearance(verdict=verdict)


def test_a_picture_without_pixels_gives_no_clearance() -> None:
    post = a_post(media=[replace(a_media(), pixels_sha256=None)])

    with pytest.raises(NotCleared):
        a_clearance(post)


@pytest.mark.parametrize("files", [(), ("f", "f")])
def test_each_picture_has_a_file_that_the_clearance_names(files: tuple[str, ...]) -> None:
    with pytest.raises(NotCleared):
        a_clearance(files=files)
    assert a_clearance().files == ("f" * 64,)


def test_a_clearance_names_the_pixels_of_the_rendition() -> None:
    smaller = Rendition(needs=PictureNeeds(side_px=320), pixels_sha256=PixelHash("3" * 64))
    post = a_post(media=[replace(a_media(), rendition=smaller)])

    assert a_clearance(post).pixels == (smaller.pixels_sha256,)
    with pytest.raises(NotCleared, match="pictures"):
        require(a_clearance(), post)


def test_a_picture_whose_rendition_could_not_be_made_gives_no_clearance() -> None:
    refused = Rendition(needs=PictureNeeds(side_px=320), refused=Refusal(code="c", message="m"))

    with pytest.raises(NotCleared):
        a_clearance(a_post(media=[replace(a_media(), rendition=refused)]))


def test_a_clearance_holds_while_nothing_changes() -> None:
    clearance = a_clearance()

    assert require(clearance) == clearance


def test_no_clearance_is_no_clearance() -> None:
    with pytest.raises(NotCleared):
        require(None)


@pytest.mark.parametrize(
    ("post", "word"),
    [
        (replace(POST, caption="Other words"), "words"),
        (replace(POST, media=(replace(a_media(), alt_text="Other words"),)), "words"),
        (replace(POST, channel=ChannelKey("district-instagram")), "channel"),
        (replace(POST, media=(replace(a_media(), pixels_sha256=PixelHash("2" * 64)),)), "pictures"),
        (replace(POST, media=(a_media(), a_media("m2"))), "pictures"),
        (replace(POST, post_id=PostId("p2")), "not cleared"),
    ],
)
def test_any_edit_breaks_it_and_says_which(post: Post, word: str) -> None:
    with pytest.raises(NotCleared, match=word):
        require(a_clearance(), post)


def test_it_runs_out() -> None:
    with pytest.raises(NotCleared, match="run out"):
        require(a_clearance(), hours=24)


def test_a_clock_that_went_back_does_not_revive_it() -> None:
    with pytest.raises(NotCleared, match="run out"):
        require(a_clearance(), hours=-1)


def test_a_changed_register_breaks_it() -> None:
    with pytest.raises(NotCleared, match="records changed"):
        require(a_clearance(), state="another")


def test_a_verdict_that_is_no_longer_cleared_breaks_it() -> None:
    with pytest.raises(NotCleared, match="cannot go out"):
        require(a_clearance(), verdict=replace(CLEARED, outcome=Outcome.BLOCKED))


def renew(verdict: Verdict = CLEARED, post: Post = POST, state: str = "state") -> Clearance:
    return renew_clearance(
        a_clearance(),
        post,
        verdict,
        clearance_id=ClearanceId("c2"),
        files=("f" * 64,),
        register_state=state,
        now=NOW + timedelta(days=5),
    )


def test_a_clearance_that_only_ran_out_is_renewed_for_exactly_the_same() -> None:
    later = replace(CLEARED, good_until=NOW + timedelta(days=6))

    renewed = renew(later)

    before = a_clearance()
    assert renewed.cleared_at == NOW + timedelta(days=5)
    assert renewed.good_until == NOW + timedelta(days=6)
    same = (before.pixels, before.words_sha256, before.channel, before.register_state)
    assert (renewed.pixels, renewed.words_sha256, renewed.channel, renewed.register_state) == same


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.NEEDS_REVIEW])
def test_what_is_not_cleared_any_more_is_not_renewed(outcome: Outcome) -> None:
    with pytest.raises(NotCleared):
        renew(replace(CLEARED, outcome=outcome))


@pytest.mark.parametrize(
    "post",
    [
        replace(POST, caption="Other words"),
        replace(POST, channel=ChannelKey("elsewhere")),
        replace(POST, post_id=PostId("p2")),
        replace(POST, media=(replace(a_media(), pixels_sha256=PixelHash("2" * 64)),)),
    ],
)
def test_another_post_is_not_renewed(post: Post) -> None:
    with pytest.raises(NotCleared):
        renew(post=post)


def test_another_state_of_the_register_is_not_renewed() -> None:
    with pytest.raises(NotCleared):
        renew(state="another")
