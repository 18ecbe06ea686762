"""Gradient boosting of scikit-learn, where it is installed: an extra."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from workbench.errors import CallError

Floats = NDArray[np.float64]
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.05,
    "max_iter": 150,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 20,
    "l2_regularization": 10.0,
    "early_stopping": False,
}
"""Small trees and few of them: a past of leads has hundreds of converts, seldom thousands."""


def boosted(matrix: Floats, won: NDArray[np.bool_], judged: Floats, *, seed: int) -> Floats:
    """Log-odds of the rows of `judged`, learned from `matrix` and `won`.

    Raises:
        CallError: if scikit-learn is not installed.
    """
    try:
        ensemble = importlib.import_module("sklearn.ensemble")
    except ImportError:
        raise CallError.at(
            "boosting",
            expected="scikit-learn",
            found="it is not installed",
            remedy="Run: pip install 'lead-scoring-workbench[boost]', or leave boosting out.",
        ) from None
    model = ensemble.HistGradientBoostingClassifier(random_state=seed, **SETTINGS)
    model.fit(matrix, won)
    p = np.asarray(model.predict_proba(judged)[:, 1], dtype=np.float64)
    found: Floats = logit(np.clip(p, 1e-9, 1 - 1e-9))
    return found
