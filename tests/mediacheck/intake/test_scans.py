"""A scan is a picture or a whole PDF, told by its bytes, and every refusal says what to do."""

from __future__ import annotations

import pytest

from mediacheck.errors import IntakeError
from mediacheck.intake.errors import OtherKind, TooSlow, TypeNotTaken
from mediacheck.intake.limits import MAX_FILE_BYTES
from mediacheck.intake.scans import (
    IncompleteScan,
    NoScan,
    ScanNotTaken,
    ScanTooLarge,
    as_scan_refusal,
    is_pdf,
    require_fit_size,
)

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def test_a_pdf_is_told_by_its_first_bytes() -> None:
    assert is_pdf(PDF)
    assert not is_pdf(b"\xff\xd8\xff\xe0")
    assert not is_pdf(b"MZ%PDF-1.7 %%EOF")


def test_half_a_pdf_is_refused() -> None:
    with pytest.raises(IncompleteScan):
        is_pdf(PDF[:30])


@pytest.mark.parametrize(
    ("data", "refusal"), [(b"", NoScan), (b"x" * (MAX_FILE_BYTES + 1), ScanTooLarge)]
)
def test_nothing_and_too_much_are_refused(data: bytes, refusal: type[IntakeError]) -> None:
    with pytest.raises(refusal):
        require_fit_size(data)


def test_the_largest_file_is_taken() -> None:
    require_fit_size(b"x" * MAX_FILE_BYTES)


def test_another_kind_of_file_is_refused_in_the_words_of_a_scan() -> None:
    slow = TooSlow()

    assert isinstance(as_scan_refusal(TypeNotTaken(OtherKind.ARCHIVE)), ScanNotTaken)
    assert as_scan_refusal(slow) is slow
