from __future__ import annotations

import json
from collections.abc import Callable

import pytest


@pytest.mark.parametrize(("kind", "key"), [("model", "dimensions"), ("plan", "horizon"), ("history", "leads")])
def test_the_schema_is_one_json_document(call: Callable, kind: str, key: str) -> None:
    answer = call("schema", kind)
    found = json.loads(answer.out)
    assert (answer.code, answer.err) == (0, "")
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert key in found["properties"]
    assert found["additionalProperties"] is False
