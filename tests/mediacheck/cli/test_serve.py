"""Tests of mediacheck/cli/serve.py: the address that links are made for, and what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediacheck.cli.serve import settings_at
from tests.mediacheck.cli.conftest import Command


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", "http://localhost:8123"),
        ("https://media.lincoln.example/", "https://media.lincoln.example"),
    ],
)
def test_links_lead_to_the_port_that_is_served_unless_an_address_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, expected: str
) -> None:
    monkeypatch.setenv("MEDIACHECK_DATA", str(tmp_path))
    monkeypatch.setenv("MEDIACHECK_URL", said)

    assert settings_at(8123, None).base_url == expected


@pytest.mark.parametrize(
    ("switch", "address", "told"),
    [
        ("MEDIACHECK_JOBS", "redis://127.0.0.1:9/0", "does not answer: see MEDIACHECK_JOBS"),
        ("MEDIACHECK_JOBS", "amqp://127.0.0.1", "cannot be kept on amqp"),
        ("MEDIACHECK_DB", "mysql://h/d", 'pip install "mediacheck[postgres]"'),
    ],
)
def test_what_cannot_be_served_is_said_at_the_start(
    run: Command, monkeypatch: pytest.MonkeyPatch, switch: str, address: str, told: str
) -> None:
    monkeypatch.setenv(switch, address)

    ran = run("serve", "--port", 0)

    assert ran.code == 1
    assert told in ran.err
