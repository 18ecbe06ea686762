"""HubSpot's property operations as tests of the model language.

Their published schema (Lead Scoring 2026-09 beta) types the operations and leaves the operators as free texts. Those
read here are the ones of HubSpot's list filters and of its search; any other is refused with its name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from workbench.drafts.reading import NotRead

Test = dict[str, Any]
_SAME = {"EQ", "EQUALS", "EQUAL", "EQUAL_TO", "IS", "IS_EQUAL_TO", "IS_EXACTLY", "SET_EQ"}
_OTHER = {"NEQ", "NE", "NOT_EQUALS", "NOT_EQUAL_TO", "IS_NOT", "IS_NOT_EQUAL_TO", "IS_NOT_EXACTLY"}
_ANY = {"IN", "IS_ANY_OF", "IS_ANY", "ANY_OF", "SET_ANY"}
_NONE = {"NOT_IN", "IS_NONE_OF", "IS_NOT_ANY_OF", "NONE_OF", "SET_NOT_ANY"}
_HAS = {"CONTAINS", "CONTAINS_ANY", "CONTAINS_ANY_OF"}
_HAS_NOT = {"NOT_CONTAINS", "DOES_NOT_CONTAIN", "DOES_NOT_CONTAIN_ANY"}
_KNOWN = {"HAS_PROPERTY", "IS_KNOWN", "KNOWN", "HAS_VALUE", "IS_NOT_EMPTY", "IS_NOT_BLANK", "EXISTS", "IS_SET"}
_MISSING = {
    "NOT_HAS_PROPERTY",
    "IS_UNKNOWN",
    "UNKNOWN",
    "HAS_NO_VALUE",
    "IS_EMPTY",
    "IS_BLANK",
    "NOT_EXISTS",
    "IS_NOT_SET",
}
_TOKEN = {"CONTAINS_TOKEN", "HAS_WORD"}
_ABOVE = {
    **dict.fromkeys(("GT", "GREATER_THAN", "IS_GREATER_THAN", "ABOVE"), "above"),
    **dict.fromkeys(("GTE", "GREATER_OR_EQUAL", "IS_GREATER_THAN_OR_EQUAL_TO", "GREATER_THAN_OR_EQUAL_TO"), "at_least"),
    **dict.fromkeys(("LT", "LESS_THAN", "IS_LESS_THAN", "BELOW"), "below"),
    **dict.fromkeys(("LTE", "LESS_OR_EQUAL", "IS_LESS_THAN_OR_EQUAL_TO", "LESS_THAN_OR_EQUAL_TO"), "at_most"),
}
_BEFORE = {"BEFORE", "IS_BEFORE", "IS_BEFORE_DATE", "LT", "IS_LESS_THAN"}
_AFTER = {"AFTER", "IS_AFTER", "IS_AFTER_DATE", "GT", "IS_GREATER_THAN"}
_BETWEEN = {"BETWEEN", "IS_BETWEEN"}
_NOT_BETWEEN = {"NOT_BETWEEN", "IS_NOT_BETWEEN"}
_TEXTS = {"STARTS_WITH": "starts_with", "BEGINS_WITH": "starts_with", "ENDS_WITH": "ends_with"}
_ROLLING = {
    "IS_LESS_THAN_X_DAYS_AGO": "within",
    "LESS_THAN_X_DAYS_AGO": "within",
    "IN_LAST_X_DAYS": "within",
    "WITHIN_LAST_X_DAYS": "within",
    "IS_MORE_THAN_X_DAYS_AGO": "older_than",
    "MORE_THAN_X_DAYS_AGO": "older_than",
    "IS_LESS_THAN_X_DAYS_FROM_NOW": "in_next",
    "LESS_THAN_X_DAYS_FROM_NOW": "in_next",
    "IN_NEXT_X_DAYS": "in_next",
}
_UPDATED = {"UPDATED_IN_LAST_X_DAYS", "IS_UPDATED_IN_LAST_X_DAYS"}
_NOT_UPDATED = {"NOT_UPDATED_IN_LAST_X_DAYS", "IS_NOT_UPDATED_IN_LAST_X_DAYS"}
MOST_DAYS = 99_999
_MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER"),
    "DECEMBER",
)


def read_operation(subject: Mapping[str, str], operation: Any) -> Test | NotRead:
    """The test that an operation asks of a field.

    Args:
        subject: `{"field": name}` or `{"account_field": name}`.
        operation: as in the JSON: operationType, operator, includeObjectsWithNoValueSet and its arguments.

    Returns:
        A condition as a model file has it; `includeObjectsWithNoValueSet` becomes `missing: true`.
    """
    if not isinstance(operation, Mapping):
        return NotRead("An operation is a set of keys.", "Export the score once more.")
    kind = str(operation.get("operationType") or operation.get("type") or "").upper()
    operator = str(operation.get("operator") or "").upper().replace(" ", "_")
    read = _READERS.get(kind)
    if read is None:
        return NotRead(
            f"Operations of type '{kind or 'none'}' have no counterpart here.",
            "Write the test by hand, or leave it out.",
        )
    reading = _Reading(dict(subject), operation, operator, operation.get("includeObjectsWithNoValueSet") is True)
    try:
        found = reading.known() or read(reading)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as wrong:
        return NotRead(
            f"Its arguments cannot be read ({type(wrong).__name__}: {wrong}).", "Export the score once more."
        )
    return (
        found
        if found is not None
        else NotRead(
            f"The operator '{operator or 'none'}' of {kind} is not known.",
            "Say in words what it asks, and write that test.",
        )
    )


class _Reading:
    """One operation on one field."""

    def __init__(self, subject: Test, operation: Mapping[str, Any], operator: str, empty: bool) -> None:
        self.subject, self.operation, self.operator, self.empty = subject, operation, operator, empty

    def test(self, **comparison: Any) -> Test:
        """The test; a missing value passes where the operation includes objects without one."""
        return {**self.subject, **comparison, **({"missing": True} if self.empty else {})}

    def opposite(self, **comparison: Any) -> Test:
        """Its opposite: a missing value still passes only where the operation includes objects without one."""
        return {"not": {**self.subject, **comparison, **({} if self.empty else {"missing": True})}}

    def known(self) -> Test | None:
        """Operators on whether there is a value; they go with every type."""
        if self.operator in _KNOWN | _MISSING:
            return {**self.subject, "known": self.operator in _KNOWN}
        return None

    def all_of(self, *comparisons: Test) -> Test:
        """Several tests of the field together."""
        return {"all": [self.test(**each) for each in comparisons]}


def _bool(reading: _Reading) -> Test | None:
    if reading.operator in {"IS_TRUE", "IS_FALSE"}:
        return reading.test(equals=reading.operator == "IS_TRUE")
    value = reading.operation["value"]
    wanted = value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]
    if reading.operator in _SAME:
        return reading.test(equals=wanted)
    return reading.opposite(equals=wanted) if reading.operator in _OTHER else None


def _number(reading: _Reading) -> Test | None:
    value = _plain_number(reading.operation["value"])
    if reading.operator in _ABOVE:
        return reading.test(**{_ABOVE[reading.operator]: value})
    if reading.operator in _SAME:
        return reading.test(equals=value)
    return reading.opposite(equals=value) if reading.operator in _OTHER else None


def _number_range(reading: _Reading) -> Test | None:
    low, high = (_plain_number(reading.operation[key]) for key in ("lowerBound", "upperBound"))
    both = ({"at_least": low}, {"at_most": high})
    if reading.operator in _BETWEEN:
        return reading.all_of(*both)
    if reading.operator in _NOT_BETWEEN:
        return {"any": [reading.test(below=low), reading.test(above=high)]}
    return None


def _text(reading: _Reading) -> Test | None:
    operation = reading.operation
    given = operation["values"] if "values" in operation else [operation["value"]]
    values = [str(each) for each in ([given] if isinstance(given, str) else given)]
    if not values or not all(values):
        raise ValueError("a text without signs")
    if not "".join(values).isprintable():
        raise ValueError("a text with signs that do not print")
    operator = reading.operator
    equal: Test = {"equals": values[0]} if len(values) == 1 else {"one_of": values}
    if operator == "CONTAINS_ALL":
        return reading.all_of(*({"contains_any": [value]} for value in values))
    if operator in {"IS_EXACTLY", "IS_NOT_EXACTLY"} and len(values) > 1:
        return None  # exactly these choices of several: one field holds one value here
    if operator in _SAME | _ANY:
        return reading.test(**equal)
    if operator in _OTHER | _NONE:
        return reading.opposite(**equal)
    if operator in _HAS:
        return reading.test(contains_any=values)
    if operator in _HAS_NOT:
        return reading.opposite(contains_any=values)
    if operator in _TOKEN:
        return reading.test(has_word=values)
    return reading.test(**{_TEXTS[operator]: values}) if operator in _TEXTS else None


def _date(reading: _Reading) -> Test | None:
    operation = reading.operation
    month = str(operation["month"]).upper()
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
    day = dt.date(int(operation["year"]), number, int(operation["day"]))
    return _around(reading, day.isoformat(), (day + dt.timedelta(days=1)).isoformat())


def _datetime(reading: _Reading) -> Test | None:
    at = int(reading.operation["timestamp"])
    return _around(reading, _moment(at), _moment(at + 1))


def _around(reading: _Reading, start: str, end: str) -> Test | None:
    """Tests against a stretch of time [start, end): a day, or a millisecond."""
    if reading.operator in _BEFORE:
        return reading.test(before=start)
    if reading.operator in _AFTER:
        return reading.test(after=end)
    return reading.all_of({"after": start}, {"before": end}) if reading.operator in _SAME else None


def _date_range(reading: _Reading) -> Test | None:
    low, high = (int(reading.operation[key]) for key in ("lowerBound", "upperBound"))
    if reading.operator in _BETWEEN:
        return reading.all_of({"after": _moment(low)}, {"before": _moment(high + 1)})
    if reading.operator in _NOT_BETWEEN:
        return {"any": [reading.test(before=_moment(low)), reading.test(after=_moment(high + 1))]}
    return None


def _rolling(reading: _Reading) -> Test | None:
    found = _ROLLING.get(reading.operator)
    return None if found is None else reading.test(**{found: _days(reading.operation["numberOfDays"])})


def _updated(reading: _Reading) -> Test | None:
    test: Test = {**reading.subject, "changed_within": _days(reading.operation["numberOfDays"])}
    if reading.operator in _UPDATED:
        return test
    return {"not": test} if reading.operator in _NOT_UPDATED else None


def _known_only(_: _Reading) -> Test | None:
    return None


def _compared(reading: _Reading) -> Test | None:
    if reading.operation.get("defaultComparisonValue") not in (None, ""):
        raise ValueError("a default value for the other property has no counterpart")
    other = {next(iter(reading.subject)): str(reading.operation["comparisonPropertyName"])}
    kind = str(reading.operation["operationType"]).upper()
    if kind == "COMPARATIVE_DATE":
        if reading.operator in _BEFORE:
            return reading.test(before=other)
        return reading.test(after=other) if reading.operator in _AFTER else None
    if kind == "COMPARATIVE_NUMBER" and reading.operator in _ABOVE:
        return reading.test(**{_ABOVE[reading.operator]: other})
    if reading.operator in _SAME:
        return reading.test(equals=other)
    return reading.opposite(equals=other) if reading.operator in _OTHER else None


def _time_range(reading: _Reading) -> Test | None:
    """`between N days before now and now`; other stretches are not known."""
    low, high = (reading.operation[key] for key in ("lowerBoundTimePoint", "upperBoundTimePoint"))
    start, end = _offset(low), _offset(high)
    if reading.operator not in _BETWEEN or start is None or end != 0 or start >= 0:
        return None
    return reading.test(within=_days(-start))


def _offset(point: Mapping[str, Any]) -> int | None:
    """Whole days from now (or today) of an indexed time point; None if it is anything else."""
    reference = point.get("indexReference") or {}
    offset = {key: int(value) for key, value in (point.get("offset") or {}).items() if value}
    if point.get("timeType") != "INDEXED" or reference.get("referenceType") not in {"NOW", "TODAY"}:
        return None
    if set(offset) - {"days", "weeks"}:
        return None
    return offset.get("days", 0) + 7 * offset.get("weeks", 0)


_READERS: dict[str, Callable[[_Reading], Test | None]] = {
    "BOOL": _bool,
    "NUMBER": _number,
    "NUMBER_RANGED": _number_range,
    "STRING": _text,
    "MULTISTRING": _text,
    "ENUMERATION": _text,
    "DATE": _date,
    "DATETIME": _datetime,
    "RANGED_DATE": _date_range,
    "ROLLING_DATE_RANGE": _rolling,
    "ROLLING_PROPERTY_UPDATED": _updated,
    "ALL_PROPERTY": _known_only,
    "COMPARATIVE_DATE": _compared,
    "COMPARATIVE_NUMBER": _compared,
    "COMPARATIVE_STRING": _compared,
    "TIME_RANGED": _time_range,
}


def _plain_number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError("not a number")
    number = float(value)
    if number != number or abs(number) > 1e15:
        raise ValueError("not a number that can be compared")
    return int(number) if number == int(number) else number


def _days(value: Any) -> str:
    days = int(value)
    if not 0 < days <= MOST_DAYS:
        raise ValueError(f"{days} days")
    return f"{days}d"


def _moment(milliseconds: int) -> str:
    at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=milliseconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f").zfill(26) + "Z"
