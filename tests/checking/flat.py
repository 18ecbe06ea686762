"""Flat tables with planted fields: some honest, some written because of the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

import workbench as wb
from workbench.checking import Check, check
from workbench.checking.material import Material
from workbench.history import History
from workbench.observation import observe, values_at
from workbench.plan import RECORDED, Plan

PLAIN = ("size", "city", "channel")


def leads(n: int = 2_000, *, seed: int = 1, rate: float = 0.2) -> pd.DataFrame:
    """Leads of which `size` says a little about the outcome, `city` and `channel` nothing."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(3, 1, n)
    odds = np.log(rate / (1 - rate)) + 0.4 * (np.log(size) - 3)
    return pd.DataFrame(
        {
            "id": [f"x{number}" for number in rng.permutation(n)],
            "won": (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int),
            "size": size.round(),
            "city": rng.choice(["Rome", "Oslo", "Lima", None], n),
            "channel": rng.choice(["web", "fair", "call"], n),
        }
    )


def trait(frame: pd.DataFrame, distance: float, *, seed: int = 2) -> np.ndarray:
    """A normal trait, higher for converts by `distance` standard deviations; its AUC is Phi(distance / sqrt 2)."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=len(frame)) + distance * frame["won"].to_numpy()


def written(frame: pd.DataFrame, *, of_won: float = 0.9, of_lost: float = 0.01, seed: int = 3) -> np.ndarray:
    """A text that is filled for most converts and hardly anybody else."""
    rng = np.random.default_rng(seed)
    filled = rng.random(len(frame)) < np.where(frame["won"] == 1, of_won, of_lost)
    return np.where(filled, rng.choice(["signed", "sent"], len(frame)), None)


def load(frame: pd.DataFrame, *, known: Iterable[str] = PLAIN, more: Mapping[str, Any] | None = None) -> History:
    """The table as a history; `known` are the fields known at creation."""
    there = ", ".join(f"{name}: creation" for name in known if name in frame)
    extra = "".join(f", {key}: {value}" for key, value in (more or {}).items())
    mapping = (
        "format: lead-history/1\nbudget: 50%\n"
        f"leads: {{file: leads, id: id, outcome: {{field: won, equals: 1}}, known: {{{there}}}{extra}}}"
    )
    return wb.read_history({"leads": frame}, mapping=mapping)


def checked(frame: pd.DataFrame, plan: Plan | None = None, **how: Any) -> Check:
    with load(frame, **how) as history:
        return check(history, plan)


def material(history: History, plan: Plan = RECORDED) -> Material:
    seen = observe(history, (), plan)
    return Material.of(history, seen, values_at(history, seen, windows=(30, None), properties=False))


def codes(found: Check, about: str) -> set[str]:
    """The codes of all findings about something."""
    return {each.code for each in found.findings if each.about == about}
