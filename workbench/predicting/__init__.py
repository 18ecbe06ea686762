"""Predictive models on observations: what is known as a matrix, regressions of it, and the time trap."""

from __future__ import annotations

from workbench.predicting.design import Design, design, usable
from workbench.predicting.folds import moments_of, random_folds, time_folds
from workbench.predicting.logistic import Logistic, choose_logistic, fit_logistic
from workbench.predicting.trap import TimeTrap, time_trap

__all__ = [
    "Design",
    "Logistic",
    "TimeTrap",
    "choose_logistic",
    "design",
    "fit_logistic",
    "moments_of",
    "random_folds",
    "time_folds",
    "time_trap",
    "usable",
]
