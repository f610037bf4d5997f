"""The catalogues of the families' pages, and which of them a page is made with.

A catalogue is one ``.po`` file, read at start: a language is added by adding its file, and no
compiled one can be older than its source.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import flask_babel
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, request, session

from mediacheck.web.access import family_or_none, staff_or_none
from mediacheck.web.families import language

#: The language that the pages are written in.
SOURCE_LANGUAGE = "en"
FOLDER = Path(__file__).resolve().parents[2] / "translations"

_CHOSEN = "language"
_FAMILY_PAGES = "/family"


def read_catalogues(folder: Path = FOLDER) -> dict[str, Translations]:
    """Every catalogue of a folder, by language."""
    return {
        path.parent.parent.name: _read(path)
        for path in sorted(folder.glob("*/LC_MESSAGES/messages.po"))
    }


def speak_languages(app: Flask, catalogues: Mapping[str, Translations]) -> None:
    """Lets the pages of an app speak English and the languages of these catalogues."""
    spoken = (SOURCE_LANGUAGE, *catalogues)
    babel = flask_babel.Babel(app, locale_selector=lambda: _language_of_request(spoken))
    babel.domain_instance = _Domain(catalogues)
    app.jinja_env.globals.update(
        _=language._,
        page_language=page_language,
        spoken=_named(spoken),
        is_rtl=is_rtl,
        family_or_none=family_or_none,
    )
    app.before_request(_read_language)


def page_language() -> str:
    """The language of the page that is being made."""
    return str(flask_babel.get_locale() or SOURCE_LANGUAGE)


def is_rtl() -> bool:
    """Whether the page is read from right to left."""
    locale = flask_babel.get_locale()
    return locale is not None and locale.text_direction == "rtl"


def _read(path: Path) -> Translations:
    with path.open("rb") as source:
        catalogue = read_po(source)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def _named(spoken: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each language with its own name for itself."""
    names = ((tag, Locale.parse(tag).get_display_name(tag) or tag) for tag in spoken)
    return tuple((tag, name[:1].upper() + name[1:]) for tag, name in names)


def _read_language() -> None:
    """Asks who visits before any page opens its transaction, and keeps a choice made."""
    if not request.path.startswith(_FAMILY_PAGES):
        return
    family_or_none()
    staff_or_none()
    chosen = request.args.get("lang", "")
    if chosen.isalpha():
        session[_CHOSEN] = chosen


def _language_of_request(spoken: tuple[str, ...]) -> str:
    """What was chosen here, else the family's own, else the browser's."""
    visitor = g.get("family")
    for wanted in (session.get(_CHOSEN), visitor.language if visitor is not None else None):
        tag = str(wanted or "").split("-")[0]
        if tag in spoken:
            return tag
    return request.accept_languages.best_match(spoken) or SOURCE_LANGUAGE


class _Domain(flask_babel.Domain):  # type: ignore[misc]  # the library has no types
    """Answers from catalogues that are in memory."""

    def __init__(self, catalogues: Mapping[str, Translations]) -> None:
        super().__init__()
        self._catalogues = catalogues

    def get_translations(self) -> NullTranslations:
        """The catalogue of the page's language; English needs none."""
        return self._catalogues.get(page_language(), NullTranslations())
