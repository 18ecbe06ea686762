"""Who arrives: everybody whom a plan observes before the end of the data, whatever the split and the outcome say."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model
from workbench.observation import Observations, observe


def arriving(seen: Observations, history: History | None) -> Callable[[Model], Observations]:
    """What gives those who arrive under a model, looked up once.

    With the history these are the plan's observations without a split and without a horizon: leads in the gaps of the
    split and leads too young to be judged are among them, and no outcome is looked at. Without it, or where nothing
    has a date, they are those observed.

    Args:
        seen: the observations.
        history: the loaded past that they were made from, if it is at hand.

    Raises:
        CallError: if the history is another one.
    """
    if history is None or seen.subjects.as_of_us is None:
        return lambda _: seen
    if str(seen.data["fingerprint"]) != history.fingerprint:
        raise CallError.at(
            "history",
            expected=f"the history that was observed, fingerprint {str(seen.data['fingerprint'])[:12]}…",
            found=f"{history.name}, fingerprint {history.fingerprint[:12]}…",
            remedy="Give the history that these observations were made from, or observe again.",
        )
    plan = seen.plan.model_copy(update={"split": None, "horizon": 0, "segments": ()})

    @cache
    def everybody(model: Model) -> Observations:
        return observe(history, model, plan)

    return everybody
