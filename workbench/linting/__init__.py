"""What in a model does nothing, counts twice, or works against what it is for."""

from __future__ import annotations

from workbench.linting.catalogue import CHECKS, Check
from workbench.linting.finding import Finding
from workbench.linting.linting import lint
from workbench.linting.result import Lint
from workbench.linting.silence import Silenced

__all__ = ["CHECKS", "Check", "Finding", "Lint", "Silenced", "lint"]
