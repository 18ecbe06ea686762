"""The handles on the distribution: where each tier begins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from workbench.tuning import Knob, Section


def beginnings(sections: Sequence[Section], *, accounts: bool) -> tuple[Knob, ...]:
    """The knobs that say from how many points on a tier begins, but for a tier that begins at 0 and takes all the rest.

    Args:
        sections: what can be turned.
        accounts: whether accounts are judged; the tiers are theirs then.
    """
    home = "account.tiers" if accounts else "tiers"
    return tuple(
        knob
        for section in sections
        for knob in section.caps
        if knob.path.startswith(home) and knob.path.endswith(".from") and knob.value and not knob.fixed
    )


def tier_handles(
    knobs: Sequence[Knob], values: Mapping[str, Any], *, axis: tuple[float, float], drawn: Collection[str]
) -> list[dict[str, Any]]:
    """A handle for each of them, as `Picture` takes it.

    Args:
        knobs: as `beginnings` finds them.
        values: where they are now, by path.
        axis: lowest and highest points.
        drawn: names of the tiers that the drawing itself names.
    """
    low, high = axis
    return [
        {
            "name": knob.path,
            "label": name,
            "value": values[knob.path],
            "min": low,
            "max": high,
            "step": knob.step,
            "drawn": name in drawn,
        }
        for knob in knobs
        for name in [knob.label.removeprefix("account ")]
    ]
