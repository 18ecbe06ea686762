"""How many leads sales can work, as calls write it."""

from __future__ import annotations

from workbench.cutoffs.wanted import parse_capacity
from workbench.plan import Capacity


def capacity(text: str) -> Capacity:
    """What `--capacity` says, such as `15/week`.

    Raises:
        CallError: if it is not a whole number of leads for each day, week or month.
    """
    return parse_capacity(text, "--capacity")
