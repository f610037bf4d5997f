"""The small files beside photos are refused with a reason when they are dropped on a post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mediacheck.flow.check import check_media
from mediacheck.intake.cage import CagedDecoder
from mediacheck.model.people import Role
from tests.conftest import House
from tests.mediacheck.intake.sidecars import REASON, SIDECARS
from tests.web.conftest import BrowserAs
from tests.web.posting import start_post


@pytest.fixture
def caged(house: House) -> Iterator[House]:
    """The house with the real cage, in which every upload is decoded."""
    with CagedDecoder() as decoder:
        services = replace(house.services, decoder=lambda: decoder)
        house.jobs.check = lambda media_id: check_media(services, media_id)
        yield house


def test_sidecars_are_refused_with_a_reason(caged: House, browser_as: BrowserAs) -> None:
    posting = start_post(browser_as(Role.TEACHER), caged, caption="Space week.")

    for file_name, words in SIDECARS.items():
        media = posting.add_checked(file_name, words.encode())

        assert (media["state"], media["refused"]) == ("refused", REASON)
        assert (media["picture_url"], media["status"]) == (None, "blocked")

    state = posting.state()
    assert state["outcome"] == "blocked"
    assert "Theodora" not in posting.page().get_data(as_text=True)
