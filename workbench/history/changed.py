"""Fields that the table of changes speaks of: which they are, and the last value of those no file of leads has."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from workbench.engine import Engine
from workbench.engine.duck import column, table
from workbench.errors import DataError
from workbench.history.cells import Column, call, cast, literal, read
from workbench.history.files import Staged
from workbench.history.leads import SQL_TYPES
from workbench.history.loading import Loading
from workbench.history.mapping import Kind
from workbench.history.shapes import kinds
from workbench.parsing import did_you_mean


def changed_fields(engine: Engine) -> tuple[str, ...]:
    """Names of the fields in the table `changes`, sorted."""
    query = exp.Select(expressions=[column("field")], distinct=exp.Distinct()).from_(table("changes"))
    return tuple(sorted(str(row[0]) for row in engine.rows(query)))


def add_changed_fields(loading: Loading, there: Mapping[str, Kind]) -> dict[str, Kind]:
    """Add to `lead_fields` each changed field that is not there, with its value after the last change.

    Returns:
        The kinds of the added fields.

    Raises:
        DataError: when a changed field differs from another field in case alone.
    """
    taken = {name.casefold(): name for name in there}
    added: dict[str, Kind] = {}
    for title in changed_fields(loading.engine):
        own = taken.setdefault(title.casefold(), title)
        if own != title:
            raise _misspelt(loading, title, own)
        if title not in there:
            added[title] = _add(loading, title)
    return added


def _misspelt(loading: Loading, title: str, own: str) -> DataError:
    """Changes of a field under another spelling would be changes of nothing."""
    specs = loading.mapping.changes
    places = [
        f"{spec.file}, column '{spec.field}'" if isinstance(spec.field, str) and len(specs) == 1 else spec.file
        for spec in specs
    ]
    return DataError.at(
        ", ".join(dict.fromkeys(places)),
        expected=f"the field's own spelling '{own}'",
        found=f"'{title}'",
        remedy=f"{did_you_mean(title, [own])} Write it so, or name it under `rename`.",
    )


def _add(loading: Loading, title: str) -> Kind:
    engine = loading.engine
    of_field = exp.EQ(this=column("field"), expression=literal(title))
    last = call("arg_max_null", column("value"), column("at_us"))
    cells = [column("lead"), exp.alias_(last, "c0", quoted=True)]
    query = exp.Select(expressions=cells).from_(table("changes")).where(of_field).group_by(column("lead"))
    engine.write("last_values", query)
    source = Column(title, "c0", "VARCHAR", loose=True)
    staged = Staged("changes", "last_values", {title: source}, 0)
    kind = kinds(engine, [staged], [title], {})[title]
    value = exp.alias_(cast(read(source, kind, None).value, SQL_TYPES[kind]), f"f_{title}", quoted=True)
    fields = exp.Column(this=exp.Star(), table=exp.to_identifier("f"))
    joined = exp.Select(expressions=[fields, value]).from_(exp.alias_(table("lead_fields"), "f", table=True))
    same = exp.EQ(this=column("lead", "f"), expression=column("lead", "s"))
    engine.write("fields_widened", joined.join(staged.aliased, on=same, join_type="left").order_by(column("lead", "f")))
    engine.write("lead_fields", exp.select("*").from_(table("fields_widened")))
    engine.drop(["fields_widened", "last_values"])
    return kind
