"""From a sheet of criteria and points to a draft."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbench.drafts.criterion import read_criterion
from workbench.drafts.draft import Draft, Entry, Question, Unread, cleaned, shortened
from workbench.drafts.fields import subject_of
from workbench.drafts.holdings import Holdings, holdings
from workbench.drafts.phrases import tidy
from workbench.drafts.reading import NotRead, Reading, flaw, slug
from workbench.drafts.sheet import SheetRow, read_sheet
from workbench.drafts.vocabulary import CAPS, DIMENSIONS, HEADINGS, PLAIN_HEADING, THRESHOLD, TIERS, Dimension
from workbench.drafts.worth import Worth, read_worth
from workbench.drafts.written import written
from workbench.errors import DataError
from workbench.history import History
from workbench.parsing import plain_number


def draft_from_sheet(path: str | Path, history: History | None = None) -> Draft:
    """A model from a sheet of criteria and points, with the questions that it leaves open.

    Every row ends as a rule (or a case of one), a tier, a gate, a cap, a heading or empty row, or unread with a
    reason. Rows that ask the same field or the same events become cases of one rule, the highest points first.
    Nothing in the sheet is computed.

    Args:
        path: a CSV or TSV file: criterion and points, with any delimiter, header or none; further columns are notes.
        history: the data that the model is meant for; names and values are matched against what it holds. Without
            it they are guessed and asked about.

    Raises:
        DataError: if the file is no such sheet, or no row of it can be read.
    """
    held = holdings(history)
    sheet = _Sheet(Path(path).name)
    for row in read_sheet(path):
        _take(sheet, row, held)
    if not sheet.rows:
        reasons = "; ".join(f"{each.place}: {each.reason}" for each in sheet.unread[:3]) or "no rows"
        raise DataError.at(
            sheet.name,
            expected="at least one row that says a criterion and its points",
            found=f"none ({reasons})",
            remedy="Write one criterion a line, such as 'Job title is VP,15'.",
        )
    return sheet.draft(cleaned(Path(path).stem))


@dataclass(frozen=True)
class _Read:
    """A row that earns points."""

    row: SheetRow
    reading: Reading
    points: Decimal
    dimension: Dimension


@dataclass
class _Sheet:
    """What has been read so far."""

    name: str
    heading: Dimension | None = None
    rows: list[_Read] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    tiers: dict[str, Decimal] = field(default_factory=dict)
    caps: dict[str, Decimal] = field(default_factory=dict)
    gates: list[dict[str, Any]] = field(default_factory=list)
    seen: dict[str, tuple[SheetRow, Decimal]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def lose(self, row: SheetRow, reason: str, remedy: str) -> None:
        """Count a row that could not be read."""
        self.unread.append(Unread(row.place, shortened(row.criterion), shortened(row.points, 40), reason, remedy))
        self.entries.append(Entry(row.place, shortened(row.criterion), shortened(row.points, 40), "unread"))

    def ask(self, row: SheetRow, assumed: str, decide: str, name: str = "") -> None:
        """Add a question about a row, unless the same was asked of the same rule."""
        if (name, assumed) not in {(each.name, each.assumed) for each in self.questions}:
            self.questions.append(Question(row.place, shortened(row.criterion), assumed, decide, name))

    def id_for(self, wish: str) -> str:
        """An id that nothing has yet."""
        name, number = slug(wish), 2
        while name in self.ids:
            name, number = f"{slug(wish, 36)}_{number}", number + 1
        self.ids.add(name)
        return name

    def draft(self, name: str) -> Draft:
        """The draft."""
        rules = _rules(self)
        used = {rule["in"] for rule in rules}
        data: dict[str, Any] = {
            "format": "lead-scoring-model/1",
            "name": name[:80] or "draft",
            "about": f"A draft from {self.name}; every assumption is a comment.",
            "dimensions": {each: {} for each in DIMENSIONS if each in used} or {"fit": {}},
            "rules": rules,
        }
        if self.caps:
            data["score"] = {key: plain_number(value) for key, value in self.caps.items()}
        if self.tiers:
            ordered = sorted(self.tiers.items(), key=lambda each: each[1])
            data["tiers"] = [{"name": tier, "from": plain_number(least)} for tier, least in ordered]
        if self.gates:
            data["gates"] = self.gates
        at = {entry.place: number for number, entry in enumerate(self.entries)}
        questions = sorted(self.questions, key=lambda each: at.get(each.place.split(" and ")[0].split(",")[0], 0))
        opening = [
            (
                f"A draft from {self.name}. Lines that begin with '?' say what was assumed, and what a person has "
                f"to decide."
            )
        ]
        model = written(data, opening=opening, questions=questions, unread=self.unread)
        return Draft(self.name, model, tuple(self.entries), tuple(questions), tuple(self.unread))


def _take(sheet: _Sheet, row: SheetRow, held: Holdings) -> None:
    """Read one row."""
    words, worth = tidy(row.criterion.lower()), read_worth(row.points)
    if row.header or not (row.criterion or row.points):
        what = "the names of the columns" if row.header else "an empty row"
        sheet.entries.append(Entry(row.place, row.criterion, row.points, "nothing", what))
    elif not row.points and _heading(words) is not None:
        sheet.heading = _heading(words)
        sheet.entries.append(Entry(row.place, row.criterion, "", "nothing", f"a heading: {sheet.heading}"))
    elif not row.points and PLAIN_HEADING.fullmatch(words):
        sheet.heading = None
        sheet.entries.append(Entry(row.place, row.criterion, "", "nothing", "a heading"))
    elif worth.points is None and not worth.out:
        sheet.lose(row, worth.reason, worth.remedy)
    elif worth.points is not None and (TIERS.fullmatch(words) or THRESHOLD.fullmatch(words)):
        _tier(sheet, row, words, worth.points)
    elif worth.points is not None and CAPS.fullmatch(words):
        _cap(sheet, row, words, worth.points)
    else:
        _criterion(sheet, row, worth, held)


def _heading(words: str) -> Dimension | None:
    return next((dimension for pattern, dimension in HEADINGS if pattern.fullmatch(words)), None)


def _tier(sheet: _Sheet, row: SheetRow, words: str, points: Decimal) -> None:
    found = TIERS.fullmatch(words)
    name = found["name"] if found else "qualified"
    name = name.upper() if len(name) <= 3 and name != "hot" else name.capitalize()
    if name in sheet.tiers:
        sheet.lose(row, f"The tier '{name}' is set by an earlier row.", "Keep one of the two rows.")
        return
    sheet.tiers[name] = points
    sheet.entries.append(Entry(row.place, row.criterion, row.points, "tier", name))
    if found is None:
        sheet.ask(row, f"A score of {points} or more gives a tier called '{name}'.", "What is it called?", name)


def _cap(sheet: _Sheet, row: SheetRow, words: str, points: Decimal) -> None:
    found = CAPS.fullmatch(words)
    key = "max" if found is not None and found["most"] else "min"
    others = {**sheet.caps, key: points}
    if key in sheet.caps or others.get("min", points) > others.get("max", points):
        sheet.lose(row, "It does not fit an earlier row about the total score.", "Keep one of the two rows.")
        return
    sheet.caps[key] = points
    sheet.entries.append(Entry(row.place, row.criterion, row.points, "cap", f"score.{key}"))


def _criterion(sheet: _Sheet, row: SheetRow, worth: Worth, held: Holdings) -> None:
    reading = read_criterion(_whole(row, held), held)
    if isinstance(reading, NotRead):
        sheet.lose(row, reading.reason, reading.remedy)
        return
    wrong = flaw(_plain(reading.when)) if reading.when else flaw(_plain(reading.each), each=True)
    if wrong:
        sheet.lose(row, f"The model language expects {wrong}.", "Say it in other words.")
        return
    said = json.dumps([_plain(reading.when), _plain(reading.each)], sort_keys=True).lower()
    points = worth.points if worth.points is not None else Decimal(0)
    if said in sheet.seen:
        first, before = sheet.seen[said]
        same = before == points and not worth.out
        reason = f"It asks for the same as {first.place}" + ("." if same else f", which has {before} points.")
        sheet.lose(row, reason, "Leave it out." if same else "Decide which points are right, and keep one row.")
        return
    sheet.seen[said] = (row, points)
    if worth.out:
        _gate(sheet, row, reading)
        return
    sheet.rows.append(_Read(row, reading, points, sheet.heading or reading.dimension))
    sheet.entries.append(Entry(row.place, row.criterion, row.points, "rule"))


def _whole(row: SheetRow, held: Holdings) -> str:
    """The criterion, with the field that another column names."""
    named = bool(row.of) and subject_of(row.of.lower(), held) is not None
    if named and not row.criterion.lower().startswith(row.of.lower()):
        return f"{row.of}: {row.criterion}"
    return row.criterion


def _gate(sheet: _Sheet, row: SheetRow, reading: Reading) -> None:
    """A row that disqualifies: a gate takes such leads out."""
    name = sheet.id_for(f"{reading.name}_out")
    when = _plain(reading.when or {**reading.each, "count": {"at_least": 1}})
    sheet.gates.append({"id": name, "when": when, "tier": "Disqualified", "why": shortened(row.criterion, 200)})
    sheet.entries.append(Entry(row.place, row.criterion, row.points, "gate", name))
    for assumed, decide in reading.asked:
        sheet.ask(row, assumed, decide, name)


def _rules(sheet: _Sheet) -> list[dict[str, Any]]:
    """The rules, in the order of their first rows; rows about the same subject are cases of one."""
    groups: dict[tuple[object, ...], list[_Read]] = {}
    for number, read in enumerate(sheet.rows):
        alike = (read.reading.alike, read.dimension, read.points < 0) if read.reading.alike else (number,)
        groups.setdefault(alike, []).append(read)
    rules, names = [], {}
    for reads in groups.values():
        name = sheet.id_for(reads[0].reading.name)
        rules.append(_rule(name, reads))
        for read in reads:
            names[read.row.place] = name
            _ask(sheet, read, name)
        if len(reads) > 1:
            _ask_of_cases(sheet, reads, name)
    sheet.entries = [
        Entry(each.place, each.criterion, each.points, each.became, names.get(each.place, each.name))
        for each in sheet.entries
    ]
    return rules


def _rule(name: str, reads: Sequence[_Read]) -> dict[str, Any]:
    first = reads[0]
    why = "; ".join(f"{read.row.criterion}{f' ({read.row.notes})' if read.row.notes else ''}" for read in reads)
    rule: dict[str, Any] = {"id": name, "in": first.dimension, "why": shortened(why, 300)}
    if len(reads) > 1:
        ordered = sorted(reads, key=lambda read: -read.points)
        cases = [{"when": _plain(read.reading.when), "points": plain_number(read.points)} for read in ordered]
        return {**rule, "cases": cases}
    reading = first.reading
    kind = {"when": _plain(reading.when)} if reading.when else {"each": _plain(reading.each)}
    limit = {"limit": _plain(reading.limit)} if reading.limit else {}
    return {**rule, **kind, "points": plain_number(first.points), **limit}


def _ask(sheet: _Sheet, read: _Read, name: str) -> None:
    for assumed, decide in read.reading.asked:
        sheet.ask(read.row, assumed, decide, name)
    note = read_worth(read.row.points).note
    if note:
        sheet.ask(read.row, note, "Is that meant?", name)
    if read.row.joined:
        sheet.ask(
            read.row, "The cells before the points are taken as one criterion with commas.", "Is that right?", name
        )


def _ask_of_cases(sheet: _Sheet, reads: Sequence[_Read], name: str) -> None:
    places = ", ".join(read.row.place for read in reads)
    criteria = "; ".join(read.row.criterion for read in reads)
    assumed = f"{places} ask for the same: the first case that holds counts, the highest points first."
    sheet.questions.append(
        Question(
            reads[0].row.place, shortened(criteria), assumed, "Or do their points add up where several hold?", name
        )
    )


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as dicts and lists that can be written."""

    def bare(node: Any) -> Any:
        if isinstance(node, Mapping):
            return {str(key): bare(value) for key, value in node.items()}
        return [bare(each) for each in node] if isinstance(node, (list, tuple)) else node

    return {str(key): bare(value) for key, value in data.items()}
