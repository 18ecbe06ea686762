"""The ledgers of openings that an approval answers to: the one beside the data always, and another if one is named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.approval.evidence import Evidence
from workbench.history import History
from workbench.observation import Opening, read_openings
from workbench.observation.openings import LEDGER
from workbench.observation.split import TEST


@dataclass(frozen=True)
class Ledgers:
    """Ledgers of openings, as they stand.

    Attributes:
        places: their files; a ledger that was never written to counts as empty.
        chains: the openings of each, oldest first.
    """

    places: tuple[Path, ...]
    chains: tuple[tuple[Opening, ...], ...]

    @property
    def count(self) -> int:
        """How often the test was opened: the sum over the ledgers; an opening that a copy repeats counts once."""
        return len({each.head for chain in self.chains for each in chain})

    @property
    def heads(self) -> tuple[str, ...]:
        """The head of each ledger that holds an opening; of copies that do not differ, once."""
        return tuple(dict.fromkeys(chain[-1].head for chain in self.chains if chain))

    def plain(self) -> dict[str, Any]:
        """Count and heads, as the approval has them."""
        return {"count": self.count, "heads": list(self.heads)}

    def held(self, evidence: Evidence) -> Opening | None:
        """The opening that the evidence names, if one of the ledgers holds it under its number."""
        named = evidence.document["opening"]
        if named is None:
            return None
        return next(
            (
                each
                for chain in self.chains
                for each in chain
                if (each.number, each.head) == (named["number"], named["head"])
            ),
            None,
        )

    def faults(self, evidence: Evidence) -> list[str]:
        """What stands against the opening that the evidence names, whatever part it is about."""
        named = evidence.document["opening"]
        if named is None:
            missing = "The evidence is about the sealed test part, but names no opening of it. Run the backtest again."
            return [missing] if evidence.part == TEST else []
        if self.held(evidence) is not None:
            return []
        if not self.places:
            return ["The evidence names an opening of the test part, but there is no ledger to hold it. Name it."]
        pairs = zip(self.places, self.chains, strict=True)
        found = " and ".join(f"{place} ends at number {len(chain)}" for place, chain in pairs)
        reason = (
            f"The ledger was cut off, or is another one: {found}; the opening that the evidence names, number "
            f"{named['number']} ({named['head']}), is not there. Restore the ledger, or run the backtest again."
        )
        return [reason]


def read_ledgers(history: History, named: Path | None) -> Ledgers:
    """The ledger beside the data, and the named one where that is another file.

    Raises:
        DataError: if one of them is broken.
    """
    beside = None if history.home is None else history.home / LEDGER
    places = {place.resolve(): place for place in (named, beside) if place is not None}
    return Ledgers(tuple(places.values()), tuple(read_openings(place) for place in places))
