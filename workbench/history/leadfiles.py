"""The files of leads, staged: each with its joins, its outcome file, and the role of every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from workbench.document import Place
from workbench.engine.duck import column, table
from workbench.errors import DataError
from workbench.history.cells import Column, call, literal, name, not_null
from workbench.history.files import Sheet, Staged, open_sheet
from workbench.history.loading import Loading
from workbench.history.mapping import FromField, Join, Kind, LeadsFrom, Outcome
from workbench.history.titles import told_apart
from workbench.history.unmatched import count_unmatched, look_up
from workbench.parsing import did_you_mean


@dataclass(frozen=True)
class LeadFile:
    """One staged file of leads.

    Attributes:
        spec: what the mapping says of it.
        place: where the mapping says so.
        staged: its rows, joined columns included.
        outcome: the column that holds the outcome, if any.
        fields: columns that become fields, in order.
        types: declared kinds, by field.
    """

    spec: LeadsFrom
    place: Place
    staged: Staged
    outcome: Column | None
    fields: tuple[str, ...]
    types: Mapping[str, Kind]

    def column(self, title: str | None) -> Column | None:
        """A column by its name in the file."""
        return self.staged.columns[title] if title is not None else None

    @property
    def part_column(self) -> Column | None:
        """The column that holds the given part."""
        return self.column(self.spec.part.field) if isinstance(self.spec.part, FromField) else None

    @property
    def score_column(self) -> Column | None:
        """The column that holds the recorded score."""
        return self.column(self.spec.scores.field) if self.spec.scores is not None else None


def stage_leads(loading: Loading, spec: LeadsFrom, place: Place, number: int) -> LeadFile:
    """Stage one file of leads with its joins; `number` keeps the tables of several files apart.

    Raises:
        MappingError: when the mapping names a column that is not there (DataError where default names are used).
        DataError: when a file is missing or cannot be read, a joined key occurs twice or matches nothing, or names of
            columns differ in case alone.
    """
    sheet = loading.open(spec, place)
    roles = _roles(loading, spec, sheet, place)
    keys = {key for join in spec.join for key in join.on}
    wanted = [title for title in sheet.names() if title not in spec.drop or title in keys | set(roles)]
    staged = loading.stage(sheet, f"leads_{number}", wanted)
    types = dict(spec.types)
    for index, join in enumerate(spec.join):
        staged, joined = _joined(loading, staged, join, (*place, "join", index), f"leads_{number}_{index}")
        types |= joined
    outcome = _outcome(loading, spec.outcome, staged, place, number)
    if spec.outcome is not None and outcome is not None and spec.outcome.file is not None:
        staged = replace(staged, table=f"leads_{number}_outcome", joined=True)
    fields = [title for title in staged.columns if title not in {*roles, *spec.drop}]
    known = list(spec.known) if isinstance(spec.known, dict) else []
    _datable(loading, spec, place)
    for key, titles in (("known", known), ("types", list(spec.types)), ("drop", list(spec.drop))):
        _all_known(loading, [*sheet.names(), *staged.columns], titles, (*place, key), sheet.label)
    told_apart(fields, sheet.label)
    return LeadFile(spec, place, staged, outcome, tuple(fields), types)


def _roles(loading: Loading, spec: LeadsFrom, sheet: Sheet, place: Place) -> list[str]:
    """Columns of the file itself that are not fields."""
    named = {
        ("id",): spec.id,
        ("account",): spec.account,
        ("created_at",): spec.created_at,
        ("outcome", "field"): spec.outcome.field if spec.outcome is not None else None,
        ("part", "field"): spec.part.field if isinstance(spec.part, FromField) else None,
        ("scores", "field"): spec.scores.field if spec.scores is not None else None,
    }
    return [loading.require(sheet, title, (*place, *key)) for key, title in named.items() if title is not None]


def _all_known(loading: Loading, known: Sequence[str], titles: Sequence[str], place: Place, label: str) -> None:
    for title in titles:
        if title not in known:
            raise loading.error((*place, title), f"a column of {label}", f"'{title}'", did_you_mean(title, set(known)))


def _datable(loading: Loading, spec: LeadsFrom, place: Place) -> None:
    """A field that is said to be dated needs a table of changes."""
    said = spec.known if isinstance(spec.known, dict) else {}
    for title, word in said.items():
        if word == "dated" and not loading.mapping.changes:
            raise loading.error(
                (*place, "known", title),
                "a table of changes that dates the field",
                "none",
                "Name the table under `changes`, or write undated.",
            )


def _joined(loading: Loading, left: Staged, join: Join, place: Place, name_: str) -> tuple[Staged, dict[str, Kind]]:
    """The left table with the columns of a joined one, and the kinds declared for these."""
    engine = loading.engine
    sheet = loading.open(join, place)
    for key in join.on:
        loading.require(sheet, key, (*place, "on"))
        if key not in left.columns:
            raise loading.error(
                (*place, "on"), f"a column of {left.label}", f"'{key}'", did_you_mean(key, list(left.columns))
            )
    _all_known(loading, sheet.names(), [*join.drop, *join.types], place, sheet.label)
    taken = [title for title in sheet.names() if title not in join.drop]
    right = loading.stage(sheet, f"{name_}_right", taken)
    keyed = _keyed(loading, right, join, name_)
    titles = _titles([title for title in taken if title not in join.on], left, sheet.label)
    _unmatched(loading, left, right, join, keyed)
    stem = f"j{len(left.columns)}_"
    added = {
        titles[title]: Column(titles[title], stem + source.cell, source.sql_type, source.loose)
        for title, source in right.columns.items()
        if title in titles
    }
    cells = [exp.alias_(left.row, "row", quoted=True), *(column(each.cell, "s") for each in left.columns.values())]
    for title, source in right.columns.items():
        if title in titles:
            cells.append(exp.alias_(column(source.cell, "r"), stem + source.cell, quoted=True))
    on = exp.and_(
        *(
            exp.EQ(this=name(left.columns[key]), expression=column(f"k{index}", "r"))
            for index, key in enumerate(join.on)
        )
    )
    query = exp.Select(expressions=cells).from_(left.aliased)
    engine.write(name_, query.join(exp.alias_(table(keyed), "r", table=True), on=on, join_type="left"))
    engine.drop([left.table, right.table, keyed])
    types = {titles[title]: kind for title, kind in join.types.items() if title in titles}
    return Staged(left.label, name_, {**left.columns, **added}, left.rows, joined=True), types


def _titles(taken: Sequence[str], left: Staged, label: str) -> dict[str, str]:
    """The names of joined columns: their own, or `table.column` where the left table has that name."""
    there = {each.casefold() for each in left.columns}
    found = {title: title for title in taken if title.casefold() not in there}
    there |= {title.casefold() for title in found}
    stem = label.rsplit("/", maxsplit=1)[-1].split(".")[0]
    for title in taken:
        if title in found:
            continue
        found[title] = f"{stem}.{title}"
        if found[title].casefold() in there:
            raise DataError.at(
                label,
                expected=f"a free name for its column '{title}'",
                found=f"'{title}' and '{found[title]}', both in use",
                remedy="Rename the column, or add it to `drop` of the join.",
            )
        there.add(found[title].casefold())
    return {title: found[title] for title in taken}


def _unmatched(loading: Loading, left: Staged, right: Staged, join: Join, keyed: str) -> None:
    """Count the leads whose key the joined table lacks."""
    keys = [name(left.columns[key]) for key in join.on]
    on = exp.and_(*(exp.EQ(this=key, expression=column(f"k{index}", "r")) for index, key in enumerate(keys)))
    cells = {"row": left.row, "key": call("concat_ws", literal(", "), *keys), "matched": not_null(column("k0", "r"))}
    rows = exp.Select(expressions=[exp.alias_(cell, title, quoted=True) for title, cell in cells.items()])
    rows = rows.from_(left.aliased).join(exp.alias_(table(keyed), "r", table=True), on=on, join_type="left")
    rows = rows.where(exp.and_(*(not_null(key.copy()) for key in keys)))
    looked_up = look_up(loading.engine, rows, left.label, ", ".join(join.on), left.rows)
    shown = call("concat_ws", literal(", "), *(column(f"k{index}") for index in range(len(keys))))
    ((there,),) = loading.engine.rows(exp.Select(expressions=[exp.Min(this=shown)]).from_(table(keyed)))
    count_unmatched(loading.losses, [looked_up], right.label, there, "row of this key")


def _keyed(loading: Loading, right: Staged, join: Join, name_: str) -> str:
    """The right table with its keys as texts, each once; rows with a blank key match nothing."""
    engine, keyed = loading.engine, f"{name_}_keyed"
    keys = [name(right.columns[key]) for key in join.on]
    cells = [column(each.cell, "s") for each in right.columns.values()]
    named = [exp.alias_(key, f"k{index}", quoted=True) for index, key in enumerate(keys)]
    rows = exp.alias_(right.row, "row", quoted=True)
    query = exp.Select(expressions=[rows, *cells, *named]).from_(right.aliased)
    engine.write(keyed, query.where(exp.and_(*(not_null(key.copy()) for key in keys))))
    columns = [column(f"k{index}") for index in range(len(keys))]
    twice = (
        exp.Select(expressions=[*columns, exp.Count(this=exp.Star()), exp.Min(this=column("row"))])
        .from_(table(keyed))
        .group_by(*columns)
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=literal(1)))
        .order_by(exp.Min(this=column("row")))
    )
    repeated = engine.rows(twice)
    if repeated:
        noun = "key" if len(repeated) == 1 else "keys"
        raise DataError.at(
            f"{right.label}, column '{', '.join(join.on)}', row {repeated[0][-1]:,}",
            expected="each key once in a joined table",
            found=f"{len(repeated):,} {noun} more than once, such as {repeated[0][0]!r}",
            remedy="Keep one row for each key.",
        )
    return keyed


def _outcome(loading: Loading, outcome: Outcome | None, staged: Staged, place: Place, number: int) -> Column | None:
    """The column of the outcome; one of a second file is put beside the rows first."""
    if outcome is None:
        return None
    if outcome.field is not None:
        return staged.columns[outcome.field]
    where = loading.where((*place, "outcome", "file"))
    sheet = open_sheet(
        loading.engine, loading.source, str(outcome.file), where, delimiter=outcome.delimiter, headerless=True
    )
    title = f"column_{outcome.column or 1}"
    if title not in sheet.names():
        raise loading.error(
            (*place, "outcome", "column"),
            f"a column from 1 to {len(sheet.columns)}",
            str(outcome.column),
            "Count again.",
        )
    beside = loading.stage(sheet, f"leads_{number}_targets", [title])
    if beside.rows != staged.rows:
        raise DataError.at(
            sheet.label,
            expected=f"{staged.rows:,} rows, one for each row of {staged.label}",
            found=f"{beside.rows:,}",
            remedy="The two files must go together row by row.",
        )
    cell = beside.columns[title].cell
    cells = [exp.alias_(staged.row, "row", quoted=True), *(column(each.cell, "s") for each in staged.columns.values())]
    target = exp.alias_(column(cell, "o"), "outcome", quoted=True)
    on = exp.EQ(this=staged.row, expression=exp.Add(this=column("rowid", "o"), expression=literal(1)))
    query = exp.Select(expressions=[*cells, target]).from_(staged.aliased)
    other = exp.alias_(table(beside.table), "o", table=True)
    loading.engine.write(f"leads_{number}_outcome", query.join(other, on=on))
    loading.engine.drop([staged.table, beside.table])
    return Column(title, "outcome", "VARCHAR", loose=True)
