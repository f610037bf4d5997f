"""What the doctor says of the district's sign-in."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.cli.doctor_sign_in import check_sign_in
from mediacheck.cli.trouble import Proof, Trouble
from mediacheck.model.sign_on import ListedTeacher
from mediacheck.ports.services import Services
from mediacheck.settings import ProviderKind, ProviderSettings
from mediacheck.wiring.sign_on import make_sign_on
from release_db.words import SchoolKey
from tests.conftest import House
from tests.servers import openid
from tests.servers.openid import Provider, running_provider


def services_with(house: House, server: Provider, base_url: str) -> Services:
    provider = ProviderSettings(
        kind=ProviderKind.ENTRA,
        issuer=server.issuer,
        client_id=openid.CLIENT,
        client_secret=openid.SECRET,
        homes=frozenset({"a-tenant"}),
    )
    settings = replace(
        house.services.settings,
        base_url=base_url,
        allows_loopback_accounts=True,
        providers=(provider,),
    )
    return replace(house.services, settings=settings, sign_on=make_sign_on(settings))


def list_a_teacher(house: House) -> None:
    teacher = ListedTeacher(roster_id="T1", email="p@d.org", name="P", schools=(SchoolKey("a"),))
    with house.services.transaction() as work:
        work.sign_on.list_teachers([teacher])


def test_without_a_sign_in_there_is_nothing_to_say(house: House) -> None:
    assert list(check_sign_in(house.services)) == []


def test_a_sign_in_that_works_names_its_return_address(house: House) -> None:
    list_a_teacher(house)
    with running_provider() as server:
        (said,) = check_sign_in(services_with(house, server, "https://media.district.example"))

    assert isinstance(said, Proof)
    assert "https://media.district.example/sign-in/return/entra" in said.what


def test_a_way_back_without_encryption_is_a_trouble(house: House) -> None:
    list_a_teacher(house)
    with running_provider() as server:
        found = list(check_sign_in(services_with(house, server, "http://media.district.example")))

    assert [one.what for one in found if isinstance(one, Trouble)] == [
        "The sign-in with Microsoft comes back without encryption."
    ]


def test_a_sign_in_that_is_down_is_a_trouble(house: House) -> None:
    list_a_teacher(house)
    with running_provider() as server:
        server.is_down = True
        (said,) = check_sign_in(services_with(house, server, "https://media.district.example"))

    assert isinstance(said, Trouble)
    assert "http-503" in said.what


def test_a_roster_without_teachers_is_a_trouble(house: House) -> None:
    with running_provider() as server:
        found = list(check_sign_in(services_with(house, server, "https://media.district.example")))

    assert any("lists no teacher" in one.what for one in found)
