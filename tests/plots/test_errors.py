from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from workbench.plots import plot_errors, theme_named

from .reading import texts, title
from .samples import RULES, errors

LIGHT = theme_named("light")
MANY = tuple((f"rule_{i}", "", f"Reason {i}.", float(i), 20 * i + 10, 11 * (20 - i)) for i in range(1, 17))


def dots(ax):
    return [each for each in ax.lines if each.get_marker() not in ("None", "", None)]


def test_dots_and_intervals_are_the_frame(wrong):
    ax = plot_errors(wrong)
    frame = wrong.rules.set_index("rule").loc[
        ["blog_reader", "free_email", "invited_team", "pricing_views", "seniority", "webinar"]
    ]
    assert [dot.get_xdata()[0] for dot in dots(ax)] == pytest.approx(frame["ratio"].tolist())
    ends = np.array([each.get_segments()[0] for each in ax.collections])
    assert ends[:, 0, 0] == pytest.approx(frame["ratio_low"].to_numpy())
    assert ends[:, 1, 0] == pytest.approx(frame["ratio_high"].to_numpy())
    assert [dot.get_ydata()[0] for dot in dots(ax)] == [0, 1, 2, 3, 4, 5]


def test_the_axis_is_logarithmic_around_no_difference(wrong):
    ax = plot_errors(wrong)
    assert ax.get_xscale() == "log"
    (line,) = [each for each in ax.lines if list(each.get_ydata()) == [0, 1]]
    assert list(line.get_xdata()) == [1, 1]


def test_rules_carry_their_points_reason_and_rates(wrong):
    shown = texts(plot_errors(wrong))
    assert "blog_reader +8" in shown
    assert "Reads the blog in the last month." in shown
    assert any(text.startswith("seniority +15") for text in shown)
    assert any(text.startswith("free_email") and text.endswith("−8") for text in shown)
    assert "44 % / 19 %" in shown


def test_a_rule_without_a_reason_is_explained_by_its_condition(wrong):
    assert "invited a colleague" in texts(plot_errors(wrong))


def test_cases_are_named_where_a_rule_has_several():
    two = errors((("seniority", "chief, vp", "", 15.0, 130, 22), ("seniority", "director", "", 10.0, 130, 62)))
    ax = plot_errors(two)
    assert title(ax).startswith(
        "False positives at MQL: of 2 rules and cases, seniority [chief, vp] fires 2.7x as often"
    )
    assert {text.rpartition(" ")[0] for text in texts(ax)} >= {"seniority [chief, vp]", "seniority [director]"}


def test_a_long_reason_is_set_in_two_lines(wrong):
    (shown,) = [text for text in texts(plot_errors(wrong)) if text.startswith("Sat through a webinar")]
    assert shown.count("\n") == 1
    assert shown.replace("\n", " ") == RULES[5][2]


def test_a_longer_name_and_reason_are_cut_in_the_picture_and_whole_in_the_alternative():
    case, why = "job_title has the word chief, " * 5, "Economic buyers sign, so they say. " * 5
    ax = plot_errors(errors((("seniority", case, why, 15.0, 130, 22), ("seniority", "vp", "", 1.0, 30, 62))))
    name, reason = (text for text in texts(ax) if "…" in text)
    assert name.startswith("seniority [job_title")
    assert name.endswith("… +15")
    assert name.count("\n") == reason.count("\n") == 1
    assert f"{case.strip()}] +15 - {why.strip()}" in ax.get_label()


def test_a_row_without_room_keeps_a_line_each(wrong):
    ax = Figure(figsize=(8, 3)).subplots()
    shown = texts(plot_errors(wrong, ax=ax))
    assert any(text.startswith("Sat through a webinar") and text.endswith("…") for text in shown)
    assert not any("\n" in text for text in shown)


def test_rules_with_too_few_leads_are_hollow_and_grey(wrong):
    last = dots(plot_errors(wrong))[-1]
    assert to_hex(last.get_color()) == LIGHT.faint
    assert to_hex(last.get_markerfacecolor()) == LIGHT.paper


def test_rules_that_stand_apart_have_another_mark():
    ax = plot_errors(errors((RULES[0], ("alike", "", "", 1.0, 210, 95))))
    assert [dot.get_marker() for dot in dots(ax)] == ["D", "o"]


def test_titles(wrong):
    assert title(plot_errors(wrong)) == (
        "False positives at MQL: of 6 rules and cases, blog_reader fires 2.4x as often as among the rightly judged"
    )
    lower = errors((RULES[3],), kind="false_negative", tier=None)
    assert title(plot_errors(lower)) == (
        "False negatives: pricing_views fires only 0.48x as often as among the rightly judged"
    )
    never = errors((("never_right", "", "", 5.0, 80, 0),))
    assert title(plot_errors(never)) == (
        "False positives at MQL: never_right fires for 11 % of them, and for none of the rightly judged"
    )


def test_titles_without_evidence(wrong):
    alike = errors((("alike", "", "", 1.0, 210, 95),))
    assert title(plot_errors(alike)).endswith("no rule sets them apart by more than chance")
    assert title(plot_errors(errors((RULES[5],)))).endswith("not enough evidence on the one rule")
    assert title(plot_errors(errors((RULES[5],) * 2))).endswith("not enough evidence on any of 2 rules and cases")
    assert title(plot_errors(replace(wrong, n=0))) == "No false positives at MQL"
    assert title(plot_errors(replace(wrong, rules=wrong.rules.iloc[:0]))) == "False positives at MQL: no rule to show"


def test_at_most_ten_rules_are_drawn_and_the_rest_counted():
    ax = plot_errors(errors(MANY))
    assert len(dots(ax)) == 10
    assert ax.figure.get_supxlabel() == (
        "700 false positives; 10 of 16 rules and cases drawn; 95 % intervals, each by itself"
    )


def test_ratios_off_the_scale_are_arrows_at_the_edge():
    rows = (("never_right", "", "", 5.0, 80, 0), ("never_wrong", "", "", 5.0, 0, 80), ("neither", "", "", 1.0, 0, 0))
    ax = plot_errors(errors(rows))
    low, high = ax.get_xlim()
    assert {dot.get_marker(): dot.get_xdata()[0] for dot in dots(ax)} == {">": high, "<": low}
    assert "too few to say" in texts(ax)


def test_missing_reasons_cases_and_points_are_left_out(wrong):
    rules = wrong.rules.astype({"why": object, "case": object})
    rules.loc[0, ["why", "case", "points"]] = [None, np.nan, np.nan]
    shown = texts(plot_errors(replace(wrong, rules=rules)))
    assert "blog_reader" in shown
    assert "Reads the blog in the last month." not in shown
    assert not {"nan", "None", ""} & set(shown)
