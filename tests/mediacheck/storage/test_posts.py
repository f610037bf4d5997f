"""Posts are kept as they are, and found as they were kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from mediacheck.errors import NotFound, Outdated
from mediacheck.model.finding import FaceMark, FindingId
from mediacheck.model.post import (
    Cover,
    CoverStyle,
    Media,
    MediaId,
    MediaState,
    MetadataText,
    PictureNeeds,
    PixelHash,
    PostId,
    Refusal,
    Rendition,
)
from mediacheck.model.resolution import (
    Candidate,
    Identified,
    ModelMatch,
    Nobody,
    NotAStudent,
    OtherPerson,
    Resolution,
    RosterMatch,
    Suggested,
    Unresolved,
)
from mediacheck.model.review import ReviewAct, ReviewNote
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome
from mediacheck.ports.engines import TextLine
from mediacheck.ports.posts import Seen
from mediacheck.storage.base import Base
from mediacheck.storage.posts import SqlPosts
from release_db.words import ChannelKey, SchoolKey, StudentId
from tests.factories import AUTHOR, NOW, a_box, a_face, a_media, a_post


@pytest.fixture
def posts() -> Iterator[SqlPosts]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        kept = SqlPosts(session)
        kept.add(a_post())
        yield kept
    engine.dispose()


P1 = PostId("p1")
M1 = MediaId("m1")
WAITING = a_media(state=MediaState.WAITING)


def full_media() -> Media:
    cover = Cover(
        box=a_box(), style=CoverStyle.BLUR, by=AUTHOR, finding="f1", students=(StudentId("S1"),)
    )
    return replace(
        a_media(),
        picture_key="a" * 64,
        original_key="b" * 64,
        covers=(cover,),
        metadata=(MetadataText(tag="XMP", text="Maya", is_person=True, box=a_box()),),
        notices=("This file held one more picture.",),
        rendition=Rendition(
            needs=PictureNeeds(side_px=1440, size_bytes=8_000_000, narrowest=0.8, widest=1.91),
            key="c" * 64,
            pixels_sha256=PixelHash("d" * 64),
            width_px=1440,
            height_px=1080,
        ),
    )


def test_a_picture_comes_back_as_it_was_kept(posts: SqlPosts) -> None:
    posts.add_media(P1, full_media())

    post = posts.post_or_none(P1)
    assert post is not None
    assert post == replace(a_post(), media=(full_media(),))


def test_what_goes_out_is_kept_and_touches_nothing_else(posts: SqlPosts) -> None:
    posts.add_media(P1, full_media())
    refused = Rendition(needs=PictureNeeds(side_px=9), refused=Refusal(code="c", message="m"))

    for rendition in (refused, None):
        posts.keep_rendition(M1, rendition)
        post = posts.post_of_media_or_none(M1)
        assert post is not None
        assert post.media == (replace(full_media(), rendition=rendition),)
    assert posts.post_of_media_or_none(MediaId("m9")) is None


def test_words_are_saved_once_a_version(posts: SqlPosts) -> None:
    saved = posts.save(replace(a_post(), caption="New words"))

    assert saved.version == 2
    with pytest.raises(Outdated):
        posts.save(a_post(caption="Words from another window"))
    assert posts.post_or_none(P1) == saved


def test_a_waiting_picture_is_claimed_once(posts: SqlPosts) -> None:
    posts.add_media(P1, WAITING)

    claimed = posts.claim_media(M1, NOW)

    assert claimed is not None
    assert claimed[0] == P1
    assert claimed[1].state is MediaState.CHECKING
    assert claimed[2] == 1
    assert posts.claim_media(M1, NOW) is None


def test_a_lost_check_is_found_and_counted(posts: SqlPosts) -> None:
    posts.add_media(P1, WAITING)
    posts.claim_media(M1, NOW)

    assert posts.waiting_media(NOW - timedelta(minutes=1)) == ()
    assert posts.waiting_media(NOW + timedelta(minutes=1)) == (M1,)
    again = posts.claim_media(M1, NOW)
    assert again is not None
    assert again[2] == 2


def test_a_picture_put_back_to_waiting_starts_its_attempts_anew(posts: SqlPosts) -> None:
    posts.add_media(P1, WAITING)
    posts.claim_media(M1, NOW)

    posts.save_media(WAITING)

    claimed = posts.claim_media(M1, NOW)
    assert claimed is not None
    assert claimed[2] == 1


def test_a_picture_taken_out_is_neither_shown_nor_checked(posts: SqlPosts) -> None:
    posts.add_media(P1, WAITING)

    posts.drop_media(M1)

    assert posts.post_or_none(P1) == a_post()
    assert posts.claim_media(M1, NOW) is None
    assert posts.waiting_media(NOW) == ()


def test_a_refusal_keeps_its_words(posts: SqlPosts) -> None:
    posts.add_media(P1, WAITING)
    refused = Refusal(code="truncated", message="This photo is cut off.")

    posts.set_media_state(M1, MediaState.REFUSED, refused)

    post = posts.post_or_none(P1)
    assert post is not None
    assert post.media[0].refused == refused


def test_a_description_changes_nothing_else(posts: SqlPosts) -> None:
    posts.add_media(P1, full_media())

    posts.set_alt_text(M1, "A kite")

    post = posts.post_or_none(P1)
    assert post is not None
    assert post.media == (replace(full_media(), alt_text="A kite"),)


def test_an_upload_is_awaited_until_it_is_decoded(posts: SqlPosts) -> None:
    posts.add_media(P1, WAITING)
    assert posts.is_upload_awaited(WAITING.sha256)

    posts.save_media(full_media())
    assert not posts.is_upload_awaited(WAITING.sha256)


def test_what_was_seen_comes_back(posts: SqlPosts) -> None:
    posts.add_media(P1, a_media())
    candidate = Candidate(student_id=StudentId("S1"), distance=0.25, margin=0.125)
    seen = Seen(
        faces=(a_face(marks=[FaceMark.TURNED]),),
        matches={FindingId("f1"): Suggested(candidates=(candidate,))},
        lines=(
            TextLine(text="Maya", box=a_box(), score=0.5, readings=("eyaM",), odds=(b"\x00\xff",)),
        ),
    )

    posts.keep_seen(M1, Seen())
    posts.keep_seen(M1, seen)

    assert posts.seen(P1) == {M1: seen}


@pytest.mark.parametrize(
    "resolution",
    [
        Identified(students=(StudentId("S1"),), by=AUTHOR),
        Identified(students=(StudentId("S1"),), by=RosterMatch()),
        Identified(students=(), by=ModelMatch(model="m", distance=0.25, margin=0.5)),
        NotAStudent(kind=OtherPerson.STAFF, by=AUTHOR),
        Nobody(by=AUTHOR),
        Unresolved(),
    ],
)
def test_the_last_word_on_a_finding_counts(posts: SqlPosts, resolution: Resolution) -> None:
    posts.resolve(P1, FindingId("f1"), Unresolved(), NOW)
    posts.resolve(P1, FindingId("f1"), resolution, NOW)

    assert posts.resolutions(P1) == {FindingId("f1"): resolution}


def test_lists_hold_the_posts_of_the_schools_asked_for(posts: SqlPosts) -> None:
    posts.add(replace(a_post(), post_id=PostId("p2"), school=SchoolKey("roosevelt")))
    posts.keep_outcome(P1, Outcome.BLOCKED)

    listed = posts.posts(schools=[SchoolKey("lincoln")])

    assert [(one.post.post_id, one.outcome) for one in listed] == [("p1", Outcome.BLOCKED)]
    assert len(posts.posts(schools=None)) == 2


def test_notes_and_clearances_are_kept_in_order(posts: SqlPosts) -> None:
    note = ReviewNote(act=ReviewAct.SENT_BACK, by=AUTHOR, at=NOW, words="Cover the left one.")
    first = Clearance(
        clearance_id=ClearanceId("c1"),
        post_id=P1,
        channel=ChannelKey("lincoln-instagram"),
        pixels=(),
        words_sha256="w",
        register_state="r",
        rests_on=(),
        cleared_at=NOW,
        good_until=NOW + timedelta(hours=24),
    )
    second = replace(first, clearance_id=ClearanceId("c2"))

    posts.add_note(P1, note)
    posts.add_clearance(first)
    posts.add_clearance(second)

    assert posts.notes(P1) == (note,)
    assert posts.latest_clearance_or_none(P1) == second
    assert posts.clearance_or_none(ClearanceId("c1")) == first


def test_what_is_not_there_is_not_found(posts: SqlPosts) -> None:
    assert posts.post_or_none(PostId("p9")) is None
    assert posts.latest_clearance_or_none(PostId("p9")) is None
    with pytest.raises(NotFound):
        posts.set_alt_text(MediaId("m9"), "A kite")
