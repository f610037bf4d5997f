"""One caged decoder for all tests of the stage, as one process of the tool holds one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mediacheck.intake.cage import CagedDecoder


@pytest.fixture(scope="session")
def decoder() -> Iterator[CagedDecoder]:
    """A decoder with its zygote, started on first use."""
    with CagedDecoder(at_once=1) as decoder:
        yield decoder
