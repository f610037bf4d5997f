"""A post as its page's script makes it: forms first, then JSON."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import House
from tests.web.conftest import Browser

# The state of a page is JSON, which has no narrower type.
Json = dict[str, Any]

CHANNEL = "lincoln-instagram"
ROOM_12 = "lincoln/room-12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One browser's page of one post."""

    browser: Browser
    house: House
    address: str

    def as_seen_by(self, browser: Browser) -> Posting:
        """The same post in another browser."""
        return Posting(browser=browser, house=self.house, address=self.address)

    def page(self) -> TestResponse:
        return self.browser.get(self.address)

    def state(self) -> Json:
        """The state that the page was drawn with."""
        html = self.page().get_data(as_text=True)
        block = re.search(r'id="post-state">(.*?)</script>', html, re.S)
        assert block is not None
        state: Json = json.loads(block[1])
        return state

    def act(self, name: str, **sent: object) -> TestResponse:
        """Sends what a button of the page sends."""
        return self.browser.client.post(
            f"{self.address}/{name}", json=sent, headers=self._headers()
        )

    def upload(self, file_name: str = "IMG_1.jpg", data: bytes = b"grey:200") -> TestResponse:
        return self.browser.client.post(
            f"{self.address}/pictures",
            data={"picture": (io.BytesIO(data), file_name)},
            headers=self._headers(),
        )

    def add_checked(self, file_name: str = "IMG_1.jpg", data: bytes = b"grey:200") -> Json:
        """Uploads a picture, lets it be checked, and gives its part of the state."""
        answer = self.upload(file_name, data)
        assert answer.status_code == 200
        self.house.jobs.run()
        added = answer.get_json()["added"]
        return next(one for one in self.state()["media"] if one["id"] == added)

    def _headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self.browser.secret(), "Accept": "application/json"}


def start_post(browser: Browser, house: House, **form: object) -> Posting:
    """A new post of room 12, started by the form."""
    sent = {"channel": CHANNEL, "class_key": ROOM_12, "caption": "", **form}
    answer = browser.post("/posts", sent)
    assert answer.status_code == 302
    return Posting(browser=browser, house=house, address=answer.location)
