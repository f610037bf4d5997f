"""Teachers' accounts follow the roster, and whoever leaves the district loses access with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.accounts.roster_teachers import TeachersPlan, apply_teachers, plan_teachers
from mediacheck.accounts.sessions import open_session, staff_of_session_or_none
from mediacheck.flow.imports import ImportedFile, import_teachers
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from mediacheck.model.sign_on import ListedTeacher
from release_db.roster_file import ToldTeacher
from release_db.words import SchoolKey
from tests.conftest import House
from tests.web.conftest import a_member

LINC, OAK = SchoolKey("lincoln"), SchoolKey("oak")
PAT = ToldTeacher(
    roster_id="t1", email="pat@d.org", name="Pat Doe", joined=(LINC,), has_all_schools=True
)
SAM = replace(PAT, roster_id="t2", email="sam@d.org", name="Sam Roe")
KIM = replace(PAT, roster_id="t3", email="kim@d.org", name="Kim Poe")


def told(house: House, *teachers: ToldTeacher, is_delta: bool = False) -> TeachersPlan:
    with house.services.transaction() as work:
        plan = plan_teachers(work, teachers, is_delta=is_delta)
        apply_teachers(work, plan, by="registrar")
    return plan


def listed(house: House) -> dict[str, ListedTeacher]:
    with house.services.transaction() as work:
        return {one.roster_id: one for one in work.sign_on.teachers()}


def keep(house: House, role: Role, teacher: ToldTeacher, **changed: object) -> StaffMember:
    member = replace(a_member(role, teacher.roster_id), email=teacher.email)
    member = replace(member, **changed)  # type: ignore[arg-type]  # By name.
    with house.services.transaction() as work:
        work.accounts.save_staff(member)
    return member


def now(house: House, member: StaffMember) -> StaffMember:
    with house.services.transaction() as work:
        found = work.accounts.staff_or_none(member.staff_id)
    assert found is not None
    return found


def test_a_roster_lists_its_teachers_and_opens_no_account(house: House) -> None:
    plan = told(house, PAT, SAM)

    assert (plan.added, plan.changed, plan.gone) == (("t1", "t2"), (), ())
    assert listed(house)["t1"].schools == (LINC,)
    with house.services.transaction() as work:
        assert work.accounts.staff() == ()


def test_the_same_file_again_changes_nothing(house: House) -> None:
    told(house, PAT, SAM)

    assert told(house, PAT, SAM).is_empty


def test_an_account_with_the_address_is_that_teachers(house: House) -> None:
    member = keep(house, Role.TEACHER, PAT, name="P. Doe")

    told(house, PAT)

    assert listed(house)["t1"].staff_id == member.staff_id
    assert now(house, member).name == "Pat Doe"


def test_an_address_of_two_is_nobodys(house: House) -> None:
    keep(house, Role.TEACHER, PAT)

    told(house, PAT, replace(SAM, email=PAT.email))

    assert {one.staff_id for one in listed(house).values()} == {None}


def test_a_teacher_who_moves_is_at_the_new_school_and_signed_out(house: House) -> None:
    member = keep(house, Role.TEACHER, PAT)
    told(house, PAT)
    with house.services.transaction() as work:
        token = open_session(
            work.accounts, member.staff_id, house.clock, house.services.ids, replaces=None
        )

    plan = told(house, replace(PAT, joined=(OAK,)))

    assert plan.changed == ("t1",)
    assert now(house, member).schools == (OAK,)
    with house.services.transaction() as work:
        assert staff_of_session_or_none(work.accounts, token, house.clock) is None


def test_a_delta_changes_what_it_tells(house: House) -> None:
    told(house, PAT, SAM)

    told(house, ToldTeacher(roster_id="t1", joined=(OAK,), left=(LINC,)), is_delta=True)

    assert listed(house)["t1"].schools == (OAK,)
    assert listed(house)["t1"].email == "pat@d.org"
    assert "t2" in listed(house)


def test_a_teacher_without_a_school_left_is_gone(house: House) -> None:
    told(house, PAT)

    plan = told(house, ToldTeacher(roster_id="t1", left=(LINC,)), is_delta=True)

    assert plan.gone == ("t1",)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COMMUNICATIONS, Role.REGISTRAR])
def test_whoever_leaves_loses_access_whatever_they_were_here_for(house: House, role: Role) -> None:
    member = keep(house, role, PAT)
    told(house, PAT, SAM)
    with house.services.transaction() as work:
        token = open_session(
            work.accounts, member.staff_id, house.clock, house.services.ids, replaces=None
        )

    told(house, SAM)

    assert not now(house, member).is_active
    with house.services.transaction() as work:
        assert staff_of_session_or_none(work.accounts, token, house.clock) is None


def test_a_larger_role_is_given_by_hand_and_stays_as_it_is(house: House) -> None:
    member = keep(house, Role.REGISTRAR, PAT, name="The registrar")

    told(house, PAT)

    assert now(house, member) == member


def test_somebody_the_roster_never_listed_stays(house: House) -> None:
    member = keep(house, Role.ADMINISTRATOR, PAT)
    told(house, SAM)

    told(house, KIM)

    assert now(house, member).is_active


def test_the_last_administrator_stays_and_is_named(house: House) -> None:
    member = keep(house, Role.ADMINISTRATOR, PAT)
    told(house, PAT, SAM)

    plan = told(house, SAM)

    assert plan.stays == ("t1",)
    assert now(house, member).is_active


def test_an_administrator_leaves_where_there_is_another(house: House) -> None:
    member = keep(house, Role.ADMINISTRATOR, PAT)
    keep(house, Role.ADMINISTRATOR, KIM)
    told(house, PAT, SAM)

    told(house, SAM)

    assert not now(house, member).is_active


def test_a_teacher_under_a_new_id_does_not_leave(house: House) -> None:
    member = keep(house, Role.TEACHER, PAT)
    told(house, PAT)

    told(house, replace(PAT, roster_id="t9"))

    assert now(house, member).is_active


def test_a_new_address_is_the_accounts_own_unless_it_is_another_ones(house: House) -> None:
    member, other = keep(house, Role.TEACHER, PAT), keep(house, Role.TEACHER, SAM)
    told(house, PAT, SAM)

    told(house, replace(PAT, email="married@d.org"), SAM)
    told(house, replace(PAT, email=SAM.email), SAM)

    assert now(house, member).email == "married@d.org"
    assert now(house, other).email == SAM.email


def test_a_file_that_drops_many_must_be_confirmed(house: House) -> None:
    everybody = [replace(PAT, roster_id=f"t{n}", email=f"t{n}@d.org") for n in range(12)]
    told(house, *everybody)

    assert "4 of 12 teachers" in told(house, *everybody[:8]).warning
    assert not told(house, *everybody[:7]).warning


def test_what_was_imported_is_recorded_without_a_name(house: House) -> None:
    with house.services.transaction() as work:
        plan = plan_teachers(work, (PAT,), is_delta=False)
        import_teachers(work, plan, ImportedFile(sha256="a" * 64, actor="registrar"))
        (entry,) = work.audit.entries()

    assert entry.event == Event.TEACHERS_IMPORTED
    assert "Doe" not in str(entry)
