"""The picture that a family is asked about, with everybody else in it covered."""

from __future__ import annotations

from mediacheck.intake.encoding import picture_from_jpeg, thumbnail_jpeg
from mediacheck.model.people import StaffId
from mediacheck.model.picture_question import PictureQuestion
from mediacheck.model.post import Cover, CoverStyle
from mediacheck.ports.services import Services
from mediacheck.redaction.covers import cover_regions

#: Wide enough to see on a phone what the child is doing.
_SIDE_PX = 1_080

_NOBODY = StaffId("mediacheck")


def preview_of(services: Services, question: PictureQuestion) -> bytes:
    """A JPEG in which no other face is left.

    Raises:
        PictureLost: the picture is not there any more.
    """
    jpeg = services.pictures.get(question.picture_key)
    picture = picture_from_jpeg(jpeg, source_width_px=1, source_height_px=1)
    covers = [Cover(box=box, style=CoverStyle.FRIENDLY, by=_NOBODY) for box in question.others]
    return thumbnail_jpeg(cover_regions(picture, covers), _SIDE_PX)
