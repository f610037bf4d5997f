"""Made-up templates with known error rates: they test the arithmetic, and show nobody's face.

People are spread evenly over a sphere in seven dimensions, so that the false match rate of every
distance is known, and about as small as that of the product's model.
"""

from __future__ import annotations

import numpy as np

from release_db.words import StudentId

_LENGTH = 128
_DIMENSIONS = 7
_SEED = 2026


def made_people(people: int, pictures: int, spread: float) -> dict[StudentId, list[bytes]]:
    """So many people with so many pictures each, no two of one person ``spread`` apart or more."""
    random = np.random.default_rng(_SEED)
    made: dict[StudentId, list[bytes]] = {}
    for number in range(people):
        centre = random.normal(size=_DIMENSIONS)
        centre /= np.linalg.norm(centre)
        vectors = []
        for _ in range(pictures):
            shift = random.normal(size=_DIMENSIONS)
            shift *= spread / 2 * random.random() / np.linalg.norm(shift)
            vector = np.zeros(_LENGTH)
            vector[:_DIMENSIONS] = centre + shift
            vectors.append((vector / np.linalg.norm(vector)).astype("<f4").tobytes())
        made[StudentId(f"made-{number}")] = vectors
    return made


def made_fmr(distance: float) -> float:
    """The share of the made-up people who are within that distance of one of them.

    It is the share of the sphere that a cap of that chord covers: in seven dimensions the integral
    of ``sin^5`` up to the cap's angle, over that up to pi.
    """
    cosine = 1 - distance**2 / 2
    return (8 - 15 * cosine + 10 * cosine**3 - 3 * cosine**5) / 16
