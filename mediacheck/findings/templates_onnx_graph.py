"""dlib's face network as an ONNX model."""

from __future__ import annotations

from mediacheck.findings.onnx_graph import Convolution, Graph
from mediacheck.findings.templates_dlib_weights import BLOCKS, TEMPLATE_LENGTH, Weights

CHIP_SIDE_PX = 150
INPUT_NAME, OUTPUT_NAME = "chips", "templates"


def onnx_model(weights: Weights) -> bytes:
    """The network as an ONNX file: chips (n x 3 x 150 x 150) in, templates (n x 128) out."""
    graph = Graph()
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
    return graph.model(
        "dlib-face-recognition-resnet-v1",
        (INPUT_NAME, (0, 3, CHIP_SIDE_PX, CHIP_SIDE_PX)),
        [(OUTPUT_NAME, (0, TEMPLATE_LENGTH))],
    )


def _block(graph: Graph, flow: str, pair: tuple[Convolution, ...]) -> str:
    """Two convolutions beside a plain shortcut."""
    inner = graph.convolution(flow, pair[0], stride=1, padding=1)
    inner = graph.node("Relu", [inner])
    inner = graph.convolution(inner, pair[1], stride=1, padding=1)
    return graph.node("Relu", [graph.node("Add", [inner, flow])])


def _down_block(
    graph: Graph, flow: str, pair: tuple[Convolution, ...], shape: tuple[int, int]
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
