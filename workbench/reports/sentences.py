"""What a backtest says, in sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.backtesting import Backtest
from workbench.plots.wording import compact, count, points
from workbench.reports.judgement import Judgement
from workbench.reports.table import Prose
from workbench.reports.wording import FEWEST, number_within, rate, ratio_within

FEW_CONVERTED = 10


def verdict(told: Judgement) -> Prose:
    """The finding: whether the model ranks leads, what its main tier is worth, what it misses."""
    result = told.result
    lines = [*_ranking(result), *_main_tier(told)]
    if not _too_few(result):
        lines += [*_order(result), *_money(result)]
    return Prose(headline(result), tuple(lines))


def headline(result: Backtest) -> str:
    """The verdict in one sentence; never more than the interval of the lift allows."""
    name = _named(result)
    if _too_few(result):
        return f"Not enough evidence on {name}: {_of(result.converted, result.n)} leads converted."
    best = _metric(result, "lift_20")
    if pd.isna(best["value"]):
        return f"Not enough evidence on {name}: its scores do not rank these leads."
    told = ratio_within(best["value"], best["low"], best["high"])
    if best["low"] > 1:
        return f"{name} finds buyers: the top 20 % of leads by score convert {told} as often as the average lead."
    if best["high"] < 1:
        return f"{name} ranks the wrong way round: its top 20 % of leads convert only {told} as often as average."
    return f"Not enough evidence that {name} finds buyers: its top 20 % convert {told} as often as average."


def _too_few(result: Backtest) -> bool:
    return min(result.converted, result.n - result.converted) < FEW_CONVERTED


def _ranking(result: Backtest) -> list[str]:
    area = _metric(result, "auc")
    if pd.isna(area["value"]):
        return []
    between = number_within(area["value"], area["low"], area["high"])
    line = f"AUC is {between}: the chance that a lead that converts outscores one that does not; a coin has 0.50."
    return [line if not area["low"] <= 0.5 <= area["high"] else f"{line} Not enough evidence to tell it from a coin."]


def _main_tier(told: Judgement) -> list[str]:
    reached, missed = told.errors("false_positive"), told.errors("false_negative")
    if reached is None or missed is None:
        return ["The model has no tiers: nobody is told whom to call."]
    won = reached.of - reached.n
    result = told.result
    if 0 < reached.of < FEWEST:
        return [f"Fewer than {FEWEST} leads reached {reached.tier} or above."]
    share = f" ({rate(won / reached.of)}, against {rate(result.base_rate)} of all)" if reached.of else ""
    return [
        f"{_of(reached.of, result.n)} leads reached {reached.tier} or above; {count(won)} of them converted{share}.",
        f"{count(missed.n)} of the {count(result.converted)} that converted did not reach {reached.tier}.",
    ]


def _order(result: Backtest) -> list[str]:
    """Tiers that did not convert more often than the one below."""
    ranked = result.tiers[result.tiers["from"].notna() & (result.tiers["n"] >= FEWEST)]
    names, rates = ranked["tier"].tolist(), ranked["rate"].tolist()
    return [
        f"{names[at]} stands above {names[at - 1]} but did not convert more often: "
        f"{rate(rates[at])} against {rate(rates[at - 1])}."
        for at in range(1, len(names))
        if rates[at] <= rates[at - 1]
    ]


def _money(result: Backtest) -> list[str]:
    frame = result.thresholds.dropna(subset=["value"])
    if not result.has_value or frame.empty:
        return []
    best = frame.iloc[int(frame["value"].to_numpy().argmax())]
    cut = points(float(best["threshold"]))
    line = f"By the plan's costs, contacting everybody from {cut} points up was worth most: {compact(best['value'])}"
    now = frame[frame["threshold"] >= (result.main_threshold or 0.0)]
    if result.main_threshold is not None and len(now):
        here = f"{points(result.main_threshold)} points ({result.main_tier})"
        line += f"; from {here} it was {compact(now['value'].iloc[0])}"
    return [f"{line}. The best cut-off of many looks better than it is."]


def about(told: Judgement) -> Prose:
    """What was judged: data, plan, part, and the narrowing to a segment."""
    result, plan = told.result, told.plan
    lines = [
        f"Model: {_named(result)}" + (f" – {told.model.about}" if told.model.about else "") + ".",
        f"Data: {result.data['name']}, {count(result.data['leads'])} leads, {count(result.data['events'])} events.",
        f"Plan: {plan.name or 'as recorded'}. {_setup(plan.plain())}",
        f"Part: {_part(result)} {_of(result.converted, result.n)} converted ({rate(result.base_rate)}).",
    ]
    if told.segment:
        lines.insert(0, f"Only leads whose {told.segment} is '{told.value}'. The split was made on all leads.")
    return Prose(lines=tuple(lines))


def _setup(plan: dict[str, Any]) -> str:
    at = plan["at"]
    if at == "recorded":
        return "Leads are judged as they were recorded; whether a value was known in time could not be checked."
    when = (
        f"{_days(at)} after it was created"
        if isinstance(at, str)
        else f"on the first of each {at['every']} while it is open"
        if "every" in at
        else f"when it enters the stage '{at['stage']}'"
    )
    ends = f"by whether it reaches '{plan['outcome']}' in the {_days(plan['horizon'])} that follow"
    return f"Each lead is scored on what was known {when}, and judged {ends}."


def _days(text: Any) -> str:
    days = int(str(text).removesuffix("d"))
    return f"{days} day{'' if days == 1 else 's'}"


def _part(result: Backtest) -> str:
    words = {
        "validation": "validation: leads kept apart from those that rules are tuned on.",
        "train": "train: leads that rules may have been tuned on.",
        "all": "all leads; nothing was held back.",
        "test": "test: the sealed part, opened for this.",
    }
    return words.get(result.part, result.part)


def warnings(told: Judgement) -> Prose:
    """What a reader must know before acting, and what was left out for being small."""
    lines = (*told.result.warnings, *told.hidden)
    return Prose(lines=lines) if lines else Prose("No warnings.")


def _named(result: Backtest) -> str:
    return result.model_name + ("" if result.model_version is None else f" v{result.model_version}")


def _of(part: int, whole: int) -> str:
    return f"{count(part)} of {count(whole)}"


def _metric(result: Backtest, name: str) -> pd.Series[Any]:
    return result.metrics[result.metrics["metric"] == name].iloc[0]
