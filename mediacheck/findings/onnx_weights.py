"""Takes the denormal numbers out of a model's weights: they cost time and count for nothing.

Training with weight decay leaves weights smaller than 1.2e-38, the least that a 32-bit float holds
at full precision. A processor needs some hundred cycles for each sum with one: of the detector of
writing a quarter of the weights are such, and it takes three times as long for the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

#: Wire types of protocol buffers: https://protobuf.dev/programming-guides/encoding/.
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
#: The highest byte that ends a number: seven bits of it, and no eighth that says "and more".
_LAST_BYTE = 0x7F
#: Fields of onnx.proto: of the model, the graph, a node, an attribute and a tensor.
_GRAPH, _NODE, _INITIALIZER, _ATTRIBUTE, _TENSOR, _RAW_DATA = 7, 1, 5, 5, 5, 9
_DATA_TYPE, _FLOAT = 2, 1

_Span = tuple[int, int]


def without_denormals(model: bytes) -> bytes:
    """The ONNX model with every denormal weight nought. Its answers stay the same.

    Raises:
        ValueError: these bytes are no ONNX model.
    """
    cleaned = bytearray(model)
    for start, end in _float_data(model):
        weights = np.frombuffer(cleaned, dtype="<f4", count=(end - start) // 4, offset=start)
        weights[np.abs(weights) < np.finfo(np.float32).tiny] = 0.0
    return bytes(cleaned)


def _float_data(model: bytes) -> Iterator[_Span]:
    """Where the raw data of the 32-bit tensors lie: initial values, and those of constants."""
    for graph in _parts(model, (0, len(model)), _GRAPH):
        tensors = [*_parts(model, graph, _INITIALIZER)]
        for node in _parts(model, graph, _NODE):
            for attribute in _parts(model, node, _ATTRIBUTE):
                tensors += _parts(model, attribute, _TENSOR)
        for tensor in tensors:
            fields = [*_fields(model, tensor)]
            if any(number == _DATA_TYPE and value == _FLOAT for number, value, _ in fields):
                yield from (span for number, _, span in fields if number == _RAW_DATA and span)


def _parts(model: bytes, within: _Span, number: int) -> Iterator[_Span]:
    for field, _, span in _fields(model, within):
        if field == number and span is not None:
            yield span


def _fields(model: bytes, within: _Span) -> Iterator[tuple[int, int, _Span | None]]:
    """The fields of a message: number, value (where it is a plain number), place of its bytes."""
    at, end = within
    while at < end:
        tag, at = _varint(model, at)
        match tag & 7:
            case kind if kind == _VARINT:
                value, at = _varint(model, at)
                yield tag >> 3, value, None
            case kind if kind == _BYTES:
                length, at = _varint(model, at)
                yield tag >> 3, 0, (at, at + length)
                at += length
            case kind if kind in (_FIXED32, _FIXED64):
                at += 4 if kind == _FIXED32 else 8
            case _:
                raise ValueError("no protocol buffer")
    if at != end:
        raise ValueError("no protocol buffer")


def _varint(model: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(model):
        byte = model[at]
        value |= (byte & _LAST_BYTE) << shift
        at, shift = at + 1, shift + 7
        if byte <= _LAST_BYTE:
            return value, at
    raise ValueError("no protocol buffer")
