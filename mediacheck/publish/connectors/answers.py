"""Reads what a platform answered. Whatever is not as it should be is an odd answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from html.parser import HTMLParser
from typing import ParamSpec, TypeVar

from mediacheck.wire import Answer, Json, odd_answer

_Connector = TypeVar("_Connector")
_Asked = ParamSpec("_Asked")
_Told = TypeVar("_Told")
#: What trips over an answer that has another shape than the platform describes.
_TRIPPED = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


def careful(connector: type[_Connector]) -> type[_Connector]:
    """A connector whose methods raise ``ConnectorError`` alone, whatever shape an answer has.

    So every wrong answer has an end: a look, another try, and at last a person.
    """
    for name, method in list(vars(connector).items()):
        if callable(method) and not name.startswith("_"):
            setattr(connector, name, _carefully(method))
    return connector


def _carefully(method: Callable[_Asked, _Told]) -> Callable[_Asked, _Told]:
    @wraps(method)
    def ask(*asked: _Asked.args, **named: _Asked.kwargs) -> _Told:
        try:
            return method(*asked, **named)
        except _TRIPPED:
            # What it says may repeat the platform's words, and those the post's.
            raise odd_answer("strange-answer") from None

    return ask


def object_in(answer: Answer) -> Json:
    """The one object of an answer."""
    found = _json_in(answer)
    if not isinstance(found, dict):
        raise odd_answer()
    return found


def list_in(answer: Answer) -> list[Json]:
    """The objects of an answer that is a list."""
    found = _json_in(answer)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise odd_answer()
    return found


def objects_of(held: Json, key: str) -> list[Json]:
    """The objects in one field."""
    found = held.get(key)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise odd_answer()
    return found


def object_of(held: Json, key: str) -> Json:
    """The object in one field."""
    found = held.get(key)
    if not isinstance(found, dict):
        raise odd_answer()
    return found


def text_of(held: Json, key: str) -> str:
    """The text in one field; it is not empty."""
    value = text_or_empty(held, key)
    if not value:
        raise odd_answer()
    return value


def text_or_empty(held: Json, key: str) -> str:
    """The text in one field, which has to be there."""
    value = held.get(key)
    if not isinstance(value, str):
        raise odd_answer()
    return value


def id_of(held: Json, key: str = "id") -> str:
    """The number in one field, as the text that it is known by."""
    value = held.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise odd_answer()
    return str(value)


def number_of(held: Json, key: str, otherwise: int) -> int:
    """The number in one field, or another when there is none."""
    value = held.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def shown_text(markup: str) -> str:
    """The text of some markup."""
    words = _Words()
    words.feed(markup)
    words.close()
    return "".join(words.text)


def squeezed(text: str) -> str:
    """The text without its white space, which a server may lay out anew."""
    return "".join(text.split())


class _Words(HTMLParser):
    """Gathers the text of a post's markup."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag in {"br", "p"} and self.text:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _json_in(answer: Answer) -> object:
    try:
        return json.loads(answer.body)
    except ValueError:
        raise odd_answer() from None
