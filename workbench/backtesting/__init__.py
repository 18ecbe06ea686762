"""Backtests: scores then against outcomes after."""

from __future__ import annotations

from workbench.backtesting.backtest import Backtest, backtest
from workbench.backtesting.candidate import Candidates, Counts
from workbench.backtesting.document import to_document
from workbench.backtesting.errors import Errors

__all__ = ["Backtest", "Candidates", "Counts", "Errors", "backtest", "to_document"]
