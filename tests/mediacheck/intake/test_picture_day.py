"""A picture day's file says whose each portrait is, or is refused with what to mend."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from mediacheck.intake import picture_day
from mediacheck.intake.limits import MAX_FILE_BYTES
from mediacheck.intake.picture_day import BadPictureDay, open_picture_day, places_in_index


def packed(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def places(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    with open_picture_day(packed(files)) as day:
        return [(place.student_id, place.path) for place in day.places]


def test_folders_are_named_by_the_student() -> None:
    files = {"S1/a.jpg": b"1", "S1/b.PNG": b"2", "S2/c.heic": b"3", "S2/notes.txt": b"x"}

    assert places(files) == [("S1", "S1/a.jpg"), ("S1", "S1/b.PNG"), ("S2", "S2/c.heic")]


def test_the_folders_may_lie_in_one_folder_more() -> None:
    files = {"day/S1/a.jpg": b"1", "__MACOSX/day/S1/._a.jpg": b"x", "day/S1/.hidden.jpg": b"x"}

    assert places(files) == [("S1", "day/S1/a.jpg")]


@pytest.mark.parametrize(
    "index", [b"student_id,file\nS1,0001.jpg\n", b"\xef\xbb\xbfID Number\tImage Name\nS1\t0001.jpg"]
)
def test_an_index_names_student_and_picture(index: bytes) -> None:
    assert places({"day/INDEX.TXT": index, "day/0001.jpg": b"1"}) == [("S1", "day/0001.jpg")]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"index.csv": b"name,photo\nMaya,1.jpg\n", "1.jpg": b"1"}, "columns student_id and file"),
        ({"index.csv": b"id,file\nS1,2.jpg\n", "1.jpg": b"1"}, "row 2: there is no such picture"),
        ({"index.csv": b"id,file\nS1,../1.jpg\n", "1.jpg": b"1"}, "no such picture"),
        ({"index.csv": b"id,file\n,1.jpg\n", "1.jpg": b"1"}, "row 2: there is no student id"),
        ({"index.csv": b"id,file\n\xff,1.jpg\n", "1.jpg": b"1"}, "not in UTF-8"),
        ({"1.jpg": b"1"}, "no portrait in it"),
        ({"readme.txt": b"1"}, "no portrait in it"),
    ],
)
def test_what_cannot_be_said_to_be_somebodys_is_refused(
    files: Mapping[str, bytes], words: str
) -> None:
    with pytest.raises(BadPictureDay, match=words):
        places(files)


@pytest.mark.parametrize(
    "data",
    [b"", b"no zip at all", packed({"S1/a.jpg": b"1"})[:-10]],
    ids=["empty", "words", "cut off"],
)
def test_what_is_no_zip_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadPictureDay, match="not a ZIP file"), open_picture_day(data):
        pass


def test_too_many_are_refused() -> None:
    many = {f"S{number}/a.jpg": b"" for number in range(picture_day.MOST_PORTRAITS + 1)}

    with pytest.raises(BadPictureDay, match="more than 2,000"):
        places(many)
    with pytest.raises(BadPictureDay, match="far too many"):
        places(many | {f"S{number}/b.jpg": b"" for number in range(picture_day.MOST_PORTRAITS)})


def test_a_link_to_another_file_is_no_portrait() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("S1/link.jpg")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("S1/a.jpg", b"1")

    with open_picture_day(made.getvalue()) as day:
        assert [place.path for place in day.places] == ["S1/a.jpg"]


def test_of_a_file_that_unpacks_to_far_more_only_so_much_is_read() -> None:
    bomb = packed({"S1/a.jpg": bytes(2 * MAX_FILE_BYTES)})

    with open_picture_day(bomb) as day:
        assert len(day.read(day.places[0])) == MAX_FILE_BYTES + 1


def test_an_index_outside_a_zip_file_is_read_the_same_way() -> None:
    (place,) = places_in_index("idlink.txt", b"id,file\nS1,a\\1.jpg\n", {"a/1.jpg"})

    assert (place.student_id, place.path) == ("S1", "a/1.jpg")
