"""The made-up district says so on every page, and lists its accounts at the door."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.web.app import create_app
from tests.conftest import House


def test_the_made_up_district_says_so_and_lists_its_sign_ins(house: House) -> None:
    sign_ins = (("Teacher: Pat", "pat@demo.example", "made up words to show"),)
    services = replace(house.services, is_demo=True, demo_sign_ins=sign_ins)
    page = create_app(services).test_client().get("/sign-in").get_data(as_text=True)

    assert "Made-up district" in page
    for words in sign_ins[0]:
        assert words in page
