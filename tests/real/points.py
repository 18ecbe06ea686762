"""Points made from training leads only, in the plainest honest way: each value's log odds against the average.

A value's conversion rate is first drawn towards the average as if `PRIOR` more leads of average rate had been seen, so
rare values earn few points. Fields are ranked by their information value, the sum over values of (share of converts -
share of others) x log odds. All of it is Siddiqi, Credit Risk Scorecards (2006), chapter 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

import workbench as wb
from workbench.document import Document
from workbench.metrics.depth import at_count
from workbench.metrics.histogram import tally
from workbench.model import Model

PRIOR = 50
SCALE = 10
"""Points for a factor of e in the odds."""

Values = Mapping[float | str, int]
Points = Mapping[str, Values]


def log_odds(values: pd.Series, won: pd.Series) -> pd.Series:
    """The log odds of each value against those of all."""
    distinct, size, converted = _counts(values, won)
    return pd.Series(_odds(size, converted), index=distinct)


def information_value(values: pd.Series, won: pd.Series) -> float:
    """How much the values of a field tell converts from others."""
    _, size, converted = _counts(values, won)
    lost = size - converted
    return float(((converted / converted.sum() - lost / lost.sum()) * _odds(size, converted)).sum())


def _counts(values: pd.Series, won: pd.Series) -> tuple[pd.Index, np.ndarray, np.ndarray]:
    codes, distinct = pd.factorize(values, sort=True)
    return pd.Index(distinct), np.bincount(codes), np.bincount(codes, won)


def _odds(size: np.ndarray, converted: np.ndarray) -> np.ndarray:
    base = converted.sum() / size.sum()
    rate = (converted + PRIOR * base) / (size + PRIOR)
    return np.log(rate / (1 - rate) * (1 - base) / base)


def ranked(frame: pd.DataFrame, won: pd.Series) -> list[str]:
    """The fields by falling information value."""
    return sorted(frame.columns, key=lambda field: (-information_value(frame[field], won), field))


def points_of(frame: pd.DataFrame, won: pd.Series, fields: Iterable[str]) -> dict[str, dict[float | str, int]]:
    """Whole points for every value of the fields."""
    return {
        field: {value: round(SCALE * odds) for value, odds in log_odds(frame[field], won).items()} for field in fields
    }


def summed(frame: pd.DataFrame, points: Points) -> np.ndarray:
    """The score of each row; values never seen earn nothing."""
    score = np.zeros(len(frame), dtype=np.int64)
    for field, values in points.items():
        score += frame[field].map(values).fillna(0).to_numpy(np.int64)
    return score


def found(score: np.ndarray, won: np.ndarray, count: int) -> float:
    """Converts among the `count` highest scores, ties shared."""
    distinct, cells = np.unique(score, return_inverse=True)
    return float(at_count(*tally(cells, won, len(distinct)), [count]).converted[0])


def chosen_number(frame: pd.DataFrame, won: pd.Series, numbers: Sequence[int], share: float, seed: int = 7) -> int:
    """How many fields find most converts in the top `share`, by 3 x 5-fold cross-validation inside these leads."""
    rng = np.random.default_rng(seed)
    total = dict.fromkeys(numbers, 0.0)
    for _ in range(3):
        fold = rng.permutation(len(frame)) % 5
        for number in range(5):
            train, held = fold != number, fold == number
            order = ranked(frame[train], won[train])
            for fields in numbers:
                points = points_of(frame[train], won[train], order[:fields])
                score = summed(frame[held], points)
                total[fields] += found(score, won[held].to_numpy(), round(share * held.sum()))
    return max(numbers, key=lambda fields: total[fields])


def card(name: str, points: Points) -> Model:
    """The points as a model of the workbench: one rule a field, one case a value."""
    rules = [
        {
            "id": f"r{number}",
            "in": "card",
            "why": field,
            "cases": [{"when": {"field": field, "equals": value}, "points": each} for value, each in values.items()],
        }
        for number, (field, values) in enumerate(points.items())
    ]
    data = {"format": "lead-scoring-model/1", "name": name, "dimensions": {"card": {}}, "rules": rules}
    return wb.parse_model(Document(name, data, {}, ""))


def together(name: str, *models: Model) -> Model:
    """The rules of several models in one, each model's dimensions kept."""
    parts = [model.plain() for model in models]
    data = {
        "format": "lead-scoring-model/1",
        "name": name,
        "dimensions": {key: value for part in parts for key, value in part["dimensions"].items()},
        "rules": [rule for part in parts for rule in part["rules"]],
    }
    return wb.parse_model(Document(name, data, {}, ""))
