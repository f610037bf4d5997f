"""Tests of mediacheck/findings/onnx_session.py, with the detector in RapidOCR's wheel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mediacheck.errors import EngineFault
from mediacheck.findings.onnx_session import open_session
from mediacheck.findings.text_rapidocr import _DETECTOR, _models

MIB = 1024 * 1024
PAGE_BYTES = 4096
STATM = Path("/proc/self/statm")


def resident_bytes() -> int:
    return int(STATM.read_text().split()[1]) * PAGE_BYTES


@pytest.mark.skipif(not STATM.exists(), reason="this system does not say how much is resident")
def test_the_memory_of_a_large_picture_is_given_back() -> None:
    session = open_session((_models() / _DETECTOR).read_bytes(), "the detector")
    small, large = (np.zeros((1, 3, side, side), np.float32) for side in (64, 1024))
    session.run(None, {"x": small})
    before = resident_bytes()

    (seen,) = session.run(None, {"x": large})

    assert seen.shape[-2:] == (1024, 1024)
    assert resident_bytes() - before < 100 * MIB


def test_what_is_no_network_is_a_fault_that_names_it() -> None:
    with pytest.raises(EngineFault, match="the detector could not be loaded"):
        open_session(b"no network", "the detector")
