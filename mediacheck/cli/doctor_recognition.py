"""What the doctor looks at of face recognition: that off means off, by measuring it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mediacheck
from mediacheck.cli.trouble import Proof, Trouble
from mediacheck.errors import EngineFault
from mediacheck.findings.templates import open_extractor
from mediacheck.findings.templates_own_setup import recogniser_or_none
from mediacheck.flow.naming import recognition_of, why_not_identify_at
from mediacheck.flow.recognition_proof import schools_without_recognition
from mediacheck.flow.rekey import waiting_under_old_keys
from mediacheck.flow.today import today_of
from mediacheck.ports.services import Services
from mediacheck.settings import Recognition
from release_db.jurisdictions import is_review_due, profile_of

_LONGEST_SELF_TEST_S = 120


def check_recognition(services: Services) -> Iterator[Trouble | Proof]:
    """Where recognition is off, no template is held, and a check does not load its code."""
    with services.transaction() as work:
        schools = work.register.schools()
        off = schools_without_recognition(work.register)
        held = work.gallery.held_at(off)
    if schools and not off:
        return
    if held:
        yield Trouble(
            what=f"{held} template(s) are held of students at whose school recognition is off.",
            mend="mediacheck settings set recognition off destroys them.",
        )
    loaded = _loaded_by_a_check(services)
    if loaded is None:
        yield Trouble(
            what="The self-test of recognition failed: a check does not run to its end here.",
            mend=f"{sys.executable} -m mediacheck.cli.self_test shows why.",
        )
    elif loaded:
        yield Trouble(
            what=f"Recognition is off, but a check loads its code: {', '.join(loaded)}.",
            mend="Install mediacheck anew, and tell its makers if that does not help.",
        )
    if not held and loaded == ():
        where = "" if len(off) == len(schools) else f" at {len(off)} of {len(schools)} schools"
        yield Proof(what=f"recognition off{where}: 0 templates, recognition code not loaded")


def check_recogniser(services: Services) -> Iterator[Trouble | Proof]:
    """A recogniser of the district's own is the file that was set up, works, and was measured."""
    folder = services.settings.models_folder
    try:
        own = recogniser_or_none(folder)
        if own is None:
            return
        open_extractor(folder)
    except EngineFault as fault:
        yield Trouble(
            what=f"The recogniser does not work, so no face is searched: {fault}.",
            mend="mediacheck recogniser use FILE, or mediacheck recogniser forget.",
        )
        return
    if own.bars is None:
        yield Trouble(
            what="The district's recogniser was never measured, so no face is searched.",
            mend="mediacheck recogniser measure FOLDER",
        )
    else:
        yield Proof(what=f"recogniser of the district's own: {own.model}, licence: {own.licence}")


def check_gallery_keys(services: Services) -> Iterator[Trouble | Proof]:
    """An old gallery key is kept for no longer than something needs it."""
    if not services.gallery_keys.old_ids():
        return
    waiting = waiting_under_old_keys(services)
    if waiting:
        yield Trouble(
            what=f"Re-keying the gallery was cut off: {waiting} student key(s) need the old key.",
            mend="mediacheck gallery rekey",
        )
    else:
        yield Trouble(
            what="An old gallery key is kept that nothing needs any more.",
            mend="mediacheck gallery rekey --finish",
        )


def check_overdue(services: Services) -> Iterator[Trouble | Proof]:
    """What may not be held any longer was destroyed; a running server sees to it."""
    with services.transaction() as work:
        overdue = work.gallery.overdue(today_of(services.clock, work.register))
    if overdue:
        yield Trouble(
            what=f"Templates of {len(overdue)} student(s) should have been destroyed by now.",
            mend="mediacheck gallery sweep, or let mediacheck serve run.",
        )


def check_identify(services: Services) -> Iterator[Trouble | Proof]:
    """Where the setting is identify, the evidence backs it; where not, the search only suggests."""
    with services.transaction() as work:
        at = [
            school.key
            for school in work.register.schools()
            if recognition_of(work.register, school.key) is Recognition.IDENTIFY
        ]
        unbacked = {
            key: reasons for key in at if (reasons := why_not_identify_at(services, work, key))
        }
    for key, reasons in unbacked.items():
        yield Trouble(
            what=f"Recognition is set to identify at {key}, and only suggests: {reasons[0]}",
            mend=f"mediacheck gallery evidence --school {key} says what is missing.",
        )
    if at and not unbacked:
        yield Proof(what=f"recognition identifies at {len(at)} school(s), backed by evidence")


def check_profile(services: Services) -> Iterator[Trouble | Proof]:
    """Somebody looked at the law of the place within a year."""
    with services.transaction() as work:
        profile = profile_of(work.register.policy_or_none)
        today = today_of(services.clock, work.register)
    if is_review_due(profile, today):
        yield Trouble(
            what=f"Nobody has looked at the law behind the profile {profile.name} since "
            f"{profile.reviewed_on.isoformat()}.",
            mend="Install the newest mediacheck, and ask counsel what changed.",
        )


def _loaded_by_a_check(services: Services) -> tuple[str, ...] | None:
    """The recognition code that a fresh process has loaded after a check; None: it failed.

    The process runs the very code that this one does, whatever folder it stands in.
    """
    settings = services.settings
    here = Path(mediacheck.__file__).parents[1]
    environment = os.environ | {
        "PYTHONPATH": str(here),
        "MEDIACHECK_DATA": str(settings.data_folder),
        "MEDIACHECK_DB": settings.database_url,
    }
    command = [sys.executable, "-P", "-m", "mediacheck.cli.self_test"]
    try:
        ran = subprocess.run(  # noqa: S603 - this very interpreter, and a module of ours.
            command, env=environment, capture_output=True, check=True, timeout=_LONGEST_SELF_TEST_S
        )
        return tuple(str(module) for module in json.loads(ran.stdout))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
