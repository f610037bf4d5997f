"""Every check that stops a file before decoding, with the words a teacher gets."""

from __future__ import annotations

import pytest

from mediacheck.errors import IntakeError
from mediacheck.intake import checks, errors
from mediacheck.intake.cage import require_bytes, require_few_bytes, require_no_sidecar
from mediacheck.intake.formats import PictureFormat
from mediacheck.intake.layout import Carrier, CarrierKind, Layout

FINE = {"format": PictureFormat.JPEG, "is_whole": True, "size_px": (640, 480)}


def a_layout(**facts: object) -> Layout:
    return Layout(**(FINE | facts))


@pytest.mark.parametrize(
    ("check", "facts", "refusal"),
    [
        (checks.require_whole, {"is_whole": False}, errors.IncompletePicture),
        (checks.require_sound, {"is_sound": False}, errors.UnreadablePicture),
        (checks.require_still, {"is_moving": True}, errors.MovingPicture),
        (checks.require_known_size, {"size_px": (0, 480)}, errors.UnreadablePicture),
        (checks.require_few_pixels, {"size_px": (7_072, 7_071)}, errors.TooManyPixels),
        (checks.require_short_sides, {"size_px": (16_001, 64)}, errors.SideTooLong),
        (checks.require_enough_to_see, {"size_px": (63, 480)}, errors.SideTooShort),
        (checks.require_few_scans, {"scans": 101}, errors.TooManyScans),
        (checks.require_small_profile, {"profile_bytes": 1024 * 1024 + 1}, errors.ProfileTooLarge),
        (
            checks.require_little_text,
            {"carriers": (Carrier(kind=CarrierKind.XMP, data=bytes(8 * 1024 * 1024 + 1)),)},
            errors.TooMuchText,
        ),
    ],
)
def test_each_check_refuses_its_own_cause_and_is_in_the_list(
    check: checks.Check, facts: dict[str, object], refusal: type[IntakeError]
) -> None:
    with pytest.raises(refusal):
        check(a_layout(**facts))
    with pytest.raises(refusal):
        checks.require_all(a_layout(**facts))


@pytest.mark.parametrize(
    "facts",
    [
        {"size_px": (7_071, 7_071)},
        {"size_px": (16_000, 64)},
        {"size_px": None},
        {"scans": 100},
        {"profile_bytes": 1024 * 1024},
    ],
)
def test_what_is_just_within_the_limits_passes(facts: dict[str, object]) -> None:
    checks.require_all(a_layout(**facts))


def test_an_upload_without_bytes_is_refused() -> None:
    with pytest.raises(errors.EmptyFile):
        require_bytes(b"", "photo.jpg")


def test_an_upload_above_25_mib_is_refused() -> None:
    require_few_bytes(bytes(25 * 1024 * 1024), "photo.jpg")

    with pytest.raises(errors.FileTooLarge):
        require_few_bytes(bytes(25 * 1024 * 1024 + 1), "photo.jpg")


@pytest.mark.parametrize("name", ["IMG_1.AAE", "photo.xmp", "photo.jpg.json", "a/b.THM"])
def test_a_sidecar_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(errors.TypeNotTaken, match="belongs to a photo"):
        require_no_sidecar(b"{}", name)


def every_refusal() -> list[type[IntakeError]]:
    return [kind for kind in vars(errors).values() if _is_a_refusal(kind)]


def _is_a_refusal(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, IntakeError) and kind is not IntakeError


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in every_refusal()]

    assert len(set(codes)) == len(codes)
    assert "refused" not in codes


@pytest.mark.parametrize("kind", every_refusal())
def test_every_refusal_says_what_to_do_next(kind: type[IntakeError]) -> None:
    if kind is errors.TypeNotTaken:
        messages = [errors.TypeNotTaken(other).message for other in errors.OtherKind]
    else:
        messages = [kind().message]

    for message in messages:
        assert message.endswith(".")
        assert len(message) < 130
        assert any(
            way in message
            for way in ("Save", "drop", "Drop", "Use", "Make", "Take", "Type", "Only", "Del")
        )


def test_the_cage_may_choose_a_cause_but_not_the_words() -> None:
    assert isinstance(errors.refusal_for("too-many-pixels", ""), errors.TooManyPixels)
    assert "GIF" in errors.refusal_for("type", "gif").message
    for code, detail in (("caption-too-long", ""), ("nonsense", ""), ("type", "nonsense")):
        with pytest.raises(ValueError, match=r"unknown|not a valid"):
            errors.refusal_for(code, detail)
