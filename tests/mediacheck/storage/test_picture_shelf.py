"""A picture on the shelf is seen by whoever knows its address, for minutes, and by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mediacheck.errors import ConnectorError, Retry
from mediacheck.storage.picture_shelf import SHELF_LIFE, FolderShelf
from tests.fakes import FixedClock


@pytest.fixture
def shelf(tmp_path: Path) -> FolderShelf:
    return FolderShelf(
        folder=tmp_path / "shelf", base_url="https://media.district.example", clock=FixedClock()
    )


def token_of(address: str) -> str:
    return address.rsplit("/", 1)[-1].removesuffix(".jpg")


def test_whoever_knows_the_address_gets_the_bytes(shelf: FolderShelf) -> None:
    first, second = shelf.show(b"one"), shelf.show(b"two")

    assert first.startswith("https://media.district.example/shelf/")
    assert shelf.fetch_or_none(token_of(first)) == b"one"
    assert shelf.fetch_or_none(token_of(second)) == b"two"
    assert len(token_of(first)) == 43


def test_it_ends_by_itself_and_the_next_one_sweeps_it_away(shelf: FolderShelf) -> None:
    address = shelf.show(b"one")
    assert isinstance(shelf.clock, FixedClock)

    shelf.clock.move(SHELF_LIFE - timedelta(seconds=1))
    assert shelf.fetch_or_none(token_of(address)) == b"one"
    shelf.clock.move(timedelta(seconds=1))
    assert shelf.fetch_or_none(token_of(address)) is None
    shelf.show(b"two")
    assert len(list(shelf.folder.iterdir())) == 1


def test_what_was_taken_away_is_gone(shelf: FolderShelf) -> None:
    address = shelf.show(b"one")

    for _ in range(2):
        shelf.take_away(address)
    shelf.take_away("https://elsewhere.example/../../keys/publisher.key")

    assert shelf.fetch_or_none(token_of(address)) is None
    assert list(shelf.folder.iterdir()) == []


@pytest.mark.parametrize("token", ["", "a" * 43, "../" * 14 + "a", "a" * 42 + "/", "é" * 43])
def test_no_other_address_opens_anything(shelf: FolderShelf, token: str) -> None:
    shelf.show(b"one")

    assert shelf.fetch_or_none(token) is None


def test_neither_address_nor_its_secret_lies_on_the_disk(shelf: FolderShelf) -> None:
    address = shelf.show(b"one")
    (path,) = shelf.folder.iterdir()

    assert token_of(address) not in path.name
    assert token_of(address).encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_an_installation_that_nobody_reaches_shows_nothing(shelf: FolderShelf) -> None:
    hidden = replace(shelf, base_url="http://localhost:8000")

    with pytest.raises(ConnectorError, match="MEDIACHECK_URL") as caught:
        hidden.show(b"one")
    assert caught.value.retry is Retry.NEVER
    assert not shelf.folder.exists()
