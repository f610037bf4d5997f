"""Writes dlib's face network as an ONNX model, without the ``onnx`` package.

ONNX is a protocol buffer (https://onnx.ai/onnx/repo-docs/IR.html); only the few messages that this
network needs are written. Numbers beside the fields are those of ``onnx.proto3``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mediacheck.findings.templates_dlib_weights import (
    BLOCKS,
    TEMPLATE_LENGTH,
    Convolution,
    Floats,
    Weights,
)

CHIP_SIDE_PX = 150
INPUT_NAME, OUTPUT_NAME = "chips", "templates"

_IR_VERSION, _OPSET = 8, 13
_FLOAT, _INT64 = 1, 7
_VARINT, _BYTES = 0, 2
_ATTRIBUTE_INT, _ATTRIBUTE_INTS = 2, 7


def onnx_model(weights: Weights) -> bytes:
    """The network as an ONNX file: chips (n x 3 x 150 x 150) in, templates (n x 128) out."""
    graph = _Graph()
    flow = graph.convolution(INPUT_NAME, weights.convolutions[0], stride=2, padding=0)
    flow = graph.node("Relu", [flow])
    flow = graph.node("MaxPool", [flow], kernel_shape=[3, 3], strides=[2, 2])
    side = (CHIP_SIDE_PX - 7) // 2 + 1
    side = (side - 3) // 2 + 1
    channels = len(weights.convolutions[0].biases)
    for index, (out, is_down) in enumerate(BLOCKS):
        pair = weights.convolutions[1 + 2 * index : 3 + 2 * index]
        if is_down:
            flow, side = _down_block(graph, flow, pair, (channels, side))
        else:
            flow = _block(graph, flow, pair)
        channels = out
    flow = graph.node("GlobalAveragePool", [flow])
    flow = graph.node("Flatten", [flow])
    graph.node("MatMul", [flow, graph.constant(weights.matrix)], output=OUTPUT_NAME)
    return graph.model()


def _block(graph: _Graph, flow: str, pair: tuple[Convolution, ...]) -> str:
    """Two convolutions beside a plain shortcut."""
    inner = graph.convolution(flow, pair[0], stride=1, padding=1)
    inner = graph.node("Relu", [inner])
    inner = graph.convolution(inner, pair[1], stride=1, padding=1)
    return graph.node("Relu", [graph.node("Add", [inner, flow])])


def _down_block(
    graph: _Graph, flow: str, pair: tuple[Convolution, ...], shape: tuple[int, int]
) -> tuple[str, int]:
    """A block that halves the picture; ``shape`` is channels and side of what comes in.

    The shortcut is averaged two by two. Whichever of the two branches has fewer channels or a
    smaller side is filled with zeros at the end, as dlib's ``add_prev`` does.
    """
    channels, side = shape
    inner = graph.convolution(flow, pair[0], stride=2, padding=0)
    inner = graph.node("Relu", [inner])
    inner = graph.convolution(inner, pair[1], stride=1, padding=1)
    shortcut = graph.node("AveragePool", [flow], kernel_shape=[2, 2], strides=[2, 2])
    inner_side, pooled_side = (side - 3) // 2 + 1, (side - 2) // 2 + 1
    largest = max(inner_side, pooled_side)
    inner = graph.filled(inner, 0, largest - inner_side)
    shortcut = graph.filled(shortcut, len(pair[1].biases) - channels, largest - pooled_side)
    return graph.node("Relu", [graph.node("Add", [inner, shortcut])]), largest


class _Graph:
    """Gathers nodes and constants; every name is a number in the order of writing."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._count = 0

    def node(
        self, kind: str, inputs: list[str], output: str = "", **attributes: list[int] | int
    ) -> str:
        """Adds an operation and names its result."""
        result = output or self._name()
        body = [_text(1, name) for name in inputs] + [_text(2, result), _text(4, kind)]
        body += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join(body))
        return result

    def convolution(self, flow: str, layer: Convolution, *, stride: int, padding: int) -> str:
        """Adds a convolution."""
        return self.node(
            "Conv",
            [flow, self.constant(layer.weights), self.constant(layer.biases)],
            kernel_shape=list(layer.weights.shape[2:]),
            strides=[stride, stride],
            pads=[padding] * 4,
        )

    def filled(self, flow: str, channels: int, side: int) -> str:
        """Adds zeros at the end of the channels and of both sides, where any are missing."""
        if not channels and not side:
            return flow
        pads = np.array([0, 0, 0, 0, 0, channels, side, side], dtype="<i8")
        return self.node("Pad", [flow, self._tensor(pads.shape, _INT64, pads.tobytes())])

    def constant(self, values: Floats) -> str:
        """Adds numbers that never change."""
        return self._tensor(values.shape, _FLOAT, values.astype("<f4").tobytes())

    def model(self) -> bytes:
        """The whole file."""
        graph = [_bytes(1, node) for node in self._nodes]
        graph.append(_text(2, "dlib-face-recognition-resnet-v1"))
        graph += [_bytes(5, constant) for constant in self._constants]
        graph.append(_bytes(11, _value(INPUT_NAME, [0, 3, CHIP_SIDE_PX, CHIP_SIDE_PX])))
        graph.append(_bytes(12, _value(OUTPUT_NAME, [0, TEMPLATE_LENGTH])))
        opset = _text(1, "") + _number(2, _OPSET)
        return _number(1, _IR_VERSION) + _bytes(7, b"".join(graph)) + _bytes(8, opset)

    def _tensor(self, shape: tuple[int, ...], kind: int, raw: bytes) -> str:
        name = self._name()
        dims = b"".join(_number(1, size) for size in shape)
        self._constants.append(dims + _number(2, kind) + _text(8, name) + _bytes(9, raw))
        return name

    def _name(self) -> str:
        self._count += 1
        return str(self._count)


def _attribute(name: str, value: list[int] | int) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    numbers = b"".join(_number(8, item) for item in value)
    return _text(1, name) + numbers + _number(20, _ATTRIBUTE_INTS)


def _value(name: str, sizes: Iterable[int]) -> bytes:
    """Name, type and shape of an input or output; size 0 is one that the caller chooses."""
    dims = (_number(1, size) if size else _text(2, "n") for size in sizes)
    shape = b"".join(_bytes(1, dim) for dim in dims)
    tensor = _number(1, _FLOAT) + _bytes(2, shape)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Seven bits a byte, lowest first; the top bit says that more follow."""
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
