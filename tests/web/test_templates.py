"""The templates hold nothing that the content policy would stop, and nothing unescaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mediacheck.model.people import Role
from tests.web.conftest import Browser, BrowserAs

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = {
    Role.TEACHER: ("/account/password",),
    Role.ADMINISTRATOR: (
        "/administrators/accounts",
        "/administrators/accounts/new",
        "/administrators/accounts/the-administrator",
        "/administrators/settings",
        "/administrators/audit",
    ),
    Role.REGISTRAR: (
        "/registrars/register?q=lopez",
        "/registrars/students/S1",
        "/registrars/students/S1/paper",
        "/registrars/students/S1/orders/new",
        "/registrars/waiting",
        "/registrars/imports",
        "/registrars/portraits",
        "/registrars/round",
        "/registrars/counts",
        "/registrars/requests",
        "/registrars/of-age",
    ),
}
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=|<style", re.I),
    # A block of data is never run, so the policy lets it stand.
    "inline script": re.compile(r"<script(?![^>]*\s(src=|type=\"application/json\"))", re.I),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "javascript: link": re.compile(r"javascript:", re.I),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "other site": re.compile(r"(src|href)\s*=\s*[\"']?(https?:)?//", re.I),
}


class Page(HTMLParser):
    """What a page is made of, as far as the tests ask."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_template_holds_nothing_that_is_forbidden(template: Path) -> None:
    text = template.read_text("utf-8")
    for name, pattern in FORBIDDEN.items():
        assert not pattern.search(text), name


def require_accessible(html: str, path: str) -> None:
    page = Page(html)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    labelled = {attributes.get("for") for attributes in page.all("label")}
    assert len(page.all("h1")) == 1, path
    assert len(page.all("main")) == 1, path
    assert page.tags[0] == ("html", {"lang": "en"})
    assert page.all("a")[0]["href"] == "#main"
    assert len(ids) == len(set(ids)), path
    for field in page.all("input", "select", "textarea"):
        is_seen = field.get("type") != "hidden" and field.get("aria-hidden") != "true"
        assert not is_seen or field.get("id") in labelled, (path, field)
        for described in (field.get("aria-describedby") or "").split():
            assert described in ids, (path, described)


def test_every_page_has_one_heading_landmarks_and_labels(
    browser: Browser, browser_as: BrowserAs
) -> None:
    for path in ("/sign-in", "/set-up", "/nothing-here"):
        require_accessible(browser.get(path).get_data(as_text=True), path)
    for role, paths in PAGES.items():
        signed_in = browser_as(role)
        for path in paths:
            answer = signed_in.get(path)
            assert answer.status_code == 200, path
            require_accessible(answer.get_data(as_text=True), path)


def test_every_form_that_is_sent_carries_its_secret(browser_as: BrowserAs) -> None:
    for role, paths in PAGES.items():
        for path in paths:
            page = Page(browser_as(role).get(path).get_data(as_text=True))
            posts = [form for form in page.all("form") if form.get("method") == "post"]
            secrets = [one for one in page.all("input") if one.get("name") == "csrf_token"]
            assert len(posts) == len(secrets), path
