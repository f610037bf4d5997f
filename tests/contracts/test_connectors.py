"""What every connector promises, on a real server that fails on request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from mediacheck import wire
from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Posted
from mediacheck.ports.publishing import HealthReader, TimelineReader
from mediacheck.publish.content import require_fit
from tests.contracts.accounts import (
    ACCOUNTS,
    PlatformAccount,
    Step,
    a_moment_ago,
    some_content,
    status_of,
)
from tests.contracts.accounts_vendors import VENDORS
from tests.servers.strict import Fault

#: Done or not, nobody can tell by the answer: the next step is to look.
LOSES = (
    Fault.LOST_BEFORE,
    Fault.LOST_AFTER,
    Fault.ERROR_BEFORE,
    Fault.ERROR_AFTER,
    Fault.REDIRECT,
    Fault.TRUNCATED,
    Fault.WRONG_ANSWER,
    Fault.ANOTHER_ACCOUNT,
    Fault.ENDLESS,
    Fault.SLOW,
)
IS_DONE = {
    Fault.LOST_AFTER,
    Fault.ERROR_AFTER,
    Fault.TRUNCATED,
    Fault.WRONG_ANSWER,
    Fault.ANOTHER_ACCOUNT,
    Fault.ENDLESS,
    Fault.SLOW,
}


EVERY = {**ACCOUNTS, **VENDORS}
BY_HAND = "hand-off"
_NO_ANSWER = "it asks no server, so that no answer can be lost, refused, late or wrong"
_NOT_PUBLIC = "it makes nothing public: what a person posts, the tool does not see"
#: The ends that the sealed hand-off does not have, and why; ``test_hand_off.py`` has its own.
NOT_BY_HAND = {
    "test_what_was_cleared_is_what_the_public_sees": _NOT_PUBLIC,
    "test_a_post_that_came_out_differently_is_noticed": _NOT_PUBLIC,
    "test_a_repeated_key_gives_the_same_post": _NOT_PUBLIC,
    "test_words_without_a_picture_are_found_again": _NOT_PUBLIC,
    "test_a_timeline_tells_of_what_the_account_posted_itself": _NOT_PUBLIC,
    "test_an_address_is_taken_only_of_an_own_post": _NOT_PUBLIC,
    "test_the_page_and_each_picture_are_gone_after_a_takedown": "a person takes it down",
    "test_a_picture_that_stays_is_no_proof": "a person takes it down",
    "test_a_page_in_the_place_of_the_post_is_no_proof": "a person takes it down",
    "test_a_picture_that_is_still_processed_is_waited_for": "it uploads nothing",
    "test_a_picture_that_fails_leaves_no_other_behind": "it uploads nothing",
    "test_a_lost_answer_is_looked_for_and_never_repeated_blindly": _NO_ANSWER,
    "test_what_fails_once_it_is_out_is_looked_for_and_never_sent_again": _NO_ANSWER,
    "test_a_refusal_publishes_nothing_and_says_what_may_follow": _NO_ANSWER,
    "test_a_server_that_is_away_has_heard_nothing": _NO_ANSWER,
    "test_a_look_that_fails_says_nothing_of_what_is_there": _NO_ANSWER,
    "test_an_answer_of_any_shape_ends_as_a_connector_error": _NO_ANSWER,
    "test_a_token_that_ends_opens_nothing": "it has no token",
    "test_neither_words_nor_token_stand_in_what_is_printed": "it has no token",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test for every connector, but for what the table above says and why."""
    if "account" in metafunc.fixturenames:
        name = metafunc.function.__name__
        keys = [key for key in EVERY if key != BY_HAND or name not in NOT_BY_HAND]
        metafunc.parametrize("account", keys, indirect=True)


@pytest.fixture
def account(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PlatformAccount]:
    monkeypatch.setattr(wire, "DEADLINE_S", 1.5)
    with EVERY[request.param]() as held:
        yield held


def publish(account: PlatformAccount, pictures: int = 2) -> Posted:
    content = some_content(pictures)
    parts = account.connector.prepare(content)
    return account.connector.publish(content, parts, "key-1")


def fault_of(account: PlatformAccount) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        publish(account)
    return caught.value


def test_the_account_says_who_it_is(account: PlatformAccount) -> None:
    assert account.connector.account().account_id == account.server.account


def test_the_limits_are_the_server_s_own_or_those_of_the_table(account: PlatformAccount) -> None:
    account.server.words_limit = 7

    limits = account.connector.limits()

    assert limits.words == (account.words_limit or 7)
    with pytest.raises(ConnectorError, match="Shorten") as caught:
        require_fit(some_content(words="x" * (limits.words + 1)), limits)
    assert caught.value.retry is Retry.NEVER


@pytest.mark.parametrize("pictures", [0, 1, 4])
def test_what_was_cleared_is_what_the_public_sees(account: PlatformAccount, pictures: int) -> None:
    if not pictures and not account.takes_words_alone:
        pytest.skip("this platform takes no post without a picture: the test below")
    content = some_content(pictures)
    posted = account.connector.publish(content, account.connector.prepare(content), "key-1")

    assert account.connector.verify(posted, content)
    (shown,) = account.shown()
    assert shown.words == content.words
    assert shown.pictures == tuple((one.jpeg, one.alt_text) for one in content.pictures)
    assert account.server.unknown == []


def test_a_platform_that_wants_a_picture_says_so(account: PlatformAccount) -> None:
    limits = account.connector.limits()

    assert bool(limits.least_pictures) is not account.takes_words_alone
    if account.takes_words_alone:
        require_fit(some_content(0), limits)
        return
    for act in (
        lambda: require_fit(some_content(0), limits),
        lambda: account.connector.prepare(some_content(0)),
    ):
        with pytest.raises(ConnectorError) as caught:
            act()
        assert caught.value.retry is Retry.NEVER


def test_nothing_is_public_before_it_is_published(account: PlatformAccount) -> None:
    account.connector.prepare(some_content())

    assert account.shown() == []


def test_a_picture_that_is_still_processed_is_waited_for(account: PlatformAccount) -> None:
    account.server.polls = 2

    assert publish(account).pictures


def test_a_repeated_key_gives_the_same_post(account: PlatformAccount) -> None:
    content = some_content()
    parts = account.connector.prepare(content)

    first = account.connector.publish(content, parts, "key-1")
    assert len(account.shown()) == 1
    if not account.connector.key_life:
        pytest.skip("this platform knows no keys, so that nothing is ever sent to it twice")
    assert account.connector.publish(content, parts, "key-1") == first
    assert len(account.shown()) == 1


@pytest.mark.parametrize("fault", LOSES)
def test_a_lost_answer_is_looked_for_and_never_repeated_blindly(
    account: PlatformAccount, fault: Fault
) -> None:
    content, since = some_content(), a_moment_ago()
    parts = account.connector.prepare(content)
    account.fail_next(Step.PUBLISH, fault)

    with pytest.raises(ConnectorError) as caught:
        account.connector.publish(content, parts, "key-1")

    assert caught.value.retry is Retry.LOOK
    found = account.connector.find_or_none(content.words, parts, since)
    assert (found is not None) == (fault in IS_DONE)
    assert len(account.shown()) == int(fault in IS_DONE)


@pytest.mark.parametrize(
    "fault", [Fault.BUSY, Fault.UNAUTHORIZED, Fault.UNPROCESSABLE, Fault.LOST_BEFORE]
)
def test_what_fails_once_it_is_out_is_looked_for_and_never_sent_again(
    account: PlatformAccount, fault: Fault
) -> None:
    content, since = some_content(), a_moment_ago()
    parts = account.connector.prepare(content)

    def fail_what_follows(heard: str) -> None:
        if account.is_step(Step.PUBLISH, heard):
            account.server.fail_next("GET", ".*", fault)

    account.server.rush = fail_what_follows
    retry = Retry.LOOK
    try:
        account.connector.publish(content, parts, "key-1")
    except ConnectorError as error:
        retry = error.retry

    assert retry is Retry.LOOK
    account.server.faults.clear()
    assert account.connector.find_or_none(content.words, parts, since) is not None
    assert len(account.shown()) == 1


@pytest.mark.parametrize(
    ("fault", "retry"),
    [
        (Fault.BUSY, Retry.LATER),
        (Fault.UNAUTHORIZED, Retry.NEVER),
        (Fault.UNPROCESSABLE, Retry.NEVER),
    ],
)
def test_a_refusal_publishes_nothing_and_says_what_may_follow(
    account: PlatformAccount, fault: Fault, retry: Retry
) -> None:
    account.fail_next(Step.PUBLISH, fault)

    error = fault_of(account)

    assert error.retry is retry
    assert error.is_account_trouble is (fault is Fault.UNAUTHORIZED)
    assert error.after_s == (120 if fault is Fault.BUSY else 0)
    assert account.shown() == []


def test_a_server_that_is_away_has_heard_nothing(account: PlatformAccount) -> None:
    with pytest.raises(ConnectorError) as caught:
        account.elsewhere.prepare(some_content())

    assert (caught.value.retry, caught.value.code) == (Retry.LATER, "unreachable")


@pytest.mark.parametrize(
    "fault", [Fault.ERROR_BEFORE, Fault.UNPROCESSABLE, Fault.LOST_BEFORE, Fault.BUSY]
)
def test_a_picture_that_fails_leaves_no_other_behind(
    account: PlatformAccount, fault: Fault
) -> None:
    first = account.server.rush
    seen: list[str] = []

    def fail_the_third(heard: str) -> None:
        first(heard)
        seen.extend([heard] * account.is_step(Step.UPLOAD, heard))
        if len(seen) == 2 and not account.server.faults:
            account.fail_next(Step.UPLOAD, fault)

    account.server.rush = fail_the_third
    with pytest.raises(ConnectorError):
        publish(account, pictures=4)

    assert account.leftovers() == 0
    assert account.shown() == []


def test_words_without_a_picture_are_found_again(account: PlatformAccount) -> None:
    if not account.takes_words_alone:
        pytest.skip("this platform takes no post without a picture")
    content = some_content(0)
    parts = account.connector.prepare(content)
    posted = account.connector.publish(content, parts, "key-1")

    assert account.connector.find_or_none(content.words, parts, a_moment_ago()) == posted
    assert account.connector.find_or_none("Other words", (), a_moment_ago()) is None


def test_a_look_that_fails_says_nothing_of_what_is_there(account: PlatformAccount) -> None:
    parts = account.connector.prepare(some_content())
    account.fail_next(Step.LOOK, Fault.WRONG_ANSWER)

    with pytest.raises(ConnectorError):
        account.connector.find_or_none("words", parts, a_moment_ago())


#: Of what shape an answer's parts may be, whatever the platform describes.
_STRANGE: tuple[object, ...] = (None, "", 7, True, [], {}, "text", [None], ["x"], {"x": 1}, [[]])


def strange(held: object, chance: Random) -> object:
    """The same, but for one part of it that has another shape."""
    parts = list(held.items() if isinstance(held, dict) else ())
    parts = parts or list(enumerate(held) if isinstance(held, list) else ())
    if not parts or chance.random() < 0.2:
        return chance.choice(_STRANGE)
    key, part = chance.choice(parts)
    if isinstance(held, dict):
        return {**held, key: strange(part, chance)}
    return [strange(one, chance) if at == key else one for at, one in enumerate(held)]  # type: ignore[arg-type, var-annotated]  # a list.


def test_an_answer_of_any_shape_ends_as_a_connector_error(
    account: PlatformAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, connector = some_content(), account.connector
    chance = Random(4)  # noqa: S311 - the same answers every time.
    parts = connector.prepare(content)
    posted = connector.publish(content, parts, "key-1")
    real = wire.Answer

    def answer(*, status: int, body: bytes, headers: Mapping[str, str]) -> wire.Answer:
        with suppress(ValueError):
            body = json.dumps(strange(json.loads(body), chance)).encode()
        return real(status=status, body=body, headers=headers)

    monkeypatch.setattr(wire, "Answer", answer)
    calls: list[Callable[[], object]] = [
        connector.account,
        connector.limits,
        lambda: connector.publish(content, parts, "key-1"),
        lambda: connector.find_or_none(content.words, parts, a_moment_ago()),
        lambda: connector.verify(posted, content),
        lambda: connector.posted_at(posted.address),
        lambda: connector.is_gone(posted),
    ]
    if isinstance(connector, TimelineReader):
        calls.append(partial(connector.read_timeline, a_moment_ago(), most=10))
    if isinstance(connector, HealthReader):
        calls.append(connector.health)
    for call in calls * 6:
        with suppress(ConnectorError):
            call()
    for method in ("prepare", "publish", "find_or_none", "verify", "take_down", "is_gone"):
        assert hasattr(getattr(type(connector), method), "__wrapped__")


def test_a_post_that_came_out_differently_is_noticed(account: PlatformAccount) -> None:
    account.server.drops_last_picture = True
    posted = publish(account)

    assert not account.connector.verify(posted, some_content())


def test_a_timeline_tells_of_what_the_account_posted_itself(account: PlatformAccount) -> None:
    posted = publish(account)
    reader = account.connector
    if not isinstance(reader, TimelineReader):
        pytest.skip("this platform lets nobody read its timeline")

    (seen,) = reader.read_timeline(a_moment_ago(), most=10)

    content = some_content()
    assert (seen.reference, seen.address) == (posted.reference, posted.address)
    assert seen.words == content.words
    assert [one.alt_text for one in seen.pictures] == [one.alt_text for one in content.pictures]
    fetched = [reader.fetch_picture(one) for one in seen.pictures]
    assert fetched == [one.jpeg for one in content.pictures]
    assert "kites" not in f"{seen!r}"
    assert reader.read_timeline(a_moment_ago() + timedelta(hours=1), most=10) == ()
    assert reader.read_timeline(a_moment_ago(), most=0) == ()


def test_an_address_is_taken_only_of_an_own_post(account: PlatformAccount) -> None:
    posted = publish(account)

    assert account.connector.posted_at(posted.address) == posted
    for address in (
        "https://elsewhere.example/@lincoln/1001",
        f"{account.server.base}/@lincoln/1",
        "",
    ):
        with pytest.raises(ConnectorError):
            account.connector.posted_at(address)


def test_the_page_and_each_picture_are_gone_after_a_takedown(account: PlatformAccount) -> None:
    posted = publish(account)
    assert not account.connector.is_gone(posted)

    account.connector.take_down(posted)

    assert account.connector.is_gone(posted)
    assert {status_of(one) for one in (posted.address, *posted.pictures)} <= {400, 404}
    account.connector.take_down(posted)


def test_a_picture_that_stays_is_no_proof(account: PlatformAccount) -> None:
    account.server.keeps_pictures = True
    posted = publish(account)

    account.connector.take_down(posted)

    assert not account.connector.is_gone(posted)


@pytest.mark.parametrize("fault", [Fault.REDIRECT, Fault.ENDLESS])
def test_a_page_in_the_place_of_the_post_is_no_proof(
    account: PlatformAccount, fault: Fault
) -> None:
    posted = publish(account)
    account.connector.take_down(posted)
    account.fail_next(Step.PAGE, fault)

    assert not account.connector.is_gone(posted)


def test_a_token_that_ends_opens_nothing(account: PlatformAccount) -> None:
    account.connector.end()

    with pytest.raises(ConnectorError) as caught:
        account.connector.account()
    assert caught.value.is_account_trouble


def test_neither_words_nor_token_stand_in_what_is_printed(account: PlatformAccount) -> None:
    (token,) = account.server.tokens
    account.fail_next(Step.PUBLISH, Fault.UNPROCESSABLE)
    error = fault_of(account)

    printed = f"{account.connector!r} {some_content()!r} {error!r} {error}"
    assert token not in printed
    assert "kites" not in printed
    assert "Kite 1" not in printed


def test_what_is_left_out_by_hand_is_a_test_of_this_suite() -> None:
    assert set(NOT_BY_HAND) <= set(globals())
