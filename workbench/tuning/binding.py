"""Which candidates may share what a model was bound to: those that differ in numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.backtesting import Candidates
from workbench.engine.catalog import Catalog
from workbench.engine.lower import Lowered, lower_model
from workbench.model import Model
from workbench.observation import Observations

MOST_KEPT = 4


@dataclass(frozen=True)
class Structure:
    """All about a model that is not a number to be paid: two models with the same one ask the same evidence.

    Attributes:
        lowered: what has to be gathered for each rule, gate, variant and dimension that fades.
        homes: for the model and each variant its dimensions, and the dimension of each enabled rule by id.
        of_accounts: whether it says how accounts are scored.
    """

    lowered: Lowered
    homes: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...]
    of_accounts: bool

    @classmethod
    def of(cls, model: Model, catalog: Catalog) -> Structure:
        """That of a model; raises ModelError if it does not fit the history."""
        homes = tuple(
            (tuple(each.model.dimensions), {rule.id: each.model.dimension_of(rule) for rule in each.model.active})
            for each in model.alternatives
        )
        return cls(lower_model(model, catalog), homes, model.account is not None)


class Bindings:
    """Candidates by part for the last few structures.

    Args:
        champion: whose binding is never given up.
        seen: the observations.

    Raises:
        NotObserved: if the champion asks for evidence that was not gathered and cannot be worked out.
        ModelError: if it does not fit the history, or accounts were observed and it does not say how they are scored.
    """

    def __init__(self, champion: Model, seen: Observations) -> None:
        self._seen = seen
        self._kept: list[tuple[Structure, dict[str, Candidates]]] = []
        self._last: list[tuple[Model, dict[str, Candidates]]] = []
        self.of(champion)

    def of(self, model: Model) -> dict[str, Candidates]:
        """Candidates by part that answer for this model's weights; raises like the class."""
        known = next((bound for same, bound in self._last if same is model), None)
        if known is None:  # one candidate is asked about several times in a row, always beside the champion
            known = self._bound(model)
            self._last = [*self._last[-1:], (model, known)]
        return known

    def _bound(self, model: Model) -> dict[str, Candidates]:
        wanted = Structure.of(model, self._seen.catalog)
        for at, (structure, bound) in enumerate(self._kept):
            if structure == wanted:
                if at > 1:  # the champion stays first, then the last one used
                    self._kept.insert(1, self._kept.pop(at))
                return bound
        seen = self._seen.following(model)
        bound = {part: Candidates(model, seen, part=part) for part in seen.parts}
        self._kept.insert(1, (wanted, bound))
        del self._kept[MOST_KEPT:]
        return bound
