"""The made-up district's families can sign in, and read approved notices."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.accounts.passwords import hash_password
from mediacheck.demo.families import demo_families, fill_families
from mediacheck.demo.people import PASSWORD
from mediacheck.web.app import create_app
from release_db.words import NoticeKind
from tests.conftest import House
from tests.factories import TODAY
from tests.web.conftest import Browser


def test_a_made_up_family_signs_in_with_what_the_page_shows(house: House) -> None:
    services = replace(
        house.services, is_demo=True, demo_families=lambda: demo_families(house.services)
    )
    with services.transaction() as work:
        students = work.register.students()
        fill_families(services, work, students, hash_password(PASSWORD), TODAY)
    browser = Browser(client=create_app(services).test_client())
    _label, email, password, code = demo_families(services)[0]
    assert code in browser.get("/family/sign-in").get_data(as_text=True)

    form: dict[str, object] = {"email": email, "password": password, "code": code}
    browser.post("/family/sign-in", form)

    assert browser.get("/family").status_code == 200


def test_the_made_up_district_has_its_notices_approved(house: House) -> None:
    with house.services.transaction() as work:
        fill_families(house.services, work, (), "", TODAY)

        for kind in NoticeKind:
            assert work.register.terms.notice_or_none(kind, "es", TODAY) is not None
