"""The switches of the environment: a sign-in is set up whole, or not at all."""

from __future__ import annotations

import pytest

from mediacheck.settings import ProviderKind, SettingsRefused, settings_from

GOOGLE = {
    "MEDIACHECK_GOOGLE_CLIENT_ID": "1.apps.example",
    "MEDIACHECK_GOOGLE_CLIENT_SECRET": "hush",
    "MEDIACHECK_GOOGLE_DOMAIN": "district.example, Staff.district.example",
}
ENTRA = {
    "MEDIACHECK_ENTRA_CLIENT_ID": "2",
    "MEDIACHECK_ENTRA_CLIENT_SECRET": "hush",
    "MEDIACHECK_ENTRA_TENANT": "72F988BF-86F1-41AF-91AB-2D7CD011DB47",
}


def test_without_switches_there_is_no_other_sign_in() -> None:
    assert settings_from({}).providers == ()


def test_both_sign_ins_may_be_set_up() -> None:
    google, entra = settings_from({**GOOGLE, **ENTRA}).providers

    assert (google.kind, google.issuer) == (ProviderKind.GOOGLE, "https://accounts.google.com")
    assert google.homes == {"district.example", "staff.district.example"}
    tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
    assert entra.issuer == f"https://login.microsoftonline.com/{tenant}/v2.0"
    assert entra.homes == {tenant}


@pytest.mark.parametrize("missing", [*GOOGLE, *ENTRA])
def test_a_sign_in_in_part_is_refused(missing: str) -> None:
    switches = GOOGLE if missing in GOOGLE else ENTRA

    with pytest.raises(SettingsRefused, match=missing):
        settings_from({**switches, missing: " "})


@pytest.mark.parametrize("tenant", ["common", "organizations", "district.onmicrosoft.com"])
def test_a_tenant_of_anybody_is_refused(tenant: str) -> None:
    with pytest.raises(SettingsRefused, match="anybody"):
        settings_from({**ENTRA, "MEDIACHECK_ENTRA_TENANT": tenant})


def test_the_settings_show_no_secret() -> None:
    assert "hush" not in repr(settings_from({**GOOGLE, **ENTRA}))
