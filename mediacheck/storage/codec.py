"""Records to JSON and back. A union is tagged with its class, so nothing is guessed on reading."""

from __future__ import annotations

from typing import Any, TypeVar

from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from mediacheck.model.people import StaffId
from mediacheck.model.resolution import (
    ModelMatch,
    Resolution,
    RosterMatch,
)

_Record = TypeVar("_Record")
_Matcher = ModelMatch | RosterMatch
_By = StaffId | ModelMatch | RosterMatch


def _make_codec() -> JsonConverter:
    converter = make_converter(forbid_extra_keys=True)
    configure_tagged_union(_Matcher, converter)
    # A union of a plain string and records: the string stands for itself.
    converter.register_unstructure_hook(_By, _by_to_json)
    converter.register_structure_hook(_By, _by_from_json)
    configure_tagged_union(Resolution, converter)
    return converter


# The values are whatever JSON holds, which has no narrower type.
def _by_to_json(by: Any) -> Any:  # noqa: ANN401
    return by if isinstance(by, str) else _CODEC.unstructure(by, _Matcher)


def _by_from_json(value: Any, _: object) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return value
    return _CODEC.structure(value, _Matcher)  # type: ignore[arg-type]  # A union is no class.


_CODEC = _make_codec()


def to_json(record: object, kind: object) -> str:
    """The record as JSON text. ``kind`` is its type, or a generic or union that it belongs to."""
    return _CODEC.dumps(record, unstructure_as=kind)


def from_json(text: str, kind: type[_Record]) -> _Record:
    """The record of that JSON text.

    Raises:
        cattrs.BaseValidationError: the text is not such a record.
    """
    return _CODEC.loads(text, kind)
