"""Every word of the families' pages is there in every language, and mirrored where it must be."""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask

from mediacheck.web.families.catalogues import FOLDER, speak_languages
from tests.web.families.conftest import FamilyBrowserAs

ROOT = Path(__file__).resolve().parents[3]
_CALL = re.compile(r"""\b_\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+|'(?:[^'\\]|\\.)*')""")
CATALOGUES = sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def said_words() -> set[str]:
    """Every message of the pages and of their views."""
    paths = [
        *(ROOT / "templates" / "families").rglob("*.html"),
        *(ROOT / "mediacheck" / "web" / "families").rglob("*.py"),
    ]
    found = (_CALL.finditer(path.read_text(encoding="utf-8")) for path in paths)
    return {ast.literal_eval(f"({call[1]})") for calls in found for call in calls}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_no_message_is_untranslated(path: Path) -> None:
    with path.open("rb") as source:
        catalogue = read_po(source)
    translated = {one.id: one.string for one in catalogue if one.id}

    assert [words for words in sorted(said_words()) if not translated.get(words)] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_translation_keeps_its_placeholders(path: Path) -> None:
    with path.open("rb") as source:
        catalogue = read_po(source)

    places = re.compile(r"%\(\w+\)s")
    odd = [
        one.id
        for one in catalogue
        if one.id and set(places.findall(str(one.id))) != set(places.findall(str(one.string)))
    ]
    assert odd == []


def test_a_language_read_from_right_to_left_mirrors_the_page(
    app: Flask, as_guardian: FamilyBrowserAs
) -> None:
    catalogue, compiled = Catalog(locale="ar"), io.BytesIO()
    catalogue.add("Your children", "أطفالك")
    write_mo(compiled, catalogue)
    compiled.seek(0)
    speak_languages(app, {"ar": Translations(compiled)})

    page = as_guardian(language="ar").get("/family").get_data(as_text=True)

    assert '<html lang="ar" dir="rtl">' in page
    assert "أطفالك" in page


@pytest.mark.parametrize("name", ["base.css", "families.css"])
def test_the_styles_know_no_left_and_no_right(name: str) -> None:
    styles = (ROOT / "mediacheck/web/static" / name).read_text(encoding="utf-8")

    assert re.findall(r"[^\n]*\b(?:left|right)\b[^\n]*", styles) == []
