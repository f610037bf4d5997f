"""No small count is shown, and none can be worked out from those that are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mediacheck.flow.small_counts import Cell, Row, hidden_cells

SMALLEST = 5
counts = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 40))
rows = st.lists(st.tuples(counts, counts, counts, counts), min_size=0, max_size=6)


def whole_of(table: Sequence[Row]) -> Row:
    return tuple(sum(row[column] for row in table) for column in range(4))


def given_away(table: Sequence[Row], hidden: frozenset[Cell]) -> set[Cell]:
    """The hidden counts that the sums of rows and columns leave only one value."""
    cells = sorted(hidden)
    last = len(table)
    equations = [[cell[0] == row for cell in cells] for row in range(last + 1)]
    for column in range(4):
        signs = [(-1 if cell[0] == last else 1) if cell[1] == column else 0 for cell in cells]
        equations.append(signs)
    matrix = np.array(equations, dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    alone = np.eye(len(cells))
    return {
        cell
        for number, cell in enumerate(cells)
        if np.linalg.matrix_rank(np.vstack([matrix, alone[number]])) == rank
    }


def test_large_counts_are_all_shown() -> None:
    table = [(10, 20, 0, 9), (8, 7, 6, 5)]

    assert hidden_cells(table, whole_of(table), SMALLEST) == frozenset()


def test_one_small_count_hides_another_in_its_row_and_its_column() -> None:
    table = [(1, 0, 0, 24), (9, 0, 0, 16), (12, 0, 0, 13)]

    hidden = hidden_cells(table, whole_of(table), SMALLEST)

    assert {(0, 0), (0, 3), (1, 0), (1, 3)} <= hidden
    assert (3, 0) not in hidden


def test_a_class_of_few_tells_nothing_at_all() -> None:
    table = [(0, 0, 0, 3), (20, 20, 20, 20)]

    hidden = hidden_cells(table, whole_of(table), SMALLEST)

    assert {(0, column) for column in range(4)} <= hidden


def test_a_zero_is_told() -> None:
    table = [(0, 0, 0, 24), (0, 0, 0, 30)]

    assert hidden_cells(table, whole_of(table), SMALLEST) == frozenset()


def test_a_count_of_all_that_follows_from_its_column_hides_the_column() -> None:
    table = [(3, 0, 0, 2), (3, 0, 5, 2)]

    hidden = hidden_cells(table, whole_of(table), SMALLEST)

    assert given_away(table, hidden) == set()


@given(rows)
def test_no_small_count_is_shown(table: list[Row]) -> None:
    hidden = hidden_cells(table, whole_of(table), SMALLEST)

    for row, line in enumerate([*table, whole_of(table)]):
        for column, count in enumerate(line):
            assert (row, column) in hidden or count == 0 or count >= SMALLEST


@given(rows)
def test_no_hidden_count_follows_from_the_sums(table: list[Row]) -> None:
    hidden = hidden_cells(table, whole_of(table), SMALLEST)
    counts_of = [*table, whole_of(table)]

    told = given_away(table, hidden)

    # All zeros of an empty class follow from its having nobody in it.
    assert [cell for cell in told if counts_of[cell[0]][cell[1]]] == []
