"""The one door to a picture without a sign-in: a cleared one, on its way out, for minutes."""

from __future__ import annotations

from dataclasses import replace

from flask.testing import FlaskClient

from mediacheck.storage.picture_shelf import SHELF_LIFE, FolderShelf
from mediacheck.web.app import create_app
from tests.conftest import House

BASE = "https://media.district.example"


def visitor_of(
    house: House, base: str = "https://media.district.example"
) -> tuple[FlaskClient, FolderShelf]:
    shelf = house.services.picture_shelf
    assert isinstance(shelf, FolderShelf)
    known = replace(shelf, base_url=BASE)
    app = create_app(replace(house.services, picture_shelf=known))
    return app.test_client(), known


def test_a_stranger_gets_the_picture_and_no_session(house: House) -> None:
    client, shelf = visitor_of(house)
    path = shelf.show(b"\xff\xd8 a picture").removeprefix(BASE)

    answer = client.get(path)

    assert (answer.status_code, answer.data) == (200, b"\xff\xd8 a picture")
    assert answer.mimetype == "image/jpeg"
    assert "Set-Cookie" not in answer.headers
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_after_its_minutes_and_at_any_other_address_there_is_nothing(house: House) -> None:
    client, shelf = visitor_of(house)
    path = shelf.show(b"\xff\xd8").removeprefix(BASE)

    for other in (
        "/shelf/",
        "/shelf/a.jpg",
        f"{path}x",
        path.replace(".jpg", ""),
        "/shelf/../a.jpg",
    ):
        assert client.get(other).status_code == 404
    assert client.post(path).status_code in {400, 403, 405}
    house.clock.move(SHELF_LIFE)
    assert client.get(path).status_code == 404


def test_no_picture_of_the_store_is_reached_by_its_key(house: House) -> None:
    client, _ = visitor_of(house)
    key = house.services.pictures.put(b"\xff\xd8 not cleared")

    assert client.get(f"/shelf/{key}.jpg").status_code == 404
    assert client.get(f"/shelf/{key[:43]}.jpg").status_code == 404
