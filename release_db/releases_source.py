"""Reads answers in whatever form they come: the plain CSV, or a student system's own export."""

from __future__ import annotations

from datetime import date

from release_db.releases_csv import plan_releases, read_releases
from release_db.releases_plan import ReleasesPlan, ReleasesRegister
from release_db.releases_sis import is_sis_export, plan_sis_export, read_sis_export


def plan_any_releases(register: ReleasesRegister, data: bytes, on: date) -> ReleasesPlan:
    """What the file would change if it were recorded on that day.

    Raises:
        ImportRefused: with every problem of the file, up to fifty.
    """
    if is_sis_export(data):
        return plan_sis_export(register, read_sis_export(data), on)
    return plan_releases(register, read_releases(data), on)
