"""Reads the weights of dlib's face network from the file that ``face_recognition_models`` ships.

The network is D. King's ``dlib_face_recognition_resnet_model_v1`` (public domain): a residual net
of 29 convolutions (after K. He et al., "Deep Residual Learning", 2016) whose 128 numbers lie close
together for pictures of one person.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mediacheck.errors import EngineFault
from mediacheck.findings.onnx_graph import Convolution, Floats

NETWORK_FILE = "dlib_face_recognition_resnet_model_v1.dat"
NETWORK_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
LANDMARKS_FILE = "shape_predictor_5_face_landmarks.dat"
LANDMARKS_SHA256 = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"

#: Output channels of the residual blocks, input first. A block that changes them, and the last
#: one, also halves the picture ("down").
BLOCKS = (
    *((32, False),) * 3,
    (64, True),
    *((64, False),) * 3,
    (128, True),
    *((128, False),) * 2,
    (256, True),
    *((256, False),) * 2,
    (256, True),
)
STEM_CHANNELS, STEM_KERNEL, BLOCK_KERNEL = 32, 7, 3
TEMPLATE_LENGTH = 128

#: How dlib writes the numbers 1 and 2: a byte that counts bytes, then the bytes.
_ONE, _TENSOR_VERSION = b"\x01\x01", b"\x01\x02"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The stem's convolution and two for each block, then the 256 x 128 matrix.

    The affine layer after each convolution is folded into it.
    """

    convolutions: tuple[Convolution, ...]
    matrix: Floats


def model_file(name: str, sha256: str) -> Path:
    """Where ``face_recognition_models`` keeps the file ``name``.

    The package is not imported: it would pull in ``pkg_resources``, which warns.

    Raises:
        EngineFault: the package is not installed, or the file is not the one we know.
    """
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None or not spec.submodule_search_locations:
        raise EngineFault("the package face_recognition_models is not installed")
    path = Path(spec.submodule_search_locations[0]) / "models" / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise EngineFault(f"{name} is missing, or not the file this version was measured with")
    return path


def read_weights() -> Weights:
    """The network's weights.

    Raises:
        EngineFault: the file is missing or not the one we know.
    """
    reader = _Reader(model_file(NETWORK_FILE, NETWORK_SHA256).read_bytes())
    convolutions = [reader.convolution(STEM_CHANNELS, 3, STEM_KERNEL)]
    channels = STEM_CHANNELS
    for out, _ in BLOCKS:
        convolutions.append(reader.convolution(out, channels, BLOCK_KERNEL))
        convolutions.append(reader.convolution(out, out, BLOCK_KERNEL))
        channels = out
    matrix = reader.tensor(channels, TEMPLATE_LENGTH).reshape(channels, TEMPLATE_LENGTH)
    return Weights(convolutions=tuple(convolutions), matrix=matrix)


class _Reader:
    """Walks dlib's serialisation from tensor to tensor, by the sizes that must come next."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def convolution(self, out: int, channels: int, kernel: int) -> Convolution:
        """The next convolution (weights, then biases) and affine layer (gammas, then betas)."""
        count = out * channels * kernel * kernel
        filters = self.tensor(count + out)
        gammas, betas = np.split(self.tensor(2 * out), 2)
        weights = filters[:count].reshape(out, channels, kernel, kernel)
        return Convolution(
            weights=weights * gammas[:, None, None, None],
            biases=filters[count:] * gammas + betas,
        )

    def tensor(self, samples: int, k: int = 1) -> Floats:
        """The next tensor of ``samples x k x 1 x 1`` numbers, flat."""
        header = _TENSOR_VERSION + _integer(samples) + _integer(k) + _ONE + _ONE
        start = self._data.find(header, self._position)
        if start < 0:
            raise EngineFault(f"{NETWORK_FILE} does not hold the layers it should")
        start += len(header)
        self._position = start + 4 * samples * k
        return np.frombuffer(self._data, "<f4", samples * k, start)


def _integer(value: int) -> bytes:
    """A positive number as dlib writes it."""
    size = (value.bit_length() + 7) // 8
    return bytes([size]) + value.to_bytes(size, "little")
