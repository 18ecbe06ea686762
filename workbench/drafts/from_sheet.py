"""From a sheet of criteria and points to a draft."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbench.drafts.criterion import read_criterion
from workbench.drafts.draft import HEADING, Draft, Entry, Question, Unread, cleaned, shortened
from workbench.drafts.fields import subject_of
from workbench.drafts.holdings import Holdings, holdings
from workbench.drafts.in_words import Threshold, read_heading, read_threshold, said_points
from workbench.drafts.phrases import tidy
from workbench.drafts.reading import NotRead, Reading, flaw, slug
from workbench.drafts.sheet import SheetRow, read_sheet
from workbench.drafts.vocabulary import CAPS, DIMENSIONS, Dimension
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
            remedy=REMEDY,
        )
    _refuse_what_is_no_sheet(sheet)
    return sheet.draft(cleaned(Path(path).stem))


REMEDY = "Write one criterion a line, such as 'Job title is VP,15'."


def _refuse_what_is_no_sheet(sheet: _Sheet) -> None:
    """Refuse a file of whose rows more than half say nothing that can be read."""
    told = sum(entry.became != "nothing" for entry in sheet.entries)
    if 2 * len(sheet.unread) > told:
        reasons = "; ".join(f"{each.place}: {each.reason}" for each in sheet.unread[:3])
        raise DataError.at(
            sheet.name,
            expected="a sheet of criteria and points, most rows of which can be read",
            found=f"{len(sheet.unread)} of {told} rows that cannot ({reasons})",
            remedy=f"{REMEDY} Leave out what is no criterion.",
        )


@dataclass(frozen=True)
class _Read:
    """A row that earns points."""

    row: SheetRow
    reading: Reading
    points: Decimal
    dimension: Dimension
    otherwise: Decimal | None = None


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

    def ask(self, row: SheetRow, assumed: str, decide: str, name: str = "", *, again: bool = False) -> None:
        """Add a question about a row, unless the same was asked of the same rule."""
        if again or (name, assumed) not in {(each.name, each.assumed) for each in self.questions}:
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
    heading = read_heading(row.criterion) if not row.points else None
    threshold = read_threshold(row.criterion, row.points)
    if row.header or not (row.criterion or row.points):
        what = "the names of the columns" if row.header else "an empty row"
        sheet.entries.append(Entry(row.place, row.criterion, row.points, "nothing", what))
    elif row.label and heading is None:
        sheet.entries.append(Entry(row.place, row.criterion, "", "nothing", f"{HEADING} of the next rows"))
    elif row.wrong is not None:
        sheet.lose(row, *row.wrong)
    elif isinstance(threshold, Threshold):
        _tier(sheet, row, threshold)
    elif heading is not None:
        [sheet.heading] = heading
        name = f"{HEADING}: {sheet.heading}" if sheet.heading else HEADING
        sheet.entries.append(Entry(row.place, row.criterion, "", "nothing", name))
    elif threshold is not None:
        sheet.lose(row, threshold.reason, threshold.remedy)
    else:
        _earning(sheet, row, held)


def _earning(sheet: _Sheet, row: SheetRow, held: Holdings) -> None:
    """A row whose points stand in a cell, or in its words."""
    said = said_points(row.criterion, row.points)
    if isinstance(said, NotRead):
        sheet.lose(row, said.reason, said.remedy)
        return
    if said is not None:
        remark = (f"{said.points} points are read out of the words.", "Are these the points?")
        remarks = row.remarks if row.points else (*row.remarks, remark)
        row = replace(row, criterion=said.criterion, points=said.points, remarks=remarks)
    words, worth = tidy(row.criterion.lower()), read_worth(row.points)
    if worth.points is None and not worth.out:
        sheet.lose(row, worth.reason, worth.remedy)
    elif worth.points is not None and CAPS.fullmatch(words):
        _cap(sheet, row, words, worth.points)
    else:
        _criterion(sheet, row, worth, held, each=said is not None and said.each)


def _tier(sheet: _Sheet, row: SheetRow, threshold: Threshold) -> None:
    name = threshold.name or "qualified"
    name = name.upper() if len(name) <= 3 and name != "hot" else name.capitalize()
    if name in sheet.tiers:
        sheet.lose(row, f"The tier '{name}' is set by an earlier row.", "Keep one of the two rows.")
        return
    if threshold.least in sheet.tiers.values():
        sheet.lose(row, f"Another tier begins at {threshold.least} too.", "Keep one of the two, or correct a score.")
        return
    sheet.tiers[name] = threshold.least
    sheet.entries.append(Entry(row.place, row.criterion, row.points, "tier", name))
    if not threshold.name:
        sheet.ask(
            row, f"A score of {threshold.least} or more gives a tier called '{name}'.", "What is it called?", name
        )
    if threshold.asked is not None:
        sheet.ask(row, *threshold.asked, name)


def _cap(sheet: _Sheet, row: SheetRow, words: str, points: Decimal) -> None:
    found = CAPS.fullmatch(words)
    key = "max" if found is not None and found["most"] else "min"
    others = {**sheet.caps, key: points}
    if key in sheet.caps or others.get("min", points) > others.get("max", points):
        sheet.lose(row, "It does not fit an earlier row about the total score.", "Keep one of the two rows.")
        return
    sheet.caps[key] = points
    sheet.entries.append(Entry(row.place, row.criterion, row.points, "cap", f"score.{key}"))


def _criterion(sheet: _Sheet, row: SheetRow, worth: Worth, held: Holdings, *, each: bool) -> None:
    reading = read_criterion(_whole(row, held), held)
    if isinstance(reading, Reading):
        reading = _unfit(reading, row, each=each) or reading
    if isinstance(reading, NotRead):
        sheet.lose(row, reading.reason, reading.remedy)
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
    above = read_heading(row.of) if row.of else None
    dimension = (above[0] if above is not None else None) or sheet.heading or reading.dimension
    otherwise = read_worth(row.otherwise).points if row.otherwise else None
    sheet.rows.append(_Read(row, reading, points, dimension, otherwise))
    sheet.entries.append(Entry(row.place, row.criterion, row.points, "rule"))


def _unfit(reading: Reading, row: SheetRow, *, each: bool) -> NotRead | None:
    """What the model language, or what the cells of points say, does not allow of a reading."""
    wrong = flaw(_plain(reading.when)) if reading.when else flaw(_plain(reading.each), each=True)
    if wrong:
        return NotRead(f"The model language expects {wrong}.", "Say it in other words.")
    if each and not reading.each:
        return NotRead("Points for each need events, and it is not read as one.", "Say what a lead does each time.")
    if row.otherwise and reading.each:
        return NotRead("Points for each event, and points for the others.", "Write a row of its own for each.")
    return None


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
    for assumed, decide in (*reading.asked, *row.remarks):
        sheet.ask(row, assumed, decide, name)


def _rules(sheet: _Sheet) -> list[dict[str, Any]]:
    """The rules, in the order of their first rows; rows about the same subject are cases of one."""
    groups: dict[tuple[object, ...], list[_Read]] = {}
    for number, read in enumerate(sheet.rows):
        alone = not read.reading.alike or read.otherwise is not None
        alike = (number,) if alone else (read.reading.alike, read.dimension, read.points < 0)
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
    if first.otherwise is not None:
        cases = [{"when": _plain(reading.when), "points": plain_number(first.points)}]
        return {**rule, "cases": cases, "default": plain_number(first.otherwise)}
    kind = {"when": _plain(reading.when)} if reading.when else {"each": _plain(reading.each)}
    limit = {"limit": _plain(reading.limit)} if reading.limit else {}
    return {**rule, **kind, "points": plain_number(first.points), **limit}


def _ask(sheet: _Sheet, read: _Read, name: str) -> None:
    for assumed, decide in read.reading.asked:
        sheet.ask(read.row, assumed, decide, name)
    for assumed, decide in read.row.remarks:
        sheet.ask(read.row, assumed, decide, name, again=True)
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
