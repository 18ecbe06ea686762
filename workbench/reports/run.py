"""Makes reports: runs the report notebook and writes the pages."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode

from workbench.errors import CallError, Refused, listed
from workbench.history import read_history
from workbench.model import Model, read_model
from workbench.observation import Observations, observe
from workbench.observation.split import PARTS, TEST
from workbench.plan import RECORDED, Plan, read_plan
from workbench.reports.judgement import with_segment
from workbench.reports.kernel import run_notebook
from workbench.reports.overview import overview
from workbench.reports.page import page
from workbench.reports.share import fit_to_share
from workbench.shipped import shipped
from workbench.whole import write_whole

NOTEBOOK = "backtest.ipynb"
LEAST_LEADS = 30
"""A segment value with fewer leads gets no report of its own."""


@dataclass(frozen=True)
class Value:
    """One value of a segment field: how many leads of the judged part have it, and how many of them converted."""

    label: str
    n: int
    converted: int


def report(
    model: Path | str,
    data: Path | str,
    plan: Path | str | None = None,
    *,
    out: Path | str,
    mapping: Path | str | None = None,
    outcome: str | None = None,
    part: str | None = None,
    by: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Path, ...]:
    """Write a report on a model: one HTML page, and the executed notebook beside it.

    Args:
        model, data, plan: files, and the folder or file of the data.
        out: the folder to write to; it is made if need be.
        mapping, outcome: as `read_history` takes them.
        part: train, validation or all; by default validation, or all without a split. The sealed test part is never
            reported.
        by: a field: one report for each of its values with at least 30 leads, and an overview that links them and
            lists the others.
        progress: told one line for each step.

    Returns:
        The HTML files; with `by` the overview first.

    Raises:
        InputError: what was given is wrong; no file is written.
        WorkbenchError: the notebook failed; no file is written.
    """
    say = progress or _silent
    card, setup = read_model(model), read_plan(plan) if plan else RECORDED
    _check_part(part, setup)
    _check_paths(data=data, mapping=mapping)
    given = {
        "model": str(Path(model).resolve()),
        "data": str(Path(data).resolve()),
        "plan": str(Path(plan).resolve()) if plan else "",
        "mapping": str(Path(mapping).resolve()) if mapping else "",
        "outcome": outcome or "",
        "part": part or "",
    }
    say(f"Reporting on {card.name}")
    if by is None:
        return _written(Path(out), _one(card, given, slug(card.name) + "-report"))
    values = _values(given, setup, by)
    files, links = [], []
    names = distinct_slugs(value.label for value in values)
    for value in (each for each in values if each.n >= LEAST_LEADS):
        say(f"Reporting on {by}: {value.label} ({value.n:,} leads)")
        name = f"{slug(card.name)}-{slug(by)}-{names[value.label]}"
        files += _one(card, {**given, "segment": by, "segment_value": value.label}, name)
        links.append((value, name))
    if not links:
        raise Refused(f"No value of '{by}' has {LEAST_LEADS} leads in this part: there is nothing to report.")
    small = [(value.label, value.n) for value in values if value.n < LEAST_LEADS]
    for label, n in small:
        say(f"No report on {by}: {label}: it has fewer than {LEAST_LEADS} leads ({n})")
    first = overview(card, by, [(each.label, each.n, each.converted, name) for each, name in links], small, LEAST_LEADS)
    named = f"{slug(card.name)}-by-{slug(by)}.html"
    return _written(Path(out), [(named, page(first, f"{card.name} by {by}")), *files])


def _silent(_: str) -> None:
    """Progress that nobody follows."""


def slug(text: str) -> str:
    """A text as a safe part of a file name: small ASCII letters, digits and hyphens; a hash where none are left.

    >>> slug("organic"), slug("../North America"), slug("北")
    ('organic', 'north-america', '01bc01')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")
    return plain or _mark(text)


def distinct_slugs(texts: Iterable[str]) -> dict[str, str]:
    """A slug for each text; those that would share one get a hash behind it.

    >>> distinct_slugs(["a b", "c"])
    {'a b': 'a-b', 'c': 'c'}
    """
    plain = {text: slug(text) for text in texts}
    shared = Counter(plain.values())
    return {text: name if shared[name] == 1 else f"{name}-{_mark(text)}" for text, name in plain.items()}


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _check_part(part: str | None, plan: Plan) -> None:
    known = tuple(name for name in PARTS if name != TEST) if plan.split else ("all",)
    if part is not None and part not in known:
        raise CallError.at(
            "part",
            expected=f"one of {', '.join(known)}",
            found=repr(part) + (", which is sealed" if part == TEST and plan.split else ""),
            remedy="Leave it out for the usual one; a report never opens the test part.",
        )


def _check_paths(**paths: Path | str | None) -> None:
    for name, path in paths.items():
        if path and not Path(path).exists():
            raise CallError.at(
                name, expected="a file or folder", found=f"nothing at '{path}'", remedy="Check the path."
            )


def _one(model: Model, given: dict[str, str], name: str) -> list[tuple[str, str]]:
    """One page and its executed notebook, as names and texts."""
    done = run_notebook(_notebook(), given)
    shared = fit_to_share(done, given)
    version = f" v{model.version}"
    about = f", {given['segment']}: {given['segment_value']}" if "segment" in given else ""
    text = page(shared, f"{model.name}{version}{about}: backtest")
    return [(f"{name}.html", text), (f"{name}.ipynb", json.dumps(shared, indent=1, ensure_ascii=False) + "\n")]


def _notebook() -> NotebookNode:
    found: NotebookNode = nbformat.read(shipped("reports") / NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    return found


def _values(given: dict[str, str], plan: Plan, by: str) -> list[Value]:
    """The values of the field in the judged part, most frequent first."""
    mapping = Path(given["mapping"]) if given["mapping"] else None
    with read_history(given["data"], mapping=mapping, outcome=given["outcome"] or None) as history:
        known = {**history.account_fields, **history.lead_fields}
        if by not in known or known[by].kind not in ("text", "boolean"):
            fit = [name for name, field in known.items() if field.kind in ("text", "boolean")]
            raise CallError.at(
                "by",
                expected=f"a field with texts or yes and no: {listed(fit)}",
                found=repr(by),
                remedy="Name one of these.",
            )
        seen = observe(history, [], with_segment(plan, by))
    return _counted(seen, by, given["part"] or seen.default_part)


def _counted(seen: Observations, by: str, part: str) -> list[Value]:
    rows, found = seen.rows(part), seen.subjects.segments[by]
    codes, won = found.codes[rows], seen.subjects.won[rows] == 1
    counted: dict[str, tuple[int, int]] = {}
    for code, label in enumerate(found.labels):
        here = codes == code
        n, converted = counted.get(label, (0, 0))
        counted[label] = (n + int(here.sum()), converted + int(np.sum(won & here)))
    values = [Value(label, *sizes) for label, sizes in counted.items() if sizes[0]]
    return sorted(values, key=lambda value: (-value.n, value.label))


def _written(out: Path, files: Iterable[tuple[str, str]]) -> tuple[Path, ...]:
    """Everything is made before the first file is written; what cannot be finished is taken away again."""
    fresh: list[Path] = []
    pages: list[Path] = []
    try:
        for name, text in files:
            path = out / name
            if not path.exists():
                fresh.append(path)
            write_whole(path, text.encode())
            if path.suffix == ".html":
                pages.append(path)
    except BaseException:
        for path in fresh:
            path.unlink(missing_ok=True)
        raise
    return tuple(pages)
