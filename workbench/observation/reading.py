"""The dated rows of a history, read out as they stand: for figures about the past that no rule asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.history import History

Integers = NDArray[np.int64]
NEVER = 2**62
"""A time that does not come, in microseconds."""


def rows_of(history: History, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Some columns of one of the history's tables, such as `stages`; see `History`. The order is not fixed."""
    return history.engine.frame(exp.select(*(column(each) for each in columns)).from_(table(name)))


def first_times(history: History, name: str, lead: Integers, stages: Sequence[str] | None = None) -> Integers:
    """When each lead, by its number in the engine, first has a row in a dated table; NEVER without one.

    Args:
        history: the loaded past.
        name: `stages` or `worked`.
        lead: (n,) numbers.
        stages: which stages count; all rows if left out.
    """
    columns = ["lead", "at_us"] if stages is None else ["lead", "at_us", "stage"]
    found = rows_of(history, name, columns).dropna(subset=["at_us"])
    if stages is not None:
        found = found[found["stage"].isin(list(stages))]
    times = found.groupby("lead")["at_us"].min().reindex(lead)
    return times.fillna(NEVER).to_numpy(dtype=np.int64)


def leads_with(history: History, name: str, stages: Sequence[str]) -> Integers:
    """The numbers of the leads that have a row of one of these stages in `stages` or `lost_stages`."""
    found = rows_of(history, name, ["lead", "stage"])
    return found.loc[found["stage"].isin(list(stages)), "lead"].drop_duplicates().to_numpy(dtype=np.int64)
