"""The small vocabulary of random models and pasts: hostile texts and names, boundary numbers, and their mapping."""

from __future__ import annotations

import json

from workbench.oracle import Fact

START_US = 1_740_787_200_000_000  # 2025-03-01, so pasts span a switch of clocks
UNTIL = "2029-01-01T00:00:00Z"
OUTCOME = "won"
AGES = (1, 7, 14, 30)
WITHIN = (1, 2, 7, 14, 30, 90)
HALF_LIVES = (1, 3, 7, 14, 30)
LOADER_BLANKS = " \t\r\n\u00a0"

TEXTS = (
    *("VP of Sales", "vp", "Vp, Marketing ", "  vp", "MVP", "r&d-VP", "vp_ops", "Chief\tof Staff", "chief-of-staff"),
    *('O\'Brien "x"', "''", "--", "/* x */", "; drop table leads", "100%", "%", "_", "a_b", "axb"),
    *("back\\slash", "\\", "\\n", "naïve café", "日本 株式会社", "🙂 vp 🙂", "ﬁn vp"),
    *("ÄRZTE", "ärzte", "Straße", "STRASSE", "İstanbul", "istanbul", "\u212a", "k"),
    *("\u00a0vp", "vp\u00a0", "\x0bvp\x0b", "\x1fvp", "vp\x7f", "line\nbreak", "line break", "cr\r\n", "\tTab\t"),
    *("a.b*c", "[x]", "^x$", "$1", "{0}", ":name", "?", "NULL", "null", "nan", "true", "007", "1e3", "-0.0", "A", "a"),
    *("eu", "EU", "Eu ", "gmail.com", "GMail.com", "rival.com"),
)
NUMBERS = (0.0, 1.0, -1.0, 2.5, 0.3, 0.1 + 0.2, 0.001, -0.001, 999.999, 1000.0, 1000.001, 1e15, 1e15 - 1, -1e15, 1e-9)
BOOLEANS = (True, False)
POINTS = (
    *(15, 12, 10, 8, 5, 5, 4, 3, 2.5, 1, 0.5, 0.001, 12.345, 100, 1_000_000),
    *(-8, -5, -3, -2, -0.5, -0.001, -7.777, -100, 0),
)
EVENTS = ("page_view", "Page_View", "email click", "démo 🙂", 'o\'k "x" %_\\', "any")

FIELDS = {
    "job_title": "text",
    "region": "text",
    "we\"ird 'field' %": "text",
    "lead": "text",
    "größe": "number",
    "employees": "number",
    "opted in": "boolean",
}
ACCOUNT_FIELDS = {"industry": "text", "lead": "number", "is_target": "boolean"}
PROPERTIES = {"page": "text", 'amo"unt': "number", "at_us": "boolean"}
LISTS = {
    "regions": ("EU", "vp", "ÄRZTE", "100%"),
    'li\'st "x" %': ('o\'brien "x"', "back\\slash", "_", "a_b", "gmail.com"),
}
POOLS: dict[str, tuple[Fact, ...]] = {"text": TEXTS, "number": NUMBERS, "boolean": BOOLEANS}
DTYPES = {"text": "str", "number": "float64", "boolean": "boolean"}

MAPPING = json.dumps(
    {
        "format": "lead-history/1",
        "until": UNTIL,
        "budget": 0,
        "leads": {
            "file": "leads",
            "id": "lead_id",
            "account": "account_id",
            "created_at": "created_at",
            "known": "creation",
        },
        "accounts": {"file": "accounts", "id": "account_id", "known": "creation"},
        "events": {"file": "events", "lead": "lead_id", "at": "occurred_at", "event": "event", "properties": "all"},
        "stages": {"file": "stages", "lead": "lead_id", "stage": "stage", "at": "at", "amount": "amount"},
        "lists": {name: list(values) for name, values in LISTS.items()},
    },
    ensure_ascii=False,
)
