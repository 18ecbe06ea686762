"""Backtests: scores then against outcomes after."""

from __future__ import annotations

from workbench.backtesting.backtest import Backtest, backtest
from workbench.backtesting.candidate import Candidates, Counts
from workbench.backtesting.document import to_document
from workbench.backtesting.errors import Errors
from workbench.backtesting.exploration import Exploration

__all__ = ["Backtest", "Candidates", "Counts", "Errors", "Exploration", "backtest", "to_document"]
