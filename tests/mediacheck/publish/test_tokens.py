"""A token is sealed for the publishing process alone, for one channel and one account."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mediacheck.publish.tokens import PrivateOpener, PublicSealer, public_key_of
from mediacheck.settings import settings_from
from mediacheck.wiring.publishing import make_connectors, make_token_sealer
from mediacheck.wiring.services import open_services
from release_db.sealing import Unsealable

PRIVATE = os.urandom(32)
MINE = ("lincoln-web", "mastodon", "https://s.example", "1")


def sealed_for(*belongs_to: str) -> bytes:
    return PublicSealer(public_key_of(PRIVATE)).seal(b"the token", *belongs_to)


def test_the_publishing_process_opens_what_was_sealed_for_it() -> None:
    assert PrivateOpener(PRIVATE).open(sealed_for(*MINE), *MINE) == b"the token"


def test_two_seals_of_one_token_are_unlike() -> None:
    assert sealed_for(*MINE) != sealed_for(*MINE)


@pytest.mark.parametrize("place", range(4))
def test_it_opens_for_no_other_channel_server_or_account(place: int) -> None:
    other = tuple("another" if at == place else one for at, one in enumerate(MINE))

    with pytest.raises(Unsealable):
        PrivateOpener(PRIVATE).open(sealed_for(*MINE), *other)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Unsealable):
        PrivateOpener(os.urandom(32)).open(sealed_for(*MINE), *MINE)


@pytest.mark.parametrize("length", [0, 10, 32, 44, 60])
def test_a_destroyed_or_cut_off_token_opens_nothing(length: int) -> None:
    with pytest.raises(Unsealable):
        PrivateOpener(PRIVATE).open(sealed_for(*MINE)[:length], *MINE)


def test_who_seals_needs_no_private_key(tmp_path: Path) -> None:
    settings = settings_from({"MEDIACHECK_DATA": str(tmp_path)})
    make_token_sealer(settings)
    private = settings.keys_folder / "publisher.key"
    kept = private.read_bytes()
    private.unlink()

    sealed = make_token_sealer(settings).seal(b"the token", *MINE)

    assert not private.exists()
    assert PrivateOpener(kept).open(sealed, *MINE) == b"the token"


def test_the_keys_are_readable_by_this_user_only(tmp_path: Path) -> None:
    settings = settings_from({"MEDIACHECK_DATA": str(tmp_path)})
    make_connectors(open_services(settings))

    modes = {path.name: path.stat().st_mode & 0o077 for path in settings.keys_folder.iterdir()}
    assert {"publisher.key", "publisher.pub"} <= set(modes)
    assert set(modes.values()) == {0}
