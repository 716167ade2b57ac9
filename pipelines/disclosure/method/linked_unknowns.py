"""Fewer unknowns for the same system: those that no row tells apart, and those that a tie makes equal, are one."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Whole = npt.NDArray[np.int64]


def merge_unknowns(
    incidence: Any, ties: Any, tie_high: npt.NDArray[np.float64], counts: Whole
) -> tuple[Any, Any, Whole]:
    """The same rows over the fewest unknowns; rows of ties that say nothing more are left empty."""
    cells = incidence.shape[0]
    matrix = sparse.vstack([incidence, ties], format="csr")
    before = -1
    while before != matrix.shape[1]:
        before = matrix.shape[1]
        matrix, counts = _add_up_alike(matrix, counts)
        matrix, counts = _join_equal(matrix, cells, tie_high, counts)
    matrix = matrix.tocsr()
    matrix.sort_indices()
    return matrix[:cells], matrix[cells:], counts


def _add_up_alike(matrix: Any, counts: Whole) -> tuple[Any, Whole]:
    """Unknowns with the same entries in all rows become their sum; those in no row are left out."""
    by_column = matrix.tocsc()
    by_column.sort_indices()
    first: dict[bytes, int] = {}
    owners = np.full(by_column.shape[1], -1, dtype=np.int64)
    kept: list[int] = []
    for column in np.flatnonzero(np.diff(by_column.indptr)).tolist():
        entries = slice(by_column.indptr[column], by_column.indptr[column + 1])
        key = by_column.indices[entries].tobytes() + b"|" + by_column.data[entries].tobytes()
        if key not in first:
            first[key] = len(kept)
            kept.append(column)
        owners[column] = first[key]
    used = owners >= 0
    sums = np.bincount(owners[used], weights=counts[used], minlength=len(kept)).astype(np.int64)
    return by_column[:, kept], sums


def _join_equal(matrix: Any, cells: int, tie_high: npt.NDArray[np.float64], counts: Whole) -> tuple[Any, Whole]:
    """The two unknowns of a tie that has no others count the same records: one takes the place of both."""
    by_row = matrix.tocsr()
    sizes = np.diff(by_row.indptr)[cells:]
    owner = list(range(by_row.shape[1]))

    def root(unknown: int) -> int:
        while owner[unknown] != unknown:
            unknown = owner[unknown]
        return unknown

    for tie in np.flatnonzero((sizes == 2) & (tie_high == 0)) + cells:
        entries = slice(by_row.indptr[tie], by_row.indptr[tie + 1])
        if by_row.data[entries].sum() == 0:
            one, other = sorted(root(int(unknown)) for unknown in by_row.indices[entries])
            owner[other] = one
    roots = np.array([root(unknown) for unknown in owner], dtype=np.int64)
    kept, places = np.unique(roots, return_inverse=True)
    ones = np.ones(len(roots), dtype=np.int64)
    join = sparse.csr_array((ones, (np.arange(len(roots)), places.ravel())), shape=(len(roots), len(kept)))
    joined = by_row @ join
    # A cell that held both names of the one unknown, in two contexts of the ties, still holds it once.
    joined.data = np.clip(joined.data, -1, 1)
    joined.eliminate_zeros()
    return joined, counts[kept]
