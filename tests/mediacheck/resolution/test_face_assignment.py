"""The assignment is exact: no order of faces and students does better."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from mediacheck.resolution.face_assignment import assign

ALONE = 0.4


@st.composite
def some_costs(draw: st.DrawFn) -> npt.NDArray[np.float64]:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = st.floats(-1, 1, allow_nan=False, width=32)
    values = draw(st.lists(cells, min_size=rows * columns, max_size=rows * columns))
    return np.array(values, dtype=np.float64).reshape(rows, columns)


def cost_of(costs: npt.NDArray[np.float64], chosen: tuple[int | None, ...]) -> float:
    return sum(
        ALONE if column is None else float(costs[row, column]) for row, column in enumerate(chosen)
    )


def least_cost(costs: npt.NDArray[np.float64]) -> float:
    rows, columns = costs.shape
    choices = product([None, *range(columns)], repeat=rows)
    return min(cost_of(costs, choice) for choice in choices if is_fair(choice))


def is_fair(chosen: tuple[int | None, ...]) -> bool:
    taken = [column for column in chosen if column is not None]
    return len(taken) == len(set(taken))


@given(some_costs())
def test_no_assignment_costs_less_and_no_column_is_given_twice(
    costs: npt.NDArray[np.float64],
) -> None:
    chosen = assign(costs, ALONE)

    assert len(chosen) == len(costs)
    assert is_fair(chosen)
    assert abs(cost_of(costs, chosen) - least_cost(costs)) < 1e-9


def test_a_face_yields_its_student_where_both_are_better_off() -> None:
    costs = np.array([[0.10, 0.12], [0.11, 0.35]])

    assert assign(costs, ALONE) == (1, 0)


def test_a_face_that_resembles_nobody_is_left_alone() -> None:
    assert assign(np.array([[0.9, 0.8]]), ALONE) == (None,)


def test_an_assignment_without_faces_is_empty() -> None:
    assert assign(np.zeros((0, 3)), ALONE) == ()
