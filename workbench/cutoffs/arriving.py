"""Who arrives: everybody whom a plan observes before the end of the data, whatever the split and the outcome say."""

from __future__ import annotations

from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model
from workbench.observation import Observations, observe


def arriving(model: Model, seen: Observations, history: History | None) -> Observations:
    """Those who arrive: the plan's observations without a split and without a horizon.

    Leads in the gaps of the split and leads too young to be judged are among them, and no outcome is looked at.
    Without the history, or where nothing has a date, they are those observed.

    Args:
        model: the model that scores them.
        seen: the observations.
        history: the loaded past that they were made from, if it is at hand.

    Raises:
        CallError: if the history is another one.
    """
    if history is None or seen.subjects.as_of_us is None:
        return seen
    if str(seen.data["fingerprint"]) != history.fingerprint:
        raise CallError.at(
            "history",
            expected=f"the history that was observed, fingerprint {str(seen.data['fingerprint'])[:12]}…",
            found=f"{history.name}, fingerprint {history.fingerprint[:12]}…",
            remedy="Give the history that these observations were made from, or observe again.",
        )
    return observe(history, model, seen.plan.model_copy(update={"split": None, "horizon": 0, "segments": ()}))
