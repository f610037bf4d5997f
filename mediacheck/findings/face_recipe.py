"""The plain recipe of face_recognition, kept only to be measured against.

``face_locations`` (HOG, one upsampling) and ``face_encodings`` (five landmarks, one pass), as its
README has them. Nothing of it takes part in a check.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.metadata import version
from types import ModuleType
from typing import Protocol

import dlib
import numpy as np

from mediacheck.findings.face_alignment_dlib import pixels_of
from mediacheck.findings.templates_dlib_weights import (
    LANDMARKS_FILE,
    LANDMARKS_SHA256,
    NETWORK_FILE,
    NETWORK_SHA256,
    model_file,
)
from mediacheck.model.post import Box, Picture


class Recipe(Protocol):
    """Finds faces and templates as a script with face_recognition would."""

    @property
    def name(self) -> str:
        """Which package runs it."""
        ...

    def find(self, picture: Picture) -> tuple[Box, ...]:
        """The faces it finds; dlib's square boxes."""
        ...

    def templates(self, picture: Picture, boxes: Sequence[Box]) -> int:
        """Makes a template of each box and says how many."""
        ...


def open_recipe() -> Recipe:
    """The recipe in face_recognition itself, or in dlib where that is not installed."""
    try:
        with warnings.catch_warnings():
            # face_recognition_models asks for its files through pkg_resources, which is old.
            warnings.filterwarnings("ignore", message=".*pkg_resources.*")
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            import face_recognition
    except ImportError:
        return _DlibRecipe()
    return _PackageRecipe(face_recognition)


class _PackageRecipe:
    """The functions of face_recognition."""

    def __init__(self, package: ModuleType) -> None:
        self.name = f"face_recognition {version('face_recognition')}"
        self._package = package

    def find(self, picture: Picture) -> tuple[Box, ...]:
        found = self._package.face_locations(pixels_of(picture))
        return tuple(
            Box(left=left, top=top, width=right - left, height=bottom - top)
            for top, right, bottom, left in found
        )

    def templates(self, picture: Picture, boxes: Sequence[Box]) -> int:
        places = [(box.top, box.right, box.bottom, box.left) for box in boxes]
        return len(self._package.face_encodings(pixels_of(picture), places, model="small"))


class _DlibRecipe:
    """The calls that face_recognition makes."""

    name = "dlib, as face_recognition calls it"

    def __init__(self) -> None:
        self._detector = dlib.get_frontal_face_detector()
        self._predictor = dlib.shape_predictor(str(model_file(LANDMARKS_FILE, LANDMARKS_SHA256)))
        path = model_file(NETWORK_FILE, NETWORK_SHA256)
        self._network = dlib.face_recognition_model_v1(str(path))

    def find(self, picture: Picture) -> tuple[Box, ...]:
        found = self._detector(pixels_of(picture), 1)
        return tuple(
            Box(left=box.left(), top=box.top(), width=box.width(), height=box.height())
            for box in found
        )

    def templates(self, picture: Picture, boxes: Sequence[Box]) -> int:
        pixels = np.ascontiguousarray(pixels_of(picture))
        for box in boxes:
            place = dlib.rectangle(box.left, box.top, box.right, box.bottom)
            self._network.compute_face_descriptor(pixels, self._predictor(pixels, place), 1)
        return len(boxes)
