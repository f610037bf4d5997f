"""Writes a network as an ONNX model, without the ``onnx`` package.

ONNX is a protocol buffer (https://onnx.ai/onnx/repo-docs/IR.html); only the few messages that our
networks need are written. Numbers beside the fields are those of ``onnx.proto3``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_IR_VERSION, _OPSET = 8, 13
_FLOAT, _INT64 = 1, 7
_VARINT, _BYTES = 0, 2
_ATTRIBUTE_INT, _ATTRIBUTE_STRING, _ATTRIBUTE_INTS = 2, 3, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Convolution:
    """``weights`` is out x in x kernel x kernel (in: of one group), ``biases`` is out."""

    weights: Floats
    biases: Floats


class Graph:
    """Gathers nodes and constants; every name is a number in the order of writing."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._count = 0

    def node(
        self, kind: str, inputs: list[str], output: str = "", **attributes: list[int] | int | str
    ) -> str:
        """Adds an operation and names its result."""
        result = output or self._name()
        body = [_text(1, name) for name in inputs] + [_text(2, result), _text(4, kind)]
        body += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join(body))
        return result

    def convolution(self, flow: str, layer: Convolution, *, stride: int, padding: int) -> str:
        """Adds a convolution over all channels."""
        return self.node(
            "Conv",
            [flow, self.constant(layer.weights), self.constant(layer.biases)],
            kernel_shape=list(layer.weights.shape[2:]),
            strides=[stride, stride],
            pads=[padding] * 4,
        )

    def channelwise(self, flow: str, layer: Convolution, *, output: str = "") -> str:
        """Adds a convolution that looks at each channel by itself and keeps the size."""
        margin = layer.weights.shape[2] // 2
        return self.node(
            "Conv",
            [flow, self.constant(layer.weights), self.constant(layer.biases)],
            output,
            kernel_shape=list(layer.weights.shape[2:]),
            pads=[margin] * 4,
            group=len(layer.biases),
        )

    def filled(self, flow: str, channels: int, side: int) -> str:
        """Adds zeros at the end of the channels and of both sides, where any are missing."""
        if not channels and not side:
            return flow
        pads = np.array([0, 0, 0, 0, 0, channels, side, side], dtype="<i8")
        return self.node("Pad", [flow, self._tensor(pads.shape, _INT64, pads.tobytes())])

    def doubled(self, flow: str) -> str:
        """Adds a step that makes each place two by two."""
        twice = self.constant(np.array([1, 1, 2, 2], np.float32))
        # Said so, onnxruntime keeps the channels in its own order; any other way rounds alike.
        return self.node(
            "Resize",
            [flow, "", twice],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )

    def constant(self, values: Floats) -> str:
        """Adds numbers that never change."""
        return self._tensor(values.shape, _FLOAT, values.astype("<f4").tobytes())

    def model(
        self,
        name: str,
        given: tuple[str, Sequence[int]],
        results: Sequence[tuple[str, Sequence[int]]],
    ) -> bytes:
        """The whole file.

        Args:
            name: What the network calls itself.
            given: Its input's name and sizes; 0 is a size that the caller chooses.
            results: The same of every output.
        """
        graph = [_bytes(1, node) for node in self._nodes]
        graph.append(_text(2, name))
        graph += [_bytes(5, constant) for constant in self._constants]
        graph.append(_bytes(11, _value(*given)))
        graph += [_bytes(12, _value(*result)) for result in results]
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


def _attribute(name: str, value: list[int] | int | str) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, _ATTRIBUTE_STRING)
    numbers = b"".join(_number(8, item) for item in value)
    return _text(1, name) + numbers + _number(20, _ATTRIBUTE_INTS)


def _value(name: str, sizes: Sequence[int]) -> bytes:
    """Name, type and shape of an input or output. The first free size is ``n`` everywhere."""
    dims = (
        _number(1, size) if size else _text(2, "n" if not place else f"{name}{place}")
        for place, size in enumerate(sizes)
    )
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
