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
    *(15, 12, 10, 8, 5, 5, 4, 3, 2.5, 1, 0.5, 0.001, 0.003, 0.125, 12.345, 1.005, 100, 1_000_000),
    *(-8, -5, -3, -2.5, -1.5, -0.5, -0.5, -0.001, -7.777, -12.345, -1.625, -100, 0),
)
EVENTS = ("page_view", "Page_View", "email click", "démo 🙂", 'o\'k "x" %_\\', "any")

FIELDS = {
    "job_title": "text",
    "region": "text",
    "we\"ird 'field' %": "text",
    "lead": "text",
    "stage": "text",
    "größe": "number",
    "employees": "number",
    "opted in": "boolean",
    "trial ends": "time",
    "last_login": "time",
}
"""Columns of leads by kind. Nobody sees the column `stage`: the built-in field wins over it."""
BUILT_IN = {"stage": "text", "created_at": "time", "recorded_score": "number"}
ACCOUNT_FIELDS = {"industry": "text", "lead": "number", "is_target": "boolean", "renewal": "time"}
PROPERTIES = {
    "page": "text",
    "stage": "text",
    'amo"unt': "number",
    "seats": "number",
    "at_us": "boolean",
    "due at": "time",
}
CHANGED = ("region", "employees", "opted in", "last_login")
"""Fields of leads that the table of changes speaks of."""
STAGES = ("mql", "MQL", "sql", "ünd", "EU", "vp of sales")
IDS = ("L-{}", "l-{}", "ü{}", "o'{}", '"{}', "%_{}", "日{}", "0{}")
ACCOUNTS = ("A{}", "a{}", "ö{}", "x y{}")
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia")
OFFSETS = (0, 60, 120, -300, -240, 345, 825)
"""Minutes east of Greenwich, for times that are written as texts."""
MOMENTS = (
    *("2025-03-30T01:00:00Z", "2025-03-30", "2025-03-30T02:30:00+01:00", "2025-04-01T00:00:00.000001Z"),
    *("2025-03-09T02:59:59.999999-05:00", "2025-05-01", "2025-04-15T12:00Z", "2025-03-20T00:00:00+05:45"),
)
"""Around the switches of clocks in Europe and in America."""
REGEXES = ("vp|chief", "^vp", "(?:eu|EU)", "[0-9]{3}", "a[_.]b", "%", "^[A-Z][a-z]+", "gmail\\.com", "x?y")
GLOBS = (
    "*",
    "?*",
    "a_b*",
    "*_*",
    "?_?",
    "10%*",
    "vp*",
    "*vp",
    "*vp_*",
    "_?",
    "a_b",
    "*_com",
    "[x]",
    "*%",
    "*\\*",
    "ä*",
    "*_* *",
    "?\u00e4?",
    "🙂*🙂",
)
SHARES = ("0%", "10%", "25%", "33.3333%", "50%", "99.9999%", "100%", 0.125)
WEIGHTS = (0, 0.001, 0.333, 0.5, "30%", 1, 1.5, 2, 3)
LISTS = {
    "lead ids": tuple(one.format(n) for n in range(0, 40, 2) for one in IDS[n % 3 :: 2]),
    "accounts": tuple(one.format(n) for n in range(0, 14, 2) for one in ACCOUNTS[n % 3 :: 2]),
    "regions": ("EU", "vp", "ÄRZTE", "100%"),
    'li\'st "x" %': ('o\'brien "x"', "back\\slash", "_", "a_b", "gmail.com"),
}
POOLS: dict[str, tuple[Fact, ...]] = {"text": TEXTS, "number": NUMBERS, "boolean": BOOLEANS}
DTYPES = {"text": "str", "number": "float64", "boolean": "boolean", "time": "time"}

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
            "types": {"trial ends": "time"},
        },
        "accounts": {"file": "accounts", "id": "account_id", "known": "creation"},
        "events": {
            "file": "events",
            "lead": "lead_id",
            "at": "occurred_at",
            "event": "event",
            "properties": "all",
            "types": {"due at": "time"},
        },
        "stages": {"file": "stages", "lead": "lead_id", "stage": "stage", "at": "at", "amount": "amount"},
        "changes": {"file": "changes", "lead": "lead_id", "field": "field", "value": "value", "old": "old", "at": "at"},
        "scores": {"file": "scores", "lead": "lead_id", "at": "at", "score": "score"},
        "lists": {name: list(values) for name, values in LISTS.items()},
    },
    ensure_ascii=False,
)
