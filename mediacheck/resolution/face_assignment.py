"""Who is whom, when nobody can stand in a picture twice: an exact assignment of least cost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def assign(costs: npt.NDArray[np.float64], alone: float) -> tuple[int | None, ...]:
    """The column of each row: no column twice, and the least total cost.

    A row that is better left ``alone`` (at that cost) gets None. The Hungarian method (H. W. Kuhn,
    1955) with shortest augmenting paths, O(rows^2 x columns).
    """
    rows, columns = costs.shape
    # One private column a row stands for being left alone, so that every row can be assigned.
    everyone = np.hstack([costs, np.full((rows, rows), np.inf)])
    everyone[np.arange(rows), columns + np.arange(rows)] = alone
    owners = np.full(columns + rows, -1)
    row_prices, column_prices = np.zeros(rows), np.zeros(columns + rows)
    for row in range(rows):
        _augment(everyone, row, owners, (row_prices, column_prices))
    chosen: list[int | None] = [None] * rows
    for column in range(columns):
        if owners[column] >= 0:
            chosen[int(owners[column])] = column
    return tuple(chosen)


def _augment(
    costs: npt.NDArray[np.float64],
    row: int,
    owners: npt.NDArray[np.int_],
    prices: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
) -> None:
    """Finds a column for ``row`` along the cheapest path, moving earlier rows where that pays."""
    row_prices, column_prices = prices
    count = costs.shape[1]
    reach = np.full(count, np.inf)
    came_from = np.full(count, -1)
    is_done = np.zeros(count, dtype=bool)
    visited_rows = [row]
    current, so_far, column = row, 0.0, -1
    while column < 0 or owners[column] >= 0:
        slack = so_far + costs[current] - row_prices[current] - column_prices
        nearer = ~is_done & (slack < reach)
        reach[nearer] = slack[nearer]
        came_from[nearer] = column
        column = int(np.where(is_done, np.inf, reach).argmin())
        so_far = float(reach[column])
        is_done[column] = True
        if owners[column] >= 0:
            current = int(owners[column])
            visited_rows.append(current)
    owned = {int(owners[j]): j for j in np.flatnonzero(is_done) if owners[j] >= 0}
    for visited in visited_rows:
        start = 0.0 if visited == row else float(reach[owned[visited]])
        row_prices[visited] += so_far - start
    column_prices[is_done] -= so_far - reach[is_done]
    while column >= 0:
        previous = int(came_from[column])
        owners[column] = row if previous < 0 else owners[previous]
        column = previous
