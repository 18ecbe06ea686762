"""The order of the reference: its sections, and which class stands under which heading."""

from __future__ import annotations

from pydantic import BaseModel

from workbench.model import (
    AccountFieldTest,
    AccountScore,
    AllOf,
    Amount,
    AnyOf,
    Axis,
    Bounds,
    Case,
    CasesRule,
    Comparison,
    Count,
    Decay,
    Dimension,
    EachRule,
    Effective,
    EventFilter,
    EventQuantity,
    EventTest,
    FieldTest,
    Gate,
    Group,
    Inactivity,
    Limit,
    Matrix,
    MemberTest,
    Model,
    NamedList,
    NotOf,
    OtherField,
    Rule,
    Score,
    Silence,
    Steps,
    Tier,
    Transform,
    Variant,
    WhenRule,
)
from workbench.model.rules import (
    AccountFieldQuantity,
    Band,
    Bands,
    BandsRule,
    FieldQuantity,
    MapRule,
    PerRule,
    Share,
    Units,
    UpToRule,
    ValueMap,
)
from workbench.model.transform import Line, Logistic, Root
from workbench.model.variant import Multiply

Section = tuple[str, str, tuple[tuple[str, type[BaseModel]], ...]]

TITLE = "The model language"
WHAT_IT_IS = """\
A model file is YAML 1.2: it says which dimensions a score has, which rules pay points into them, how the dimensions
become a score, and what follows from it. A key that is not on this page is an error. Below, each key stands with what
it takes and what it means, then an example and what the example gives.

Points have at most three decimals. Days are whole, and written 30d. A date is its start, 00:00 UTC; a moment needs Z
or an offset. A share may be written as a percentage."""

ARITHMETIC = """\
Scores are whole thousandths of a point, so that every engine gives the same. Where a quotient is rounded, halves go
up: floor(x + 1/2), below zero too. A decayed event pays its points times the share that is left, rounded once, event
by event; weights, means, shares and products are each rounded once to thousandths, where the order of evaluation
names them. The age of an event is floor((as_of - occurred_at) / 1 day), for events before as_of; no other event
counts."""

SECTIONS: tuple[Section, ...] = (
    ("The model file", "The keys at the top of the file.", (("Top level", Model),)),
    (
        "Dimensions and groups",
        "Rules pay into a dimension, or into a group inside of one.",
        (
            ("A dimension", Dimension),
            ("A group", Group),
            ("Caps: of a rule, a group, a dimension, the score", Bounds),
            ("Inactivity of a dimension", Inactivity),
        ),
    ),
    (
        "Rules",
        "A rule has exactly one of `when`, `cases`, `each`, `map`, `bands`, `per` and `up_to`.",
        (
            ("Keys of every rule", Rule),
            ("`effective`: dates of a rule", Effective),
            ("`when`: points once", WhenRule),
            ("`cases`: the first that holds", CasesRule),
            ("A case", Case),
            ("`each`: points for every event", EachRule),
            ("`limit`: of repeated events", Limit),
            ("`map`: points by value", MapRule),
            ("The values of a map", ValueMap),
            ("`bands`: points by range", BandsRule),
            ("The bands", Bands),
            ("A band", Band),
            ("`per`: points for every unit", PerRule),
            ("The units", Units),
            ("`up_to`: points in proportion to a count", UpToRule),
            ("The share", Share),
        ),
    ),
    (
        "Quantities",
        "What bands, units and shares are taken `of`: a number field, or a number drawn from events.",
        (
            ("A number field of the lead", FieldQuantity),
            ("A number field of the account", AccountFieldQuantity),
            ("A number drawn from events", EventQuantity),
        ),
    ),
    (
        "Conditions",
        "A condition is a test on a field, on events or on a list, or joins conditions.",
        (
            ("A field of the lead", FieldTest),
            ("A field of the account", AccountFieldTest),
            ("Operators and their flags", Comparison),
            ("Another field as argument", OtherField),
            ("A list as argument", NamedList),
            ("Events", EventTest),
            ("Lists of leads and accounts", MemberTest),
            ("`all`", AllOf),
            ("`any`", AnyOf),
            ("`not`", NotOf),
        ),
    ),
    (
        "Events",
        "Which events count, in tests, in `each`, in quantities and in `inactivity`.",
        (
            ("The filter", EventFilter),
            ("Bounds on counts and ages", Count),
            ("Bounds on sums", Amount),
        ),
    ),
    (
        "Decay",
        "How the points of an event fade, and how a dimension fades with idleness.",
        (("The shape", Decay), ("Steps", Steps)),
    ),
    (
        "The score",
        "From dimensions to one number.",
        (
            ("`score`", Score),
            ("`transform`: another scale", Transform),
            ("`rescale`", Line),
            ("`sqrt`, with the keys of `rescale`", Root),
            ("`logistic`", Logistic),
        ),
    ),
    (
        "Tiers and the matrix",
        "What a score, or a grade, is called and what follows from it.",
        (("A tier", Tier), ("The matrix", Matrix), ("A side of the matrix", Axis)),
    ),
    ("Gates", "What decides over the score.", (("A gate", Gate),)),
    ("Variants", "Several models in one.", (("A variant", Variant), ("`multiply`", Multiply))),
    ("Accounts", "The scores of an account's leads, rolled up.", (("`account`", AccountScore),)),
    ("Accepted findings", "What `workbench lint` need not say again.", (("`silence`", Silence),)),
)
