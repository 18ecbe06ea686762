"""Suggests other points, half-lives and windows for the rules that are there."""

from __future__ import annotations

from workbench.suggesting.binned import BinnedPoints, binned_points
from workbench.suggesting.constraints import Constraints, OfRule, parse_constraints, read_constraints
from workbench.suggesting.few import FewPoints, few_points
from workbench.suggesting.profile import Profile, profile
from workbench.suggesting.suggestion import Suggestion
from workbench.suggesting.tune import tune

__all__ = [
    "BinnedPoints",
    "Constraints",
    "FewPoints",
    "OfRule",
    "Profile",
    "Suggestion",
    "binned_points",
    "few_points",
    "parse_constraints",
    "profile",
    "read_constraints",
    "tune",
]
