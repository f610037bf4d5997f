"""Tests of mediacheck/cli/serve.py: the address that links and passkeys are made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediacheck.cli.serve import settings_at


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
