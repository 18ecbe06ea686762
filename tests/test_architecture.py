"""What may import what: down the layers only, heavy libraries only where they belong, and `import workbench` light."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

import workbench as wb

ROOT = Path(wb.__file__).parent
LAYERS = (  # a module imports from lower lines only; neighbours on one line do not import each other, but where said
    {"errors"},
    {"document", "whole", "shipped", "markup", "drawing"},
    {"parsing"},
    {"share", "metrics"},
    {"model"},
    {"plan", "oracle", "sample"},
    {"engine"},
    {"history"},
    {"observation"},
    {"ledger"},
    {"backtesting", "candidates"},
    {"wishes"},
    {"next_tier"},
    {"scoring", "explaining", "linting", "drafts", "changes", "reference", "trajectory"},
    {"tuning"},
    {"searching", "predicting"},
    {"comparing", "cutoffs", "supporting", "suggesting", "checking", "replaying", "selling"},
    {"proposing", "measuring"},
    {"plots", "emit"},
    {"approval"},
    {"reports", "widgets"},
    {"cli"},
    {"__main__"},
)
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
ONLY_IN = {
    "matplotlib": {"plots"},
    "papermill": {"reports"},
    "nbconvert": {"reports"},
    "nbclient": {"reports"},
    "sqlglot": {"engine", "history", "observation"},
    "duckdb": {"engine", "history", "sample"},
    "ipywidgets": {"widgets"},
    "anywidget": {"widgets"},
    "traitlets": {"reports", "widgets"},
    "IPython": {"widgets"},
    "statsmodels": {"predicting", "comparing", "checking", "measuring", "proposing", "supporting", "selling"},
    "sklearn": set(),
    "pytest": set(),
}
PUBLIC = {
    *("Backtest", "InputError", "Model", "Observations", "Plan", "Refused", "WorkbenchError", "approve", "backtest"),
    *("change_model", "check", "diff", "draft_from_hubspot", "draft_from_sheet", "explain", "export"),
    *("ideal_customer", "lint", "make_sample", "observe", "parse_model", "parse_plan", "plots"),
    *("read_bundle", "read_history", "read_model", "read_plan", "report", "score", "widgets", "write_evidence"),
    *("blast_radius", "compare", "replay", "sales_view", "suggest_rules", "suggest_thresholds", "support", "tune"),
    *("write_model", "yardstick"),
}
MODULES = {
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text())
    for path in sorted(ROOT.rglob("*.py"))
    if "share" not in path.relative_to(ROOT).parts[1:]
}


def part_of(module: str) -> str:
    """The layer that a module belongs to: `workbench.engine.sql` is of `engine`."""
    return module.split(".")[1] if "." in module else ""


def imported(tree: ast.AST, *, typing_too: bool = False) -> set[str]:
    """Full names of the modules that a module imports while it runs."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not typing_too:
            skipped |= {inner for line in node.body for inner in ast.walk(line)}
    found = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{name.name}" for name in node.names} | {str(node.module)}
    return found


def own(tree: ast.AST) -> set[str]:
    """The modules of ours among them."""
    return {name for name in imported(tree) if name in MODULES and name != "workbench"}


@pytest.mark.parametrize("module", [name for name in MODULES if part_of(name)])
def test_imports_go_down_the_list_only(module):
    here = part_of(module)
    assert here in RANK, f"{here} has no place in the layers yet"
    others = {other for other in own(MODULES[module]) if part_of(other) != here}
    assert sorted(other for other in others if RANK[part_of(other)] >= RANK[here]) == []


def test_metrics_know_only_errors():
    parts = {part_of(other) for name, tree in MODULES.items() if part_of(name) == "metrics" for other in own(tree)}
    assert parts == {"metrics", "errors"}


def test_the_oracle_knows_nothing_of_the_lowering():
    parts = {part_of(other) for name, tree in MODULES.items() if part_of(name) == "oracle" for other in own(tree)}
    assert parts == {"oracle", "errors", "model"}


def test_nothing_imports_in_a_circle():
    def needs(name):
        return {other for other in own(MODULES[name]) if not name.startswith(f"{other}.") and other != name}

    order = list(TopologicalSorter({name: needs(name) for name in MODULES}).static_order())
    assert set(order) == set(MODULES)


@pytest.mark.parametrize("library", ONLY_IN)
def test_heavy_libraries_are_only_where_they_belong(library):
    users = {
        part_of(name) for name, tree in MODULES.items() if any(each.split(".")[0] == library for each in imported(tree))
    }
    assert users <= ONLY_IN[library]


@pytest.mark.parametrize("module", MODULES)
def test_imports_stand_at_the_top_and_only_the_command_line_prints(module):
    hidden, prints = [], []
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden += [inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            prints.append(node.lineno)
    assert part_of(module) == "cli" or prints == []
    assert part_of(module) == "cli" or hidden == []


def test_nothing_evaluates_code():
    called = {
        (name, node.func.id)
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in {"eval", "exec", "compile"}
    }
    assert called == set()


# --- the public face --------------------------------------------------------------------------------------------------


def test_the_public_names_are_these():
    assert set(wb.__all__) == PUBLIC
    assert wb.__all__ == sorted(wb.__all__)
    assert set(dir(wb)) >= PUBLIC
    with pytest.raises(AttributeError, match="module 'workbench' has no attribute 'obsrve'"):
        _ = wb.obsrve


def run(code: str) -> str:
    """What a program prints in a process of its own: what is loaded here says nothing."""
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT.parent).stdout.strip()


def test_importing_the_workbench_loads_nothing_heavy():
    heavy = [
        "pandas",
        "numpy",
        "scipy",
        "matplotlib",
        "papermill",
        "nbconvert",
        "duckdb",
        "sqlglot",
        "pydantic",
        "IPython",
        "ipywidgets",
        "anywidget",
    ]
    assert run(f"import sys, workbench; print([name for name in {heavy} if name in sys.modules])") == "[]"


def test_no_name_of_the_public_face_is_hidden_by_a_module_that_loads_later():
    names = sorted(PUBLIC - {"plots", "widgets", "report", "approve", "export", "read_bundle", "write_evidence"})
    code = (
        "import types, workbench as wb\n"
        "import workbench.scoring, workbench.backtesting, workbench.history, workbench.sample\n"
        f"print([name for name in {names} if isinstance(getattr(wb, name), types.ModuleType)])"
    )
    assert run(code) == "[]"


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there_and_documented(name):
    assert getattr(wb, name).__doc__


def test_layers_are_listed_once():
    assert sum(len(parts) for parts in LAYERS) == len(RANK)
    assert all(not (low & high) for low, high in pairwise(LAYERS))
