"""Backtests: scores then against outcomes after."""

from __future__ import annotations

from workbench.backtest.backtest import Backtest, backtest
from workbench.backtest.document import to_document
from workbench.backtest.errors import Errors

__all__ = ["Backtest", "Errors", "backtest", "to_document"]
