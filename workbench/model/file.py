"""Model files: read into a checked value, changed by path, written back with the author's comments."""

from __future__ import annotations

import io
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from workbench.document import Document, Place, read_document, spelled
from workbench.errors import ModelError, Problem, listed
from workbench.model.faults import faults
from workbench.model.model import Model
from workbench.model.paths import steps
from workbench.parsing import moment_us, parse, place_of, plain_number
from workbench.whole import write_whole


def read_model(source: str | Path) -> Model:
    """Read a model file, and the model files that its variants use.

    Args:
        source: path of the YAML file.

    Raises:
        ModelError: one problem for each fault, with file, line, place, what was expected, found, and a remedy.
    """
    path = Path(source)
    return parse_model(read_document(path, ModelError), folder=path.parent)


def parse_model(document: Document | str, *, folder: Path | None = None) -> Model:
    """The model that a document, or YAML text, describes; raises ModelError like `read_model`.

    Args:
        document: what the file says.
        folder: where the files are that variants use; without it a variant can only hold a model written out.
    """
    if isinstance(document, str):
        document = read_document(document, ModelError, name="model")
    model = parse(Model, document, ModelError)
    model._document = document
    for number, variant in enumerate(model.variants):
        if variant.model is not None:
            model._used[variant.name] = parse_model(_written_in(model, number, variant.model))
        elif variant.use is not None:
            model._used[variant.name] = _other_file(model, number, variant.use, folder)
    problems = [
        Problem(place_of(place, document), expected, found, remedy) for place, expected, found, remedy in faults(model)
    ]
    if problems:
        raise ModelError(*problems)
    return model


def _written_in(model: Model, number: int, data: dict[str, Any]) -> Document:
    place: Place = ("variants", number, "model")
    name, lines = (model.name, {}) if model.document is None else (model.document.name, model.document.lines)
    own = {at[len(place) :]: line for at, line in lines.items() if at[: len(place)] == place}
    _demand_no_variants(data, f"{name} {spelled(place)}", place_of(place, model.document))
    return Document(name, data, own, "", under=place)


def _demand_no_variants(data: dict[str, Any], name: str, place: str) -> None:
    """A model that a variant uses has none itself, so no file can use itself in a circle."""
    if data.get("variants"):
        raise ModelError.at(
            place,
            expected="a model without 'variants' of its own",
            found=f"'variants' in {name}",
            remedy="Move them to this model, or use another.",
        )


def _other_file(model: Model, number: int, use: str, folder: Path | None) -> Model:
    place = place_of(("variants", number, "use"), model.document)
    if folder is None:
        raise ModelError.at(
            place,
            expected="a model that was read from a file",
            found=f"text that uses '{use}'",
            remedy="Write the model in a file beside the one it uses, and read that.",
        )
    if Path(use).is_absolute() or ".." in Path(use).parts:
        raise ModelError.at(
            place,
            expected="a file beside this one, or in a folder below it",
            found=repr(use),
            remedy="Move the file there.",
        )
    if not os.path.isfile(folder / use):  # noqa: PTH113  (unlike the method, it takes any text as a path)
        raise ModelError.at(
            place,
            expected="the path of a model file from this one",
            found=f"{listed([use])}, and there is no such file",
            remedy="Check the path, or put the file there.",
        )
    document = read_document(folder / use, ModelError)
    _demand_no_variants(document.data, document.name, place)
    return parse_model(document)


def change_model(model: Model, changes: dict[str, Any]) -> Model:
    """A new model with some values changed, checked like a file.

    Args:
        model: the model to start from; it is not changed.
        changes: new values by path. List items are named by id, name or index:
            `rules.pricing_views.decay.half_life`, `rules.seniority.cases[0].points`, `dimensions.fit.max`,
            `tiers.MQL.from`; a key with a dot in it stands in quotes: `rules.free_email.map.points["gmail.com"]`. None
            removes an optional value.

    Raises:
        ModelError: if a path leads nowhere, or the changed model is not valid.

    >>> from workbench.model.file import parse_model
    >>> small = parse_model('''
    ... format: lead-scoring-model/1
    ... name: small
    ... dimensions: {fit: {}}
    ... rules: [{id: eu, in: fit, when: {field: region, equals: EU}, points: 5}]
    ... ''')
    >>> str(change_model(small, {"rules.eu.points": 7}).rules[0].points)
    '7'
    """
    data = model.plain()
    for path, value in changes.items():
        _set(data, path, value)
    text = model.document.text if model.document is not None else ""
    changed = parse_model(Document(model.name, data, {}, text))
    changed._document = Document(model.document.name if model.document is not None else model.name, data, {}, text)
    return changed


def _set(data: Any, path: str, value: Any) -> None:
    way = steps(path)
    if not way:
        remedy = "Write for example rules.pricing_views.points."
        raise ModelError.at(repr(path), expected="a path into the model", found="no name in it", remedy=remedy)
    *way, last = way
    for step in way:
        data = _child(data, step, path)
    if isinstance(value, Decimal):
        value = plain_number(value)
    if isinstance(data, list):
        data[_index(data, last, path)] = value
    elif isinstance(data, dict) and value is None:
        data.pop(str(last), None)
    elif isinstance(data, dict):
        data[str(last)] = value
    else:
        raise _nowhere(path, last, "nothing below it")


def _child(data: Any, step: str | int, path: str) -> Any:
    if isinstance(data, list):
        return data[_index(data, step, path)]
    if isinstance(data, dict) and step in data:
        return data[step]
    if isinstance(data, dict) and step in {"decay", "limit", "require"}:
        return data.setdefault(step, {})
    raise _nowhere(path, step, listed([str(key) for key in data]) if isinstance(data, dict) else "nothing below it")


def _index(items: list[Any], step: str | int, path: str) -> int:
    if isinstance(step, int) and step < len(items):
        return step
    for index, item in enumerate(items):
        if isinstance(item, dict) and step in (item.get("id"), item.get("name")):
            return index
    known = [str(item.get("id") or item.get("name")) for item in items if isinstance(item, dict)]
    raise _nowhere(path, step, listed(known))


def _nowhere(path: str, step: str | int, known: str) -> ModelError:
    return ModelError.at(
        path, expected="a path into the model", found=f"no '{step}'", remedy=f"Known at this point: {known}."
    )


def write_model(model: Model, path: str | Path) -> None:
    """Write a model file, keeping the comments and layout of the file it came from; whole or not at all."""
    write_whole(Path(path), model_text(model).encode())


def model_text(model: Model, *, whole: bool = False) -> str:
    """The model as YAML text, with the comments of the file it came from.

    Values that equal their default and that the file did not mention stay unmentioned.

    Args:
        model: the model.
        whole: write models that variants use in, so that the text can be read without their files.
    """
    yaml = YAML()
    yaml.width = 4096  # lines stay as the author broke them
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    source = model.document.text if model.document is not None else ""
    wanted = _wanted(model, whole=whole)
    tree = yaml.load(source) if source else None
    filled = model.plain()
    if isinstance(tree, CommentedMap):
        _merge(tree, wanted, filled)
    else:
        tree = wanted
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _wanted(model: Model, *, whole: bool) -> dict[str, Any]:
    """What the file is to say, without defaults."""
    wanted = model.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    for variant in wanted.get("variants", []):
        if whole and variant["name"] in model._used:
            variant["model"] = _wanted(model._used[variant["name"]], whole=True)
    return {"format": model.format, **wanted}


def _merge(tree: CommentedMap, wanted: dict[str, Any], filled: dict[str, Any]) -> None:
    """Make `tree` say what `wanted` says; a key it mentions with its default value stays."""
    for key in list(tree):
        if key in wanted:
            tree[key] = _merged(tree[key], wanted[key], filled[key])
        elif key not in filled:
            del tree[key]
        else:
            tree[key] = _merged(tree[key], filled[key], filled[key])
    for key, value in wanted.items():
        if key not in tree:
            tree[key] = value


def _merged(old: Any, new: Any, filled: Any) -> Any:
    if isinstance(old, CommentedMap) and isinstance(new, dict):
        _merge(old, new, filled if isinstance(filled, dict) else new)
        return old
    if isinstance(old, CommentedSeq) and isinstance(new, list):
        return _merged_list(old, new, filled)
    if isinstance(new, list) and len(new) == 1 and old == new[0]:
        return old  # one text where a list may stand
    return old if (old == new and type(old) is not bool) or _says(old, new) else new


def _says(old: Any, new: Any) -> bool:
    """Whether a percentage or moment in the file is another spelling of what the model holds."""
    if not isinstance(old, str):
        return False
    try:
        if old.rstrip().endswith("%"):
            share = new.rstrip("%") if isinstance(new, str) else str(Decimal(str(new)) * 100)
            return Decimal(old.rstrip("% ")) == Decimal(share)
        return isinstance(new, str) and moment_us(old) == moment_us(new)
    except (ArithmeticError, ValueError):
        return False


def _merged_list(old: CommentedSeq, new: list[Any], filled: list[Any]) -> CommentedSeq:
    names = [_named(item) for item in old]
    same = [_named(item) for item in new] == names and None not in names and len(set(names)) == len(names)
    unnamed = len(old) == len(new) and None in names
    if not (same or unnamed):
        return _relisted(old, names, new, filled)
    for index, item in enumerate(new):
        old[index] = _merged(old[index], item, filled[index])
    return old


def _relisted(old: CommentedSeq, names: list[Any], new: list[Any], filled: list[Any]) -> CommentedSeq:
    """A list whose items came, went or moved: items keep their comments by name."""
    items = CommentedSeq()
    for item, full in zip(new, filled, strict=True):
        name = _named(item)
        items.append(_merged(old[names.index(name)], item, full) if name is not None and name in names else item)
    if old.fa.flow_style():
        items.fa.set_flow_style()
    return items


def _named(item: Any) -> Any:
    return (item.get("id") or item.get("name")) if isinstance(item, dict) else None
