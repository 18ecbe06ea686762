"""Words of sheets in German."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from workbench.drafts import draft_from_sheet

GERMAN = """
    Kriterium;Punkte
    Freemail;-5
    Inaktiv seit 30 Tagen;-10
    Preisseite besucht;10
    Demo angefragt;30
    Kein Login seit 2 Wochen;-5
    Direktor;10
    Geschäftsführer;20
    Branche: Größe;3
    Größe des Teams: groß;3
    Firmengröße > 500;4
    E-Mail geöffnet;1
    Webinar besucht;2
    Newsletter abgemeldet;-4
    MQL ab;50
    SQL-Schwelle;80
"""


def test_german_words_are_read(tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text(dedent(GERMAN).lstrip("\n"), encoding="utf-8")
    found = draft_from_sheet(tmp_path / "sheet.csv")
    rules = {rule.id: rule for rule in found.model.rules}
    assert found.unread == ()
    assert list(rules) == [
        *("free_email", "inactive_30d", "preisseite_page_view", "demo_request", "no_login_14d", "job_title"),
        *("industry", "groesse_des_teams", "employees", "email_open", "webinar_attended", "unsubscribe"),
    ]
    assert rules["free_email"].when.field == "email_domain"
    assert (rules["inactive_30d"].when.event, rules["inactive_30d"].when.within) == (("any",), 30)
    assert (rules["no_login_14d"].when.event, rules["no_login_14d"].when.count.equals) == (("login",), 0)
    assert [case.when.has_word for case in rules["job_title"].cases] == [("geschäftsführer",), ("direktor",)]
    assert rules["industry"].when.equals == "Größe"
    assert [(tier.name, str(tier.from_)) for tier in found.model.tiers] == [("MQL", "50"), ("SQL", "80")]
