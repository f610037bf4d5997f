"""Engines of the tests that a process of its own can be given."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from mediacheck.model.post import Intake
from mediacheck.ports.engines import FaceFinder, PictureDecoder, TemplateExtractor, TextReader
from tests.factories import a_box
from tests.fakes import FakeDecoder, FakeExtractor, FakeFaceFinder, FakeReader


class DyingDecoder(FakeDecoder):
    """Takes its process with it where a file says so, and sleeps where one says that."""

    def decode(self, data: bytes, file_name: str) -> Intake:
        if data.startswith(b"die"):
            os._exit(9)
        if data.startswith(b"sleep"):
            time.sleep(float(data[5:]))
            data = b"grey:200"
        return super().decode(data, file_name)


@dataclass(frozen=True)
class SentEngines:
    """Finds one face in every picture; keeps the id of each process that looked, in a folder."""

    folder: Path

    def decoder(self) -> PictureDecoder:
        (self.folder / str(os.getpid())).touch()
        return DyingDecoder()

    def face_finder(self) -> FaceFinder:
        return FakeFaceFinder([a_box()])

    def template_extractor(self) -> TemplateExtractor:
        return FakeExtractor()

    def text_reader(self) -> TextReader:
        return FakeReader()
