"""What the script of a post's page asks for. Each answers with the post's new state as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow import clear, mend, publish, receive, works
from mediacheck.flow.desk import Desk
from mediacheck.flow.picture_questions import ask_families
from mediacheck.model.finding import FindingId
from mediacheck.model.people import Role
from mediacheck.model.post import Box, CoverStyle, MediaId, Post
from mediacheck.model.works import Credit
from mediacheck.review.words import Word
from mediacheck.web.access import open_to
from mediacheck.web.teachers.desk import act_on_post, number_in, text_in
from mediacheck.web.teachers.state import Json
from release_db.words import ChannelKey, ClassKey, NameForm, SchoolKey, StudentId

_Choice = TypeVar("_Choice", bound=StrEnum)
Act = Callable[[Desk, Post, Json], object]


def register_acts(blueprint: Blueprint) -> None:
    """Adds one address an act: ``POST /posts/<post_id>/<act>`` with a JSON object."""
    for name, act in _ACTS.items():
        blueprint.add_url_rule(
            f"/posts/<post_id>/{name}", endpoint=name, view_func=_view_of(act), methods=["POST"]
        )


def _view_of(act: Act) -> Callable[[str], ResponseReturnValue]:
    @open_to(Role.TEACHER, Role.COMMUNICATIONS)
    def view(post_id: str) -> ResponseReturnValue:
        return act_on_post(post_id, act)

    return view


def words_in(sent: Json) -> receive.Words:
    """The words of a post, as the page sends them."""
    return receive.Words(
        caption=text_in(sent, "caption"),
        channel=ChannelKey(text_in(sent, "channel")),
        class_key=ClassKey(text_in(sent, "class_key")) if sent.get("class_key") else None,
        school=SchoolKey(text_in(sent, "school")) if sent.get("school") else None,
    )


def _change_words(desk: Desk, post: Post, sent: Json) -> None:
    seen = replace(post, version=number_in(sent, "version"))
    receive.change_words(desk, seen, words_in(sent))


def _change_alt_text(desk: Desk, post: Post, sent: Json) -> None:
    receive.change_alt_text(desk, post, _media(sent), text_in(sent, "alt_text"))


def _remove(desk: Desk, post: Post, sent: Json) -> None:
    receive.remove_picture(desk, post, _media(sent))


def _retry(desk: Desk, post: Post, sent: Json) -> None:
    receive.retry_picture(desk, post, _media(sent))


def _say(desk: Desk, post: Post, sent: Json) -> None:
    student = StudentId(text_in(sent, "student")) if sent.get("student") else None
    said = mend.Said(finding=_finding(sent), word=_choice(Word, sent, "word"), student=student)
    mend.say_who(desk, post, said)


def _overrule(desk: Desk, post: Post, sent: Json) -> None:
    mend.overrule(desk, post, _finding(sent), text_in(sent, "reason"))


def _draw(desk: Desk, post: Post, sent: Json) -> None:
    box = Box(
        left=number_in(sent, "left"),
        top=number_in(sent, "top"),
        width=number_in(sent, "width"),
        height=number_in(sent, "height"),
    )
    mend.draw_face(desk, post, _media(sent), box)


def _cover(desk: Desk, post: Post, sent: Json) -> None:
    mend.cover(desk, post, ([_finding(sent)], _choice(CoverStyle, sent, "style")))


def _cover_everyone(desk: Desk, post: Post, sent: Json) -> None:
    mend.cover_everyone(desk, post, _choice(CoverStyle, sent, "style"))


def _uncover(desk: Desk, post: Post, sent: Json) -> None:
    mend.uncover(desk, post, _media(sent), number_in(sent, "index"))


def _restyle(desk: Desk, post: Post, sent: Json) -> None:
    mend.restyle(desk, post, (_media(sent), _choice(CoverStyle, sent, "style")))


def _reword(desk: Desk, post: Post, sent: Json) -> None:
    mend.reword(desk, post, (_finding(sent), text_in(sent, "replacement")))


def _work(desk: Desk, post: Post, sent: Json) -> None:
    students = sent.get("students", [])
    if not isinstance(students, list) or not all(isinstance(one, str) for one in students):
        raise BadRequest
    said = works.SaidOfWork(
        media_id=_media(sent),
        credit=_choice(Credit, sent, "credit"),
        students=tuple(map(StudentId, students)),
        name_form=_choice(NameForm, sent, "name_form"),
    )
    works.say_of_work(desk, post, said)


def _take_over(desk: Desk, post: Post, sent: Json) -> None:
    works.take_over(desk, post, _media(sent))


def _artist(desk: Desk, post: Post, sent: Json) -> None:
    student = StudentId(text_in(sent, "student")) if sent.get("student") else None
    is_artist = text_in(sent, "answer") == "yes"
    works.say_artist(desk, post, (_finding(sent), student), is_artist=is_artist)


def _ask_families(desk: Desk, post: Post, sent: Json) -> None:
    del sent
    ask_families(desk, post)


def _clear(desk: Desk, post: Post, sent: Json) -> None:
    del sent
    clear.clear_post(desk, post)


def _publish(desk: Desk, post: Post, sent: Json) -> None:
    del sent
    publish.publish_post(desk, post)


def _send(desk: Desk, post: Post, sent: Json) -> None:
    clear.send_to_office(desk, post, text_in(sent, "words"))


def _take_back(desk: Desk, post: Post, sent: Json) -> None:
    del sent
    clear.take_back(desk, post)


def _send_back(desk: Desk, post: Post, sent: Json) -> None:
    clear.send_back(desk, post, text_in(sent, "words"))


def _clear_by_office(desk: Desk, post: Post, sent: Json) -> None:
    clear.clear_by_office(desk, post, text_in(sent, "words"))


def _media(sent: Json) -> MediaId:
    return MediaId(text_in(sent, "media"))


def _finding(sent: Json) -> FindingId:
    return FindingId(text_in(sent, "finding"))


def _choice(kind: type[_Choice], sent: Json, key: str) -> _Choice:
    try:
        return kind(text_in(sent, key))
    except ValueError:
        raise BadRequest from None


_ACTS: dict[str, Act] = {
    "words": _change_words,
    "alt-text": _change_alt_text,
    "remove": _remove,
    "retry": _retry,
    "say": _say,
    "overrule": _overrule,
    "draw": _draw,
    "cover": _cover,
    "cover-everyone": _cover_everyone,
    "uncover": _uncover,
    "restyle": _restyle,
    "reword": _reword,
    "work": _work,
    "artist": _artist,
    "take-over": _take_over,
    "ask-families": _ask_families,
    "clear": _clear,
    "publish": _publish,
    "send": _send,
    "take-back": _take_back,
    "send-back": _send_back,
    "clear-by-office": _clear_by_office,
}
