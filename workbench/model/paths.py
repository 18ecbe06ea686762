"""Paths into a model: `rules.seniority.cases[0].points`."""

from __future__ import annotations

import json
import re

STEP = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.\[\]]+')


def steps(path: str) -> list[str | int]:
    """The keys and indexes of a path; items of lists go by id, name or index.

    A key that holds a dot or a bracket stands in brackets and double quotes, as JSON writes texts.

    >>> steps("rules.seniority.cases[0].points")
    ['rules', 'seniority', 'cases', 0, 'points']
    >>> steps('rules.free_email.map.points["gmail.com"]')
    ['rules', 'free_email', 'map', 'points', 'gmail.com']
    """
    return [_step(text) for text in STEP.findall(path)]


def under(path: str, name: str) -> str:
    """The path of what is called `name` below a path.

    >>> under("dimensions", "fit"), under("rules.free.map.points", "gmail.com")
    ('dimensions.fit', 'rules.free.map.points["gmail.com"]')
    """
    plain = re.fullmatch(r"[^.\[\]]+", name)
    return f"{path}.{name}" if plain else f"{path}[{json.dumps(name, ensure_ascii=False)}]"


def _step(text: str) -> str | int:
    if text.startswith('["'):
        return str(json.loads(text[1:-1]))
    return int(text[1:-1]) if text.startswith("[") else text
