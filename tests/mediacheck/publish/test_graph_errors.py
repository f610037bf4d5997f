"""What Meta's errors mean: its limits come with the same status as its refusals."""

from __future__ import annotations

import json

import pytest

from mediacheck.errors import ConnectorError, Retry
from mediacheck.publish.connectors.graph.access import require_right
from mediacheck.wire import BUSY, Answer
from tests.contracts.accounts import some_content
from tests.contracts.accounts_vendors import facebook_account


def an_error(status: int, code: int) -> Answer:
    body = json.dumps({"error": {"code": code, "message": "Maya at the fair"}}).encode()
    return Answer(status=status, body=body, headers={})


@pytest.mark.parametrize("status", [400, 403, 429])
@pytest.mark.parametrize("code", [4, 17, 32, 613])
def test_a_limit_is_waited_for_and_the_account_is_well(status: int, code: int) -> None:
    with pytest.raises(ConnectorError) as caught:
        require_right(an_error(status, code))

    assert (caught.value.retry, caught.value.code) == (Retry.LATER, BUSY)
    assert caught.value.after_s >= 60
    assert not caught.value.is_account_trouble
    assert "Maya" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("code", [10, 190, 200])
def test_a_token_or_a_right_that_is_gone_is_the_account_s_trouble(status: int, code: int) -> None:
    with pytest.raises(ConnectorError) as caught:
        require_right(an_error(status, code))

    assert caught.value.retry is Retry.NEVER
    assert caught.value.is_account_trouble


@pytest.mark.parametrize("status", [400, 500, 503])
def test_a_fault_of_its_own_may_have_done_it(status: int) -> None:
    with pytest.raises(ConnectorError) as caught:
        require_right(an_error(status, 2))

    assert caught.value.retry is Retry.LOOK


def test_a_post_that_the_token_may_not_see_any_more_is_not_gone() -> None:
    with facebook_account() as page:
        posted = page.connector.publish(some_content(0), (), "key-1")
        page.server.hides_posts = True  # type: ignore[attr-defined]  # of this platform's server.

        assert not page.connector.is_gone(posted)

        page.server.posts.clear()  # type: ignore[attr-defined]  # of this platform's server.
        assert page.connector.is_gone(posted)
