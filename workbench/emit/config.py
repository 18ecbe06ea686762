"""The portable config: a model as one JSON document, for whatever scores leads."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from workbench.model import Model

FORMAT = "lead-scoring-config/1"
ORDER = (
    "variant",
    "event filter",
    "window",
    "limit per distinct value",
    "limit per day",
    "limit of events",
    "decay",
    "sum",
    "limit of points",
    "rule cap",
    "rule weight",
    "group cap",
    "inactivity",
    "dimension weight",
    "dimension cap",
    "combine",
    "transform",
    "total cap",
    "round",
    "tier",
    "gates",
)
MOST_LETTERS = 60


def emit_json(model: Model, *, blocks: Mapping[str, Any] | None = None) -> str:
    """The model as the text of a portable config; the same model gives the same text.

    The document's keys are `format`, `name`, `version`, `digests` (scoring, document), `tiers` (every tier that a lead
    can get: the model's from lowest to highest, then those that only a gate gives), `order` (of evaluation; all
    arithmetic is in integer thousandths of a point), `model` (under the keys of the model file, defaults filled in:
    it reads back as the same model), then the blocks.

    Args:
        model: the model.
        blocks: what else the document is to say, by key; the keys above cannot be replaced.

    >>> from workbench.model import parse_model
    >>> small = parse_model('''
    ... format: lead-scoring-model/1
    ... name: small
    ... dimensions: {fit: {}}
    ... rules: [{id: eu, in: fit, when: {field: region, equals: EU}, points: 5}]
    ... ''')
    >>> json.loads(emit_json(small))["name"]
    'small'
    """
    names = [tier.name for tier in model.tiers]
    given = [gate.tier for gate in model.gates if model.takes_out(gate)]
    document = {
        "format": FORMAT,
        "name": model.name,
        "version": model.version,
        "digests": {"scoring": model.scoring_digest, "document": model.document_digest},
        "tiers": list(dict.fromkeys([*names, *given])),
        "order": list(ORDER),
        "model": model.plain(),
    }
    document = {**document, **{key: value for key, value in (blocks or {}).items() if key not in document}}
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def config_name(model: Model) -> str:
    """A safe name for the config's file, whatever the model is called.

    >>> from types import SimpleNamespace
    >>> config_name(SimpleNamespace(name="../Büro: Inbound", version=4))
    'buro-inbound-v4.json'
    """
    letters = unicodedata.normalize("NFKD", model.name.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:MOST_LETTERS].strip("-")
    return f"{slug or 'model'}-v{model.version}.json"
