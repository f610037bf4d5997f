"""One honest in-memory stand-in a port, for the outer edge only: engines, clock, queue."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from mediacheck.errors import EngineFault, IntakeError
from mediacheck.intake.encoding import encode_jpeg, picture_from_jpeg
from mediacheck.model.archive import OldPictureId
from mediacheck.model.face_evidence import MeasurementId
from mediacheck.model.finding import FaceFinding, finding_id_for
from mediacheck.model.mail import MailId
from mediacheck.model.portraits import BatchId
from mediacheck.model.post import Box, Intake, MediaId, MetadataText, Picture
from mediacheck.model.publishing import ConnectionId, DispatchId
from mediacheck.model.timelines import WatchedId
from mediacheck.ports.engines import TextLine
from tests.factories import NOW


class FixedClock:
    """Stands still until it is told to move."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


class CountingIds:
    """Ids in order."""

    def __init__(self) -> None:
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"id{self._count:030d}"


class NotAPicture(IntakeError):
    """What the fake decoder refuses."""

    code = "not-a-picture"
    message = "This is not a photo. Choose another."


def a_picture(colour: int = 200, width: int = 640, height: int = 480) -> Picture:
    jpeg = encode_jpeg(
        Picture(
            width_px=width,
            height_px=height,
            rgb=bytes([colour]) * (width * height * 3),
            source_width_px=width,
            source_height_px=height,
        )
    )
    return picture_from_jpeg(jpeg, source_width_px=width, source_height_px=height)


class FakeDecoder:
    """Takes uploads that begin with ``grey:NUMBER``; refuses every other."""

    def __init__(self, metadata: Collection[MetadataText] = ()) -> None:
        self.metadata = tuple(metadata)

    def decode(self, data: bytes, file_name: str) -> Intake:
        if not data.startswith(b"grey:"):
            raise NotAPicture
        picture = a_picture(int(data[5:8]))
        jpeg = encode_jpeg(picture)
        return Intake(
            picture=picture_from_jpeg(jpeg, source_width_px=640, source_height_px=480),
            jpeg=jpeg,
            sha256=hashlib.sha256(data).hexdigest(),
            format="JPEG",
            metadata=self.metadata,
        )


class FakeFaceFinder:
    """Finds a face in each of its boxes whose middle is as bright as the rest of the picture."""

    def __init__(self, boxes: Sequence[Box] = ()) -> None:
        self.boxes = tuple(boxes)
        self.is_broken = False
        self.sees_through_covers = False

    def find_faces(self, picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
        if self.is_broken:
            raise EngineFault
        return tuple(
            FaceFinding(
                finding_id=finding_id_for("f", media_id, f"{box}"),
                media_id=media_id,
                box=box,
                detectors=("fake",),
            )
            for box in self.boxes
            if self.sees_through_covers or not _is_covered(picture, box)
        )


def _is_covered(picture: Picture, box: Box) -> bool:
    middle = (box.top + box.height // 2) * picture.width_px + box.left + box.width // 2
    corner, inside = picture.rgb[0], picture.rgb[middle * 3]
    return abs(corner - inside) > 12


class FakeExtractor:
    """Gives every face the template it was told, in the order of the boxes."""

    model = "fake-model"

    def __init__(self, vectors: Sequence[bytes | None] = ()) -> None:
        self.vectors = tuple(vectors)
        self.calls = 0

    def glance(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        return self.extract(picture, boxes)

    def extract(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        self.calls += 1
        return tuple(
            self.vectors[number] if number < len(self.vectors) else None
            for number in range(len(boxes))
        )


class FakeReader:
    """Reads the lines it was told."""

    def __init__(self, lines: Sequence[TextLine] = ()) -> None:
        self.lines = tuple(lines)
        self.given: list[Picture] = []

    def read_text(self, picture: Picture) -> tuple[TextLine, ...]:
        self.given.append(picture)
        return self.lines


class InlineJobs:
    """Keeps what was asked for until the test lets it run."""

    def __init__(self) -> None:
        self.waiting: list[MediaId] = []
        self.check: Callable[[MediaId], None] = lambda _: None
        self.mails: list[MailId] = []
        self.measurements: list[MeasurementId] = []
        self.portraits: list[BatchId] = []
        self.old: list[OldPictureId] = []
        self.dispatches: list[DispatchId] = []
        self.removals: list[DispatchId] = []
        self.accounts: list[ConnectionId] = []
        self.fetches: list[WatchedId] = []

    def check_media(self, media_id: MediaId) -> None:
        self.waiting.append(media_id)

    def send_mail(self, mail_id: MailId) -> None:
        self.mails.append(mail_id)

    def measure_gallery(self, measurement_id: MeasurementId) -> None:
        self.measurements.append(measurement_id)

    def see_to_portraits(self, batch_id: BatchId) -> None:
        self.portraits.append(batch_id)

    def judge_old(self, old_picture_id: OldPictureId) -> None:
        self.old.append(old_picture_id)

    def publish(self, dispatch_id: DispatchId) -> None:
        self.dispatches.append(dispatch_id)

    def take_down(self, dispatch_id: DispatchId) -> None:
        self.removals.append(dispatch_id)

    def look_after_account(self, connection_id: ConnectionId) -> None:
        self.accounts.append(connection_id)

    def fetch_seen(self, watched_id: WatchedId) -> None:
        self.fetches.append(watched_id)

    def run(self) -> None:
        while self.waiting:
            self.check(self.waiting.pop(0))
