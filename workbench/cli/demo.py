"""`workbench demo`: the whole way on the sample data, from the CRM's past to an approved config."""

from __future__ import annotations

import argparse
import hashlib
import json
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
from workbench.errors import CallError, listed
from workbench.history import History, describe, read_history
from workbench.model import Model, read_model
from workbench.observation import Observations, observe
from workbench.plan import Plan, read_plan
from workbench.reports import report
from workbench.shipped import shipped
from workbench.whole import write_whole

CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
DATA: Final = "data/sample"
RECORD: Final = ".workbench-demo.json"
_ROLES: Final = ("marketing operations", "head of sales")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "folder", metavar="DIR", nargs="?", type=Path, default=Path("workbench-demo"), help="default: workbench-demo"
    )


def run(args: argparse.Namespace) -> int:
    """Check, backtest, report, approve, export; then name the files and the next command."""
    folder: Path = args.folder
    _may_become(folder)
    progress = Progress(always=True)
    with _undone_on_failure(folder):
        _clear(folder)
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
        write_whole(folder / RECORD, (json.dumps(_digests(folder), indent=2) + "\n").encode())
    progress("Done")
    say(_told(results, seen))
    say(_named(folder, reports, config))
    return 0


def _may_become(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier demo just as it was made; the user's work is not replaced."""
    if not (folder / RECORD).is_file():
        may_become(folder, marker="", option="DIR")
        return
    made, there = _record(folder), _digests(folder)
    own = sorted(name for name, digest in there.items() if made.get(name) != digest)
    if own:
        raise CallError.at(
            f"DIR {folder}",
            expected="a new or empty folder, or an earlier demo as it was made",
            found=f"a demo with files that you added or changed: {listed(own, most=3)}",
            remedy="Name another folder, or delete this one; nothing there was touched.",
        )


def _record(folder: Path) -> dict[str, str]:
    """Digests of what an earlier demo made; nothing where that cannot be read, so that every file counts as changed."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of the folder, by its path in it; a link counts by its target's name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file() and name != RECORD:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _clear(folder: Path) -> None:
    for item in folder.iterdir() if folder.is_dir() else ():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item, ignore_errors=True)
        else:
            item.unlink(missing_ok=True)


@contextmanager
def _undone_on_failure(folder: Path) -> Iterator[None]:
    """Whatever was written goes again if the block fails; the folder was new, empty or an earlier demo before."""
    there = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        _clear(folder)
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
    found = describe(history)
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
