"""All that may be sent to a platform, built from a clearance. Only this module builds it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import ClearedContent, ClearedPicture, Limits
from mediacheck.model.verdict import Clearance

_JOINER = "\u200d"
#: The shades of an emoji's skin, and the letters that flags are made of.
_SHADES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
_WEB_ADDRESS = re.compile(r"https?://\S+")
#: X makes a link of a name alone, too.
WEB_ADDRESS = re.compile(r"https?://\S+|(?<![\w@.])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.ASCII)
_HASHTAG = re.compile(r"(?<!\w)#\w")
#: What X counts once (twitter-text, configuration 3); everything else counts twice.
_COUNTED_ONCE = ((0, 4_351), (8_192, 8_205), (8_208, 8_223), (8_242, 8_247))


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
            length > limits.words or not _fits_bytes(content.words, limits),
            f"The words are too long for this account: {length} characters, and it takes "
            f"{limits.words}. Shorten them.",
        ),
        (
            len(content.pictures) > limits.pictures,
            f"This account takes {limits.pictures} photos in one post. Make two posts of it.",
        ),
        (
            len(content.pictures) < limits.least_pictures,
            "This account takes no post without a photo. Add one.",
        ),
        (
            limits.hashtags is not None and len(_HASHTAG.findall(content.words)) > limits.hashtags,
            f"This account takes {limits.hashtags} hashtags in one post. Take some out.",
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
    if limits.counts_graphemes:
        return graphemes_in(words)
    count = _counted_twice if limits.counts_twice else len
    if limits.address_characters is None:
        return count(words)
    address = WEB_ADDRESS if limits.counts_twice else _WEB_ADDRESS
    addresses = address.findall(words)
    return count(address.sub("", words)) + limits.address_characters * len(addresses)


def _counted_twice(words: str) -> int:
    is_once = (any(first <= ord(one) <= last for first, last in _COUNTED_ONCE) for one in words)
    return sum(1 if once else 2 for once in is_once)


def graphemes_in(words: str) -> int:
    """How many signs a reader sees. In doubt more: what is counted as two is never one too few.

    The rules of UAX 29 that join for certain: marks, joined emoji and their shades, flags, and
    the two halves of a line's end.
    """
    count, before, is_half_flag, is_emoji = 0, "\n", False, False
    for sign in words:
        is_flag = sign in _FLAGS
        joins = (
            (_extends(sign) and unicodedata.category(before) != "Cc")
            or (before == _JOINER and is_emoji and _is_picture(sign))
            or (is_flag and is_half_flag)
            or (before, sign) == ("\r", "\n")
        )
        if not joins or count == 0:
            count, is_emoji = count + 1, _is_picture(sign)
        is_half_flag = is_flag and not (joins and is_half_flag)
        before = sign
    return count


def _fits_bytes(words: str, limits: Limits) -> bool:
    return limits.words_bytes is None or len(words.encode()) <= limits.words_bytes


def _extends(sign: str) -> bool:
    return sign == _JOINER or sign in _SHADES or unicodedata.category(sign) in {"Mn", "Me"}


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) == "So"
