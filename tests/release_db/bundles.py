"""Makes OneRoster bundles of any size; the people in them are made up."""

from __future__ import annotations

import io
import zipfile

_GIVEN = ("Maya", "Theo", "Lucía", "Noor", "Ivy", "Omar", "Zoë", "Kai", "Ana", "Ben")
_FAMILY = ("Lopez", "Nguyen", "Smith", "García", "Okafor", "Lindqvist", "Khan", "Park", "Ruiz")
_PER_CLASS, _PER_SCHOOL = 25, 500


def a_bundle(students: int) -> bytes:
    """A OneRoster 1.1 bulk bundle: two guardians each, classes of 25, schools of 500."""
    users, enrolled, births, classes, schools = [], [], [], {}, {}
    for number in range(students):
        school, room = f"sch{number // _PER_SCHOOL}", f"c{number // _PER_CLASS}"
        given, family = _GIVEN[number % 10], _FAMILY[number % 9]
        student = f"{number:06d}"
        schools[school] = f"{school},,,School {school},school,,\n"
        classes[room] = f"{room},,,Room {room},,,,homeroom,,{school},,,,\n"
        agents = f'"{student}g1,{student}g2"'
        users.append(
            f"{student},,,true,{school},student,u{student},,{given},{family},,,,,,{agents},03,\n"
        )
        for one in ("g1", "g2"):
            mail = f"{student}{one}@home.example"
            users.append(f"{student}{one},,,true,{school},parent,,,Parent,{family},,,{mail},,,,,\n")
        enrolled.append(f"e{student},,,{room},{school},{student},student\n")
        births.append(f"{student},,,{2010 + number % 8}-03-04\n")
    return _zipped(
        {
            "users": _USERS + "".join(users),
            "orgs": _ORGS + "".join(schools.values()),
            "classes": _CLASSES + "".join(classes.values()),
            "enrollments": _ENROLLMENTS + "".join(enrolled),
            "demographics": "sourcedId,status,dateLastModified,birthDate\n" + "".join(births),
        }
    )


def _zipped(tables: dict[str, str]) -> bytes:
    lines = [f"file.{table},bulk" for table in tables]
    manifest = "\n".join(["propertyName,value", "oneroster.version,1.1", *lines, ""])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", manifest)
        for table, text in tables.items():
            archive.writestr(f"{table}.csv", text)
    return made.getvalue()


_USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
)
_ORGS = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
_CLASSES = (
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
)
_ENROLLMENTS = (
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role\n"
)
