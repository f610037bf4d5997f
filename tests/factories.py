"""Plain builders with every argument optional."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from mediacheck.model.face_evidence import (
    BARS,
    AnswerCounts,
    Band,
    BandCounts,
    EvidenceId,
    FaceEvidence,
)
from mediacheck.model.finding import (
    Certainty,
    FaceFinding,
    FaceMark,
    FindingId,
    NameFinding,
    UnreadText,
    Where,
)
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.model.post import (
    Box,
    Media,
    MediaId,
    MediaState,
    PixelHash,
    Post,
    PostId,
    PostState,
)
from mediacheck.model.works import Credit, WorkWord
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from release_db.records import (
    BiometricConsent,
    Channel,
    Guardian,
    Hold,
    Release,
    Scope,
    Student,
    StudentFile,
)
from release_db.words import (
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
    Use,
)

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
SCHOOL = SchoolKey("lincoln")
CLASS = ClassKey("lincoln/room-12")
PARENT = "parent@families.example"
AUTHOR = StaffId("author")
REVIEWER = StaffId("reviewer")


def a_channel(
    key: str = "lincoln-instagram",
    *,
    audience: Audience = Audience.SOCIAL,
    name_form: NameForm = NameForm.FULL,
    school: SchoolKey | None = SCHOOL,
    is_official: bool = False,
) -> Channel:
    return Channel(
        key=ChannelKey(key),
        name=key,
        audience=audience,
        school=school,
        name_form=name_form,
        is_official=is_official,
    )


def a_student(student_id: str = "S1", *, given: str = "Maya", family: str = "Lopez") -> Student:
    return Student(
        student_id=StudentId(student_id),
        given_name=given,
        family_name=family,
        school=SCHOOL,
        classes=(CLASS,),
        birth_on=date(2016, 5, 1),
    )


def a_release(
    student_id: str = "S1",
    *,
    use: Use = Use.IMAGE,
    answer: Answer = Answer.ALLOW,
    name_form: NameForm | None = None,
    channel: str | None = None,
    audience: Audience | None = None,
    ends_on: date | None = None,
    decided_by: str = PARENT,
    capacity: Capacity = Capacity.GUARDIAN,
) -> Release:
    key = f"{student_id}-{use}-{answer}-{name_form}-{channel}-{audience}-{decided_by}"
    return Release(
        release_id=ReleaseId(key),
        student_id=StudentId(student_id),
        scope=Scope(
            use=use,
            channel=ChannelKey(channel) if channel else None,
            audience=audience,
            name_form=name_form,
        ),
        answer=answer,
        capacity=capacity,
        decided_by=decided_by,
        method="paper",
        given_on=date(2026, 9, 1),
        recorded_at=datetime(2026, 9, 1, 16, tzinfo=UTC),
        ends_on=ends_on,
    )


def a_face_consent(student_id: str = "S1") -> BiometricConsent:
    return BiometricConsent(
        release_id=ReleaseId(f"b-{student_id}"),
        student_id=StudentId(student_id),
        answer=Answer.ALLOW,
        capacity=Capacity.OFFICE,
        decided_by="office",
        method="paper",
        given_on=TODAY,
        recorded_at=NOW,
    )


def releases_for(
    student_id: str = "S1", uses: Iterable[Use] = tuple(Use), answer: Answer = Answer.ALLOW
) -> tuple[Release, ...]:
    return tuple(a_release(student_id, use=use, answer=answer) for use in uses)


def a_hold(student_id: str = "S1") -> Hold:
    return Hold(
        hold_id=HoldId(f"hold-{student_id}"),
        student_id=StudentId(student_id),
        starts_on=date(2026, 9, 1),
    )


def a_file(
    student_id: str = "S1", *, releases: Iterable[Release] = (), holds: Iterable[Hold] = ()
) -> StudentFile:
    guardian = Guardian(
        guardian_id=GuardianId(f"g-{student_id}"),
        student_id=StudentId(student_id),
        email=PARENT,
        rights=Rights.FULL,
    )
    return StudentFile(
        student=a_student(student_id),
        guardians=(guardian,),
        releases=tuple(releases),
        holds=tuple(holds),
    )


def a_box(left: int = 100, top: int = 100, size: int = 80) -> Box:
    return Box(left=left, top=top, width=size, height=size)


def a_face(
    finding_id: str = "f1", *, media_id: str = "m1", marks: Iterable[FaceMark] = ()
) -> FaceFinding:
    return FaceFinding(
        finding_id=FindingId(finding_id),
        media_id=MediaId(media_id),
        box=a_box(),
        detectors=("dlib",),
        marks=frozenset(marks),
    )


def a_name(
    finding_id: str = "n1",
    *,
    where: Where = Where.CAPTION,
    media_id: str | None = None,
    form: NameForm = NameForm.FULL,
    candidates: Iterable[str] = ("S1",),
    certainty: Certainty = Certainty.CERTAIN,
    text: str = "Maya Lopez",
) -> NameFinding:
    return NameFinding(
        finding_id=FindingId(finding_id),
        where=where,
        media_id=MediaId(media_id) if media_id else None,
        text=text,
        span=(0, len(text)),
        form=form,
        candidates=tuple(StudentId(one) for one in candidates),
        certainty=certainty,
    )


def an_unread_text(finding_id: str = "t1", *, media_id: str = "m1") -> UnreadText:
    return UnreadText(
        finding_id=FindingId(finding_id), media_id=MediaId(media_id), box=a_box(size=40)
    )


def a_media(
    media_id: str = "m1", *, state: MediaState = MediaState.CHECKED, alt_text: str = "A class"
) -> Media:
    is_checked = state is MediaState.CHECKED
    return Media(
        media_id=MediaId(media_id),
        position=1,
        file_name="IMG_1.jpg",
        sha256="0" * 64,
        pixels_sha256=PixelHash("1" * 64) if is_checked else None,
        width_px=640,
        height_px=480,
        source_width_px=640,
        source_height_px=480,
        alt_text=alt_text,
        state=state,
    )


def a_work_word(
    *,
    media_id: str = "m1",
    credit: Credit = Credit.STUDENTS,
    students: Iterable[str] = (),
    name_form: NameForm = NameForm.NONE,
    others: Iterable[str] = (),
    by: StaffId = AUTHOR,
) -> WorkWord:
    return WorkWord(
        media_id=MediaId(media_id),
        credit=credit,
        by=by,
        at=NOW,
        students=tuple(StudentId(one) for one in students),
        name_form=name_form,
        others=tuple(StudentId(one) for one in others),
    )


def a_post(
    *,
    media: Iterable[Media] = (),
    caption: str = "A day at school",
    state: PostState = PostState.DRAFT,
    author: StaffId = AUTHOR,
) -> Post:
    return Post(
        post_id=PostId("p1"),
        author=author,
        school=SCHOOL,
        channel=ChannelKey("lincoln-instagram"),
        class_key=CLASS,
        caption=caption,
        media=tuple(media),
        state=state,
        created_at=NOW,
    )


def a_staff_member(
    staff_id: str = "author",
    *,
    role: Role = Role.TEACHER,
    schools: tuple[SchoolKey, ...] = (SCHOOL,),
) -> StaffMember:
    return StaffMember(
        staff_id=StaffId(staff_id),
        email=f"{staff_id}@district.example",
        name=staff_id.title(),
        role=role,
        schools=schools,
    )


def a_band(
    band: Band = Band.ALL, *, students: int = 400, templates: int = 800, mistaken: int = 0
) -> BandCounts:
    """``mistaken``: so many students are within every bar of somebody else."""
    none = (0,) * len(BARS)
    return BandCounts(
        band=band,
        students=students,
        templates=templates,
        impostor_pairs=templates * (templates - 1) // 2 - students,
        genuine_pairs=students,
        false_matches=none,
        false_positives=(mistaken,) * len(BARS),
        genuine_within=tuple(students * (place >= 20) for place in range(len(BARS))),
    )


def a_face_evidence(
    *,
    school: str | None = SCHOOL,
    model: str = DLIB_RESNET_V1_M6.model,
    bands: Iterable[BandCounts] = (),
    close: int = 150,
    wrong: int = 0,
    evidence_id: str = "evidence",
) -> FaceEvidence:
    """A measurement that backs identify, unless it is told otherwise."""
    return FaceEvidence(
        evidence_id=EvidenceId(evidence_id),
        school=SchoolKey(school) if school else None,
        model=model,
        measured_at=NOW,
        bands=tuple(bands) or (a_band(), a_band(Band.MIDDLE)),
        answers=AnswerCounts(close=close, wrong=wrong),
    )
