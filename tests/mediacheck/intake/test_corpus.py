"""The public corpus of hostile, odd and broken files: nothing crashes, nothing hangs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from mediacheck.errors import IntakeError
from mediacheck.intake.cage import CagedDecoder
from mediacheck.intake.errors import ReaderCrashed

FILES = Path(__file__).resolve().parents[3] / "../shared/eval/files"

pytestmark = [
    pytest.mark.evaluation,
    pytest.mark.skipif(not FILES.exists(), reason="the evaluation files are not beside this"),
]


def rows() -> Iterator[dict[str, object]]:
    for line in (FILES / "manifest.jsonl").read_text().splitlines():
        yield json.loads(line)


def outcome(decoder: CagedDecoder, row: dict[str, object]) -> str:
    """``decoded``, or the code of the refusal."""
    path = FILES / str(row["file"])
    try:
        intake = decoder.decode(path.read_bytes(), path.name)
    except IntakeError as refusal:
        return refusal.code
    assert len(intake.picture.rgb) == intake.picture.width_px * intake.picture.height_px * 3
    assert intake.jpeg.endswith(b"\xff\xd9")
    return "decoded"


def test_every_sixth_file_is_decoded_or_refused_and_never_crashes(decoder: CagedDecoder) -> None:
    outcomes = [outcome(decoder, row) for row in list(rows())[::6]]

    assert ReaderCrashed.code not in outcomes
    assert "too-slow" not in outcomes
    assert outcomes.count("decoded") > 40


def test_what_must_be_refused_is_refused(decoder: CagedDecoder) -> None:
    certain = [
        row
        for row in rows()
        if str(row["expect"]).startswith("refused") and " or " not in str(row["expect"])
    ]
    # Their pixels are whole; what is broken in them is metadata that nobody publishes.
    whole = {
        "hopper_bad_exif.jpg",
        "photoshop-200dpi-broken.jpg",
        "sugarshack_bad_mpo_header.jpg",
        "truncated_app14.jpg",
        "truncated_exif_dpi.jpg",
    }

    taken = {Path(str(row["file"])).name for row in certain if outcome(decoder, row) == "decoded"}

    assert len(certain) > 90
    assert taken <= whole


def test_the_words_planted_in_the_corpus_are_read(decoder: CagedDecoder) -> None:
    named = [row for row in rows() if str(row["expect"]).startswith("name found")]

    for row in named:
        path = FILES / str(row["file"])
        if path.suffix == ".gif":
            continue
        texts = decoder.decode(path.read_bytes(), path.name).metadata
        assert any("Marisol Okonkwo-Reyes" in text.text for text in texts), path.name


@pytest.mark.lane
def test_no_file_of_the_whole_corpus_crashes_a_reader(decoder: CagedDecoder) -> None:
    outcomes = [outcome(decoder, row) for row in rows()]

    assert len(outcomes) == 1_194
    assert ReaderCrashed.code not in outcomes
    assert "too-slow" not in outcomes


def mutants(count: int) -> Iterator[bytes]:
    """Small pictures of every format with bytes flipped, cut out, doubled or overwritten."""
    chance = random.Random(20261124)  # noqa: S311 - the same mutants each time, not secrets
    seeds = [path.read_bytes() for path in sorted((FILES / "made").glob("*/*"))]
    small = [seed for seed in seeds if 100 < len(seed) < 60_000]
    for _ in range(count):
        data = bytearray(chance.choice(small))
        for _ in range(chance.randint(1, 8)):
            at, length = chance.randrange(len(data)), chance.randint(1, 32)
            match chance.randrange(4):
                case 0:
                    data[at] ^= 1 << chance.randrange(8)
                case 1:
                    del data[at : at + length]
                case 2:
                    data[at:at] = data[at : at + length]
                case _:
                    data[at : at + length] = chance.randbytes(length)
            data = data or bytearray(b"\xff")
        yield bytes(data)


@pytest.mark.lane
def test_no_mutant_crashes_a_reader(decoder: CagedDecoder) -> None:
    codes: dict[str, int] = {}
    for data in mutants(10_000):
        try:
            decoder.decode(data, "mutant.jpg")
            code = "decoded"
        except IntakeError as refusal:
            code = refusal.code
        codes[code] = codes.get(code, 0) + 1

    assert ReaderCrashed.code not in codes
    assert codes.get("too-slow", 0) == 0
    assert codes["decoded"] > 500
