"""The yardstick: predictive models without leaks on the same observations, beside the points."""

from __future__ import annotations

from workbench.measuring.result import Yardstick
from workbench.measuring.yardstick import yardstick

__all__ = ["Yardstick", "yardstick"]
