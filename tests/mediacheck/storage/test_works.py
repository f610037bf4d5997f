"""Words on student work in the real tables: the last one counts, and none goes away."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DatabaseError

from mediacheck.model.post import MediaId
from mediacheck.model.works import Credit, KnownWork, WorkWord
from mediacheck.ports.services import Work
from release_db.engine import open_engine
from release_db.words import NameForm
from tests.conftest import House
from tests.factories import a_media, a_post, a_work_word

PRINTS = ("0123456789abcdef", "fedcba9876543210")


@pytest.fixture
def shown(house: House) -> House:
    """A post with two pictures."""
    with house.services.transaction() as work:
        work.posts.add(a_post())
        for media_id in ("m1", "m2"):
            work.posts.add_media(a_post().post_id, a_media(media_id))
    return house


def say(work: Work, word: WorkWord, prints: tuple[str, ...] = PRINTS) -> None:
    work.works.say(a_post().post_id, word, prints)


def test_the_last_word_on_each_picture_counts(shown: House) -> None:
    last = a_work_word(students=["S1"], name_form=NameForm.FIRST, others=["S2"])

    with shown.services.transaction() as work:
        say(work, a_work_word(credit=Credit.UNSAID))
        say(work, last)
        say(work, a_work_word(media_id="m2", credit=Credit.UNNAMED))

    with shown.services.transaction() as work:
        words = work.works.of_post(a_post().post_id)
        assert words[MediaId("m1")] == last
        assert words[MediaId("m2")].credit is Credit.UNNAMED


def test_a_work_is_known_by_the_prints_of_its_last_word(shown: House) -> None:
    with shown.services.transaction() as work:
        say(work, a_work_word(students=["S1"]))
        say(work, a_work_word(media_id="m2", credit=Credit.UNNAMED), prints=())
        assert work.works.known() == (KnownWork(media_id=MediaId("m1"), prints=PRINTS),)

        say(work, a_work_word(credit=Credit.NO_WORK), prints=())
        assert work.works.known() == ()


def test_the_last_word_on_a_picture_of_any_post_is_found(shown: House) -> None:
    last = a_work_word(students=["S2"])

    with shown.services.transaction() as work:
        say(work, a_work_word(students=["S1"]))
        say(work, last)
        assert work.works.word_or_none(MediaId("m1")) == last
        assert work.works.word_or_none(MediaId("m2")) is None


@pytest.mark.parametrize("act", ["UPDATE work_words SET word = ''", "DELETE FROM work_words"])
def test_a_word_cannot_be_changed_or_removed(shown: House, act: str) -> None:
    with shown.services.transaction() as work:
        say(work, a_work_word())
    engine = open_engine(shown.services.settings.database_url)

    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.exec_driver_sql(act)
    engine.dispose()
