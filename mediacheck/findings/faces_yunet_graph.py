"""libfacedetection's network (YuNet) as an ONNX model."""

from __future__ import annotations

from mediacheck.findings.faces_yunet_weights import HEADS, STRIDES, Pair, YunetWeights
from mediacheck.findings.onnx_graph import Graph

INPUT_NAME = "picture"
#: One answer a level: n x 16 x rows x columns, in the order of ``HEADS``.
OUTPUT_NAMES = tuple(f"stride{stride}" for stride in STRIDES)


def onnx_model(weights: YunetWeights) -> bytes:
    """The network as an ONNX file: pictures (n x 3 x height x width, RGB 0 to 255) in.

    Sides are multiples of the coarsest stride.
    """
    graph = Graph()
    flow = graph.node("Relu", [graph.convolution(INPUT_NAME, weights.stem, stride=2, padding=1)])
    first, *units = weights.backbone
    flow = _halved(graph, _paired(graph, flow, first))
    flow = _halved(graph, _through(graph, flow, units[:4]))
    levels = [_through(graph, flow, units[4:6])]
    for pairs in (units[6:8], units[8:10]):
        levels.append(_through(graph, _halved(graph, levels[-1]), pairs))
    _answer(graph, levels, weights)
    size = sum(count for _, count in HEADS)
    return graph.model(
        "yunet", (INPUT_NAME, (0, 3, 0, 0)), [(name, (0, size, 0, 0)) for name in OUTPUT_NAMES]
    )


def _answer(graph: Graph, levels: list[str], weights: YunetWeights) -> None:
    """From the coarsest level to the finest: each is told what the one before it has seen."""
    coarser = ""
    for level in reversed(range(len(levels))):
        flow = levels[level]
        if coarser:
            flow = graph.node("Add", [flow, graph.doubled(coarser)])
        coarser = _paired(graph, flow, weights.neck[level])
        head = weights.heads[level]
        answer = graph.convolution(coarser, head.places, stride=1, padding=0)
        graph.channelwise(answer, head.channels, output=OUTPUT_NAMES[level])


def _through(graph: Graph, flow: str, pairs: list[Pair]) -> str:
    for pair in pairs:
        flow = _paired(graph, flow, pair)
    return flow


def _paired(graph: Graph, flow: str, pair: Pair) -> str:
    flow = graph.convolution(flow, pair.places, stride=1, padding=0)
    return graph.node("Relu", [graph.channelwise(flow, pair.channels)])


def _halved(graph: Graph, flow: str) -> str:
    return graph.node("MaxPool", [flow], kernel_shape=[2, 2], strides=[2, 2])
