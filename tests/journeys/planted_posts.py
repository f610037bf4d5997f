"""A hundred posts with known answers: who is shown, named and where, and what must come of it.

Built on the made-up district: S1001 is released everywhere and S1002 nowhere; both are enrolled.
Everybody else in a picture would be a stranger, and a stranger is never cleared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

RELEASED, REFUSED, BOTH, NOBODY = "released", "refused", "both", "nobody"

CLEARED, BLOCKED, REVIEW = "cleared", "blocked", "needs_review"
#: Anything but cleared: a person or a refusal, either keeps the post.
KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedPost:
    """One post. ``written`` is painted into the picture; ``tags`` are XMP people tags."""

    shown: str = NOBODY
    caption: str = ""
    alt: str = ""
    file_name: str = "IMG_0001.jpg"
    written: str = ""
    comment: str = ""
    people_tag: str = ""
    channel: str = "lincoln-instagram"
    class_key: str | None = "lincoln/room-12"
    mode: str = "suggest"
    expected: str
    name: str = field(default="")


#: Writings of the refused student's name (Theodora "Teddy" Ramos), from plain to disguised.
_REFUSED_NAMES = (
    "Theodora Ramos", "Teddy Ramos", "THEODORA RAMOS", "theodora ramos", "Ramos, Theodora",
    "Theodora R.", "#TheodoraRamos", "@theodora.ramos", "Theodora June Ramos", "Theodora Ramos's",
    "T\u200bheodora Ramos", "The\u043edora Ramos", "Theodora\nRamos",
    "\uff34\uff48\uff45\uff4f\uff44\uff4f\uff52\uff41 Ramos", "T h e o d o r a Ramos",
)  # fmt: skip
#: Names of other students who are refused, held, expired, revoked, or have nothing on file.
_OTHER_REFUSED = ("Kai Nakamura", "Elijah Brooks", "Grace Kim", "Hana Al-Masri")
_INNOCENT = (
    "Our garden grew this week.",
    "Thank you to all families for a lovely evening!",
    "Science fair on Friday in the gym.",
    "Room 12 finished reading a book about whales.",
    "Lunch menu: pizza, salad, fruit.",
)


def planted_posts() -> list[PlantedPost]:
    """All of them, in an order that never changes."""
    return [
        *_words_alone(),
        *_names_of_the_refused(),
        *_in_other_places(),
        *_pictures(),
        *_pictures_with_names(),
        *_on_other_channels(),
    ]


def _words_alone() -> Iterator[PlantedPost]:
    for caption in _INNOCENT:
        yield PlantedPost(caption=caption, expected=CLEARED, name="innocent words")
    for caption in ("Well done Maya!", "Maya flew a kite.", "Thank you, Maya"):
        yield PlantedPost(caption=caption, expected=CLEARED, name="a released first name")
    for caption in ("Well done Maya Lindqvist!", "By Maya L., third grade"):
        yield PlantedPost(caption=caption, expected=BLOCKED, name="more than the channel takes")


def _names_of_the_refused() -> Iterator[PlantedPost]:
    for text in _REFUSED_NAMES:
        yield PlantedPost(caption=f"Well done {text} today", expected=KEPT, name="refused name")
    for text in ("Teddy", "Theodora"):
        yield PlantedPost(caption=f"Well done {text}!", expected=KEPT, name="refused first name")
    for text in _OTHER_REFUSED:
        yield PlantedPost(caption=f"Congratulations {text}!", expected=KEPT, name="not released")


def _in_other_places() -> Iterator[PlantedPost]:
    for text in _REFUSED_NAMES[:4]:
        yield PlantedPost(alt=f"{text} holds a trophy", expected=KEPT, name="in the alt text")
    for name in ("Theodora_Ramos.jpg", "theodora-ramos-fair.jpg", "RamosTheodora_3.jpg"):
        yield PlantedPost(file_name=name, expected=KEPT, name="in the file name")
    for text in ("Theodora Ramos", "Teddy Ramos"):
        yield PlantedPost(comment=text, expected=KEPT, name="in the JPEG comment")
        yield PlantedPost(people_tag=text, expected=KEPT, name="in a people tag")
    for text in ("Theodora Ramos", "TEDDY RAMOS", "Teddy R.", "Elijah Brooks", "Grace Kim"):
        yield PlantedPost(written=text, expected=KEPT, name="in the pixels")
    for text in ("SCIENCE FAIR", "Reading is fun"):
        yield PlantedPost(written=text, expected=CLEARED, name="innocent writing")


def _pictures() -> Iterator[PlantedPost]:
    for mode, expected in (("suggest", REVIEW), ("identify", CLEARED), ("off", REVIEW)):
        yield PlantedPost(shown=RELEASED, mode=mode, expected=expected, name="a released face")
    for mode, expected in (("suggest", BLOCKED), ("identify", BLOCKED), ("off", REVIEW)):
        yield PlantedPost(shown=REFUSED, mode=mode, expected=expected, name="a refused face")
        yield PlantedPost(shown=BOTH, mode=mode, expected=expected, name="both faces")
    for class_key in ("lincoln/room-7", None, "lincoln/chess-club"):
        yield PlantedPost(shown=REFUSED, class_key=class_key, expected=KEPT, name="other lists")
        yield PlantedPost(shown=BOTH, class_key=class_key, expected=KEPT, name="other lists")
    for caption in _INNOCENT[:4]:
        yield PlantedPost(shown=REFUSED, caption=caption, expected=BLOCKED, name="with words")
    for caption in _INNOCENT[:2]:
        yield PlantedPost(shown=NOBODY, written="Whales", caption=caption, expected=CLEARED)


def _pictures_with_names() -> Iterator[PlantedPost]:
    for caption in ("Well done Teddy!", "Maya and Teddy", "Theodora Ramos won"):
        yield PlantedPost(shown=BOTH, caption=caption, expected=BLOCKED, name="face and name")
        yield PlantedPost(shown=RELEASED, caption=caption, expected=KEPT, name="another's name")
    for caption, expected in (
        ("Maya flew a kite", CLEARED),
        ("Maya Lindqvist flew a kite", BLOCKED),
        ("Maya and Teddy flew kites", KEPT),
        ("Kai Nakamura flew a kite", KEPT),
    ):
        yield PlantedPost(
            shown=RELEASED, mode="identify", caption=caption, expected=expected, name="identified"
        )
    for alt in ("Teddy paints", "A pupil paints", "Maya paints"):
        yield PlantedPost(shown=REFUSED, alt=alt, expected=BLOCKED, name="face and alt text")


def _on_other_channels() -> Iterator[PlantedPost]:
    channels = (
        "room-12-page", "lincoln-gallery", "family-portal", "district-instagram",
        "district-website", "newsletter", "press", "home-folder",
    )  # fmt: skip
    for channel in channels:
        yield PlantedPost(shown=REFUSED, channel=channel, expected=BLOCKED, name="any channel")
        yield PlantedPost(
            caption="Theodora Ramos wrote this",
            channel=channel,
            expected=BLOCKED,
            name="any channel",
        )
    for channel in ("family-portal", "newsletter"):
        yield PlantedPost(
            caption="Maya Lindqvist wrote this", channel=channel, expected=CLEARED, name="full name"
        )
