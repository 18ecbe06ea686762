"""Leads whose id is not known: what a reader must be told, and which column may hold it."""

from __future__ import annotations

from typing import Final

from workbench.errors import LONGEST
from workbench.history import History, describe

DISTINCT: Final = 0.85
"""Share of the rows with a value of their own from which a column may be the id: some leads may be there twice."""


def unnamed(history: History, *, option: bool = True) -> str:
    """A line that says that no column is known as the lead's id; empty where one is.

    Args:
        history: what was loaded, open.
        option: whether the call takes `--id`; else the mapping is named as the place to say it.
    """
    if not history.generated_ids:
        return ""
    likely = _likely(history)
    if option:
        how = f"name it with --id (such as --id '{likely}')" if likely else "if there is one, name it with --id COLUMN"
    else:
        how = f"name it in a mapping file (leads: {{id: {likely or 'COLUMN'}}}), with --mapping"
    return f"No column is known as the lead's id: every row is taken as a lead of its own; {how}."


def _likely(history: History) -> str:
    """The first column of texts, or else of numbers, that is filled and hardly ever says the same twice."""
    fields = describe(history).fields
    distinct = fields["distinct"] >= DISTINCT * history.rows["leads"]
    likely = fields[(fields["table"] == "leads") & (fields["filled"] == 1) & distinct]
    names = [str(name) for kind in ("text", "number") for name in likely.loc[likely["kind"] == kind, "field"]]
    return next((name for name in names if len(name) <= LONGEST), "")
