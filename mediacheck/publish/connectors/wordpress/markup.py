"""The words and pictures of a post, as WordPress keeps them, and back again.

Nothing is added to what was cleared. Brackets and addresses are written so that WordPress neither
runs a shortcode nor fetches a preview of somebody else's page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: A first line that is longer is no title.
_LONGEST_TITLE = 100
#: What holds words, or puts words and pictures in order.
_PLAIN = frozenset(
    (
        *("a", "abbr", "address", "article", "aside", "b", "blockquote", "br", "caption"),
        *("center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div"),
        *("dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol"),
        *("p", "pre", "q", "s", "section", "small", "span", "strike", "strong", "sub"),
        *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u"),
        *("ul", "wbr"),
    )
)
#: A link to something that is looked at or heard, and not a page.
_FILE = re.compile(
    r"\.(avi|docx?|epub|gif|heic|jpe?g|m4[av]|mov|mp[34]|odt|og[gv]|pdf|png|pptx?|svg|tiff?|wav|"
    r"web[mp]|xlsx?|zip)($|[?#])",
    re.IGNORECASE,
)
_MEDIA_CLASS = re.compile(r"wp-image-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A picture in the site's library."""

    media_id: str
    address: str
    alt_text: str = field(repr=False)


@dataclass(slots=True)
class Shown:
    """What a post's markup shows: its text, and of each picture what is known of it."""

    text: list[str] = field(default_factory=list)
    alt_texts: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    has_more: bool = False
    """Whether it holds anything but words, links to pages and pictures: a film, a file, a frame."""


def title_and_body(words: str) -> tuple[str, str]:
    """A short first line is the title; else there is none."""
    first, _, rest = words.partition("\n")
    return (first.strip(), rest) if len(first) <= _LONGEST_TITLE else ("", words)


def written(text: str) -> str:
    """The text, so that WordPress shows it and does nothing else with it."""
    safe = html.escape(text, quote=True).replace("[", "&#91;").replace("]", "&#93;")
    return safe.replace("://", "&#58;//")


def content_of(body: str, pictures: Sequence[Uploaded]) -> str:
    """The paragraphs, then the pictures, as WordPress's own blocks."""
    blocks = [_paragraph(one) for one in re.split(r"\n\s*\n", body.strip())]
    return "\n\n".join([*blocks, *map(_figure, pictures)])


def read_markup(markup: str) -> Shown:
    """What a post's markup shows."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.shown


def _paragraph(text: str) -> str:
    lines = "<br>".join(written(line.strip()) for line in text.split("\n"))
    return f"<!-- wp:paragraph -->\n<p>{lines}</p>\n<!-- /wp:paragraph -->"


def _figure(picture: Uploaded) -> str:
    settings = json.dumps({"id": int(picture.media_id), "sizeSlug": "full"})
    return (
        f"<!-- wp:image {settings} -->\n"
        f'<figure class="wp-block-image size-full"><img src="{html.escape(picture.address)}" '
        f'alt="{written(picture.alt_text)}" class="wp-image-{picture.media_id}"/></figure>\n'
        "<!-- /wp:image -->"
    )


class _Reader(HTMLParser):
    """Gathers the text and the pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()

    def handle_data(self, data: str) -> None:
        self.shown.text.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        is_painted = "url(" in (held.get("style") or "").lower()
        if tag not in _PLAIN or is_painted or _FILE.search(held.get("href") or ""):
            self.shown.has_more = True
        if tag != "img":
            return
        self.shown.addresses.append(held.get("src") or "")
        self.shown.alt_texts.append(held.get("alt") or "")
        self.shown.media.extend(_MEDIA_CLASS.findall(held.get("class") or ""))
