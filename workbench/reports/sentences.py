"""What a backtest says, in sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.backtesting import Backtest
from workbench.plots.wording import compact, count, points
from workbench.reports.judgement import Judgement
from workbench.reports.table import Prose
from workbench.reports.wording import FEWEST, counted, judged_are, number_within, rate, ratio_within

FEW_CONVERTED = 10


def verdict(told: Judgement) -> Prose:
    """The finding: whether the model ranks leads, what its main tier is worth, what it misses."""
    result = told.result
    lines = [*([] if _all_alike(result) else _ranking(result)), *_main_tier(told)]
    if not _too_few(result):
        lines += [*_order(result), *_money(result)]
    return Prose(headline(result), tuple(lines))


def headline(result: Backtest) -> str:
    """The verdict in one sentence; never more than the interval of the lift allows."""
    name, what = _named(result), judged_are(result)
    alike = _all_alike(result)
    if alike:
        return f"{name} ranks nobody. {alike}"
    if _too_few(result):
        return f"Not enough evidence on {name}: {_among(result.converted, result)} converted."
    best = _metric(result, "lift_20")
    if pd.isna(best["value"]):
        return f"Not enough evidence on {name}: its scores do not rank these {what}."
    told = ratio_within(best["value"], best["low"], best["high"])
    if best["low"] > 1:
        return f"{name} finds buyers: the top 20 % of {what} by score convert {told} as often as average."
    if best["high"] < 1:
        return f"{name} ranks the wrong way round: its top 20 % of {what} convert only {told} as often as average."
    return f"Not enough evidence that {name} finds buyers: its top 20 % convert {told} as often as average."


def _too_few(result: Backtest) -> bool:
    return min(result.converted, result.n - result.converted) < FEW_CONVERTED


def _all_alike(result: Backtest) -> str:
    """A sentence where every score is the same; empty where some rank above others."""
    ranked = result.distribution.dropna(subset=["score"])
    n = int((ranked["converted"] + ranked["not_converted"]).sum())
    if len(ranked) != 1 or not n:
        return ""
    if n == 1:
        return "Only one has a score: nothing is ranked."
    taken = "" if n == result.n else " that no gate took out"
    return f"All {count(n)} {judged_are(result)}{taken} have the same score: nothing is ranked."


def _ranking(result: Backtest) -> list[str]:
    area = _metric(result, "auc")
    if pd.isna(area["value"]):
        return []
    between = number_within(area["value"], area["low"], area["high"])
    chance = "the chance that one that converts outscores one that does not (ties count half)"
    line = f"AUC is {between}: {chance}; a coin has 0.50."
    return [line if not area["low"] <= 0.5 <= area["high"] else f"{line} Not enough evidence to tell it from a coin."]


def _main_tier(told: Judgement) -> list[str]:
    reached = told.errors("false_positive")
    if reached is None:
        return ["The model has no tiers: nobody is told whom to call."]
    won = reached.of - reached.n
    result = told.result
    if 0 < reached.of < FEWEST:
        return [f"Fewer than {FEWEST} {judged_are(result)} reached {reached.tier} or above."]
    none = "Nobody converted." if not result.converted else ""
    share = f" ({rate(won / reached.of)}, against {rate(result.base_rate)} of all)" if reached.of else ""
    return [
        f"{_among(reached.of, result)} reached {reached.tier} or above; {count(won)} of them converted{share}.",
        none
        or f"{count(result.converted - won)} of the {count(result.converted)} that converted did not reach "
        f"{reached.tier}.",
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
    result, plan, data = told.result, told.plan, told.result.data
    lines = [
        f"Model: {_named(result)}" + (f" – {told.model.about}" if told.model.about else "") + ".",
        f"Data: {data['name']}, {counted(data['leads'], 'lead')}, {counted(data['events'], 'event')}.",
        f"Plan: {plan.name}. {_setup(plan.plain())}" if plan.name else f"Plan: {_setup(plan.plain())}",
        f"Part: {_part(result)} {_among(result.converted, result)} converted ({rate(result.base_rate)}).",
    ]
    if told.segment:
        lines.insert(0, f"Only leads whose {told.segment} is '{told.value}'. The split was made on all leads.")
    return Prose(lines=tuple(lines))


def _setup(plan: dict[str, Any]) -> str:
    at = plan["at"]
    if at == "recorded":
        return "Leads are judged as they were recorded; whether a value was known in time could not be checked."
    ends = f"by whether it reaches '{plan['outcome']}' in the {_days(plan['horizon'])} that follow"
    if "every" in at:
        return (
            f"Each lead is scored once every {at['every']} while it is open, on what was known on the {at['every']}'s "
            f"first day, and judged {ends}; one lead gives several observations."
        )
    when = f"{_days(at)} after it was created" if isinstance(at, str) else f"when it enters the stage '{at['stage']}'"
    return f"Each lead is scored on what was known {when}, and judged {ends}."


def _days(text: Any) -> str:
    return counted(int(str(text).removesuffix("d")), "day")


def _part(result: Backtest) -> str:
    words = {
        "validation": "validation: kept apart from those that rules are tuned on.",
        "train": "train: rules may have been tuned on it.",
        "all": "everything; nothing was held back.",
        "test": "test: the sealed part, opened for this.",
    }
    return words.get(result.part, result.part)


def warnings(told: Judgement) -> Prose:
    """What a reader must know before acting, and what was left out for being small."""
    lines = (*told.result.warnings, *told.hidden)
    return Prose(lines=lines) if lines else Prose("No warnings.")


def _named(result: Backtest) -> str:
    return result.model_name + ("" if result.model_version is None else f" v{result.model_version}")


def _among(part: int, result: Backtest) -> str:
    """So many of those judged."""
    if result.leads != result.n:
        judged = counted(result.n, "observation")
        return f"{count(part)} of {judged} (of {counted(result.leads, 'lead')})"
    return f"{count(part)} of {counted(result.n, 'lead')}"


def _metric(result: Backtest, name: str) -> pd.Series[Any]:
    return result.metrics[result.metrics["metric"] == name].iloc[0]
