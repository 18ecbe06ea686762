"""The words that scoring sheets use: fields, events, titles, headings, and what they are usually called in data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Dimension = Literal["fit", "engagement", "product"]
DIMENSIONS: tuple[Dimension, ...] = ("fit", "engagement", "product")


@dataclass(frozen=True)
class FieldWords:
    """A field by the words of sheets.

    Attributes:
        words: how sheets call it (a regular expression for the whole text).
        names: how data calls it; the first is guessed where there is no data.
        scope: where it is guessed to stand.
        number: it is a number.
    """

    words: str
    names: tuple[str, ...]
    scope: Literal["lead", "account"] = "lead"
    number: bool = False


FIELDS = (
    FieldWords(
        r"(company|org(anisation|anization)?|firm|team)[ -]?size|(number of |no\.? of |# ?of )?employees?( count)?|"
        r"(company )?head ?count|employee (count|number)|size|staff|mitarbeiter(zahl)?|ftes?|"
        r"(firmen|unternehmens)größe",
        ("employees", "company_size", "number_of_employees", "employee_count", "headcount"),
        "account",
        number=True,
    ),
    FieldWords(
        r"(annual |company |yearly )?(revenues?|turnover|sales volume)|umsatz|arr",
        ("annual_revenue", "revenue", "company_revenue"),
        "account",
        number=True,
    ),
    FieldWords(r"(annual |marketing )?budget", ("budget", "annual_budget"), number=True),
    FieldWords(
        r"(target |company )?(industry|industries|sector|vertical|"
        r"branche)",
        ("industry", "sector"),
        "account",
    ),
    FieldWords(
        r"(job ?)?(title|role|position)s?|(job )?function",
        ("job_title", "title", "jobtitle", "role", "position"),
    ),
    FieldWords(r"seniority( level)?|job level|management level", ("seniority", "job_title", "title")),
    FieldWords(r"department|abteilung", ("department",)),
    FieldWords(r"countr(y|ies)|land", ("country", "country_code")),
    FieldWords(r"regions?|geograph(y|ies)|geo|territor(y|ies)|location|market", ("region", "country")),
    FieldWords(r"state|province|bundesland", ("state", "region")),
    FieldWords(r"(lead |traffic |original |utm )?(source|channel)|quelle", ("lead_source", "source", "utm_source")),
    FieldWords(r"e-?mail domain|domain", ("email_domain", "domain")),
    FieldWords(r"(work |business )?e-?mail( address)?", ("email", "email_domain")),
    FieldWords(r"(phone|mobile|telephone)( number)?|telefon", ("phone", "phone_number", "mobile")),
    FieldWords(r"(company )?(website|url)", ("website", "domain"), "account"),
    FieldWords(r"(life ?cycle )?stage", ("stage",)),
    FieldWords(r"plan|tier|edition", ("plan", "tier")),
)


@dataclass(frozen=True)
class EventWords:
    """An event by the words of sheets.

    Attributes:
        words: how sheets call it; a group `what` is its object, such as the page.
        names: how data calls it; the first is guessed where there is no data.
        dimension: where its points usually go.
        of: the property that names the object.
    """

    words: str
    names: tuple[str, ...]
    dimension: Dimension = "engagement"
    of: str = ""


_OUR = r"(?:(?:an?|our|the|any|your)\b *)?"
EVENTS = (
    EventWords(
        rf"(?:marketing )?e-?mails? open(?:ed|s|ing)?|open(?:ed|s|ing)? {_OUR}(?:marketing )?e-?mails?|"
        r"e-?mails? geöffnet",
        ("email_open", "email_opened", "open"),
    ),
    EventWords(
        rf"e-?mails? (?:link )?click(?:ed|s)?(?: through)?|click(?:ed|s)?(?: on)?(?: {_OUR}links?)?(?: in|"
        rf" on)? {_OUR}e-?mails?"
        rf"(?: links?)?|e-?mail ctr|e-?mails?(?:-?links?)? geklickt",
        ("email_click", "email_clicked", "click"),
    ),
    EventWords(
        rf"repl(?:ied|y|ies)(?: to)? {_OUR}e-?mails?|e-?mail repl(?:y|ies|ied)", ("email_reply", "email_replied")
    ),
    EventWords(r"(?:e-?mail )?(?:hard )?bounce[ds]?|e-?mail bounced", ("email_bounce", "bounce")),
    EventWords(
        r"(?:e-?mail )?unsubscribe[ds]?(?: from .*)?|opt(?:ed|s)?[ -]?out|(?:newsletter )?abgemeldet",
        ("unsubscribe", "unsubscribed", "email_unsubscribe", "opt_out"),
    ),
    EventWords(r"spam (?:complaint|report)s?|(?:marked|reported) as spam", ("spam_complaint", "spam_report")),
    EventWords(
        rf"request(?:ed|s)? {_OUR}(?:product )?demo|(?:product )?demo requests?(?:ed)?|(?:booked|"
        rf"schedul\w+) {_OUR}demo|(?:produkt-?)?demo[ -]?(?:angefragt|anfragen?|angefordert|gebucht)",
        ("demo_request", "demo_requested", "request_demo"),
    ),
    EventWords(
        rf"(?:book|schedul)(?:ed|s|ing)? {_OUR}(?:meeting|call)|meetings? (?:booked|scheduled)",
        ("meeting_booked", "meeting"),
    ),
    EventWords(
        r"contact(?:ed)? (?:us|sales)(?: form)?|spoke (?:to|with) sales",
        ("contact_sales", "form_submit", "form_submission"),
    ),
    EventWords(
        rf"(?:submit(?:ted|s)?|fill(?:ed|s)?(?: (?:in|out))?|complet(?:ed|es?)) {_OUR}(?P<what>.*?) ?forms?|"
        r"(?:(?P<what2>.+) )?form (?:submi(?:ssions?|tted|t)|fills?|filled|completed|completions?)",
        ("form_submit", "form_submission", "form_submitted", "form"),
        of="form",
    ),
    EventWords(
        rf"register(?:ed|s)? (?:for|to) {_OUR}(?P<what>.*?) ?webinars?|webinar (?:registrations?|registered|"
        rf"sign-?ups?)",
        ("webinar_registered", "webinar_registration", "webinar"),
        of="webinar",
    ),
    EventWords(
        rf"(?:attend(?:ed|s)?|join(?:ed|s)?|watched) {_OUR}(?P<what>.*?) ?webinars?|webinars?(?: (?:attend(?:ed|"
        rf"ance|ee)|participa\w+|besucht|teilgenommen))?",
        ("webinar_attended", "webinar_attend", "webinar"),
        of="webinar",
    ),
    EventWords(
        rf"(?:attend(?:ed|s)?|visited|met at) {_OUR}(?:events?|trade ?shows?|conferences?|booth)|"
        r"(?:event|trade ?show|conference) (?:attend(?:ed|ance|ee)|visits?)",
        ("event_attended", "event_attend", "event"),
    ),
    EventWords(
        rf"download(?:ed|s)? {_OUR}(?P<what>.*)|(?:(?P<what2>.+) )?(?:downloads?(?:ed)?|heruntergeladen)",
        ("download", "content_download", "asset_download"),
        of="asset",
    ),
    EventWords(
        rf"watch(?:ed|es)? {_OUR}(?P<what>.*?) ?videos?|(?:(?P<what2>.+) )?video (?:views?|watched)",
        ("video_view", "video"),
        of="video",
    ),
    EventWords(
        rf"(?:start(?:ed|s)?|sign(?:ed|s)? ?up for) {_OUR}(?:free )?trial|(?:free )?trial (?:started|sign-?ups?|"
        rf"starts?)",
        ("trial_start", "trial_started", "trial"),
        "product",
    ),
    EventWords(
        r"sign(?:ed|s)?[ -]?ups?|registered|created (?:an )?account", ("signup", "sign_up", "registration"), "product"
    ),
    EventWords(
        r"log(?:ged|s)?[ -]?ins?(?: to .*)?|sign(?:ed|"
        r"s)?[ -]?ins?",
        ("login", "log_in", "session"),
        "product",
    ),
    EventWords(
        rf"invit(?:ed|es?|ing) {_OUR}(?:team|colleagues?|users?|team ?mates?|team members?)|"
        rf"(?:team )?invites?(?: sent)?|invitations?",
        ("invite_sent", "invite", "invited"),
        "product",
    ),
    EventWords(
        rf"(?:activat(?:ed|ion|es?)|finished onboarding|completed onboarding)(?: {_OUR}.*)?",
        ("activation", "activated"),
        "product",
    ),
    EventWords(
        rf"us(?:ed|es|ing) {_OUR}(?P<what>.*)|(?:(?P<what2>.+) )?feature use(?:d|s)?",
        ("feature_use", "feature_used", "usage"),
        "product",
        of="feature",
    ),
    EventWords(
        rf"(?:visit(?:ed|s)?|view(?:ed|s)?|look(?:ed|s)? at|browsed|read) {_OUR}(?P<what>.+)|"
        r"(?:(?P<what2>.+) )?(?:page )?(?:visits?|views?|visited|viewed|besucht|angesehen|aufgerufen)|"
        r"(?:visited|viewed)",
        ("page_view", "page_visit", "pageview", "visit", "website_visit"),
        of="page",
    ),
    EventWords(rf"click(?:ed|s)?(?: on)?(?: {_OUR}(?P<what>.*))?", ("click", "email_click", "ad_click"), of="target"),
)
ACTIVITY = re.compile(
    r"(?:no|zero|without|lack of)(?: \w+)? (?:activity|activities|engagement|interactions?|contact|response|"
    r"actions?)|"
    r"in-?active|not active|inactivity|silent|silence|dormant|unengaged|disengaged|not engaged|hasn'?t engaged|"
    r"no longer active|inaktiv|inaktivität|keine (?:aktivität(?:en)?|interaktion(?:en)?)|nicht aktiv",
)
TITLES = (
    *(
        "vp",
        "svp",
        "evp",
        "vice president",
        "director",
        "head",
        "manager",
        "chief",
        "president",
        "executive",
        "c-level",
    ),
    *("c-suite", "cxo", "ceo", "cto", "cfo", "coo", "cmo", "cio", "ciso", "cro", "founder", "co-founder", "owner"),
    *("partner", "principal", "lead", "engineer", "developer", "architect", "analyst", "consultant", "specialist"),
    *("coordinator", "assistant", "associate", "intern", "student", "professor", "teacher", "managing director"),
    *("direktor", "direktorin", "geschäftsführer", "geschäftsführerin", "leiter", "leiterin", "vorstand", "inhaber"),
    *("inhaberin", "prokurist", "prokuristin", "abteilungsleiter", "abteilungsleiterin", "praktikant", "werkstudent"),
)
C_LEVEL = ("chief", "ceo", "cto", "cfo", "coo", "cmo", "cio", "ciso", "cro")
NEVER = re.compile(
    r"(?:no|zero|without|never|has not|hasn'?t|have not|haven'?t|did not|didn'?t|not|keine?n?|ohne) (?P<what>.+)"
)
FREE_EMAIL = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "gmx.de", "web.de")
FREE = re.compile(
    r"(?:uses? )?(?:a )?(?:free|personal|private|public|consumer|non-?business|generic|freemail|webmail)[ -]?"
    r"(?:e-?mail|mail)(?: address(?:es)?| domains?| providers?| accounts?)?|freemail(?:er)?(?:-?adressen?)?|"
    r"(?:e-?mail is )?(?:uses? |using )?(?:a )?(?P<provider>gmail|yahoo|hotmail|outlook\.com|gmx|web\.de)(?: mail)?"
    r"(?: address| account)?",
)
BUSINESS = re.compile(r"(?:business|work|corporate|company|professional)[ -]?e-?mail(?: address(?:es)?| domains?)?")
TIERS = re.compile(
    r"(?P<name>mql|sql|pql|sal|hql|iql|hot|warm|cold|nurture|qualified|sales[- ]?ready|sales accepted|"
    r"marketing qualified|sales qualified|product qualified)(?: leads?)?(?: \((?:mql|sql|pql|sal)\))?"
    r"(?: ?[:>=≥-]+)?(?: ?(?:threshold|min(?:imum)?(?: score)?|score|from|at|cut-?off|level|tier|grade|ab|schwelle|"
    r"schwell(?:en)?wert|grenze|mindestpunkt(?:zahl|e)))?(?: ?(?:score|[:>=≥-]+))?",
)
THRESHOLD = re.compile(
    r"(?:score )?(?:threshold|cut-?off|hand-?over(?: to sales)?|passing score|schwelle|"
    r"schwell(?:en)?wert|übergabe an (?:den )?(?:vertrieb|sales))(?: score)?"
)
TOTALS = re.compile(
    r"(?:grand |sub-?)?total(?:s| score| points)?|sum(?:me)?|overall(?: score)?|gesamt\w*|lead score|score"
)
CAPS = re.compile(
    r"(?:(?P<most>max(?:imum)?|highest)|(?P<least>min(?:imum)?|lowest))\.?(?: possible|"
    r" total)?(?: lead)? (?:score|points)"
)
OTHER_CAPS = re.compile(r"(?:max(?:imum)?|min(?:imum)?|cap(?:ped)?|limit)\b.*|.*\b(?:cap|limit)")
_ACRONYM = r"\b(?:mql|sql|pql|sal|hql|iql)s?\b"
SPEAKS_OF_TIERS = re.compile(
    rf"{_ACRONYM}|.*(?:threshold|cut-?off|schwelle|schwell(?:en)?wert|hand-?over to sales)\b|"
    rf".*\b(?:score|points?|punkte)\b.*{_ACRONYM}|(?!.*(?:[:=]|\b(?:is|was|are)\b).*{_ACRONYM}).*{_ACRONYM}"
)
"""What names a tier or a threshold; `Stage: MQL` and `Skill: SQL` name the value of a field."""
HEADINGS: tuple[tuple[re.Pattern[str], Dimension | Literal["", "other"]], ...] = (
    (re.compile(r"products?|usage|pql|in-app|produkt\w*|nutzung"), "product"),
    (
        re.compile(
            r"fit|demographics?|firmographics?|technographics?|profiles?|explicit|icp|company|contacts?|persons?|"
            r"personas?|demogra(?:f|ph)\w*|firmogra(?:f|ph)\w*|passung|profil|firma|unternehmen"
        ),
        "fit",
    ),
    (
        re.compile(
            r"engagements?|behaviou?r(?:al|s)?|activit(?:y|ies)|intent|implicit|interests?|verhalten|interesse|"
            r"aktivität(?:en)?"
        ),
        "engagement",
    ),
    (
        re.compile(
            r"negatives?|positives?|penalt(?:y|ies)|deductions?|thresholds?|tiers?|grades?|other|misc\w*|general|"
            r"disqualifiers?|notes?|scoring|points?|rules?|criteria|scores?|punkte|regeln|kriterien|sonstiges?|negativ|"
            r"positiv"
        ),
        "other",
    ),
    (
        re.compile(
            r"and|of|the|or|data|info|information|based|signals?|attributes?|factors?|lead|leads|model|section|part|"
            r"categor(?:y|ies)|levels?|details?|und|der|die"
        ),
        "",
    ),
)
"""Words that a heading consists of, and the dimension they are of; the last ones stand beside others only."""
OUT_OF_REACH = re.compile(
    r"competitors?|existing customers?|customers?|spam(?:mers?)?|job ?seekers?|applicants?|vendors?|suppliers?|"
    r"partners?|employees? of ours|test leads?|bots?|students?"
)
