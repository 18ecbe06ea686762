"""Products of large matrices in pieces so small that no BLAS starts threads for them.

On a busy machine the threads of a BLAS wait for each other, and a regression of a second takes minutes. OpenBLAS works
out a product of m x k and k x n alone up to m n k = 4 * 65536 (`interface/gemm.c`), which are pieces of 64 x 64 x 64:
large enough that hardly any time is lost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIDE = 64
ROWS = 32 * 1024
"""Rows that are worked on at once: their pieces fit into memory."""


def gram(x: Floats, weight: Floats | None = None) -> Floats:
    """x' W x, (p, p), of a matrix (n, p) and weights (n,), all 1 where there are none."""
    n, p = x.shape
    found = np.zeros((p, p))
    for start in range(0, n, ROWS):
        piece = x[start : start + ROWS]
        _add(found, piece, piece if weight is None else piece * weight[start : start + ROWS, None])
    return np.asarray(np.triu(found) + np.triu(found, 1).T)


def _add(found: Floats, x: Floats, y: Floats) -> None:
    """Adds x' y to the upper half."""
    p, whole = x.shape[1], len(x) // SIDE * SIDE
    for rows in (slice(0, whole), slice(whole, len(x))):
        deep = SIDE if rows.start == 0 and whole else max(len(x) - whole, 1)
        a, b = x[rows].reshape(-1, deep, p), y[rows].reshape(-1, deep, p)
        for i in range(0, p, SIDE):
            left = a[:, :, i : i + SIDE].transpose(0, 2, 1)
            for j in range(i, p, SIDE):
                found[i : i + SIDE, j : j + SIDE] += (left @ b[:, :, j : j + SIDE]).sum(axis=0)


def across(x: Floats, at: Floats) -> Floats:
    """x at, (n,), of a matrix (n, p) and (p,)."""
    return np.asarray(np.einsum("ij,j->i", x, at))


def down(x: Floats, of: Floats) -> Floats:
    """x' of, (p,), of a matrix (n, p) and (n,)."""
    return np.asarray(np.einsum("ij,i->j", x, of))


def solved(matrix: Floats, of: Floats) -> Floats:
    """The solution of matrix x = of, for a symmetric positive definite matrix (p, p): Cholesky's, by blocks.

    Raises:
        numpy.linalg.LinAlgError: if the matrix is not positive definite.
    """
    p = len(of)
    rest, places = np.array(matrix), [slice(start, start + SIDE) for start in range(0, p, SIDE)]
    inverses: list[Floats] = []
    for k, at in enumerate(places):
        inverses.append(np.linalg.inv(np.linalg.cholesky(rest[at, at])))
        for i in places[k + 1 :]:
            rest[i, at] = rest[i, at] @ inverses[k].T
        for first, i in enumerate(places[k + 1 :]):
            for j in places[k + 1 : k + 2 + first]:
                rest[i, j] -= rest[i, at] @ rest[j, at].T
    found = np.array(of, dtype=np.float64)
    for k, at in enumerate(places):
        found[at] = inverses[k] @ found[at]
        for i in places[k + 1 :]:
            found[i] -= rest[i, at] @ found[at]
    for k in reversed(range(len(places))):
        at = places[k]
        for i in places[k + 1 :]:
            found[at] -= rest[i, at].T @ found[i]
        found[at] = inverses[k].T @ found[at]
    return found
