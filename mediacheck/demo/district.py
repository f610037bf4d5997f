"""Fills the made-up district through the same doors that a real one uses."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from mediacheck.accounts.passwords import hash_password
from mediacheck.demo.families import fill_families
from mediacheck.demo.people import CHANNELS, PASSWORD, SCHOOLS, STAFF
from mediacheck.demo.releases import REFUSED, RELEASED, kind_of, releases_csv
from mediacheck.errors import NotReady
from mediacheck.flow.enroll import Reference, enroll_portrait
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.ports.services import Services, Work
from release_db.records import Hold, Student
from release_db.releases_csv import plan_releases, read_releases
from release_db.releases_plan import apply_releases
from release_db.roster import read_roster
from release_db.roster_plan import apply_roster, plan_roster
from release_db.words import HoldId

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"

_MARK = "demo"
_DEMO = "demo"
_SCHOOL_YEAR_ENDS = (6, 30)
_JOBS = {
    Role.TEACHER: "Teacher",
    Role.COMMUNICATIONS: "Communications office",
    Role.REGISTRAR: "Registrar",
    Role.ADMINISTRATOR: "District administrator",
}


def is_demo_district(work: Work) -> bool:
    """Whether this database holds the made-up district."""
    return work.register.policy_or_none(_MARK) is not None


def demo_sign_ins() -> tuple[tuple[str, str, str], ...]:
    """Label, e-mail and password of every made-up account."""
    return tuple(
        (f"{_JOBS[member.role]}: {member.name}", member.email, PASSWORD) for member in STAFF
    )


def open_demo(services: Services) -> None:
    """Fills the made-up district into an empty database; leaves one that is filled as it is.

    Raises:
        NotReady: the database holds a real district, or an engine fails at enrolling.
    """
    with services.transaction() as work:
        if is_demo_district(work):
            return
        if work.register.students() or work.accounts.staff():
            raise NotReady(
                "This database holds a real district, so no made-up one is put into it. Name "
                "another folder: MEDIACHECK_DATA=demo-data mediacheck serve --demo"
            )
        _fill(services, work)
    for student, name in ((RELEASED, "portrait-s1001.jpg"), (REFUSED, "portrait-s1002.jpg")):
        reference = Reference(student_id=student, name=name, data=(PICTURES / name).read_bytes())
        enrolled = enroll_portrait(services, reference, by=_DEMO)
        if not enrolled.is_enrolled:
            raise NotReady(f"The made-up district could not be filled: {enrolled.refused}")


def _fill(services: Services, work: Work) -> None:
    today = today_of(services.clock, work.register)
    _set_policies(services, work, today)
    for school in SCHOOLS:
        work.register.save_school(school)
    for channel in CHANNELS:
        work.register.add_channel(channel)
    students = _import_roster(services, work, today)
    _import_releases(services, work, students, today)
    for position, student in enumerate(students):
        if kind_of(student, position) == "hold":
            work.register.place_hold(_hold_on(services, student, today))
    password_hash = hash_password(PASSWORD)
    for member in STAFF:
        work.accounts.save_staff(member)
        work.accounts.set_password_hash(member.staff_id, password_hash)
    fill_families(services, work, students, password_hash, today)
    work.audit.write(Event.DISTRICT_CREATED, actor=_DEMO, students=len(students))


def _set_policies(services: Services, work: Work, today: date) -> None:
    ends = date(today.year, *_SCHOOL_YEAR_ENDS)
    if ends < today:
        ends = ends.replace(year=today.year + 1)
    at = services.clock.now()
    for key, value in (
        (_MARK, "yes"),
        ("recognition", "suggest"),
        ("school_year_ends_on", ends.isoformat()),
        ("time_zone", "America/Los_Angeles"),
    ):
        work.register.set_policy(key, value, school=None, by=_DEMO, at=at)


def _import_roster(services: Services, work: Work, today: date) -> tuple[Student, ...]:
    file = read_roster((HERE / "roster.csv").read_bytes())
    plan = plan_roster(work.register, file, today)
    apply_roster(work.register, plan, services.clock.now())
    by_id = sorted(work.register.students(), key=lambda student: student.student_id)
    return tuple(by_id)


def _import_releases(
    services: Services, work: Work, students: tuple[Student, ...], today: date
) -> None:
    files = work.register.student_files([student.student_id for student in students])
    guardians = {student: file.guardians[0].email for student, file in files.items()}
    rows = read_releases(releases_csv(students, guardians, today))
    plan = plan_releases(work.register, rows, today)
    apply_releases(work.register, plan, services.clock.now())


def _hold_on(services: Services, student: Student, today: date) -> Hold:
    return Hold(
        hold_id=HoldId(services.ids.new()),
        student_id=student.student_id,
        starts_on=today - timedelta(days=30),
        kind="safety",
        review_on=today,
    )
