"""Opens the engines, one of each a process. Each is imported when it is first wanted."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from mediacheck.ports.engines import (
    FaceFinder,
    NameMatcher,
    PictureDecoder,
    TemplateExtractor,
    TextReader,
)
from mediacheck.ports.register import Register


def use_one_thread() -> None:
    """Pictures run in parallel instead: the engines' own threads would fight for the cores."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@cache
def make_decoder() -> PictureDecoder:
    """Reads uploads in a cage."""
    from mediacheck.intake.cage import CagedDecoder

    return CagedDecoder()


@cache
def make_face_finder() -> FaceFinder:
    """The union of the detectors that this machine has."""
    use_one_thread()
    from mediacheck.findings.face_union import open_face_finder

    return open_face_finder()


@cache
def make_extractor(models_folder: Path) -> TemplateExtractor:
    """The face templates; the converted model is cached in that folder."""
    use_one_thread()
    from mediacheck.findings.templates import open_extractor

    return open_extractor(models_folder)


@cache
def make_reader() -> TextReader:
    """Reads writing in pixels."""
    use_one_thread()
    from mediacheck.findings.text_rapidocr import RapidOcrReader

    return RapidOcrReader()


def make_matcher(register: Register) -> NameMatcher:
    """Finds the people of the roster as it is now, and those who left: nothing releases them."""
    from mediacheck.findings.names import RosterNameMatcher, build_name_index

    return RosterNameMatcher(build_name_index(register.everyone()))
