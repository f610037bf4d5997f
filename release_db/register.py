"""The one doorway to the release register, inside a transaction that somebody else opens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from release_db import policy_store, store, store_files
from release_db.births import note_births
from release_db.erasure import erase
from release_db.errors import (
    ChannelExists,
    UnknownChannel,
    UnknownHold,
    UnknownRelease,
    UnknownStudent,
)
from release_db.name_rows import NameRows, note_renamed
from release_db.records import (
    Appearance,
    BiometricConsent,
    Channel,
    ClassGroup,
    DestructionRecord,
    Guardian,
    Hold,
    Permission,
    PolicyValue,
    Release,
    School,
    Student,
    StudentFile,
)
from release_db.retention import destroy_lapsed
from release_db.rows import (
    biometric_row,
    digest_of,
    fill_student,
    guardian_from,
    guardian_values,
    guardian_version,
    record_from,
    release_row,
    student_version,
    values_of,
)
from release_db.rules import permission_for
from release_db.schema import (
    ChannelRow,
    ClassMemberRow,
    ClassRow,
    GuardianRow,
    HoldEndRow,
    HoldRow,
    PolicyRow,
    ReleaseRow,
    RevocationRow,
    SchoolRow,
    StudentRow,
)
from release_db.schema_terms import ChannelVersionRow, GuardianVersionRow, StudentVersionRow
from release_db.terms_register import TermsRegister
from release_db.words import (
    ChannelKey,
    ClassKey,
    HoldId,
    NameForm,
    ReleaseId,
    SchoolKey,
    StudentId,
    Use,
)


class ReleaseRegister:
    """Asks, records, revokes and erases. Implements the ``Register`` port.

    Releases, revocations, holds, consents and policies are append-only; the database itself
    refuses to change one. What is written is flushed at once, so that the next question sees it.
    """

    def __init__(self, session: Session, now: Callable[[], datetime]) -> None:
        """Works in that session, and neither begins nor ends its transaction.

        ``now`` gives the moment at which what is saved began to be known.
        """
        self._session = session
        self._now = now
        self.terms = TermsRegister(session, now)
        self.names = NameRows(session)

    def schools(self) -> tuple[School, ...]:
        """Every school, by name."""
        return store.all_schools(self._session)

    def classes(self, school: SchoolKey | None = None) -> tuple[ClassGroup, ...]:
        """Every class, team and event list (of one school), by name."""
        return store.all_classes(self._session, school)

    def channels(self) -> tuple[Channel, ...]:
        """Every channel, by name."""
        return store.all_channels(self._session)

    def channel_or_none(self, key: ChannelKey) -> Channel | None:
        """The channel with that key."""
        row = self._session.get(ChannelRow, key)
        return record_from(Channel, row) if row is not None else None

    def student_or_none(self, student_id: StudentId) -> Student | None:
        """The student with that id, departed ones too; None for one who was erased."""
        return store.students_by_id(self._session, [student_id]).get(student_id)

    def students(
        self, *, school: SchoolKey | None = None, class_key: ClassKey | None = None
    ) -> tuple[Student, ...]:
        """The active students of the district, a school or a class, by family name."""
        return store.active_students(self._session, school, class_key)

    def count_students(self, school: SchoolKey | None = None) -> int:
        """How many active students the district or a school has."""
        return store.count_active(self._session, school)

    def student_files(self, students: Collection[StudentId]) -> Mapping[StudentId, StudentFile]:
        """What the rules may look at, for each of these students that exists."""
        return store_files.student_files(self._session, students)

    def file_at_or_none(self, student_id: StudentId, at: datetime) -> StudentFile | None:
        """What the rules could look at at that moment; None: the student was not known then."""
        return store_files.student_files(self._session, [student_id], at).get(student_id)

    def permission_for(
        self,
        student_id: StudentId,
        use: Use,
        channel: ChannelKey,
        name_form: NameForm,
        at: datetime,
    ) -> Permission:
        """The permission as it was, or is, at that moment, with the decisions that it rests on.

        What was recorded later plays no part, and the day is the one of the district's time zone.

        Raises:
            UnknownChannel: there was no such channel.
        """
        found = store_files.channel_at_or_none(self._session, channel, at)
        if found is None:
            raise UnknownChannel(channel)
        appearance = Appearance(student_id=student_id, use=use, channel=found, name_form=name_form)
        day = at.astimezone(store_files.zone_at(self._session, at)).date()
        return permission_for(appearance, self.file_at_or_none(student_id, at), day)

    def everyone(self) -> tuple[Student, ...]:
        """Every student, departed ones too, by family name."""
        return store.everyone(self._session)

    def guardians_of(
        self, students: Collection[StudentId]
    ) -> Mapping[StudentId, tuple[Guardian, ...]]:
        """The guardians of each of these students that exists."""
        files = store_files.consent_files(self._session, students)
        return {student_id: file.guardians for student_id, file in files.items()}

    def students_of(self, email: str) -> tuple[Guardian, ...]:
        """The links to students that a guardian's address has, by student."""
        key = _email_key(email)
        rows = self._session.scalars(select(GuardianRow).where(GuardianRow.email_key == key))
        links = filter(None, (guardian_from(row, (), None) for row in rows))
        return tuple(sorted(links, key=lambda link: link.student_id))

    def roster_version(self) -> str:
        """Changes whenever any student's names, school, classes or status change."""
        return digest_of(store.roster_fingerprints(self._session, None))

    def state_of(
        self, students: Collection[StudentId], *, school: SchoolKey | None, channel: ChannelKey
    ) -> str:
        """A hash of all that a clearance rests on.

        It covers the roster of the school (None: of the district), the channel, and every release,
        hold and guardian of the students.
        """
        files = self.student_files(students)
        found = self.channel_or_none(channel)
        return digest_of(
            {
                "roster": store.roster_fingerprints(self._session, school),
                "channel": asdict(found) if found is not None else None,
                "students": sorted(students),
                "files": [asdict(files[student_id]) for student_id in sorted(files)],
            }
        )

    def policy_or_none(self, key: str, school: SchoolKey | None = None) -> str | None:
        """The school's own value, else the district's, else None; off where a profile says so."""
        return policy_store.policy_in_force(self._session, key, school)

    def policy_history(self, key: str) -> tuple[PolicyValue, ...]:
        """Every value that was ever set, with who set it and when, oldest first."""
        query = select(PolicyRow).where(PolicyRow.key == key).order_by(PolicyRow.number)
        return tuple(record_from(PolicyValue, row) for row in self._session.scalars(query))

    def set_policy(
        self, key: str, value: str, *, school: SchoolKey | None, by: str, at: datetime
    ) -> tuple[DestructionRecord, ...]:
        """Sets a policy value; the history is kept. Where recognition ends, templates do.

        Raises:
            UnfitPolicy: that policy cannot have that value.
        """
        return policy_store.set_policy(self._session, key, value, school=school, by=by, at=at)

    def save_school(self, school: School) -> None:
        """Adds a school, or gives it another name."""
        self._save(SchoolRow(**values_of(school)))

    def save_class(self, group: ClassGroup) -> None:
        """Adds a class, or changes its name or school."""
        self._save(ClassRow(**values_of(group)))

    def add_channel(self, channel: Channel) -> None:
        """Adds a channel.

        Raises:
            ChannelExists: the key is taken.
        """
        if self.channel_or_none(channel.key) is not None:
            raise ChannelExists(channel.key)
        self.save_channel(channel)

    def save_channel(self, channel: Channel) -> None:
        """Changes a channel, or adds it. A clearance that was given for it ends with that."""
        self._save(ChannelRow(**values_of(channel)))
        values = values_of(channel)
        del values["name"], values["largest_side_px"]  # No rules of releases.
        self._add([ChannelVersionRow(**values, recorded_at=self._now())])

    def save_students(self, students: Sequence[Student]) -> None:
        """Adds students, or changes them. Their schools and classes must be there."""
        ids = [student.student_id for student in students]
        rows: dict[str, StudentRow] = {}
        for chunk in store.chunks_of(ids):
            query = select(StudentRow).where(StudentRow.student_id.in_(chunk))
            rows |= {row.student_id: row for row in self._session.scalars(query)}
        versions, births = [], {}
        for student in students:
            row = rows.get(student.student_id) or StudentRow(student_id=student.student_id)
            before = (row.school, row.status, row.left_on)
            if student.student_id not in rows or row.birth_on != student.birth_on:
                births[student.student_id] = student.birth_on
            fill_student(row, student)
            self._session.add(row)
            if before != (row.school, row.status, row.left_on):
                versions.append(student_version(student, self._now()))
        self._session.flush()
        self._note(StudentVersionRow, versions)
        note_births(self._session, births, self._now())
        self._leave_classes(ids)
        members = [
            {"student_id": student.student_id, "class_key": key}
            for student in students
            for key in dict.fromkeys(student.classes)
        ]
        self._note(ClassMemberRow, members)
        note_renamed(self._session, ids)
        self.destroy_lapsed(ids)

    def save_guardians(self, guardians: Sequence[Guardian], *, by: str = "") -> None:
        """Adds guardians' links to students, or changes their address or rights."""
        found: dict[tuple[str, str], GuardianRow] = {}
        for chunk in store.chunks_of(guardian.student_id for guardian in guardians):
            query = select(GuardianRow).where(GuardianRow.student_id.in_(chunk))
            rows = self._session.scalars(query)
            found |= {(row.guardian_id, row.student_id): row for row in rows}
        new = []
        for guardian in guardians:
            row = found.get((guardian.guardian_id, guardian.student_id))
            values = guardian_values(guardian)
            values["email_key"] = (
                _email_key(guardian.email) or f"no address: {guardian.guardian_id}"
            )
            for column, value in values.items() if row is not None else ():
                setattr(row, column, value)
            new += [values] if row is None else []
        self._session.flush()
        self._note(GuardianRow, new)
        versions = [guardian_version(guardian, by, self._now()) for guardian in guardians]
        self._note(GuardianVersionRow, versions)

    def record(self, releases: Sequence[Release]) -> None:
        """Records signed answers. An answer is never changed: a later one supersedes it.

        Raises:
            UnknownStudent: an answer is about nobody on the roster. Nothing is recorded.
        """
        self._require_known([release.student_id for release in releases])
        self._add([release_row(release) for release in releases])

    def record_biometric(self, consents: Sequence[BiometricConsent]) -> None:
        """Records answers about holding a template; a no destroys what is held, here and now.

        Raises:
            UnknownStudent: an answer is about nobody on the roster. Nothing is recorded.
        """
        students = [consent.student_id for consent in consents]
        self._require_known(students)
        self._add([biometric_row(consent) for consent in consents])
        self.destroy_lapsed(students)

    def destroy_lapsed(
        self, students: Collection[StudentId] | None = None, *, by: str = "mediacheck"
    ) -> tuple[DestructionRecord, ...]:
        """Destroys the templates of these students (None: all) that nobody consents to any more."""
        return destroy_lapsed(self._session, students, by=by, at=self._now())

    def revoke(self, release_id: ReleaseId, *, on: date, by: str, at: datetime) -> None:
        """Takes a release back, from that day on. A refusal is not lifted by it.

        Raises:
            UnknownRelease: there is no such release.
        """
        release = self._session.get(ReleaseRow, release_id)
        if release is None:
            raise UnknownRelease(release_id)
        revocation = RevocationRow(
            release_id=release_id,
            student_id=release.student_id,
            revoked_on=on,
            revoked_by=by,
            recorded_at=at,
        )
        self._add([revocation])

    def place_hold(self, hold: Hold) -> None:
        """Places a protective hold.

        Raises:
            UnknownStudent: the student is not on the roster.
        """
        self._require_known([hold.student_id])
        self._add([HoldRow(**values_of(hold) | {"recorded_at": hold.recorded_at or self._now()})])

    def lift_hold(self, hold_id: HoldId, *, ends_on: date, by: str = "") -> None:
        """Sets the last day of a hold; what was set last counts.

        Raises:
            UnknownHold: there is no such hold.
        """
        if self._session.get(HoldRow, hold_id) is None:
            raise UnknownHold(hold_id)
        end = HoldEndRow(hold_id=hold_id, ends_on=ends_on, ended_by=by, recorded_at=self._now())
        self._add([end])

    def delete_student(
        self, student_id: StudentId, *, why: str, at: datetime, by: str = ""
    ) -> None:
        """Erases a student: names, classes, guardians, templates, and who decided what.

        A tombstone stays, with the decisions and their dates: proof of what was published. Should
        the roster bring the student back, old refusals still refuse and old grants allow nothing.

        Raises:
            UnknownStudent: the student is not on the roster.
        """
        row = self._session.get(StudentRow, student_id)
        if row is None or row.erased_at is not None:
            raise UnknownStudent(student_id)
        erase(self._session, row, why=why, at=at, by=by)

    def _require_known(self, students: Collection[StudentId]) -> None:
        unknown = set(students) - store.known_students(self._session, students)
        if unknown:
            raise UnknownStudent(min(unknown))

    def _leave_classes(self, students: Collection[StudentId]) -> None:
        for chunk in store.chunks_of(students):
            self._session.execute(
                delete(ClassMemberRow).where(ClassMemberRow.student_id.in_(chunk))
            )

    def _add(self, rows: Sequence[object]) -> None:
        self._session.add_all(rows)
        self._session.flush()

    def _note(self, kind: type[object], values: Sequence[Mapping[str, object]]) -> None:
        """Adds rows whose numbers nobody asks for, in one statement however many they are."""
        if values:
            self._session.execute(insert(kind), values)

    def _save(self, row: object) -> None:
        self._session.merge(row)
        self._session.flush()


def _email_key(email: str) -> str:
    return email.strip().casefold()
