"""Exporting an approved model to wherever leads are scored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from workbench.approval.bundle import Bundle, read_bundle
from workbench.emit import config_name, emit_json
from workbench.errors import CallError
from workbench.parsing import did_you_mean
from workbench.whole import write_whole


def export(bundle: str | Path, *, to: str = "json", out: str | Path) -> Path:
    """Write what an approved model is scored by, and return the file.

    Args:
        bundle: the folder that `approve` wrote; it is verified first.
        to: the target; `json` is the portable config, with the approval in it.
        out: the folder to write to. The file's name is made from the model's name and version.

    Raises:
        Refused: if the bundle does not verify, with each reason.
        CallError: if there is no such bundle or target, or `out` is a file.
    """
    if to not in TARGETS:
        known = ", ".join(TARGETS)
        raise CallError.at("to", expected=f"one of {known}", found=repr(to), remedy=did_you_mean(to, TARGETS))
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise CallError.at(str(out), expected="a folder", found="a file", remedy="Name a folder.")
    approved = read_bundle(bundle)
    name, text = TARGETS[to](approved)
    write_whole(out / name, text.encode())
    return out / name


def _json(bundle: Bundle) -> tuple[str, str]:
    """Name and text of the portable config: the model, the input contract, and who approved it when and why."""
    terms = bundle.approval.plain()
    who = ("author", "approver", "why", "approved_at", "review_by")
    what = ("part", "held_back", "evidence_digest", "plan_digest", "data", "openings", "tool", "digest")
    approval = {key: terms[key] for key in (*who, *what)}
    return config_name(bundle.model), emit_json(bundle.model, blocks={"input": terms["input"], "approval": approval})


TARGETS: MappingProxyType[str, Callable[[Bundle], tuple[str, str]]] = MappingProxyType({"json": _json})
