"""A yes until a day of its own ends with that day, and what was published on it comes down.

A yes that runs out with the school year, or when its student leaves or comes of age, leaves what
was allowed while it was new where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from mediacheck.flow.publication import uses_of
from mediacheck.flow.removals import REMOVER
from mediacheck.flow.today import today_of
from mediacheck.flow.withdraw import open_case, settled_for
from mediacheck.model.publication import Publication, Trigger
from mediacheck.ports.services import Services, Work
from release_db.records import RefusalReason, Refused, StudentFile
from release_db.rules import permission_for
from release_db.standing import end_of_year_with, starts_on
from release_db.words import Ground, StudentId

#: A server that was off for so long still hears of every yes that ended meanwhile.
LOOK_BACK = timedelta(days=60)
#: Nearer to the end of a school year it is that end, as a file or another system has it.
_NO_END_OF_A_YEAR = timedelta(days=60)
#: Students of one transaction: nobody waits long for it.
_AT_ONCE = 200


def bring_down_ended(services: Services) -> None:
    """Opens a case for what was published on a yes that has ended by a day of its own."""
    with services.transaction() as work:
        today = today_of(services.clock, work.register)
        students = work.register.terms.with_a_yes_that_ended(today - LOOK_BACK, today)
    for start in range(0, len(students), _AT_ONCE):
        some = students[start : start + _AT_ONCE]
        with services.transaction() as work:
            files = work.register.student_files(some)
            for student in some:
                _open_case(services, work, files, student, today)


def _open_case(
    services: Services,
    work: Work,
    files: Mapping[StudentId, StudentFile],
    student: StudentId,
    today: date,
) -> None:
    file = files.get(student)
    if file is None:
        return
    ended = _chosen_ends(file, today)
    settled = settled_for(work, student)
    mine = [
        one.publication_id
        for one in work.publications.of_students([student])
        if one.publication_id not in settled and _rests_on(work, one, file, ended, today)
    ]
    open_case(services, work, student, mine, trigger=Trigger.EXPIRY, by=REMOVER)


def _chosen_ends(file: StudentFile, today: date) -> frozenset[Ground]:
    """What ended long before the school year does, by a day that somebody chose."""
    return frozenset(
        Ground(one.release_id)
        for one in file.releases
        if one.ends_on is not None
        and one.ends_on < today
        and one.ends_on < end_of_year_with(starts_on(one), file) - _NO_END_OF_A_YEAR
    )


def _rests_on(
    work: Work, out: Publication, file: StudentFile, ended: frozenset[Ground], today: date
) -> bool:
    """Whether the student is in it by a yes that has ended, and by no other that holds."""
    shown = out.of(file.student.student_id)
    channel = work.register.channel_or_none(out.channel)
    rests_on = {ground for one in shown for ground in one.grounds}
    if channel is None or not rests_on & ended:
        return False
    return any(
        isinstance(given, Refused) and given.reason is RefusalReason.EXPIRED
        for asked in uses_of(shown, out.media, channel)
        for given in [permission_for(asked, file, today)]
    )
