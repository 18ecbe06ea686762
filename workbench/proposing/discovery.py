"""Which of many tests, in families, are beyond chance: false discoveries controlled over families and inside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.multitest import multipletests

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def discovered(p: Floats, ways: Integers, families: Sequence[str], *, level: float) -> Floats:
    """(m,) p-values adjusted for all tests of all families; a discovery is one below `level`.

    Tests of one family (all bands of a field, all windows of an event) say much the same, so they are first put into
    one: R. J. Simes's p (Biometrika 73 (1986) 751-754). Families are adjusted by Y. Benjamini and Y. Hochberg (JRSS B
    57 (1995) 289-300). Inside each of the R discovered of F families tests are adjusted the same way and multiplied by
    F / R (Y. Benjamini and M. Bogomolov, JRSS B 76 (2014) 297-318). Elsewhere the adjusted p is that of the family, or
    the level if that is larger.

    Args:
        p: (m,) two-sided.
        ways: (m,) as how many tests each counts: more than one where outcomes chose what is tested.
        families: (m,) names.
        level: share of false discoveries.
    """
    known, place = np.unique(np.array(families, dtype=object).astype(str), return_inverse=True)
    inside = np.ones(len(p))
    together = np.ones(len(known))
    for number in range(len(known)):
        of = np.flatnonzero(place == number)
        adjusted = multipletests(np.minimum(p[of] * ways[of], 1.0), method="fdr_bh")[1]
        # Simes's p is the smallest that the procedure of Benjamini and Hochberg gives.
        together[number] = adjusted.min()
        inside[of] = adjusted[: len(of)]
    across = multipletests(together, method="fdr_bh")[1]
    chosen = across < level
    selected = np.minimum(inside * len(known) / max(int(chosen.sum()), 1), 1.0)
    found: Floats = np.where(chosen[place], np.maximum(selected, across[place]), np.maximum(across[place], level))
    return found
