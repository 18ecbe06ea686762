"""The comparer: champion and candidate on the same observations, and whether the difference is real."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets
import pandas as pd

from workbench.backtesting.tiers import main_tier
from workbench.changes import Changes, diff
from workbench.drawing import Drawing
from workbench.errors import CallError
from workbench.markup import headline_html
from workbench.model import Model, Tier
from workbench.observation import Observations
from workbench.observation.accounts import account_score
from workbench.tuning import Bench, Standing
from workbench.tuning.moves import moves
from workbench.widgets.banner import Banner, guarded
from workbench.widgets.fallback import image_html
from workbench.widgets.figures import Words, figures_html, plain_figures_html
from workbench.widgets.moved import difference_html, moves_html, plain_moves_html
from workbench.widgets.panels import PANELS
from workbench.widgets.picture import Picture
from workbench.widgets.sheet import sheet
from workbench.widgets.shown import Shown
from workbench.widgets.verdict import moving_sentence, ranking_sentence, tier_sentence, verdict


class Comparer(Shown):
    """Champion and candidate on the same observations: a verdict, figures, pictures, who moves, what differs.

    Args:
        champion: the model in force.
        candidate: the one that may take its place.
        seen: observations that hold what both ask, or what it can be worked out from.
        part: the part to begin with; by default the one that a backtest judges.

    Attributes:
        bench: what judges both.
        changes: headline figures of every part, as `Bench.changes` gives them.
        difference: what differs between the two models.
        standing: the candidate's figures by part.
        part: the part that is shown; setting it shows another.

    Raises:
        NotObserved: if one of the models asks for evidence that is neither there nor to be worked out.
        CallError: if the part does not exist or is sealed.
    """

    def __init__(self, champion: Model, candidate: Model, seen: Observations, *, part: str | None = None) -> None:
        super().__init__()
        self.champion, self.candidate, self.seen = champion, candidate, seen
        self.bench = Bench(champion, seen)
        self.standing: Standing = self.bench.with_intervals(self.bench.standing(candidate))
        self.changes: pd.DataFrame = self.bench.changes(candidate)
        self.difference: Changes = diff(champion, candidate)
        self._words = Words.of(self.bench)
        self._tiers = tuple(_tier_names(model, seen) for model in (champion, candidate))
        self._upper = tuple(_upper(self.bench, model) for model in (champion, candidate))
        self._moves: dict[str, pd.DataFrame] = {}
        self._make(seen.default_part if part is None else part)
        self._show()
        for name in ("wb", "wb-comparer"):
            self.add_class(name)

    @property
    def part(self) -> str:
        """The part that is shown."""
        return str(self.switch.value)

    @part.setter
    def part(self, name: str) -> None:
        self.switch.value = _known(name, self.bench.parts)

    @property
    def error(self) -> Exception | None:
        """What went wrong last, if the banner shows something."""
        return self.banner.error

    def moves(self, part: str | None = None) -> pd.DataFrame:
        """Who moves between tiers on a part, by default the one shown; see `workbench.tuning.moves.moves`."""
        name = self.part if part is None else part
        if name not in self._moves:
            self._moves[name] = moves(self.bench, self.candidate, name)
        return self._moves[name]

    # --- what is on the page ------------------------------------------------------------------------------------------

    def _make(self, part: str) -> None:
        parts = self.bench.parts
        self.switch = ipywidgets.Dropdown(options=parts, value=_known(part, parts), description="Part")
        self.switch.add_class("wb-part-choice")
        self.switch.observe(guarded(banner := Banner())(self._switched), names="value")
        self.banner = banner
        self.verdict, self.figures, self.moved = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.pictures = {kind: Picture() for kind in PANELS}
        gallery = ipywidgets.Box(children=tuple(self.pictures.values()))
        gallery.add_class("wb-pictures")
        self.children = (
            sheet("comparer.css"),
            ipywidgets.HTML(self._heading()),
            self.verdict,
            self.banner,
            self.switch,
            self.figures,
            gallery,
            self.moved,
            ipywidgets.HTML(difference_html(self.difference)),
        )

    def _heading(self) -> str:
        new, old = (f"{model.name}, version {model.version}" for model in (self.candidate, self.champion))
        return (
            f'<h3 class="wb-headline">{html.escape(new)}, against {html.escape(old)}</h3>'
            '<p class="wb-muted">The first is the candidate, the second the champion; both on the same '
            f"{self._words.leads}.</p>"
        )

    def _switched(self, _: Any) -> None:
        self._show()

    def _show(self) -> None:
        """Show the chosen part."""
        part, found = self.part, self.moves()
        said = "".join(f"<p>{html.escape(line)}</p>" for line in self._said())
        self.verdict.value = (
            f'<div class="wb-says" role="status" data-verdict="{verdict(self.changes, part)}">{said}</div>'
        )
        self.figures.value = figures_html(
            self.changes[self.changes["part"] == part], self._words, cuts=self.standing.cuts
        )
        self.moved.value = moves_html(found, unit=self._words.leads)
        for kind, picture in self.pictures.items():
            picture.show(self._drawing(kind))

    def _drawing(self, kind: str) -> Drawing:
        return PANELS[kind](self.bench, self.standing, self.part)

    def _said(self) -> Sequence[str]:
        """The verdict on the part shown, in sentences."""
        found = self.moves()
        said = (
            ranking_sentence(self.changes, self.part, unit=self._words.leads),
            tier_sentence(self.changes, self.part, found, self._upper, unit=self._words.leads),
            moving_sentence(found, self._tiers, unit=self._words.leads),
        )
        return [line for line in said if line]

    # --- for places without a front end -------------------------------------------------------------------------------

    def to_html(self) -> str:
        """The part that is shown, as plain tables and pictures."""
        said = "".join(headline_html(line) for line in self._said())
        pictures = "".join(image_html(self._drawing(kind)) for kind in PANELS)
        tables = plain_figures_html(self.changes, self._words) + plain_moves_html(self.moves())
        return self._heading() + said + tables + pictures + self.difference._repr_html_()


def _known(part: str, parts: Sequence[str]) -> str:
    if part not in parts:
        raise CallError.at(
            "part", expected=f"one of {', '.join(parts)}", found=repr(part), remedy="Name a part that may be looked at."
        )
    return part


def _tiers(model: Model, seen: Observations) -> tuple[Tier, ...]:
    """The tiers that observations get: of leads, or of accounts."""
    return model.tiers if seen.members is None else account_score(model).tiers


def _tier_names(model: Model, seen: Observations) -> tuple[str, ...]:
    return tuple(tier.name for tier in _tiers(model, seen))


def _upper(bench: Bench, model: Model) -> tuple[str, ...]:
    """The names of the main tier and those above it: the champion's main tier where the model has one of that name."""
    names = _tier_names(model, bench.seen)
    if bench.main_tier in names:
        return names[names.index(bench.main_tier) :]
    main = main_tier(model.name, _tiers(model, bench.seen), bench.seen.plan)
    return () if main is None else names[names.index(main) :]
