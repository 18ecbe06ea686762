"""How a backtest is set up: when leads are observed, what counts as success, for whom, and how time is split."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    PrivateAttr,
    Tag,
    WithJsonSchema,
    model_validator,
)

from workbench.document import Document, digest, read_document, spelled
from workbench.errors import PlanError
from workbench.model.conditions import Condition
from workbench.parsing import Days, Points, Share, Value, fault, parse, plain_number


class Age(Value):
    """Each lead once, this long after it was created (`at: 14d` in the file)."""

    age: Days


class Every(Value):
    """All open leads at the first instant of each calendar period, in UTC."""

    every: Literal["week", "month", "quarter"]


class Entered(Value):
    """Each lead once, at the moment it first entered a stage."""

    stage: Annotated[str, Field(min_length=1)]


PERIODS = ("week", "month", "quarter")


def _at(value: Any) -> Any:
    if isinstance(value, str):
        return value if value == "recorded" else {"age": value}
    if isinstance(value, dict) and "every" in value and value["every"] not in PERIODS:
        remedy = "Use one of these."
        raise fault("every: week, month or quarter", remedy, found=repr(value["every"]), at=("every",))
    if (isinstance(value, dict) and set(value) not in ({"every"}, {"stage"})) or not isinstance(value, (dict, Value)):
        raise fault(
            "an age such as 14d, {every: month}, {stage: mql} or recorded", "Say when each lead is to be observed."
        )
    return value


def _kind_of_at(value: Any) -> str:
    if isinstance(value, (str, Age)):
        return "<recorded>" if value == "recorded" else "<age>"
    if isinstance(value, dict) and "age" in value:
        return "<age>"
    return "<every>" if isinstance(value, Every) or (isinstance(value, dict) and "every" in value) else "<stage>"


At = Annotated[
    Annotated[Literal["recorded"], Tag("<recorded>")]
    | Annotated[Age, Tag("<age>")]
    | Annotated[Every, Tag("<every>")]
    | Annotated[Entered, Tag("<stage>")],
    Discriminator(_kind_of_at),
    BeforeValidator(_at),
    PlainSerializer(lambda at: f"{at.age}d" if isinstance(at, Age) else at),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": "^([1-9][0-9]{0,4}d|recorded)$"},
                {
                    "type": "object",
                    "properties": {"every": {"enum": ["week", "month", "quarter"]}},
                    "required": ["every"],
                },
                {"type": "object", "properties": {"stage": {"type": "string"}}, "required": ["stage"]},
            ]
        }
    ),
]


def _gap(value: Any) -> Any:
    return value if value == "horizon" else {"days": value}


class GapDays(Value):
    """A gap of whole days."""

    days: Days


class Split(Value):
    """How observations are parted into train, validation and the sealed test.

    Attributes:
        by: `time` (earlier trains, later judges, a gap between), `account` or `lead` (by hash; weaker, for data too
            short in time or without dates), `part` (given in the data; an account whose leads are in several parts
            is in none).
        test, validation: shares of the observations that are kept.
        gap: at least the horizon, so that no outcome window of one part reaches into the next.
    """

    by: Literal["time", "account", "lead", "part"]
    test: Share = 0.2
    validation: Share = 0.2
    gap: Annotated[
        Literal["horizon"] | GapDays,
        BeforeValidator(_gap),
        PlainSerializer(lambda gap: gap if gap == "horizon" else f"{gap.days}d"),
        WithJsonSchema({"type": "string", "pattern": "^(horizon|[1-9][0-9]{0,4}d)$"}),
    ] = "horizon"

    @model_validator(mode="after")
    def _leaves_train(self) -> Self:
        if self.test + self.validation >= 1 or not (self.test and self.validation):
            raise fault(
                "test and validation above 0% and below 100% together",
                "Leave a share for each part; without 'split' everything is judged and nothing held back.",
            )
        return self


class Worth(Value):
    """What a contact costs and what a win is worth, in one currency.

    `win: amount` takes the amount recorded with the outcome's stage.
    """

    contact_cost: Annotated[Points, Field(ge=0)]
    win: Annotated[
        Literal["amount"] | Annotated[Points, Field(ge=0)],
        PlainSerializer(lambda win: win if win == "amount" else plain_number(win)),
    ]


class Capacity(Value):
    """How many leads sales can work in a period."""

    per: Literal["day", "week", "month"]
    leads: Annotated[int, Field(ge=1)]


class Population(Value):
    """Whose observations count."""

    when: Condition


class Plan(Value):
    """A backtest's set-up, as read from a plan file.

    Attributes:
        unit: whose observations they are. With `account` one observation is one account at one as_of: `at` counts
            from its first lead's creation, the outcome is the first that one of its leads reaches, and its score is
            made from the scores of all its leads that were created before as_of, each as known then.
        outcome: the stage that counts as success; left out where the data has its outcome in the row.
        at: when each lead is observed.
        closed: stages that end a lead's being open, for calendar observations; an account is open while one of its
            leads is.
        horizon: the outcome counts if it is reached in [as_of, as_of + horizon).
        population: a condition on what was known at as_of; others are left out and counted. An account is in it if
            one of its leads is.
        split: see `Split`; without it everything is judged and nothing is held back.
        cluster: what is resampled together; `account` where accounts exist, else `lead`.
        value, capacity: money and manpower, for net value and cut-offs.
        segments: fields to report apart: of the lead, or else of its account; of accounts only their own.
        bands: lower edges of score bands; without it edges are chosen from the scores.
        tier: the tier that false positives and negatives are about; without it the first one above the lowest.
        allow_undated: fields whose date is not known may be used all the same.
        seed: of everything random.
    """

    format: Literal["lead-scoring-plan/1"] = "lead-scoring-plan/1"
    name: str = ""
    about: str = ""
    unit: Literal["lead", "account"] = "lead"
    outcome: Annotated[str, Field(min_length=1)] | None = None
    at: At
    horizon: Days | None = None
    closed: tuple[str, ...] = ("lost",)
    population: Population | None = None
    split: Split | None = None
    cluster: Literal["account", "lead"] | None = None
    value: Worth | None = None
    capacity: Capacity | None = None
    segments: tuple[str, ...] = ()
    bands: tuple[float, ...] = ()
    tier: str | None = None
    allow_undated: bool | tuple[str, ...] = False
    seed: Annotated[int, Field(ge=0)] = 7

    _document: Document | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.at != "recorded":
            for name in ("outcome", "horizon"):
                if getattr(self, name) is None:
                    remedy = f"Add '{name}:', or use at: recorded."
                    raise fault(f"'{name}' beside at: {_spelled(self.at)}", remedy, found="none", at=(name,))
        if self.split is not None and self.split.by == "time" and self.gap_days < (self.horizon or 0):
            remedy = "Write 'gap: horizon', or leave 'gap' out: else outcomes of one part reach into the next."
            expected = f"a gap of at least the horizon, {self.horizon}d"
            raise fault(expected, remedy, found=f"{self.gap_days}d", at=("split", "gap"))
        if any(low >= high for low, high in zip(self.bands, self.bands[1:], strict=False)):
            raise fault("bands in ascending order", "Sort the edges.", found=str(list(self.bands)), at=("bands",))
        return self

    @model_validator(mode="after")
    def _of_accounts(self) -> Self:
        if self.unit == "account":
            remedy = "Write 'account', or 'unit: lead'."
            if self.split is not None and self.split.by == "lead":
                raise fault("time, account or part beside unit: account", remedy, found="lead", at=("split", "by"))
            if self.cluster == "lead":
                raise fault("account beside unit: account", remedy, found="lead", at=("cluster",))
        return self

    @property
    def document(self) -> Document | None:
        """The file this plan was read from, if any: for messages."""
        return self._document

    def where(self, *place: str) -> str:
        """A place of the plan for a message: with file and line if it was read from a file."""
        return self._document.where(place) if self._document is not None else f"plan {spelled(place)}".strip()

    def __eq__(self, other: object) -> bool:
        return self.plain() == other.plain() if isinstance(other, Plan) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def digest(self) -> str:
        """SHA-256 of the plan, defaults filled in, without its name and description."""
        data = self.plain()
        return digest({key: value for key, value in data.items() if key not in {"name", "about"}})

    def plain(self) -> dict[str, Any]:
        """The plan as plain data under the file's keys, defaults filled in."""
        data: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return data

    def allows_undated(self, field: str) -> bool:
        """Whether a field of unknown date may be used."""
        return self.allow_undated if isinstance(self.allow_undated, bool) else field in self.allow_undated

    @property
    def gap_days(self) -> int:
        """Days between the end of one part's observations and the start of the next part's."""
        if self.split is None or self.split.gap == "horizon":
            return self.horizon or 0
        return self.split.gap.days


def _spelled(at: Any) -> str:
    return f"{at.age}d" if isinstance(at, Age) else f"{{{next(iter(at.model_dump().items()))[0]}: …}}"


def read_plan(source: str | Path) -> Plan:
    """Read a plan file.

    Raises:
        PlanError: one problem for each fault, with file, line, place, what was expected, found, and a remedy.
    """
    return parse_plan(read_document(Path(source), PlanError))


def parse_plan(document: Document | str) -> Plan:
    """The plan that a document, or YAML text, describes; raises PlanError like `read_plan`.

    >>> parse_plan("{at: 14d, outcome: won, horizon: 90d}").gap_days
    90
    """
    if isinstance(document, str):
        return parse(Plan, read_document(document, PlanError, name="plan"), PlanError)
    plan = parse(Plan, document, PlanError)
    plan._document = document
    return plan


RECORDED = Plan(at="recorded")
"""The plan for a flat table without dates: everything is judged as it was recorded."""

__all__ = [
    "RECORDED",
    "Age",
    "Capacity",
    "Entered",
    "Every",
    "Plan",
    "Population",
    "Split",
    "Worth",
    "parse_plan",
    "read_plan",
]
