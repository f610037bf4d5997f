"""Scans of signed papers: a picture, read in the cage like any other, or a PDF, kept unopened."""

from __future__ import annotations

import re

from mediacheck.errors import IntakeError
from mediacheck.intake.errors import OtherKind, TypeNotTaken
from mediacheck.intake.limits import MAX_FILE_BYTES

_PDF = re.compile(rb"%PDF-\d\.\d")
#: A PDF says within this many bytes of its end that this is its end.
_END_WITHIN = 2048


class NoScan(IntakeError):
    """There is no file, or nothing in it."""

    code = "empty"
    message = "Choose the scan of the signed form: a picture or a PDF."


class ScanTooLarge(IntakeError):
    """The scan has more than ``MAX_FILE_BYTES``."""

    code = "too-many-bytes"
    message = "This scan is larger than 25 MB. Scan the form in grey, or as one page."


class ScanNotTaken(IntakeError):
    """The file is neither a picture nor a PDF, whatever its name says."""

    code = "type"
    message = "This is neither a picture nor a PDF. Scan the form as a JPEG, PNG, HEIC or PDF."


class IncompleteScan(IntakeError):
    """The PDF ends too early."""

    code = "incomplete"
    message = "This PDF is cut off: its end is missing. Scan the form again, or copy it again."


def require_fit_size(data: bytes) -> None:
    """Raises ``NoScan`` or ``ScanTooLarge``."""
    if not data:
        raise NoScan
    if len(data) > MAX_FILE_BYTES:
        raise ScanTooLarge


def is_pdf(data: bytes) -> bool:
    """Whether the file is a PDF, by its first bytes and never by its name.

    Raises:
        IncompleteScan: it begins like one and has no end.
    """
    if not _PDF.match(data):
        return False
    if b"%%EOF" not in data[-_END_WITHIN:]:
        raise IncompleteScan
    return True


def as_scan_refusal(refused: IntakeError) -> IntakeError:
    """The refusal of a picture in the words of somebody who scans a form."""
    is_other = isinstance(refused, TypeNotTaken) and refused.kind is not OtherKind.SIDECAR
    return ScanNotTaken() if is_other else refused
