"""A file is written whole or not at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from mediacheck.whole_file import write_whole


def test_it_takes_the_place_of_what_was_there_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"old")

    write_whole(path, b"new")

    assert path.read_bytes() == b"new"
    assert [*tmp_path.iterdir()] == [path]


def test_only_this_user_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "gallery.key"

    write_whole(path, b"key")

    assert path.stat().st_mode & 0o777 == 0o600


def test_what_cannot_take_its_place_leaves_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "folder"
    (taken / "within").mkdir(parents=True)

    with pytest.raises(OSError, match="folder"):
        write_whole(taken, b"new")

    assert [*tmp_path.iterdir()] == [taken]


def test_no_reader_meets_half_of_it_while_many_write(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    data = bytes(300_000)
    write_whole(path, data)
    lengths: set[int] = set()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            lengths.add(len(path.read_bytes()))

    def write() -> None:
        for _ in range(20):
            write_whole(path, data)

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write) for _ in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    is_over.set()
    reader.join()

    assert lengths == {len(data)}
