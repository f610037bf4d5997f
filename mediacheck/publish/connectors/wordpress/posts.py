"""Reads what WordPress keeps of a post, and writes what it is to keep."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from mediacheck.model.publishing import Account, ClearedContent, Posted, SeenPicture, SeenPost
from mediacheck.publish.connectors.answers import (
    id_of,
    object_of,
    shown_text,
    text_of,
    text_or_empty,
)
from mediacheck.publish.connectors.wordpress.markup import (
    Uploaded,
    content_of,
    read_markup,
    title_and_body,
    written,
)
from mediacheck.wire import Answer, Json, odd_answer


def account_from(me: Json) -> Account:
    """The account of an answer to ``users/me``."""
    return Account(account_id=id_of(me), handle=text_of(me, "slug"), address=text_of(me, "link"))


def words_of(words: str, pictures: Sequence[Uploaded]) -> Json:
    """The words and pictures, as a post keeps them."""
    title, body = title_and_body(words)
    return {"title": written(title), "content": content_of(body, pictures)}


def marker_of(content: ClearedContent) -> str:
    """Our own mark on the post: by it the draft of a clearance is found again."""
    digest = hashlib.sha256(f"wordpress:{content.clearance_id}".encode()).hexdigest()
    return f"post-{digest[:20]}"


def ids_in(posted: Posted) -> tuple[str, list[str]]:
    """The number of a post, and those of its pictures."""
    post_id, _, media = posted.reference.partition(":")
    return post_id, [one for one in media.split(",") if one]


def raw_of(post: Json, key: str) -> str:
    """A part of a post as it was written."""
    return text_or_empty(object_of(post, key), "raw")


def files_of(media: Json) -> list[str]:
    """Every file of a picture: as it was uploaded, and each copy that the site made of it."""
    whole = text_of(media, "source_url")
    found = media.get("media_details")
    details = found if isinstance(found, dict) else {}
    sizes = details.get("sizes")
    copies = [one.get("source_url") for one in sizes.values()] if isinstance(sizes, dict) else []
    original = details.get("original_image")
    if isinstance(original, str) and original:
        copies.append(whole.rsplit("/", 1)[0] + "/" + original)
    return [whole, *(one for one in copies if isinstance(one, str))]


def code_in(answer: Answer) -> str:
    """The short word with which WordPress says what was wrong; empty: it says none."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return ""
    return str(found.get("code")) if isinstance(found, dict) else ""


def reference_of(post: Json, media: Sequence[str]) -> str:
    """What a post is known by: its number, and those of its pictures."""
    return f"{id_of(post)}:{','.join(media)}"


def moment_of(post: Json) -> datetime:
    """When it came out."""
    try:
        return datetime.fromisoformat(text_of(post, "date_gmt")).replace(tzinfo=UTC)
    except ValueError:
        raise odd_answer() from None


def seen_post(post: Json, featured: Sequence[SeenPicture]) -> SeenPost:
    """A post as everybody reads it; ``featured`` is the picture that stands apart from its text."""
    content = text_or_empty(object_of(post, "content"), "rendered")
    title = text_or_empty(object_of(post, "title"), "rendered")
    shown = read_markup(content)
    excerpt = post.get("excerpt")
    summary = text_or_empty(excerpt, "rendered") if isinstance(excerpt, dict) else ""
    texts = (shown_text(one) for one in (title, content, summary))
    lines = "\n".join(dict.fromkeys(texts)).splitlines()
    pictures = [
        SeenPicture(address=address, alt_text=alt)
        for address, alt in zip(shown.addresses, shown.alt_texts, strict=True)
    ]
    return SeenPost(
        reference=reference_of(post, shown.media),
        address=text_of(post, "link"),
        posted_at=moment_of(post),
        words="\n".join(line.strip() for line in lines if line.strip()),
        pictures=(*featured, *pictures),
        has_more=shown.has_more or bool(object_of(post, "content").get("protected")),
    )
