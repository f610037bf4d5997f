"""All that may be sent to a platform, built from a clearance. Only this module builds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import ClearedContent, ClearedPicture, Limits
from mediacheck.model.verdict import Clearance

_WEB_ADDRESS = re.compile(r"https?://\S+")


def build_content(
    clearance: Clearance, *, words: str, pictures: Sequence[ClearedPicture]
) -> ClearedContent:
    """The words and pictures that the clearance names; as many pictures, in its order.

    Raises:
        ValueError: there are more or fewer pictures.
    """
    if len(pictures) != len(clearance.pixels):
        raise ValueError("a clearance names each picture")
    return ClearedContent(
        clearance_id=clearance.clearance_id, words=words, pictures=tuple(pictures)
    )


def require_fit(content: ClearedContent, limits: Limits) -> None:
    """Passes what the platform takes as it is: nothing is cut, and nothing is left out.

    Raises:
        ConnectorError: something is too long or too large; the message says what to change.
    """
    length = words_length(content.words, limits)
    longest = max((len(one.alt_text) for one in content.pictures), default=0)
    largest = max((len(one.jpeg) for one in content.pictures), default=0)
    most_pixels = max((one.pixels for one in content.pictures), default=0)
    for is_too_much, words in (
        (
            length > limits.words,
            f"The words are too long for this account: {length} characters, and it takes "
            f"{limits.words}. Shorten them.",
        ),
        (
            len(content.pictures) > limits.pictures,
            f"This account takes {limits.pictures} photos in one post. Make two posts of it.",
        ),
        (
            longest > limits.alt_text,
            f"A photo's description is too long: this account takes {limits.alt_text} characters.",
        ),
        (
            largest > limits.picture_bytes or most_pixels > limits.picture_pixels,
            "A photo is too large for this account. Take it out of the post.",
        ),
    ):
        if is_too_much:
            raise ConnectorError(words, retry=Retry.NEVER, code="does-not-fit")


def words_length(words: str, limits: Limits) -> int:
    """How long the words are as the platform counts them."""
    if limits.address_characters is None:
        return len(words)
    addresses = _WEB_ADDRESS.findall(words)
    return len(_WEB_ADDRESS.sub("", words)) + limits.address_characters * len(addresses)
