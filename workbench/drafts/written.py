"""From plain data and remarks to a model whose text carries them as comments."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from workbench.document import Document
from workbench.drafts.draft import Question, Unread, cleaned
from workbench.model import Model, model_text, parse_model

WIDTH = 110
"""Longest value that is written on one line."""
WHOLE = 10**15
"""Whole numbers below this are written without decimals."""


def written(
    data: Mapping[str, Any], *, opening: Sequence[str], questions: Iterable[Question], unread: Iterable[Unread]
) -> Model:
    """The model that `data` describes; its text opens with remarks and has each question where it belongs.

    Raises:
        ModelError: if the data is not a model.
    """
    plain = parse_model(Document("draft", dict(data), {}, ""))
    text = _laid_out(model_text(plain))
    beside: dict[str, list[str]] = {}
    general = list(opening)
    for question in questions:
        remark = f"{question.place}: {question.criterion}: {question.assumed} {question.decide}"
        if question.name:
            beside.setdefault(question.name, []).append(remark)
        else:
            general.append(remark)
    lost = [f"NOT READ: {each.place}: {each.criterion}: {each.reason} {each.remedy}" for each in unread]
    top = [f"# {cleaned(line)}" for line in [*general, *lost]]
    return parse_model("\n".join([*top, *_remarked(text, beside)]) + "\n")


def _laid_out(text: str) -> str:
    """The text with small values on one line each."""
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = _ordered(yaml.load(text))
    for key in ("dimensions", "groups", "score", "matrix"):
        for value in tree.get(key, {}).values():
            _on_one_line(value)
    for key in ("tiers", "gates"):
        for item in tree.get(key, []):
            _on_one_line(item)
    for rule in tree["rules"]:
        for value in rule.values():
            _on_one_line(value)
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


_FIRST = ("field", "account_field")
_TEXTS = ("event", "has_word", "contains_any", "starts_with", "ends_with", "glob", "member_of")


def _ordered(node: Any) -> Any:
    """The same, the field before its operator, whole numbers without decimals, one text instead of a list of one."""
    if isinstance(node, CommentedSeq):
        return CommentedSeq([_ordered(each) for each in node])
    if isinstance(node, float) and node.is_integer() and abs(node) < WHOLE:
        return int(node)
    if isinstance(node, str):
        return _quoted(node)
    if not isinstance(node, CommentedMap):
        return node
    keys = sorted(node, key=lambda key: key not in _FIRST)
    made = CommentedMap()
    for key in keys:
        value = _ordered(node[key])
        key = _quoted(key)
        alone = key in _TEXTS and isinstance(value, CommentedSeq) and len(value) == 1
        made[key] = value[0] if alone else value
    return made


def _quoted(text: str) -> str:
    """A text of more than plain words in quotes: between brackets YAML takes signs such as `:` for its own."""
    return text if re.fullmatch(r"\w[\w /.@%+&()-]*", text) else DoubleQuotedScalarString(text)


def _on_one_line(node: Any) -> None:
    if not isinstance(node, (CommentedMap, CommentedSeq)):
        return
    if len(json.dumps(node, ensure_ascii=False, default=str)) <= WIDTH:
        node.fa.set_flow_style()
        return
    for child in node.values() if isinstance(node, CommentedMap) else node:
        _on_one_line(child)


def _remarked(text: str, beside: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The lines, with the remarks about a rule, tier or gate above it."""
    for line in text.rstrip("\n").split("\n"):
        named = re.match(r"  - \{?(?:id|name): ('?\"?)(.+?)\1(?:[,}].*)?$", line)
        for remark in beside.get(named[2], ()) if named else ():
            yield f"  # ? {cleaned(remark)}"
        yield line
