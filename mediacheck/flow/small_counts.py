"""Hides counts that are too small to tell, and others with them, so that nobody works them out.

A table has a row for each class and one for all of them, and in each row four counts that add up to
the row's students, whose number anybody may know. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Cell = tuple[int, int]
Row = tuple[int, ...]


def hidden_cells(rows: Sequence[Row], whole: Row, smallest: int) -> frozenset[Cell]:
    """The cells (row, column) that must not be told; the row after the last is ``whole``.

    Every count from 1 to below ``smallest`` is hidden. So is the least of the others, again and
    again, wherever the hidden counts of a line come to less than ``smallest``, or one of them is
    what is left of the line, or follows from the lines together.
    """
    table = _Table(rows, whole, smallest)
    hidden = table.small()
    while more := table.needed(hidden):
        hidden |= more
    return frozenset(hidden)


class _Table:
    """The counts of every row, the whole last, and the lines that add up."""

    def __init__(self, rows: Sequence[Row], whole: Row, smallest: int) -> None:
        table = (*rows, whole)
        self._counts: Mapping[Cell, int] = {
            (row, column): count
            for row, counts in enumerate(table)
            for column, count in enumerate(counts)
        }
        self._smallest = smallest
        self._last = len(rows)
        self._across = [
            [(row, column) for column in range(len(whole))] for row in range(len(table))
        ]
        self._down = [[(row, column) for row in range(len(rows))] for column in range(len(whole))]

    def small(self) -> set[Cell]:
        """The counts that are too small; all of a row that has too few students."""
        hidden = {cell for cell, count in self._counts.items() if 0 < count < self._smallest}
        for line in self._across:
            if 0 < sum(self._counts[cell] for cell in line) < self._smallest:
                hidden.update(line)
        return hidden

    def needed(self, hidden: set[Cell]) -> set[Cell]:
        """More that has to be hidden beside these; empty: nothing follows from what is shown."""
        more: set[Cell] = set()
        for line in self._across:
            more |= self._least_of(line, hidden)
        for column, line in enumerate(self._down):
            more |= self._least_down(line, (self._last, column), hidden)
        return more or self._rows_of_what_follows(hidden)

    def _least_of(self, line: Sequence[Cell], hidden: set[Cell]) -> set[Cell]:
        """The least shown count of a line in which too little is hidden; zeros tell of nobody."""
        inside = [cell for cell in line if cell in hidden]
        shown = [cell for cell in line if cell not in hidden and self._counts[cell]]
        is_enough = len(inside) > 1 and self._sum(inside) >= self._smallest
        if not inside or is_enough or not shown:
            return set()
        return {min(shown, key=lambda cell: (self._counts[cell], cell))}

    def _least_down(self, line: Sequence[Cell], whole: Cell, hidden: set[Cell]) -> set[Cell]:
        """The same for a column; where nothing is left to hide in it, its sum goes."""
        if whole in hidden:
            return set()
        least = self._least_of(line, hidden)
        inside = [cell for cell in line if cell in hidden]
        if least or not inside or (len(inside) > 1 and self._sum(inside) >= self._smallest):
            return least
        return {whole}

    def _rows_of_what_follows(self, hidden: set[Cell]) -> set[Cell]:
        """All of a row with a hidden count that the lines together give away, else its column."""
        for row, column in sorted(hidden):
            if not _is_in_a_ring((row, column), hidden):
                rest = {cell for cell in self._across[row] if cell not in hidden}
                rest |= {(self._last, one) for _row, one in self._across[row]} - hidden
                rest = rest or {(one, column) for one in range(self._last + 1)} - hidden
                if rest:
                    return rest
        return set()

    def _sum(self, cells: Sequence[Cell]) -> int:
        return sum(self._counts[cell] for cell in cells)


def _is_in_a_ring(cell: Cell, hidden: set[Cell]) -> bool:
    """Whether the cell's row and column are joined by other hidden cells, too.

    Exactly then both it and others can be changed so that every line still adds up.
    """
    rest = hidden - {cell}
    rows, columns = {cell[0]}, set[int]()
    while True:
        reached = {column for row, column in rest if row in rows}
        back = {row for row, column in rest if column in reached}
        if cell[1] in reached:
            return True
        if reached == columns and back <= rows:
            return False
        columns, rows = reached, rows | back
