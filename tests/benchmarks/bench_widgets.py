"""From a key press on a slider to the changed picture in the page: the tuner against matplotlib in a notebook.

    python tests/benchmarks/bench_widgets.py [--leads 100000] [--presses 15] [--memory]

Real JupyterLab, as `workbench lab` starts it, and real Chromium. Both sides run in turn in the same page and kernel, on
the same leads and 40 capped rules. The time begins with the key's own event and ends with the first frame that the
browser can draw after the picture changed (for an image: after it was decoded). The notebook's way is what an analyst
writes with `interactive_output`: new points to scores by numpy, bands by pandas, one figure with four axes.

`--memory`: also the tuner alone on a million leads, and how much the kernel grows when it is opened.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bench_candidate import CAPS, DIMENSIONS, Rules, as_models_have_them, matrix
from playwright.sync_api import sync_playwright

import workbench as wb

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.browser.lab import Lab, running_lab
from tests.browser.notebook import Notebook, write_notebook
from tests.conftest import CHROMIUM

PLAN = "{format: lead-scoring-plan/1, at: recorded, allow_undated: true, split: {by: lead, test: 10%, validation: 40%}}"
TIERS = "tiers:\n  - {name: Nurture, from: 0}\n  - {name: MQL, from: 30}\n  - {name: SQL, from: 50}\n"
RULE = "role_1"
DIMENSION_POINTS = {"fit": (4, 9), "engagement": (1, 5), "product": (2, 7)}
QUIET_S = 1.2
MANY = 1_000_000
ROUNDS = 3
HAND = f".wb-tuner [data-path='rules.{RULE}.points'] input[type=range]"
GOAL_RATIO, GOAL_HAND_MS, GOAL_OTHERS_MS, GOAL_MIB = 5, 50, 150, 300


def scene(n: int, seed: int = 11) -> tuple[pd.DataFrame, Rules, dict[str, int]]:
    """Leads, 40 rules, and points that leave every dimension some way below its cap."""
    frame, rules = as_models_have_them(n)
    random = np.random.default_rng(seed)
    return frame, rules, {name: int(random.integers(*DIMENSION_POINTS[home])) for home, name, _ in rules}


def card(rules: Rules, points: dict[str, int]) -> wb.Model:
    """The points model: a cap on each dimension and on the total, three tiers."""
    caps = "\n".join(f"  {name}: {{min: {low}, max: {high}}}" for name, (low, high) in CAPS.items())
    lines = "\n".join(f"  - {{id: {r}, in: {home}, when: {when}, points: {points[r]}}}" for home, r, when in rules)
    return wb.parse_model(
        f"format: lead-scoring-model/1\nname: bench\ndimensions:\n{caps}\nrules:\n{lines}\n"
        f"score: {{min: 0, max: 100, round: half_up}}\n{TIERS}"
    )


def observed(n: int) -> tuple[wb.Model, Any]:
    """A model and what it is tuned on (called in the kernel)."""
    frame, rules, points = scene(n)
    model = card(rules, points)
    with wb.read_history(frame, outcome="won=1") as history:
        return model, wb.observe(history, [model], wb.parse_plan(PLAN), tunable=True)


def analyst(n: int) -> Any:
    """The same in a notebook without the workbench (called in the kernel): 40 sliders and a figure with four axes."""
    import ipywidgets
    import matplotlib.pyplot as plt

    frame, rules, first = scene(n)
    hits, won = matrix(frame, rules), frame["won"].to_numpy()
    homes = np.array([home for home, _, _ in rules])
    edges = np.arange(0, 101, 10)

    def show(**points: int) -> None:
        given = np.array([points[name] for _, name, _ in rules], dtype=float)
        score = np.clip(sum(np.clip(hits[d] @ given[homes == d], *CAPS[d]) for d in hits), 0, 100)
        _, axes = plt.subplots(2, 2, figsize=(11, 7))
        axes[0, 0].hist([score[won == 0], score[won == 1]], bins=50, stacked=True, label=["no", "yes"])
        axes[0, 0].axvline(30, color="black")
        axes[0, 0].legend()
        bands = pd.Series(won).groupby(np.digitize(score, edges)).agg(["mean", "size"])
        half = 1.96 * np.sqrt(bands["mean"] * (1 - bands["mean"]) / bands["size"])
        axes[0, 1].bar(bands.index, bands["mean"], yerr=half)
        from_top = pd.Series(won).groupby(score).agg(["sum", "size"]).sort_index(ascending=False).cumsum()
        axes[1, 0].plot(from_top["size"] / len(won), from_top["sum"] / won.sum())
        axes[1, 1].plot(from_top.index, from_top["sum"] / from_top["size"], label="precision")
        axes[1, 1].plot(from_top.index, from_top["sum"] / won.sum(), label="recall")
        axes[1, 1].legend()
        plt.tight_layout()
        plt.show()

    sliders = {name: ipywidgets.IntSlider(first[name], -20, 20, description=name) for _, name, _ in rules}
    sliders[RULE].add_class("bench-slider")
    out = ipywidgets.interactive_output(show, sliders)
    out.add_class("bench-out")
    return ipywidgets.VBox([ipywidgets.VBox(list(sliders.values())[:6]), out])


# Everything that changes after a key press: when, under the name of the part of the page that it lies in.
WATCH = """([selectors]) => {
  window.bench = { press: 0, first: {}, last: {} }
  document.addEventListener('keydown', event => {
    window.bench = { press: event.timeStamp, first: {}, last: {} }
  }, true)
  const note = (name, press) => requestAnimationFrame(() => {
    const bench = window.bench
    if (!bench.press || bench.press !== press) return
    bench.last[name] = performance.now() - press
    bench.first[name] ??= bench.last[name]
  })
  for (const [name, selector] of Object.entries(selectors)) {
    const root = document.querySelector(selector)
    if (!root) throw new Error('nothing at ' + selector)
    new MutationObserver(async changes => {
      const press = window.bench.press
      const images = changes.flatMap(each => [...each.addedNodes]).flatMap(
        each => each.nodeType === 1 ? [...(each.matches('img') ? [each] : each.querySelectorAll('img'))] : [])
      if (name === 'figure' && !images.length) return
      await Promise.all(images.map(each => each.decode()))
      note(name, press)
    }).observe(root, { childList: true, subtree: true, characterData: true })
  }
}"""


@dataclass(frozen=True)
class Times:
    """Milliseconds from key press to frame, one for each press.

    Attributes:
        hand: the first picture that changed.
        others: the last picture that changed for the first time.
        settled: the last change of all, once the hand has let go.
    """

    hand: list[float]
    others: list[float]
    settled: list[float]


def press(notebook: Any, selector: str, count: int) -> Times:
    """Press a slider's keys, each when all has come to rest."""
    slider = notebook.page.locator(selector).first
    slider.focus()
    times = Times([], [], [])
    for number in range(count + 2):
        notebook.page.keyboard.press("ArrowRight" if number % 2 == 0 else "ArrowLeft")
        notebook.page.wait_for_timeout(QUIET_S * 1000)  # nothing is asked of the page meanwhile
        notebook.page.wait_for_function("() => Object.keys(window.bench.first).length > 0")
        notebook.settle()
        bench = notebook.page.evaluate("() => window.bench")
        if number < 2:
            continue  # what happens once is not what a hand feels
        times.hand.append(min(bench["first"].values()))
        times.others.append(max(bench["first"].values()))
        times.settled.append(max(bench["last"].values()))
    return times


def tell(name: str, times: list[float], goal: float | None = None) -> float:
    """Print a line of figures; the median."""
    middle = statistics.median(times)
    told = f"; goal {goal:g}" if goal else ""
    print(f"{name:38} {middle:7.1f} ms (min {min(times):.1f}, max {max(times):.1f}{told})", flush=True)
    return middle


def cells(leads: int, *, ours: bool = True, theirs: bool = True) -> list[str]:
    """A notebook with both ways, each in a cell of its own."""
    home = str(Path(__file__).parent)
    first = f"import sys\nsys.path.insert(0, {home!r})\nimport bench_widgets as bench"
    setting = [
        first,
        "from workbench.widgets import Tuner" if ours else "",
        f"model, seen = bench.observed({leads})",
        "before = bench.resident()",
    ]
    shown = ["tuner = Tuner(model, seen)\ntuner"] if ours else []
    told = ["after = bench.resident()\nafter - before"] if ours else []
    return [*setting, *shown, *told, *([f"bench.analyst({leads})"] if theirs else [])]


def resident() -> float:
    """MiB of memory that this process holds (called in the kernel)."""
    gc.collect()
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def compare(notebook: Any, presses: int) -> Times:
    """Press keys on both sides in turn; the tuner's times."""
    notebook.page.evaluate(WATCH, [{**pictures(notebook), "figure": ".bench-out"}])
    ours, theirs = Times([], [], []), Times([], [], [])
    for _ in range(ROUNDS):
        for times, selector in ((ours, HAND), (theirs, ".bench-slider .noUi-handle")):
            found = press(notebook, selector, max(1, presses // ROUNDS))
            times.hand.extend(found.hand)
            times.others.extend(found.others)
            times.settled.extend(found.settled)
    tell("workbench, picture under the hand", ours.hand, GOAL_HAND_MS)
    tell("workbench, all pictures", ours.others, GOAL_OTHERS_MS)
    tell("workbench, after the hand let go", ours.settled)
    tell("matplotlib + interactive_output", theirs.others)
    ratio = statistics.median(theirs.others) / statistics.median(ours.others)
    print(f"ratio of all pictures {ratio:.1f} x (goal {GOAL_RATIO})")
    return ours


def pictures(notebook: Any) -> dict[str, str]:
    """The tuner's pictures, by a name each, as selectors."""
    count = notebook.page.locator(".wb-tuner .wb-holder").count()
    notebook.page.evaluate(
        "() => document.querySelectorAll('.wb-tuner .wb-holder').forEach((each, n) => each.dataset.bench = `${n}`)"
    )
    return {f"picture {n}": f"[data-bench='{n}']" for n in range(count)}


def main() -> None:
    """One page, one kernel, both ways."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--presses", type=int, default=15)
    parser.add_argument("--memory", action="store_true", help="also: the tuner alone on a million leads")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, running_lab(Path(home) / "lab") as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        busy = f"{os.getloadavg()[0]:.1f} of {os.cpu_count()} processors busy before it began"
        print(f"{asked.leads:,} leads x {sum(DIMENSIONS.values())} rules; {busy}")
        notebook = opened(browser, lab, asked.leads)
        ours = compare(notebook, asked.presses)
        notebook.page.close()
        if asked.memory:
            print(f"{MANY:,} leads x {sum(DIMENSIONS.values())} rules")
            notebook = opened(browser, lab, MANY, theirs=False)
            grown = float(notebook.outputs()[-1]["data"]["text/plain"].strip("np.float64()"))
            print(f"the kernel grew by {grown:.0f} MiB (goal {GOAL_MIB})")
            notebook.page.evaluate(WATCH, [pictures(notebook)])
            many = press(notebook, HAND, asked.presses)
            tell("workbench, picture under the hand", many.hand, 2 * GOAL_HAND_MS)
            tell("workbench, all pictures", many.others, 2 * GOAL_OTHERS_MS)
            ratio = statistics.median(many.others) / statistics.median(ours.others)
            print(f"ratio to {asked.leads:,} leads {ratio:.2f} x (goal 2)")
        browser.close()


def opened(browser: Any, lab: Lab, leads: int, *, theirs: bool = True) -> Notebook:
    """A notebook that has run."""
    name = f"bench-{leads}.ipynb"
    write_notebook(lab.folder / name, cells(leads, theirs=theirs))
    notebook = Notebook(browser.new_page(viewport={"width": 1500, "height": 1000}), lab, Path(tempfile.gettempdir()))
    notebook.watch()
    notebook.open(name)
    notebook.page.set_default_timeout(300_000)
    notebook.run()
    notebook.page.wait_for_timeout(3000)
    assert notebook.wrong() == [], notebook.wrong()
    return notebook


if __name__ == "__main__":
    main()
