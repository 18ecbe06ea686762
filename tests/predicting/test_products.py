from __future__ import annotations

import numpy as np
import pytest

from workbench.predicting.products import across, down, gram, solved


@pytest.mark.parametrize("shape", [(0, 3), (5, 1), (63, 2), (64, 64), (200, 65), (33_000, 70)])
def test_products_are_those_of_the_whole(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(1)
    x, w, at = random.normal(size=shape), random.random(shape[0]), random.normal(size=shape[1])
    np.testing.assert_allclose(gram(x, w), (x * w[:, None]).T @ x, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(gram(x), x.T @ x, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(across(x, at), x @ at, atol=1e-9)
    np.testing.assert_allclose(down(x, w), x.T @ w, rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize("p", [1, 2, 64, 65, 150])
def test_blocks_solve_what_the_whole_solves(p: int) -> None:
    random = np.random.default_rng(p)
    x, of = random.normal(size=(2 * p, p)), random.normal(size=p)
    matrix = x.T @ x + np.eye(p)
    kept = matrix.copy()
    np.testing.assert_allclose(solved(matrix, of), np.linalg.solve(matrix, of), rtol=1e-8)
    np.testing.assert_array_equal(matrix, kept)


def test_a_matrix_that_is_not_definite_is_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError, match="positive definite"):
        solved(-np.eye(3), np.ones(3))
