"""The tests that need the browser and a server keep to one process; two at once fight for it."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("browser")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process only")
def test_a_group_of_tests_keeps_to_one_process(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@browser")
