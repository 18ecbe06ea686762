"""From the JSON of a HubSpot score (Lead Scoring, 2026-09 beta) to a draft.

Field names follow the schema that HubSpot publishes for its API; where its pages and its schema differ, both spellings
are read: maxValue and maximumValue, minValue and minimumValue, maxScore and maxScorePerCategory.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.document import spelled
from workbench.drafts.draft import Became, Draft, Entry, Question, Unread, cleaned, shortened
from workbench.drafts.hubspot_outputs import read_outputs
from workbench.drafts.hubspot_parts import COMPANY, PEOPLE, JsonPlace, Notes, Part, Parts, member, segment
from workbench.drafts.reading import slug
from workbench.drafts.written import written
from workbench.errors import DataError
from workbench.parsing import plain_number

MOST_BYTES = 20_000_000
DIMENSION = {"FIT": "fit", "INTENT": "engagement"}
_SCORE = (
    *("name", "objectTypeId", "allowedGroupTypes", "groupConfigs", "maxScore", "maxScorePerCategory", "scoreType"),
    *("scoreStatus", "createdAt", "updatedAt", "publishedAt", "lastConfigurationChangeTimestamp"),
    *("filterConfiguration", "outputConfiguration"),
)
_GROUP = (
    *("groupName", "groupCategory", "groupDecay", "ruleConfigurations"),
    *("minValue", "maxValue", "minimumValue", "maximumValue"),
)
_RULE = ("configuration", "enabled", "minValue", "maxValue", "minimumValue", "maximumValue")


def draft_from_hubspot(path: str | Path) -> Draft:
    """A model from the JSON of a HubSpot score, with the questions it leaves open and what could not be read.

    FIT becomes the dimension `fit`, INTENT `engagement`, a group a group, a rule one or several rules. A decay of a
    group stands beside each of its rules that counts events.

    Args:
        path: the score as HubSpot's API gives it; a list of scores must hold one.

    Raises:
        DataError: if the file is not such a score, or none of its rules can be read.
    """
    name = Path(path).name
    score = _score(_json(Path(path)), name)
    reading = _Reading(name)
    reading.read(score)
    if not reading.rules:
        reasons = "; ".join(f"{each[0]}: {each[2]}" for each in reading.notes.lost[:3]) or "no rules"
        raise DataError.at(
            name,
            expected="at least one rule that can be read",
            found=f"none ({reasons})",
            remedy="Write the model by hand; the messages say what each rule asks.",
        )
    return reading.draft(cleaned(str(score.get("name") or Path(path).stem)))


def is_hubspot(path: str | Path) -> bool:
    """Whether a file goes by the name of JSON."""
    return Path(path).suffix.lower() == ".json"


def _json(path: Path) -> Any:
    remedy = "Save the answer of HubSpot's API for one score (GET …/scores/{scoreId}) and name that file."
    try:
        if path.stat().st_size > MOST_BYTES:
            found = f"{path.stat().st_size:,} bytes"
            raise DataError.at(path.name, expected=f"at most {MOST_BYTES:,} bytes", found=found, remedy=remedy)
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        found = f"'{problem.strerror or type(problem).__name__}'"
        raise DataError.at(str(path), expected="a file to read", found=found, remedy="Check the path.") from None
    except (ValueError, RecursionError) as problem:
        found = cleaned(str(problem))[:80]
        raise DataError.at(path.name, expected="a JSON document", found=f"'{found}'", remedy=remedy) from None


def _score(data: Any, name: str) -> Mapping[str, Any]:
    """The one score of the document."""
    if isinstance(data, Mapping) and isinstance(data.get("results"), list):
        data = data["results"]
    if isinstance(data, list) and len(data) == 1:
        [data] = data
    if isinstance(data, Mapping) and isinstance(data.get("groupConfigs"), list):
        return data
    found = f"a list of {len(data)}" if isinstance(data, list) else "a document without it"
    raise DataError.at(
        name,
        expected="one HubSpot score, with 'groupConfigs'",
        found=found,
        remedy="Save the answer of HubSpot's API for one score (GET …/scores/{scoreId}) and name that file.",
    )


@dataclass
class _Reading:
    """What has been read so far."""

    source: str
    notes: Notes = field(default_factory=Notes)
    dimensions: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    named: list[tuple[str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def read(self, score: Mapping[str, Any]) -> None:
        """Read the whole score."""
        self.notes.known(score, (), _SCORE)
        scored = str(score.get("objectTypeId") or PEOPLE[0])
        if scored not in PEOPLE:
            what = "companies" if scored == COMPANY else f"objects of type {scored}"
            assumed = f"The score is one of {what}; here leads are scored."
            self.notes.ask(
                ("objectTypeId",), scored, assumed, "Is the lead's own score meant, or 'account: {roll_up}'?"
            )
        for number, group in enumerate(score["groupConfigs"]):
            self._group(group, ("groupConfigs", number), score, Parts(self.notes, scored=scored))
        self._caps(score)
        self._filter(score.get("filterConfiguration"))
        self.more |= read_outputs(score.get("outputConfiguration"), self.notes, list(self.dimensions), self.entries)

    def _group(self, group: Any, place: JsonPlace, score: Mapping[str, Any], parts: Parts) -> None:
        group = self.notes.known(group, place, _GROUP)
        label = cleaned(str(group.get("groupName") or f"group {place[-1]}"))
        dimension = self._dimension(group, place, score)
        home = self._id(label)
        cap = self._bounds(group, place)
        self.groups[home] = {"in": dimension, **cap}
        bounds = ", ".join(f"{key} {value}" for key, value in cap.items())
        self.entries.append(Entry(spelled(place), label, bounds, "cap", home))
        decay = self._decay(group.get("groupDecay"), (*place, "groupDecay"))
        rules = group.get("ruleConfigurations")
        for number, rule in enumerate(rules if isinstance(rules, list) else []):
            self._rule(rule, (*place, "ruleConfigurations", number), home, parts, decay)

    def _dimension(self, group: Mapping[str, Any], place: JsonPlace, score: Mapping[str, Any]) -> str:
        allowed = score.get("allowedGroupTypes")
        category = str(group.get("groupCategory") or "").upper()
        if category not in DIMENSION:
            only = [str(each) for each in allowed if str(each) in DIMENSION] if isinstance(allowed, list) else []
            events = "MULTI_UE" in json.dumps(group)
            category = only[0] if len(only) == 1 else "INTENT" if events else "FIT"
            assumed = f"The group does not say its category: {category} is assumed."
            self.notes.ask((*place, "groupCategory"), group.get("groupName"), assumed, "Fit or engagement?")
        self.dimensions.setdefault(DIMENSION[category], {})
        return DIMENSION[category]

    def _rule(self, rule: Any, place: JsonPlace, home: str, parts: Parts, decay: Mapping[str, Any]) -> None:
        rule = self.notes.known(rule, place, _RULE)
        configuration = rule.get("configuration") or {}
        calculation = configuration.get("calculation") if isinstance(configuration, Mapping) else None
        kind = cleaned(str(calculation.get("type") if isinstance(calculation, Mapping) else "none"))
        made = parts.read(calculation, (*place, "configuration", "calculation"))
        cap = self._bounds(rule, place)
        if len(made) > 1 and cap:
            reason = f"It caps the sum of {len(made)} rules; groups do not stand in groups."
            self.notes.lose((*place, "maxValue"), cap, reason, "Put the cap on the group, or on each rule.")
            cap = {}
        names = []
        for part in made:
            data = self._written(part, home, cap, decay, place)
            if rule.get("enabled") is False:
                data["enabled"] = False
            self.rules.append(data)
            names.append(data["id"])
        what = f"{kind} {', '.join(part.name for part in made)}".strip()
        became: Became = "rule" if names else "unread"
        self.entries.append(Entry(spelled(place), shortened(what), _points(made), became, ", ".join(names)))
        if not names and not any(each[0].startswith(spelled(place)) for each in self.notes.lost):
            self.notes.lose(place, what, "It has nothing that earns points.", "Leave it out.")
        if names:
            self.named.append((spelled(place), names[0]))

    def _written(
        self, part: Part, home: str, cap: Mapping[str, Any], decay: Mapping[str, Any], place: JsonPlace
    ) -> dict[str, Any]:
        data: dict[str, Any] = {"id": self._id(f"{home}_{part.name}"), "in": home, **part.says}
        if cap:
            data["cap"] = dict(cap)
        if decay and part.fades:
            data["decay"] = dict(decay)
        elif decay and "cases" in part.says and '"event"' in json.dumps(part.says):
            reason = "Points by a frequency of events do not fade here."
            self.notes.lose((*place, "groupDecay"), part.name, reason, "Write 'each' with a decay, or give a window.")
        return data

    def _decay(self, node: Any, place: JsonPlace) -> dict[str, Any]:
        if node is None:
            return {}
        node = self.notes.known(node, place, ("decayIntervalDays", "percentToDecayPerInterval"))
        every, lose = node.get("decayIntervalDays"), node.get("percentToDecayPerInterval")
        whole = all(isinstance(each, int) and not isinstance(each, bool) for each in (every, lose))
        if not whole or not 0 < int(every or 0) <= 99_999 or not 0 <= int(lose or 0) <= 100:
            self.notes.lose(place, dict(node), "A decay that cannot be read.", "Write it beside the rules by hand.")
            return {}
        if not lose:
            return {}
        assumed = f"Events lose {lose} % at every full {every} days (decay: step); HubSpot calls its logic linear."
        decide = "If points fade every day instead, write"
        days = -(-int(every or 1) * 100 // int(lose))
        self.notes.ask(place, f"{lose} % every {every} days", assumed, f"{decide} 'linear: {days}d'.")
        return {"step": {"lose": f"{lose}%", "every": f"{every}d"}}

    def _bounds(self, node: Mapping[str, Any], place: JsonPlace) -> dict[str, Any]:
        """The cap of a group or rule, in either spelling."""
        parts = Parts(self.notes)
        found: dict[str, Any] = {}
        for key, spellings in (("min", ("minValue", "minimumValue")), ("max", ("maxValue", "maximumValue"))):
            spelling = next((each for each in spellings if node.get(each) is not None), None)
            points = parts.points(node[spelling], (*place, spelling)) if spelling else None
            if points is not None:
                found[key] = points
        if found.get("min", 0) > found.get("max", found.get("min", 0)):
            self.notes.lose(place, found, "A cap whose least is above its most.", "Correct it by hand.")
            return {}
        return found

    def _caps(self, score: Mapping[str, Any]) -> None:
        """The most of each dimension and of the whole."""
        parts = Parts(self.notes)
        for key in ("maxScorePerCategory", "maxScore"):
            most = parts.points(score[key], (key,)) if score.get(key) is not None else None
            if most is None:
                continue
            if key == "maxScore":
                self.more["score"] = {"max": most}
            else:
                self.dimensions = {name: {"max": most} for name in self.dimensions}
            self.entries.append(Entry(key, key, str(most), "cap", "score.max" if key == "maxScore" else "dimensions"))

    def _filter(self, node: Any) -> None:
        """Segments that are scored, or are not: a gate."""
        if node is None:
            return
        place: JsonPlace = ("filterConfiguration",)
        node = self.notes.known(node, place, ("listFilterType", "segmentIds"))
        ids = node.get("segmentIds")
        kind = str(node.get("listFilterType")).upper()
        how = {"INCLUDES": "HAS_NO", "EXCLUDES": "HAS_AT_LEAST_ONE"}.get(kind, "")
        when = member(how, ids if isinstance(ids, list) else [])
        if when is None:
            if ids:
                self.notes.lose(place, kind, "A filter that is neither INCLUDES nor EXCLUDES.", "Write a gate by hand.")
            return
        name = self._id("not_scored")
        self.more["gates"] = [{"id": name, "when": when, "tier": "Not scored", "why": f"HubSpot: {kind} segments"}]
        self.entries.append(Entry(spelled(place), f"{kind} {ids}", "", "gate", name))
        Parts(self.notes).ask_lists(place, [segment(each) for each in ids or []])
        self.named.append((spelled(place), name))

    def _id(self, wish: str) -> str:
        taken = {*self.ids, *DIMENSION.values()}
        name, number = slug(wish), 2
        while name in taken:
            name, number = f"{slug(wish, 36)}_{number}", number + 1
        self.ids.add(name)
        return name

    def draft(self, name: str) -> Draft:
        """The draft."""
        data = {
            "format": "lead-scoring-model/1",
            "name": name[:80],
            "about": f"A draft from {self.source}; every assumption is a comment.",
            "dimensions": self.dimensions,
            "groups": self.groups,
            "rules": self.rules,
            **self.more,
        }
        questions = tuple(Question(*each, self._about(each[0])) for each in _once(self.notes.asked))
        unread = tuple(Unread(place, what, "", reason, remedy) for place, what, reason, remedy in self.notes.lost)
        opening = [f"A draft from {self.source}. Lines that begin with '?' say what was assumed, and what to decide."]
        model = written(data, opening=opening, questions=questions, unread=unread)
        return Draft(self.source, model, tuple(self.entries), questions, unread)

    def _about(self, place: str) -> str:
        """The rule or gate that a place belongs to."""
        return next((name for start, name in self.named if place.startswith(start)), "")


def _points(parts: list[Part]) -> str:
    numbers = [each["points"] for part in parts for each in (part.says.get("cases") or [part.says]) if "points" in each]
    return ", ".join(
        str(plain_number(number) if not isinstance(number, (int, float)) else number) for number in numbers[:8]
    )


def _once(asked: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    """Each question once for each thing that it is about."""
    seen: dict[tuple[str, str, str], tuple[str, str, str, str]] = {}
    for each in asked:
        seen.setdefault((each[1], each[2], each[3]), each)
    return list(seen.values())
