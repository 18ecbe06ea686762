"""A missing value is on no list, and neither above nor below another field: a negation of that earns points."""

from __future__ import annotations

import pytest

import workbench as wb

HEAD = "format: lead-scoring-model/1\nname: a\ndimensions: {fit: {}}\nrules: [{id: r, in: fit, points: 5, when: %s}]"
LISTED = "{not: {field: domain, one_of: {list: free}}}"


@pytest.mark.parametrize(
    ("when", "found"),
    [
        (LISTED, True),
        ("{not: {field: employees, at_least: {field: seats}}}", True),
        ("{not: {field: employees, at_least: {account_field: seats}}}", True),
        ("{field: domain, one_of: {list: free}}", False),
        ("{field: employees, at_least: {field: seats}}", False),
        ("{not: {field: domain, one_of: {list: free}, missing: true}}", False),
        (f"{{all: [{{field: domain, known: true}}, {LISTED}]}}", False),
    ],
)
def test_a_missing_value_that_earns_points_is_found_beside_lists_and_other_fields(when: str, *, found: bool) -> None:
    codes = [each.code for each in wb.lint(wb.parse_model(HEAD % when)).findings]
    assert ("L141" in codes) == found
