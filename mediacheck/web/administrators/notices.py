"""The notices that families read before they answer: what is in force, and approving a new one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from release_db.standard_notices import STANDARD_NOTICES, NoticeText, approved
from release_db.terms import Notice
from release_db.words import NoticeKind

_PAGE = "administrators/notices.html"
_LONGEST_BODY = 20_000

KINDS = {
    NoticeKind.RELEASE: "Photos, names and schoolwork",
    NoticeKind.BIOMETRIC: "Face templates",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCard:
    """One notice in one language: the newest version, or the standard text nobody approved yet."""

    kind: NoticeKind
    language: str
    title: str
    body: str
    newest: Notice | None

    @property
    def key(self) -> str:
        """What its form's fields are told apart by."""
        return f"{self.kind.value}-{self.language}"


@open_to(Role.ADMINISTRATOR)
def notices() -> ResponseReturnValue:
    """Every notice, with its text ready to be changed and approved."""
    with services().transaction() as work:
        cards = _cards(work)
    return render_template(_PAGE, cards=cards, kinds=KINDS, errors={})


@open_to(Role.ADMINISTRATOR)
def approve_notice() -> ResponseReturnValue:
    """Publishes a new version, in force from today. What families signed before stays theirs."""
    title, language = line_of("title"), line_of("language", longest=20)
    body = "\n".join(request.form.get("body", "").strip().splitlines())
    held = services()
    with held.transaction() as work:
        kind = _kind_of_form()
        if not title or not body or len(body) > _LONGEST_BODY or not _is_language(language):
            errors = {"notices": "A notice needs a title, a text and a language such as en or es."}
            return form_again(_PAGE, cards=_cards(work), kinds=KINDS, errors=errors)
        notice = _publish(work, kind, language, (title, body))
        work.audit.write(
            Event.NOTICE_PUBLISHED,
            actor=current_staff().staff_id,
            subject=notice.reference,
            language=language,
            sha256=notice.sha256,
        )
    flash("The notice is in force from today.")
    return redirect(url_for("administrators.notices"))


def _publish(work: Work, kind: NoticeKind, language: str, words: tuple[str, str]) -> Notice:
    earlier = [one for one in work.register.terms.notices() if one.kind is kind]
    mine = [one.version for one in earlier if one.language == language]
    standard = next(text for text in STANDARD_NOTICES if text.kind is kind)
    text = NoticeText(
        notice_id=earlier[0].notice_id if earlier else standard.notice_id,
        version=max(mine, default=0) + 1,
        language=language,
        kind=kind,
        title=words[0],
        body=words[1],
    )
    today = today_of(services().clock, work.register)
    by = current_staff().staff_id
    notice = approved(text, by=by, on=today, at=services().clock.now())
    work.register.terms.publish_notice(notice)
    return notice


def _cards(work: Work) -> list[NoticeCard]:
    """One card for each kind and language, the standard languages always among them."""
    kept = {(one.kind, one.language): one for one in work.register.terms.notices()}
    standard = {(text.kind, text.language): text for text in STANDARD_NOTICES}
    cards = []
    for kind, language in sorted({*kept, *standard}):
        newest = kept.get((kind, language))
        words = newest or standard[kind, language]
        cards.append(
            NoticeCard(
                kind=kind, language=language, title=words.title, body=words.body, newest=newest
            )
        )
    return cards


def _kind_of_form() -> NoticeKind:
    try:
        return NoticeKind(line_of("kind"))
    except ValueError as error:
        raise BadRequest from error


def _is_language(tag: str) -> bool:
    return bool(tag) and tag.replace("-", "").isalnum() and tag.isascii()
