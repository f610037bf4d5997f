"""Who the people of a bundle are: guardians and relatives, and ids that were given again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from release_db.records import Granted, Guardian, RefusalReason, Refused, Release, Scope
from release_db.register import ReleaseRegister
from release_db.words import (
    Answer,
    Capacity,
    ChannelKey,
    NameForm,
    ReleaseId,
    Rights,
    RightsBasis,
    StudentId,
    StudentStatus,
    Use,
)
from tests.release_db.conftest import NOW
from tests.release_db.test_oneroster import (
    ANA,
    AUNT,
    BEN,
    BIRTHS,
    MAYA,
    TODAY,
    USERS_11,
    bundle,
    imported,
    manifest,
    plan,
    zipped,
)

S17, S18 = StudentId("0017"), StudentId("0018")
USERS_12 = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,"
    "resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,"
    "primaryOrgSourcedId,pronouns\n"
)
MAYA_12 = '0017,,,true,maya,,Maya,Lopez,,,,,,"g1,r1",03,,,,,,Rivera,linc,\n'
ANA_12 = "g1,,,true,ana,,Ana,Lopez,,,ana@home.example,,,,,,,,,,,,\n"
AUNT_12 = "r1,,,true,eva,,Eva,Lopez,,,eva@home.example,,,,,,,,,,,,\n"
ROLES = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
    "orgSourcedId,userProfileSourcedId\n"
)
ROLES_OF_ALL = ROLES + (
    "x1,,,0017,primary,student,,,linc,\nx2,,,g1,primary,parent,,,linc,p2\n"
    "x3,,,r1,primary,relative,,,linc,\n"
)
PROFILES = (
    "sourcedId,status,dateLastModified,userSourcedId,profileType,vendorId,applicationId,"
    "description,credentialType,username,password,metadata.preferredLanguage\n"
    "p1,tobedeleted,,g1,sso,v,a,,saml,ana,secret,French\n"
    "p2,,,g1,sso,v,a,,saml,ana,secret,Spanish\n"
)


@pytest.fixture
def kind() -> str:
    """The database in memory will do: these rules do not touch it but through the register."""
    return "memory"


def bundle_12(**changed: str) -> bytes:
    tables = {"users": USERS_12 + MAYA_12 + ANA_12 + AUNT_12, "roles": ROLES_OF_ALL} | changed
    return bundle(version="1.2", **tables)


def links(register: ReleaseRegister, student: StudentId = S17) -> dict[str, Guardian]:
    return {link.email: link for link in register.guardians_of([student])[student]}


def answer_of(register: ReleaseRegister, email: str, answer: Answer) -> None:
    release = Release(
        release_id=ReleaseId(f"{email}-{answer}"),
        student_id=S17,
        scope=Scope(use=Use.IMAGE),
        answer=answer,
        capacity=Capacity.GUARDIAN,
        decided_by=email,
        method="portal",
        given_on=date(2026, 9, 1),
        recorded_at=NOW,
    )
    register.record([release])


def asked(register: ReleaseRegister) -> Granted | Refused:
    return register.permission_for(S17, Use.IMAGE, ChannelKey("instagram"), NameForm.NONE, NOW)


def test_a_relative_may_only_restrict(register: ReleaseRegister) -> None:
    imported(register, bundle())

    link = links(register)["eva@home.example"]
    assert (link.rights, link.basis) == (Rights.UNVERIFIED, RightsBasis.OTHER)
    answer_of(register, "eva@home.example", Answer.ALLOW)
    assert isinstance(asked(register), Refused)
    answer_of(register, "ana@home.example", Answer.ALLOW)
    assert isinstance(asked(register), Granted)
    answer_of(register, "eva@home.example", Answer.DENY)
    assert asked(register) == Refused(
        reason=RefusalReason.GUARDIAN_DENIED, releases=(ReleaseId("eva@home.example-deny"),)
    )


@pytest.mark.parametrize("role", ["aide", "proctor", "counselor", "teacher", "administrator"])
def test_staff_who_are_listed_with_a_student_are_none_of_the_family(
    register: ReleaseRegister, role: str
) -> None:
    imported(register, bundle(users=USERS_11 + MAYA + BEN + ANA + AUNT.replace("relative", role)))

    assert list(links(register)) == ["ana@home.example"]


def test_an_aide_who_is_a_parent_is_a_parent(register: ReleaseRegister) -> None:
    roles = ROLES_OF_ALL + "x4,,,g1,secondary,aide,,,linc,\n"

    imported(register, bundle_12(roles=roles))

    assert links(register)["ana@home.example"].rights is Rights.FULL


def test_a_parent_who_is_a_relative_from_now_on_grants_no_more(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())
    answer_of(register, "ana@home.example", Answer.ALLOW)

    made = imported(
        register, bundle(users=USERS_11 + MAYA + BEN + ANA.replace("Guardian", "relative") + AUNT)
    )

    assert made.losing == (S17, S18)
    assert made.needs_confirmation
    assert isinstance(asked(register), Refused)


def test_a_relative_who_is_a_parent_from_now_on_is_shown(register: ReleaseRegister) -> None:
    imported(register, bundle())
    users = USERS_11 + MAYA + BEN + ANA + AUNT.replace("relative", "parent")

    made = imported(register, bundle(users=users))

    assert made.gaining == (S17,)
    assert links(register)["eva@home.example"].basis is RightsBasis.PARENT


def test_what_the_office_verified_is_not_changed_by_a_roster(register: ReleaseRegister) -> None:
    imported(register, bundle())
    eva = links(register)["eva@home.example"]
    verified = replace(
        eva, rights=Rights.FULL, basis=RightsBasis.LEGAL_GUARDIAN, verified_how="court papers"
    )
    register.save_guardians([verified])

    assert plan(register, bundle()).is_empty


def test_names_and_languages_of_guardians_come_with_the_bundle(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle_12(userProfiles=PROFILES))

    ana, eva = links(register)["ana@home.example"], links(register)["eva@home.example"]
    assert (ana.name, ana.language) == ("Ana Lopez", "es")
    assert (eva.name, eva.language, eva.basis) == ("Eva Lopez", "", RightsBasis.OTHER)


@pytest.mark.parametrize(
    ("said", "language"),
    [("spa", "es"), ("es-MX", "es-MX"), ("Vietnamese", "vi"), ("zh-hant", "zh-Hant"), ("01", "")],
)
def test_a_language_is_read_from_a_column_of_the_users(
    register: ReleaseRegister, said: str, language: str
) -> None:
    header = USERS_11.replace("password\n", "password,Metadata.HomeLanguage\n")
    rows = (MAYA, BEN, ANA, AUNT)
    users = header + "".join(row.replace("\n", f",{said}\n") for row in rows)

    imported(register, bundle(users=users))

    assert links(register)["ana@home.example"].language == language


def test_a_language_that_a_family_chose_stays(register: ReleaseRegister) -> None:
    imported(register, bundle_12(userProfiles=PROFILES))
    register.save_guardians([replace(links(register)["ana@home.example"], language="en")])

    assert plan(register, bundle_12(userProfiles=PROFILES)).is_empty


def test_profiles_that_are_a_copy_of_the_roles_are_read_as_nothing(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle_12(userProfiles=ROLES_OF_ALL))

    assert links(register)["ana@home.example"].language == ""


def test_a_family_name_by_which_a_student_is_called_is_another_name(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle_12())

    maya = register.student_or_none(S17)
    assert maya is not None
    assert maya.other_names == ("Maya Rivera",)
    assert plan(register, bundle_12()).is_empty


def test_a_bundle_without_a_column_of_agents_takes_nobodys_rights(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())
    users = (USERS_11 + MAYA + BEN + ANA + AUNT).replace("agentSourcedIds", "otherIds")

    assert plan(register, bundle(users=users)).is_empty


def test_a_bundle_whose_guardians_are_missing_needs_a_confirmation(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())

    made = plan(register, bundle(users=USERS_11 + MAYA + BEN))

    assert made.gone == ()
    assert made.losing == (S17, S18)
    assert "would lose a guardian" in made.warning


def test_a_delta_without_roles_changes_the_users_and_keeps_what_they_are(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle_12())
    users = USERS_12 + MAYA_12.replace("Maya,Lopez", "Maia,Lopez") + ANA_12 + AUNT_12
    files = {
        "manifest.csv": manifest("delta", ["users", "roles", "orgs"], "1.2"),
        "users.csv": users.replace(",,,true", ",active,2026-11-23,true"),
        "roles.csv": ROLES,
        "orgs.csv": "sourcedId,status,dateLastModified,name,type\n",
    }

    made = imported(register, zipped(dict(files)))

    assert [change.fields for change in made.changed] == [("given_name", "other_names")]
    assert links(register)["ana@home.example"].rights is Rights.FULL


def test_a_student_whose_only_role_is_taken_back_has_left(register: ReleaseRegister) -> None:
    imported(register, bundle_12())
    files = {
        "manifest.csv": manifest("delta", ["users", "roles", "orgs"], "1.2"),
        "users.csv": USERS_12,
        "roles.csv": ROLES + "x1,tobedeleted,2026-11-23,0017,primary,student,,,linc,\n",
        "orgs.csv": "sourcedId,status,dateLastModified,name,type\n",
    }

    assert imported(register, zipped(dict(files))).gone == (S17,)


OTHER_GIRL = MAYA.replace("Maya,Lopez", "Zoe,Quinn")
OTHERS_BIRTHS = BIRTHS.replace("2015-03-04", "2017-09-09")


def with_the_id_given_again() -> bytes:
    users = USERS_11 + OTHER_GIRL + BEN.replace("Ben,Adler", "Benno,Adler") + ANA + AUNT
    return bundle(users=users, demographics=OTHERS_BIRTHS)


def test_an_id_that_was_given_to_somebody_else_is_set_aside_and_the_rest_is_imported(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())

    made = imported(register, with_the_id_given_again())

    maya, ben = register.student_or_none(S17), register.student_or_none(S18)
    assert maya is not None
    assert ben is not None
    assert made.set_aside == (S17,)
    assert (maya.family_name, maya.birth_on) == ("Lopez", date(2015, 3, 4))
    assert maya.status is StudentStatus.ACTIVE
    assert ben.given_name == "Benno"


def test_nothing_of_a_student_whose_id_was_given_again_may_be_posted(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())
    answer_of(register, "ana@home.example", Answer.ALLOW)
    assert isinstance(asked(register), Granted)

    made = imported(register, with_the_id_given_again())

    permission = asked(register)
    assert isinstance(permission, Refused)
    assert permission.reason is RefusalReason.HOLD
    assert S17 in made.stricter_for
    assert register.terms.reused_ids(TODAY) == (S17,)


def test_an_id_that_was_given_again_is_set_aside_once(register: ReleaseRegister) -> None:
    imported(register, bundle())
    imported(register, with_the_id_given_again())

    again = plan(register, with_the_id_given_again())

    assert again.is_empty
    assert again.set_aside == (S17,)


def test_an_id_that_is_settled_is_settled_until_it_is_given_again(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())
    (hold,) = imported(register, with_the_id_given_again()).holds
    register.lift_hold(hold.hold_id, ends_on=TODAY - timedelta(days=1))

    assert register.terms.reused_ids(TODAY) == ()
    assert plan(register, bundle()).set_aside == ()
    assert len(plan(register, with_the_id_given_again()).holds) == 1


@pytest.mark.parametrize(
    ("user", "births"),
    [
        (MAYA.replace("Maya,Lopez", "Maya,Quinn"), BIRTHS),
        (MAYA, OTHERS_BIRTHS),
        (OTHER_GIRL, BIRTHS),
    ],
)
def test_one_correction_makes_nobody_another_person(
    register: ReleaseRegister, user: str, births: str
) -> None:
    imported(register, bundle())

    made = plan(register, bundle(users=USERS_11 + user + BEN + ANA + AUNT, demographics=births))

    assert made.set_aside == ()
    assert made.changed


def test_without_a_birth_date_another_whole_name_is_another_person(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())
    users = USERS_11 + MAYA + BEN.replace("Ben,Adler", "Tom,Ashe") + ANA + AUNT

    assert plan(register, bundle(users=users)).set_aside == (S18,)


def a_delta(*users: str) -> bytes:
    told = "".join(user.replace(",,,true", ",active,2026-11-23,true", 1) for user in users)
    orgs = "sourcedId,status,dateLastModified,name,type\n"
    files: dict[str, str | bytes] = {"users.csv": USERS_11 + told, "orgs.csv": orgs}
    return zipped({"manifest.csv": manifest("delta", ["users", "orgs"]), **files})


NEW_ADDRESS = ANA.replace("ana@home", "ana.lopez@work")


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_guardian_with_a_new_address_is_the_same_person(
    register: ReleaseRegister, is_whole: bool
) -> None:
    imported(register, bundle())
    answer_of(register, "ana@home.example", Answer.ALLOW)
    whole = bundle(users=USERS_11 + MAYA + BEN + NEW_ADDRESS + AUNT)

    made = imported(register, whole if is_whole else a_delta(NEW_ADDRESS))

    assert [change.student_id for change in made.changed] == [S17, S18]
    assert made.losing == ()
    assert list(links(register)) == ["ana.lopez@work.example", "eva@home.example"]
    assert isinstance(asked(register), Granted)
    assert plan(register, whole).is_empty


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_guardians_id_that_was_given_to_somebody_else_inherits_nothing(
    register: ReleaseRegister, is_whole: bool
) -> None:
    imported(register, bundle())
    answer_of(register, "ana@home.example", Answer.ALLOW)
    other = NEW_ADDRESS.replace("Ana,Lopez", "Kim,Lee")

    data = bundle(users=USERS_11 + MAYA + BEN + other + AUNT) if is_whole else a_delta(other)
    made = imported(register, data)

    assert S17 in made.losing
    assert links(register)["ana@home.example"].rights is Rights.UNVERIFIED
    assert isinstance(asked(register), Refused)
    assert plan(register, data).is_empty


def test_a_guardian_who_is_deleted_in_a_delta_grants_no_more(register: ReleaseRegister) -> None:
    imported(register, bundle())
    answer_of(register, "ana@home.example", Answer.ALLOW)

    made = imported(register, a_delta(ANA.replace(",,,true", ",tobedeleted,2026-11-23,true")))

    assert made.losing == (S17, S18)
    assert made.stricter_for == {S17, S18}
    assert isinstance(asked(register), Refused)


def test_a_delta_that_lists_another_guardian_keeps_the_one_it_does_not_tell_of(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())
    father = "g2,,,true,linc,parent,leo,,Leo,Lopez,,,leo@home.example,,,,,\n"

    imported(register, a_delta(MAYA.replace("g1,r1", "g1,g2"), father))

    rights = {email: link.rights for email, link in links(register).items()}
    assert rights == {
        "ana@home.example": Rights.FULL,
        "eva@home.example": Rights.UNVERIFIED,
        "leo@home.example": Rights.FULL,
    }


def test_a_guardian_whom_a_delta_lists_no_more_grants_no_more(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())

    made = imported(register, a_delta(MAYA.replace("g1,r1", "r1")))

    assert made.losing == (S17,)


def test_a_delta_that_lists_somebody_unknown_changes_no_guardian(
    register: ReleaseRegister,
) -> None:
    imported(register, bundle())

    assert plan(register, a_delta(MAYA.replace("g1,r1", "g9"))).is_empty


def test_two_who_share_an_address_are_one_in_whatever_order(register: ReleaseRegister) -> None:
    shared = AUNT.replace("eva@home", "ana@home")
    imported(register, bundle(users=USERS_11 + MAYA + BEN + ANA + shared))

    swapped = MAYA.replace("g1,r1", "r1,g1")

    assert list(links(register)) == ["ana@home.example"]
    assert links(register)["ana@home.example"].rights is Rights.FULL
    assert plan(register, bundle(users=USERS_11 + swapped + BEN + ANA + shared)).is_empty
