"""Scores, tiers, gates, matrices and accounts that are wrong, each in one way."""

from __future__ import annotations

from broken.scene import FLAT, FLAT_MODEL, MODEL, Broken, changed, model

TIERS = "  - {name: Nurture, from: 0}\n  - {name: MQL, from: 15, require: {fit: 5}}\n"
BARE = "  - {name: Nurture}\n  - {name: MQL}\n"
ROWS, COLUMNS = "{dimension: fit, from: {B: 0, A: 30}}", "{dimension: engagement, from: {2: 0, 1: 20}}"
GRADES = "{A1: MQL, B1: Nurture}"


def score(said: str, says: str) -> Broken:
    """The model says how dimensions become the score."""
    return Broken(model("tiers:\n", f"score: {said}\ntiers:\n"), "model.yaml:33 score" + says)


def matrix(says: str, *, rows: str = ROWS, columns: str = COLUMNS, grades: str = GRADES, tiers: str = BARE) -> Broken:
    """The model has a matrix."""
    sides = f"matrix:\n  rows: {rows}\n  columns: {columns}\n  tiers: {grades}\n"
    return Broken({"model.yaml": changed(MODEL, TIERS, tiers) + sides}, says)


def more(lines: str, says: str) -> Broken:
    """The model goes on."""
    return Broken({"model.yaml": f"{MODEL}{lines}\n"}, "model.yaml:38 " + says)


WHOLE = {
    "a dimension without its weight": score(
        "{combine: weighted, weights: {fit: 50%}}",
        (
            ".weights: expected a weight for every dimension, found none for engagement. Add "
            "'engagement', with 0 if it does not count."
        ),
    ),
    "weights that are not used": score(
        "{weights: {fit: 50%, engagement: 50%}}",
        (
            ".weights: expected 'weights' beside 'combine: weighted', and only there, found them "
            "beside 'combine: sum'. Remove 'weights', or say 'combine: weighted'."
        ),
    ),
    "weighted without weights": score(
        "{combine: weighted}",
        (
            ".combine: expected 'weights' beside 'combine: weighted', and only there, found 'combine:"
            " weighted' without them. Write for example weights: {fit: 50%, engagement: 50%}."
        ),
    ),
    "a weight of an unknown dimension": score(
        "{combine: weighted, weights: {fit: 50%, engagment: 50%}}",
        (".weights.engagment: expected a dimension of this model, found 'engagment'. Did you mean 'engagement'?"),
    ),
    "weights in a list": score(
        "{combine: weighted, weights: [0.5, 0.5]}",
        ".weights: expected keys with values, found [0.5, 0.5]. Write it as {key: value}.",
    ),
    "an unknown combination": score(
        "{combine: average}",
        (".combine: expected 'sum', 'weighted', 'product', 'max' or 'matrix', found \"average\". Use one of these."),
    ),
    "a matrix that was never written": score(
        "{combine: matrix}",
        (".combine: expected a 'matrix' in this model, found nothing. Write the matrix, or say 'combine: sum'."),
    ),
    "a name of ninety letters": Broken(
        model("name: inbound", "name: " + "n" * 90),
        f'model.yaml:2 name: expected a text of at most 80 characters, found "{"n" * 76}…. Shorten it.',
    ),
    "an unknown rounding": score(
        "{round: up}", ".round: expected 'half_up' or 'none', found \"up\". Use one of these."
    ),
    "a total cap upside down": score(
        "{min: 100, max: 0}",
        (": expected min of at most max, found min 100 above max 0. Swap or correct the two numbers."),
    ),
    "two transforms": score(
        ("{transform: {sqrt: {from: [0, 100], to: [0, 10]}, rescale: {from: [0, 100], to: [0, 10]}}}"),
        (
            ".transform: expected exactly one of table, rescale, sqrt, logistic, found rescale and "
            "sqrt. Keep the one that is meant."
        ),
    ),
    "no transform": score(
        "{transform: {}}",
        (
            ".transform: expected exactly one of table, rescale, sqrt, logistic, found none of them. "
            "Add the one that is meant."
        ),
    ),
    "a transform out of order": score(
        "{transform: {table: [[0, 0], [10, 50], [5, 70]]}}",
        (
            ".transform.table: expected pairs whose two numbers rise, found [[0, 0], [10, 50], [5, "
            "70]]. List the pairs in order."
        ),
    ),
    "a scale from the wrong way round": score(
        "{transform: {rescale: {from: [100, 0], to: [0, 10]}}}",
        (
            ".transform.rescale.from: expected [low, high] with low below high, found [100, 0]. Swap "
            "or correct the two numbers."
        ),
    ),
    "a scale to the wrong way round": score(
        "{transform: {sqrt: {from: [0, 100], to: [10, 0]}}}",
        (
            ".transform.sqrt.to: expected [low, high] with low below high, found [10, 0]. Swap or "
            "correct the two numbers."
        ),
    ),
    "a scale of too many points": score(
        "{transform: {rescale: {from: [0, 100], to: [0, 5000]}}}",
        (
            ".transform.rescale.to: expected a range of fewer than 2,000 points, found [0, 5000]. "
            "Choose a smaller range."
        ),
    ),
    "a curve without a spread": score(
        "{transform: {logistic: {middle: 50, spread: 0, to: [0, 100]}}}",
        ".transform.logistic.spread: expected a number above 0, found 0. Correct this number.",
    ),
    "a curve beyond all measure": score(
        "{transform: {logistic: {middle: 50, spread: 1000000, to: [0, 100]}}}",
        (
            ".transform.logistic: expected a curve that stays within 1,000,000 points, found "
            '{"middle": 50, "spread": 1000000, "to": [0, 100]}. Choose numbers of the size of scores.'
        ),
    ),
    "three numbers for a cut": score(
        "{transform: {table: [[0, 0, 1]]}}",
        (".transform.table[0]: expected a list of at most 2 entries, found [0, 0, 1]. Correct the list."),
    ),
    "one number for a cut": score(
        "{transform: {table: [[0]]}}",
        ".transform.table[0]: expected a list of at least 2 entries, found [0]. Correct the list.",
    ),
    "a product of one dimension": Broken(
        {"flat/model.yaml": FLAT_MODEL + "score: {combine: product}\n"},
        ("model.yaml:6 score.combine: expected two dimensions or more for a product, found 1. Say 'combine: sum'."),
        FLAT,
    ),
    "a tier without its lowest score": Broken(
        model("{name: Nurture, from: 0}", "{name: Nurture}"),
        (
            "model.yaml:34 tiers[0].from: expected the key 'from', found nothing. Add 'from:', the "
            "lowest score of this tier."
        ),
    ),
    "a word for a lowest score": Broken(
        model("{name: Nurture, from: 0}", "{name: Nurture, from: low}"),
        (
            'model.yaml:34 tiers[0].from: expected points, a number, found "low". Write a plain '
            "number such as 15, -8 or 2.5."
        ),
    ),
    "a dimension for a tier's minima": Broken(
        model("require: {fit: 5}", "require: fit"),
        ('model.yaml:35 tiers[1].require: expected keys with values, found "fit". Write it as {key: value}.'),
    ),
    "a gate that leads nowhere": Broken(
        model(", tier: Disqualified", ""),
        "model.yaml:37 gates[0].tier: expected the key 'tier', found nothing. Add 'tier:' here.",
    ),
    "a gate that never closes": Broken(
        model("when: {field: job_title, equals: student}, ", ""),
        "model.yaml:37 gates[0].when: expected the key 'when', found nothing. Add 'when:' here.",
    ),
    "a gate on an unknown field": Broken(
        model("{field: job_title, equals: student}", "{field: job_titel, equals: student}"),
        ("model.yaml:37 gates[0].when.field: expected a field of leads, found 'job_titel'. Did you mean 'job_title'?"),
    ),
    "an unknown dimension on a side": matrix(
        ("model.yaml:39 matrix.rows.dimension: expected a dimension of this model, found 'fti'. Did you mean 'fit'?"),
        rows="{dimension: fti, from: {B: 0, A: 30}}",
    ),
    "one dimension on both sides": matrix(
        (
            "model.yaml:40 matrix.columns.dimension: expected two different dimensions, found 'fit'. "
            "Name another dimension on one side."
        ),
        columns="{dimension: fit, from: {2: 0, 1: 20}}",
    ),
    "an unknown grade": matrix(
        (
            "model.yaml:41 matrix.tiers.C1: expected a grade of this matrix, found 'C1'. Known are: "
            "'A1', 'A2', 'B1', 'B2'."
        ),
        grades="{A1: MQL, C1: Nurture}",
    ),
    "an unknown tier of a grade": matrix(
        ("model.yaml:41 matrix.tiers.A1: expected a tier of this model, found 'MLQ'. Did you mean 'MQL'?"),
        grades="{A1: MLQ}",
    ),
    "lowest scores beside a matrix": matrix(
        (
            "model.yaml:34 tiers[0].from: expected tiers without 'from' and 'require', since the "
            "matrix gives them, found 'from' in 2 of 2 tiers. Remove these keys from all tiers, or "
            "remove the matrix."
        ),
        tiers=TIERS,
    ),
    "minima beside a matrix": matrix(
        (
            "model.yaml:35 tiers[1].require: expected tiers without 'from' and 'require', since the "
            "matrix gives them, found 'require' in 1 of 2 tiers. Remove these keys from all tiers, or"
            " remove the matrix."
        ),
        tiers="  - {name: Nurture}\n  - {name: MQL, require: {fit: 5}}\n",
    ),
    "two parts that begin alike": matrix(
        (
            "model.yaml:39 matrix.rows.from: expected a different 'from' for each part, found {\"B\": "
            '0, "A": 0}. Correct or remove one.'
        ),
        rows="{dimension: fit, from: {B: 0, A: 0}}",
    ),
    "two grades of one name": matrix(
        ("model.yaml:38 matrix: expected different names for all grades, found 'A11' twice. Rename a row or a column."),
        rows="{dimension: fit, from: {A: 0, A1: 30}}",
        columns="{dimension: engagement, from: {11: 0, 1: 20}}",
        grades="{A1: MQL}",
    ),
    "a matrix without tiers": matrix(
        ("model.yaml:41 matrix.tiers: expected at least one entry, found {}. Add one, or remove the key."), grades="{}"
    ),
    "a side without parts": matrix(
        ("model.yaml:39 matrix.rows.from: expected the key 'from', found nothing. Add 'from:' here."),
        rows="{dimension: fit}",
    ),
    "a side in a list": matrix(
        ("model.yaml:39 matrix.rows.from: expected keys with values, found [0, 30]. Write it as {key: value}."),
        rows="{dimension: fit, from: [0, 30]}",
    ),
    "a gate twice": more(
        "  - {id: student, when: {field: region, equals: EU}, tier: Out}",
        ("gates[1].id: expected each id once, found 'student' a second time. Rename one of the two."),
    ),
    "a top that is not used": more(
        "account: {roll_up: max, top: 3}",
        (
            "account.top: expected 'top' beside 'roll_up: top_mean', and only there, found it beside "
            "'roll_up: max'. Remove 'top', or say 'roll_up: top_mean'."
        ),
    ),
    "a mean of the top without its number": more(
        "account: {roll_up: top_mean}",
        (
            "account: expected 'top' beside 'roll_up: top_mean', and only there, found 'roll_up: "
            "top_mean' without it. Add 'top:' here."
        ),
    ),
    "a count above nothing": more(
        "account: {roll_up: count_above}",
        (
            "account: expected 'above' beside 'roll_up: count_above', and only there, found 'roll_up:"
            " count_above' without it. Add 'above:' here."
        ),
    ),
    "an unknown roll-up": more(
        "account: {roll_up: median}",
        (
            "account.roll_up: expected 'sum', 'mean', 'max', 'min', 'top_mean' or 'count_above', "
            'found "median". Use one of these.'
        ),
    ),
    "minima of an account's tier": more(
        "account: {roll_up: max, tiers: [{name: Hot, from: 5, require: {fit: 5}}]}",
        (
            "account.tiers[0].require: expected tiers of accounts without 'require', found {\"fit\": "
            "5}. Remove 'require': an account has a score, but no dimensions."
        ),
    ),
    "an account's tier without its lowest score": more(
        "account: {roll_up: max, tiers: [{name: Hot}]}",
        ("account.tiers[0].from: expected the key 'from', found nothing. Add 'from:', the lowest score of this tier."),
    ),
    "an account's tier twice": more(
        "account: {roll_up: max, tiers: [{name: Hot, from: 1}, {name: Hot, from: 5}]}",
        ("account.tiers[1].name: expected each name once, found 'Hot' a second time. Rename one of the two."),
    ),
    "silence without a reason": more(
        "silence: [{code: never-fires, at: size}]",
        "silence[0].because: expected the key 'because', found nothing. Add 'because:' here.",
    ),
    "silence for an empty reason": more(
        "silence: [{code: never-fires, at: size, because: ''}]",
        'silence[0].because: expected at least one entry, found "". Add one, or remove the key.',
    ),
}
