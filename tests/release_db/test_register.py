"""What the register promises, on every database that it runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from release_db.errors import (
    ChannelExists,
    UnfitPolicy,
    UnknownHold,
    UnknownRelease,
    UnknownStudent,
)
from release_db.records import (
    Appearance,
    BiometricConsent,
    Channel,
    ClassGroup,
    Granted,
    Guardian,
    Hold,
    PolicyValue,
    RefusalReason,
    Refused,
    Release,
    School,
    Scope,
    Student,
)
from release_db.register import ReleaseRegister
from release_db.rules import biometric_consent_or_none, permission_for
from release_db.words import (
    ERASED,
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    ClassKey,
    GuardianId,
    HoldId,
    NameForm,
    ReleaseId,
    Rights,
    SchoolKey,
    StudentId,
    StudentStatus,
    Use,
)

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LINCOLN = SchoolKey("lincoln")
ROOSEVELT = SchoolKey("roosevelt")
MAYA, BEN, CLEO = StudentId("S1"), StudentId("S2"), StudentId("S3")
INSTAGRAM = ChannelKey("instagram")


def a_release(
    release_id: str = "r1",
    student_id: StudentId = MAYA,
    answer: Answer = Answer.ALLOW,
    capacity: Capacity = Capacity.GUARDIAN,
    decided_by: str = "ana@home.example",
) -> Release:
    return Release(
        release_id=ReleaseId(release_id),
        student_id=student_id,
        scope=Scope(
            use=Use.IMAGE_WITH_NAME,
            channel=INSTAGRAM,
            audience=Audience.SOCIAL,
            name_form=NameForm.FIRST,
        ),
        answer=answer,
        capacity=capacity,
        decided_by=decided_by,
        method="paper",
        notice="2026-en",
        given_on=date(2026, 9, 1),
        recorded_at=NOW,
        ends_on=date(2027, 1, 31),
        supersedes=ReleaseId("r0"),
    )


def a_consent(
    release_id: str = "b1",
    student_id: StudentId = MAYA,
    capacity: Capacity = Capacity.GUARDIAN,
    decided_by: str = "ana@home.example",
) -> BiometricConsent:
    return BiometricConsent(
        release_id=ReleaseId(release_id),
        student_id=student_id,
        answer=Answer.ALLOW,
        capacity=capacity,
        decided_by=decided_by,
        method="paper",
        notice="bio-en",
        given_on=date(2026, 9, 1),
        recorded_at=NOW,
        ends_on=date(2028, 1, 31),
    )


def a_hold(hold_id: str = "h1", student_id: StudentId = MAYA) -> Hold:
    return Hold(
        hold_id=HoldId(hold_id),
        student_id=student_id,
        starts_on=TODAY,
        kind="court order",
        recorded_at=NOW,
    )


def ask(register: ReleaseRegister, student_id: StudentId = MAYA) -> object:
    channel = register.channel_or_none(INSTAGRAM)
    assert channel is not None
    appearance = Appearance(
        student_id=student_id,
        use=Use.IMAGE_WITH_NAME,
        channel=channel,
        name_form=NameForm.FIRST,
    )
    return permission_for(appearance, register.student_files([student_id]).get(student_id), TODAY)


def state(register: ReleaseRegister, *students: StudentId) -> str:
    return register.state_of(students or (MAYA,), school=LINCOLN, channel=INSTAGRAM)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are sent while the block runs."""
    sent: list[str] = []
    bind = session.get_bind()

    def note(*parts: object) -> None:
        sent.append(str(parts[2]))

    event.listen(bind, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(bind, "before_cursor_execute", note)


def test_schools_classes_and_channels_are_listed_by_name(register: ReleaseRegister) -> None:
    register.save_school(School(key=LINCOLN, name="zebra"))
    register.save_class(ClassGroup(key=ClassKey("r/chess"), school=ROOSEVELT, name="chess"))
    register.add_channel(
        Channel(key=ChannelKey("x"), name="A paper", audience=Audience.PRINT, school=LINCOLN)
    )

    assert [school.key for school in register.schools()] == ["roosevelt", "lincoln"]
    assert [group.name for group in register.classes()] == ["chess", "Room 12"]
    assert [group.name for group in register.classes(LINCOLN)] == ["Room 12"]
    assert [channel.name for channel in register.channels()] == ["A paper", "Instagram"]


def test_a_channel_comes_back_as_it_was_added(register: ReleaseRegister) -> None:
    channel = Channel(
        key=ChannelKey("yearbook"),
        name="Yearbook",
        audience=Audience.PRINT,
        school=LINCOLN,
        name_form=NameForm.FIRST_INITIAL,
        is_official=True,
    )

    register.add_channel(channel)

    assert register.channel_or_none(channel.key) == channel
    assert register.channel_or_none(ChannelKey("nowhere")) is None


def test_a_channel_is_not_added_twice_but_can_be_changed(register: ReleaseRegister) -> None:
    changed = Channel(key=INSTAGRAM, name="Instagram", audience=Audience.PUBLIC_WEB)

    with pytest.raises(ChannelExists):
        register.add_channel(changed)
    register.save_channel(changed)

    assert register.channel_or_none(INSTAGRAM) == changed


def test_a_student_comes_back_as_saved(register: ReleaseRegister) -> None:
    student = Student(
        student_id=StudentId("007"),
        given_name="José Luis",
        middle_name="de la",
        family_name="García Peña",
        suffix="Jr.",
        preferred_name="Pepe",
        other_names=("Pepito", "ホセ"),
        birth_on=date(2014, 2, 28),
        grade="05",
        school=ROOSEVELT,
        classes=(ClassKey("lincoln/room-12"),),
        status=StudentStatus.DEPARTED,
        left_on=date(2026, 10, 1),
    )

    register.save_students([student])

    assert register.student_or_none(StudentId("007")) == student
    assert register.student_or_none(StudentId("7")) is None


def test_students_are_the_active_ones_by_family_name(register: ReleaseRegister) -> None:
    cleo = register.student_or_none(CLEO)
    assert cleo is not None
    register.save_students([replace(cleo, status=StudentStatus.DEPARTED, left_on=TODAY)])

    assert [student.student_id for student in register.students()] == [BEN, MAYA]
    assert [student.student_id for student in register.everyone()] == [BEN, MAYA, CLEO]
    assert register.students(school=ROOSEVELT) == ()
    assert len(register.students(class_key=ClassKey("lincoln/room-12"))) == 2
    assert (register.count_students(), register.count_students(LINCOLN)) == (2, 2)
    assert register.count_students(ROOSEVELT) == 0
    assert register.students(school=ROOSEVELT, class_key=ClassKey("lincoln/room-12")) == ()


def test_a_student_leaves_one_class_and_joins_another(register: ReleaseRegister) -> None:
    maya = register.student_or_none(MAYA)
    assert maya is not None
    register.save_class(ClassGroup(key=ClassKey("lincoln/band"), school=LINCOLN, name="Band"))

    register.save_students([replace(maya, classes=(ClassKey("lincoln/band"),))])

    assert register.students(class_key=ClassKey("lincoln/band"))[0].student_id == MAYA
    assert len(register.students(class_key=ClassKey("lincoln/room-12"))) == 1


def test_a_file_holds_all_that_was_recorded(register: ReleaseRegister) -> None:
    register.record([a_release()])
    register.record_biometric([a_consent()])
    register.place_hold(a_hold())
    register.set_policy("school_year_ends_on", "2027-06-11", school=None, by="admin", at=NOW)

    file = register.student_files([MAYA, StudentId("nobody")])[MAYA]

    assert file.releases == (a_release(),)
    assert file.biometric == (a_consent(),)
    assert file.holds == (a_hold(),)
    assert [guardian.email for guardian in file.guardians] == ["Ana@home.example"]
    assert file.year_ends_on == date(2027, 6, 11)


def test_files_are_of_those_students_only(register: ReleaseRegister) -> None:
    register.record([a_release(), a_release("r2", BEN)])

    files = register.student_files([MAYA, MAYA, StudentId("nobody")])

    assert list(files) == [MAYA]
    assert [release.release_id for release in files[MAYA].releases] == ["r1"]
    assert register.student_files([]) == {}


def test_nothing_is_recorded_about_nobody(register: ReleaseRegister) -> None:
    nobody = StudentId("nobody")
    acts: list[Callable[[], None]] = [
        lambda: register.record([a_release(), a_release("r2", nobody)]),
        lambda: register.record_biometric([a_consent("b2", nobody)]),
        lambda: register.place_hold(a_hold("h2", nobody)),
        lambda: register.delete_student(nobody, why="asked", at=NOW),
    ]

    for act in acts:
        with pytest.raises(UnknownStudent, match="nobody"):
            act()

    assert register.student_files([MAYA])[MAYA].releases == ()


def test_a_revoked_release_refuses(register: ReleaseRegister) -> None:
    register.record([a_release()])
    assert isinstance(ask(register), Granted)

    register.revoke(ReleaseId("r1"), on=TODAY, by="ana@home.example", at=NOW)

    assert ask(register) == Refused(reason=RefusalReason.EXPIRED)


def test_of_two_revocations_the_earlier_day_counts(register: ReleaseRegister) -> None:
    register.record([a_release()])

    for day in (date(2026, 12, 24), TODAY, date(2027, 1, 1)):
        register.revoke(ReleaseId("r1"), on=day, by="office", at=NOW)

    (release,) = register.student_files([MAYA])[MAYA].releases
    assert release.revoked_on == TODAY


def test_what_is_not_there_cannot_be_revoked_or_lifted(register: ReleaseRegister) -> None:
    with pytest.raises(UnknownRelease):
        register.revoke(ReleaseId("r9"), on=TODAY, by="office", at=NOW)
    with pytest.raises(UnknownHold):
        register.lift_hold(HoldId("h9"), ends_on=TODAY)


def test_a_hold_refuses_until_its_last_day(register: ReleaseRegister) -> None:
    register.record([a_release()])
    register.place_hold(a_hold())
    assert ask(register) == Refused(reason=RefusalReason.HOLD, holds=(HoldId("h1"),))

    register.lift_hold(HoldId("h1"), ends_on=TODAY)
    assert ask(register) == Refused(reason=RefusalReason.HOLD, holds=(HoldId("h1"),))
    register.lift_hold(HoldId("h1"), ends_on=date(2026, 11, 23))

    assert isinstance(ask(register), Granted)


def test_a_guardian_is_found_by_the_address_in_any_case(register: ReleaseRegister) -> None:
    links = register.students_of(" ANA@home.EXAMPLE")

    assert [link.student_id for link in links] == [MAYA, BEN]
    assert register.students_of("eve@home.example") == ()


def test_a_guardians_rights_can_be_changed(register: ReleaseRegister) -> None:
    register.record([a_release()])
    (link,) = register.guardians_of([MAYA])[MAYA]

    register.save_guardians([replace(link, rights=Rights.REMOVED)])

    assert register.guardians_of([MAYA])[MAYA] == (replace(link, rights=Rights.REMOVED),)
    assert ask(register) == Refused(reason=RefusalReason.NO_RECORD)


def test_a_schools_policy_overrides_the_districts(register: ReleaseRegister) -> None:
    assert register.policy_or_none("recognition") is None

    register.set_policy("recognition", "off", school=LINCOLN, by="admin", at=NOW)
    register.set_policy("recognition", "suggest", school=None, by="admin", at=NOW)

    assert register.policy_or_none("recognition") == "suggest"
    assert register.policy_or_none("recognition", LINCOLN) == "off"
    assert register.policy_or_none("recognition", ROOSEVELT) == "suggest"


def test_the_value_set_last_counts_and_the_history_is_kept(register: ReleaseRegister) -> None:
    for value in ("off", "identify", "suggest"):
        register.set_policy("recognition", value, school=None, by="admin", at=NOW)

    assert register.policy_or_none("recognition") == "suggest"
    history = register.policy_history("recognition")
    assert [was.value for was in history] == ["off", "identify", "suggest"]
    assert history[0] == PolicyValue(
        key="recognition", school=None, value="off", set_by="admin", set_at=NOW
    )


@pytest.mark.parametrize(
    ("key", "value"), [("recognition", "on"), ("school_year_ends_on", "June 11")]
)
def test_a_policy_that_cannot_be_meant_is_refused(
    register: ReleaseRegister, key: str, value: str
) -> None:
    with pytest.raises(UnfitPolicy):
        register.set_policy(key, value, school=None, by="admin", at=NOW)


def test_each_school_has_its_own_end_of_the_year(register: ReleaseRegister) -> None:
    key = "school_year_ends_on"
    register.set_policy(key, "2027-06-11", school=None, by="admin", at=NOW)
    register.set_policy(key, "2027-05-28", school=LINCOLN, by="admin", at=NOW)

    files = register.student_files([MAYA, CLEO])

    assert files[MAYA].year_ends_on == date(2027, 5, 28)
    assert files[CLEO].year_ends_on == date(2027, 6, 11)


@pytest.mark.parametrize(
    "change",
    [
        {"given_name": "Mia"},
        {"other_names": ("Mimi",)},
        {"classes": ()},
        {"school": ROOSEVELT},
        {"status": StudentStatus.DEPARTED},
        {"birth_on": None},
    ],
)
def test_the_roster_version_changes_with_a_student(
    register: ReleaseRegister, change: dict[str, object]
) -> None:
    before, state_before = register.roster_version(), state(register, BEN)
    maya = register.student_or_none(MAYA)
    assert maya is not None

    # ``replace`` takes the changes by name, and each names an existing field.
    register.save_students([replace(maya, **change)])  # type: ignore[arg-type]

    assert register.roster_version() != before
    assert state(register, BEN) != state_before


def test_the_roster_version_stays_when_nothing_changes(register: ReleaseRegister) -> None:
    before = register.roster_version()
    maya = register.student_or_none(MAYA)
    assert maya is not None

    register.save_students([maya])
    register.record([a_release()])

    assert register.roster_version() == before


def test_the_state_changes_with_all_that_a_clearance_rests_on(register: ReleaseRegister) -> None:
    seen = [state(register)]

    def changed() -> bool:
        seen.append(state(register))
        return seen[-1] not in seen[:-1]

    register.record([a_release()])
    assert changed()
    register.revoke(ReleaseId("r1"), on=TODAY, by="office", at=NOW)
    assert changed()
    register.place_hold(a_hold())
    assert changed()
    register.lift_hold(HoldId("h1"), ends_on=TODAY)
    assert changed()
    (link,) = register.guardians_of([MAYA])[MAYA]
    register.save_guardians([replace(link, rights=Rights.UNVERIFIED)])
    assert changed()
    register.save_channel(Channel(key=INSTAGRAM, name="I", audience=Audience.PUBLIC_WEB))
    assert changed()
    register.set_policy("school_year_ends_on", "2027-06-11", school=None, by="a", at=NOW)
    assert changed()
    assert state(register, MAYA, BEN) != state(register, MAYA)


def test_the_state_stays_when_others_decide(register: ReleaseRegister) -> None:
    before = state(register, MAYA)

    register.record([a_release("r2", BEN)])
    register.save_students(
        [Student(student_id=StudentId("S9"), given_name="D", family_name="E", school=ROOSEVELT)]
    )

    assert state(register, MAYA) == before
    assert state(register, MAYA) == register.state_of(
        [MAYA, MAYA][:1], school=LINCOLN, channel=INSTAGRAM
    )


def test_the_state_of_the_district_sees_every_school(register: ReleaseRegister) -> None:
    before = register.state_of([MAYA], school=None, channel=INSTAGRAM)
    cleo = register.student_or_none(CLEO)
    assert cleo is not None

    register.save_students([replace(cleo, family_name="Marshall")])

    assert register.state_of([MAYA], school=None, channel=INSTAGRAM) != before


def test_the_state_of_an_unknown_channel_is_another(register: ReleaseRegister) -> None:
    nowhere = register.state_of([MAYA], school=LINCOLN, channel=ChannelKey("nowhere"))

    assert nowhere != state(register, MAYA)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE media_release SET answer = 'deny'",
        "UPDATE media_release SET decided_by = 'eve'",
        "UPDATE media_release SET decided_by = 'erased'",
        "UPDATE media_release SET ends_on = NULL",
        "DELETE FROM media_release",
        "UPDATE release_revocation SET revoked_on = '2030-01-01'",
        "DELETE FROM release_revocation",
        "UPDATE protective_hold SET ends_on = '2026-01-01'",
        "UPDATE protective_hold SET kind = 'none'",
        "DELETE FROM protective_hold",
        "UPDATE protective_hold_end SET ends_on = '2026-01-01'",
        "DELETE FROM protective_hold_end",
        "UPDATE biometric_consent SET answer = 'allow', capacity = 'office'",
        "DELETE FROM biometric_consent",
        "UPDATE policy_value SET value = 'identify'",
        "DELETE FROM policy_value",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_append_only(
    register: ReleaseRegister, session: Session, statement: str
) -> None:
    register.record([a_release()])
    register.revoke(ReleaseId("r1"), on=TODAY, by="office", at=NOW)
    register.record_biometric([a_consent()])
    register.place_hold(a_hold())
    register.lift_hold(HoldId("h1"), ends_on=TODAY)
    register.set_policy("recognition", "off", school=None, by="admin", at=NOW)

    with pytest.raises(DBAPIError, match="is append-only"):
        session.execute(text(statement))


def test_an_erased_student_leaves_a_tombstone_and_no_name(
    register: ReleaseRegister, session: Session
) -> None:
    register.record([a_release()])
    register.revoke(ReleaseId("r1"), on=TODAY, by="ana@home.example", at=NOW)
    register.record_biometric([a_consent()])
    register.place_hold(a_hold())
    version = register.roster_version()

    register.delete_student(MAYA, why="the family asked", at=NOW)

    assert register.student_or_none(MAYA) is None
    assert MAYA not in {student.student_id for student in register.everyone()}
    assert register.student_files([MAYA]) == {}
    assert ask(register) == Refused(reason=RefusalReason.UNKNOWN_STUDENT)
    assert register.roster_version() != version
    personal = ("Maya", "Lopez", "home.example", "court order")
    left = everything_about(session, MAYA)
    assert "r1" in left
    assert not [word for word in personal if word in left]


def everything_about(session: Session, student_id: StudentId) -> str:
    """Every row that holds the student's id, in one text."""
    rows: list[object] = []
    for table in (
        "student",
        "class_member",
        "guardian",
        "media_release",
        "release_revocation",
        "protective_hold",
        "biometric_consent",
    ):
        query = text(f"SELECT * FROM {table} WHERE student_id = :id")  # noqa: S608
        rows.extend(tuple(row) for row in session.execute(query, {"id": student_id}))
    return repr(rows)


def test_erasing_one_student_leaves_the_others(register: ReleaseRegister) -> None:
    register.record([a_release(), a_release("r2", BEN)])

    register.delete_student(MAYA, why="asked", at=NOW)

    assert register.student_files([BEN])[BEN].releases == (a_release("r2", BEN),)
    assert isinstance(ask(register, BEN), Granted)


def test_a_student_is_erased_once(register: ReleaseRegister) -> None:
    register.delete_student(MAYA, why="asked", at=NOW)

    with pytest.raises(UnknownStudent):
        register.delete_student(MAYA, why="asked", at=NOW)


def test_an_erased_student_who_comes_back_has_no_grant_and_every_refusal(
    register: ReleaseRegister,
) -> None:
    maya = register.student_or_none(MAYA)
    assert maya is not None
    office = Capacity.OFFICE
    register.record([a_release(capacity=office, decided_by="office")])
    register.record_biometric([a_consent(capacity=office, decided_by="office")])
    register.delete_student(MAYA, why="asked", at=NOW)

    register.save_students([maya])

    file = register.student_files([MAYA])[MAYA]
    assert [release.decided_by for release in file.releases] == [ERASED]
    assert ask(register) == Refused(reason=RefusalReason.NO_RECORD)
    assert biometric_consent_or_none(file, TODAY) is None


def test_an_erased_refusal_still_refuses(register: ReleaseRegister) -> None:
    maya = register.student_or_none(MAYA)
    assert maya is not None
    own = Capacity.STUDENT
    denial = a_release("no", answer=Answer.DENY, capacity=own, decided_by="student")
    later = replace(
        a_release("yes", capacity=own, decided_by="student"), given_on=date(2026, 10, 1)
    )
    register.record([denial, later])
    register.delete_student(MAYA, why="asked", at=NOW)
    register.save_students([maya])
    register.record([a_release("office", capacity=Capacity.OFFICE, decided_by="office")])

    permission = ask(register)
    assert isinstance(permission, Refused)
    assert permission.reason is RefusalReason.STUDENT_REFUSED


def test_the_number_of_queries_does_not_grow_with_the_students(
    register: ReleaseRegister, session: Session
) -> None:
    def save(ids: list[str]) -> None:
        students = [
            Student(student_id=StudentId(one), given_name="A", family_name="B", school=LINCOLN)
            for one in ids
        ]
        register.save_students(students)
        register.save_guardians(
            [
                Guardian(
                    guardian_id=GuardianId(f"{one}-g1"),
                    student_id=StudentId(one),
                    email="x@home.example",
                )
                for one in ids
            ]
        )
        register.record([a_release(f"{one}-r1", StudentId(one)) for one in ids])

    def read(ids: list[str]) -> None:
        register.students(school=LINCOLN)
        register.student_files([StudentId(one) for one in ids])
        register.roster_version()
        state(register, *[StudentId(one) for one in ids])

    few, many = ["a", "b"], [f"m{number}" for number in range(300)]
    counts = []
    for ids in (few, many):
        with counted(session) as sent:
            save(ids)
            read(ids)
        counts.append(len(sent))

    # Batches of inserts are split by the driver's own page size, and by nothing else.
    assert counts[1] <= counts[0] + 6


def test_what_is_committed_is_there_in_the_next_transaction(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        ReleaseRegister(session, lambda: NOW).save_school(School(key=LINCOLN, name="Lincoln"))

    with Session(engine) as session, session.begin():
        assert ReleaseRegister(session, lambda: NOW).schools() == (
            School(key=LINCOLN, name="Lincoln"),
        )


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    def half_done() -> None:
        with Session(engine) as session, session.begin():
            register = ReleaseRegister(session, lambda: NOW)
            register.save_school(School(key=LINCOLN, name="Lincoln"))
            register.record([a_release()])

    with pytest.raises(UnknownStudent):
        half_done()

    with Session(engine) as session:
        assert ReleaseRegister(session, lambda: NOW).schools() == ()


def test_a_moment_without_a_zone_is_refused(register: ReleaseRegister) -> None:
    naive = replace(a_release(), recorded_at=NOW.replace(tzinfo=None))

    with pytest.raises(Exception, match="a moment needs a time zone"):
        register.record([naive])
