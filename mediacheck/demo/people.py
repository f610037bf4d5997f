"""The made-up district's staff and channels."""

from __future__ import annotations

from mediacheck.model.people import Role, StaffId, StaffMember
from release_db.records import Channel, School
from release_db.words import Audience, ChannelKey, NameForm, SchoolKey

LINCOLN = SchoolKey("lincoln")
ROOSEVELT = SchoolKey("roosevelt")

#: One password for every made-up account: it is printed on the sign-in page of the demo.
PASSWORD = "paper kites over lincoln"  # noqa: S105 - the demo shows it to everybody.

SCHOOLS = (
    School(key=LINCOLN, name="Lincoln Elementary"),
    School(key=ROOSEVELT, name="Roosevelt Middle School"),
)

STAFF = (
    StaffMember(
        staff_id=StaffId("demo-teacher-lincoln"),
        email="rivera@demo.example",
        name="Alma Rivera",
        role=Role.TEACHER,
        schools=(LINCOLN,),
    ),
    StaffMember(
        staff_id=StaffId("demo-teacher-roosevelt"),
        email="cho@demo.example",
        name="Daniel Cho",
        role=Role.TEACHER,
        schools=(ROOSEVELT,),
    ),
    StaffMember(
        staff_id=StaffId("demo-communications"),
        email="hart@demo.example",
        name="Beatrice Hart",
        role=Role.COMMUNICATIONS,
    ),
    StaffMember(
        staff_id=StaffId("demo-communications-two"),
        email="osborne@demo.example",
        name="Neil Osborne",
        role=Role.COMMUNICATIONS,
    ),
    StaffMember(
        staff_id=StaffId("demo-registrar"),
        email="feldman@demo.example",
        name="Ruth Feldman",
        role=Role.REGISTRAR,
    ),
    StaffMember(
        staff_id=StaffId("demo-administrator"),
        email="admin@demo.example",
        name="Ivan Marsh",
        role=Role.ADMINISTRATOR,
    ),
)


def _channel(
    key: str, name: str, audience: Audience, school: SchoolKey | None = None, **rules: bool
) -> Channel:
    return Channel(
        key=ChannelKey(key),
        name=name,
        audience=audience,
        school=school,
        name_form=NameForm.FIRST if audience is Audience.SOCIAL else NameForm.FULL,
        is_official=rules.get("is_official", False),
    )


CHANNELS = (
    _channel("room-12-page", "Room 12 class page", Audience.CLASS, LINCOLN),
    _channel("lincoln-gallery", "Lincoln family gallery", Audience.SCHOOL, LINCOLN),
    _channel("lincoln-instagram", "Lincoln on Instagram", Audience.SOCIAL, LINCOLN),
    _channel("roosevelt-7a-page", "7A class page", Audience.CLASS, ROOSEVELT),
    _channel("roosevelt-facebook", "Roosevelt on Facebook", Audience.SOCIAL, ROOSEVELT),
    _channel("family-portal", "District family portal", Audience.DISTRICT),
    _channel("district-instagram", "District on Instagram", Audience.SOCIAL, is_official=True),
    _channel("district-website", "District website", Audience.PUBLIC_WEB, is_official=True),
    _channel("newsletter", "Printed newsletter", Audience.PRINT, is_official=True),
    _channel("press", "Local press", Audience.PRESS, is_official=True),
    _channel("home-folder", "Take-home folder", Audience.HOUSEHOLD, LINCOLN),
)
