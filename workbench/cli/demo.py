"""`workbench demo`: the whole way on the sample data, from the CRM's past to an approved config."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from workbench.approval import approve, export, write_evidence
from workbench.backtesting import Backtest, backtest
from workbench.cli.arguments import may_become
from workbench.cli.figures import number, percent, span
from workbench.cli.judgement import headline
from workbench.cli.table import Column, table
from workbench.cli.terminal import Progress, printed, say, width
from workbench.history import History, check, read_history
from workbench.model import Model, read_model
from workbench.observation import Observations, observe
from workbench.plan import Plan, read_plan
from workbench.reports import report
from workbench.shipped import shipped

CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
DATA: Final = "data/sample"
_ROLES: Final = ("marketing operations", "head of sales")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "folder", metavar="DIR", nargs="?", type=Path, default=Path("workbench-demo"), help="default: workbench-demo"
    )


def run(args: argparse.Namespace) -> int:
    """Check, backtest, report, approve, export; then name the files and the next command."""
    folder: Path = args.folder
    may_become(folder, marker="", option="DIR")
    progress = Progress(always=True)
    with _undone_on_failure(folder):
        data, models, plan_file = _laid_out(folder, progress)
        plan = read_plan(plan_file)
        with read_history(data, progress=progress) as history:
            progress(_checked(history))
            seen = observe(history, list(models.values()), plan, progress=progress)
            results = _judged(folder, models, seen, plan, progress)
            progress("Writing the report (this is the longest step)")
            reports = report(
                folder / "models" / f"{CHALLENGER}.yaml", data, plan_file, out=folder / "report", progress=progress
            )
            config = _approved(folder, models[CHALLENGER], history, _why(results), progress)
    progress("Done")
    say(_told(results, seen))
    say(_named(folder, reports, config))
    return 0


@contextmanager
def _undone_on_failure(folder: Path) -> Iterator[None]:
    """Whatever was written goes again if the block fails; the folder was new or empty before."""
    there = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for item in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(item, ignore_errors=True) if item.is_dir() else item.unlink(missing_ok=True)
        if not there:
            folder.rmdir()
        raise


def _laid_out(folder: Path, progress: Progress) -> tuple[Path, dict[str, Model], Path]:
    """Copies of the data, the two models and the plan, for the user to go on with."""
    progress(f"Copying the sample data, two models and a plan to {folder}")
    notebooks = shipped("notebooks")
    for name, home in (
        (DATA, shipped("data/sample")),
        ("models", notebooks / "models"),
        ("plans", notebooks / "plans"),
    ):
        shutil.copytree(home, folder / name, ignore=shutil.ignore_patterns(".*", "__pycache__", "*.jsonl"))
    models = {name: read_model(folder / "models" / f"{name}.yaml") for name in (CHAMPION, CHALLENGER)}
    return folder / DATA, models, folder / "plans" / "inbound.yaml"


def _checked(history: History) -> str:
    found = check(history)
    left_out = int(found.dropped["rows"].sum())
    return (
        f"Checked: {history.rows['leads']:,} leads, {history.rows['events']:,} events, "
        f"{len(found.fields)} fields; {left_out:,} rows left out for {len(found.dropped)} reasons"
    )


def _judged(
    folder: Path, models: dict[str, Model], seen: Observations, plan: Plan, progress: Progress
) -> dict[str, Backtest]:
    """Every model's backtest, its evidence written; and that of the scores that the CRM recorded."""
    results = {"CRM's own score": backtest(None, seen)}
    for name, model in models.items():
        progress(f"Backtesting the {name}")
        results[name] = backtest(model, seen)
        write_evidence(results[name], model, plan, folder / "evidence" / name)
    return results


def _why(results: dict[str, Backtest]) -> str:
    ours, theirs = (results[name].value("auc") for name in (CHALLENGER, CHAMPION))
    return (
        f"On the same {results[CHALLENGER].part} leads its AUC is {ours:.3f}, that of the model in force {theirs:.3f}."
    )


def _approved(folder: Path, model: Model, history: History, why: str, progress: Progress) -> Path:
    author, approver = _ROLES
    progress(f"Approving the {CHALLENGER}: its evidence is made again from the data")
    approve(
        model,
        folder / "evidence" / CHALLENGER,
        history,
        author=author,
        approver=approver,
        why=why,
        out=folder / "bundle",
    )
    progress("Exporting the approved config")
    return export(folder / "bundle", to="json", out=folder / "config")


def _told(results: dict[str, Backtest], seen: Observations) -> str:
    rows = []
    for name, result in results.items():
        metrics = {row["metric"]: row for row in result.metrics.to_dict("records")}
        auc, lift, capture = metrics["auc"], metrics["lift_10"], metrics["capture_20"]
        rows.append(
            [
                name,
                number(auc["value"]),
                span(auc["low"], auc["high"]),
                f"{lift['value']:.2f}x",
                percent(capture["value"]),
            ]
        )
    columns = [
        Column("judged", "left"),
        Column("AUC"),
        Column("95 %"),
        Column("lift of the top 10 %"),
        Column("conversions in the top 20 %"),
    ]
    result = results[CHALLENGER]
    title = f"On {result.n:,} {result.part} leads, {result.converted} of them won ({seen.data['name']}):"
    finding = textwrap.fill(f"The challenger: {headline(result)}", width())
    return f"{title}\n{table(columns, rows)}\n\n{finding}\n"


def _named(folder: Path, reports: tuple[Path, ...], config: Path) -> str:
    named = [
        *((str(file), "the report for stakeholders") for file in reports),
        (str(config), "the approved config, for wherever leads are scored"),
        (str(folder / "bundle"), "the approval: model, evidence, who, when, why"),
        (str(folder / "evidence"), "the backtests of champion and challenger"),
        (str(folder / DATA), "the sample data; models and plans lie beside it"),
    ]
    rows = [[path, what] for path, what in named]
    models, plans = folder / "models", folder / "plans"
    again = f"workbench backtest {models / 'challenger.yaml'} --data {folder / DATA} --plan {plans / 'inbound.yaml'}"
    lines = [
        "Made:",
        table([Column("file", "left"), Column("what it is", "left", flows=True)], rows),
        "",
        "Next, see what is behind the challenger's figures:",
        f"  {again}",
        "or open the notebooks:",
        "  workbench lab",
    ]
    return "\n".join(printed(line) for line in lines)
