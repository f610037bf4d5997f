"""The real reader on pictures that are drawn here."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

os.environ.setdefault("OMP_NUM_THREADS", "1")

from mediacheck.errors import EngineFault
from mediacheck.findings import text_rapidocr
from mediacheck.findings.name_odds import Bars, NameList, scores_in
from mediacheck.findings.onnx_session import FrugalSession
from mediacheck.findings.text_rapidocr import RapidOcrReader
from mediacheck.model.post import Picture
from mediacheck.ports.engines import TextLine

pytestmark = pytest.mark.slow


def a_picture(image: Image.Image) -> Picture:
    return Picture(
        width_px=image.width,
        height_px=image.height,
        rgb=image.convert("RGB").tobytes(),
        source_width_px=image.width,
        source_height_px=image.height,
    )


def a_card(
    text: str,
    *,
    size: tuple[int, int] = (900, 500),
    paper: tuple[int, int, int] = (244, 244, 238),
    ink: tuple[int, int, int] = (24, 24, 60),
    letters_px: int = 64,
) -> Image.Image:
    image = Image.new("RGB", size, paper)
    font = ImageFont.load_default(letters_px)
    ImageDraw.Draw(image).text((120, size[1] // 2 - letters_px), text, font=font, fill=ink)
    return image


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader()


def texts(lines: tuple[TextLine, ...]) -> list[str]:
    return [reading for line in lines for reading in (line.text, *line.readings)]


def test_it_reads_a_name_and_knows_where_it_stands(reader: RapidOcrReader) -> None:
    (line,) = reader.read_text(a_picture(a_card("Maya Lopez")))

    assert line.text == "Maya Lopez"
    assert line.score > 0.9
    assert 90 <= line.box.left <= 130
    assert 170 <= line.box.top <= 210


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_it_reads_a_picture_that_lies_on_its_side_or_head(
    reader: RapidOcrReader, quarters: int
) -> None:
    turned = a_card("Maya Lopez", size=(900, 900)).rotate(90 * quarters, expand=True)

    assert "Maya Lopez" in texts(reader.read_text(a_picture(turned)))


def test_it_reads_a_picture_in_a_mirror(reader: RapidOcrReader) -> None:
    mirrored = ImageOps.mirror(a_card("Francisco Rivera"))

    assert "Francisco Rivera" in texts(reader.read_text(a_picture(mirrored)))


def test_what_is_spelt_wrong_is_still_near_the_name_that_stands_there(
    reader: RapidOcrReader,
) -> None:
    blurred = a_card("Saniya Tamba").filter(ImageFilter.GaussianBlur(6))
    names = NameList(["saniyatamba", "mayalopez", "teddyramos", "sanjaytiwari", "samiratanaka"])

    lines = reader.read_text(a_picture(blurred))

    assert "Saniya Tamba" not in texts(lines)
    near = {
        scored.spelling
        for line in lines
        for odds in line.odds
        for scored in scores_in(odds, names, Bars(-1.0, -1.5))
    }
    assert near == {"saniyatamba"}


def test_a_line_beyond_doubt_carries_no_odds(reader: RapidOcrReader) -> None:
    (line,) = reader.read_text(a_picture(a_card("Maya Lopez")))

    assert line.score >= text_rapidocr._BEYOND_DOUBT
    assert line.odds == ()


def test_it_runs_on_one_thread_without_a_classifier_of_angles(reader: RapidOcrReader) -> None:
    engines = [reader._engine.text_det, reader._second.text_det, reader._recogniser]
    sessions = [engine.session.session for engine in engines]
    options = [session.get_session_options() for session in sessions]

    assert all(isinstance(session, FrugalSession) for session in sessions)
    assert [one.intra_op_num_threads for one in options] == [1, 1, 1]
    assert [one.inter_op_num_threads for one in options] == [1, 1, 1]
    assert reader._engine.text_cls is None
    assert reader._second.text_cls is None


@pytest.mark.parametrize("size", [(1210, 1590), (90, 40)])
def test_the_detector_is_given_the_very_numbers_of_rapidocr(
    reader: RapidOcrReader, size: tuple[int, int]
) -> None:
    from rapidocr.ch_ppocr_det.utils import DetPreProcess

    detector = reader._engine.text_det
    plain = DetPreProcess(detector.limit_side_len, detector.limit_type, detector.mean, detector.std)
    pixels = np.random.default_rng(5).integers(0, 256, (*size, 3), dtype=np.uint8)

    given = detector.get_preprocess()(pixels)

    assert given.dtype == np.float32
    assert np.array_equal(given, plain(pixels))


def test_it_reads_faint_writing(reader: RapidOcrReader) -> None:
    faint = a_card("Yichen Li", paper=(120, 122, 124), ink=(112, 114, 117), size=(1200, 800))

    assert "Yichen Li" in texts(reader.read_text(a_picture(faint)))


def test_it_reads_writing_on_a_large_picture(reader: RapidOcrReader) -> None:
    small = a_card("Saniya Tamba", size=(2048, 1536), letters_px=30)

    assert "Saniya Tamba" in texts(reader.read_text(a_picture(small)))


@pytest.mark.parametrize("size", [(64, 64), (64, 2048), (2048, 64), (1, 1)])
def test_an_empty_picture_of_any_shape_has_no_writing(
    reader: RapidOcrReader, size: tuple[int, int]
) -> None:
    lines = reader.read_text(a_picture(Image.new("RGB", size, (90, 140, 200))))

    assert all(not text for text in texts(lines))


def test_a_strip_is_not_enlarged_without_end(reader: RapidOcrReader) -> None:
    strip = a_picture(a_card("Maya Lopez", size=(2048, 80), letters_px=40))
    started = time.process_time()

    lines = reader.read_text(strip)

    assert "Maya Lopez" in texts(lines)
    assert time.process_time() - started < 60  # It takes about two seconds.


def test_it_reads_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    lines = RapidOcrReader().read_text(a_picture(a_card("Maya Lopez")))

    assert [line.text for line in lines] == ["Maya Lopez"]


def test_a_missing_model_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_rapidocr, "_DETECTOR", "no-such-model.onnx")

    with pytest.raises(EngineFault):
        RapidOcrReader()


@pytest.mark.parametrize("name", ["PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"])
def test_a_model_that_was_not_measured_reads_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    for model in text_rapidocr._models().glob("PP-OCRv6_*_small.onnx"):
        (tmp_path / model.name).write_bytes(model.read_bytes())
    damaged = bytearray((tmp_path / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / name).write_bytes(damaged)
    monkeypatch.setattr(text_rapidocr, "_models", lambda: tmp_path)

    with pytest.raises(EngineFault, match=name):
        RapidOcrReader()


def test_a_failure_of_the_engine_is_a_fault(
    reader: RapidOcrReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_second", None)

    with pytest.raises(EngineFault):
        reader.read_text(a_picture(a_card("Maya Lopez")))


def test_it_writes_no_log(reader: RapidOcrReader, capfd: pytest.CaptureFixture[str]) -> None:
    reader.read_text(a_picture(a_card("Maya Lopez")))

    assert capfd.readouterr() == ("", "")


def test_the_models_lie_in_the_package() -> None:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"

    assert (models / text_rapidocr._DETECTOR).is_file()
    assert (models / text_rapidocr._RECOGNISER).is_file()
