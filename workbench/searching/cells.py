"""What is counted again for every value: people, or sums of people, beside the rest of what they have."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.searching.people import People
from workbench.searching.rest import Rest
from workbench.searching.spread import Spread, counted, gathered

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
WIDE = 8
"""Sums that spread over so many times more steps than there are people are sorted, not tabled."""


@dataclass(frozen=True)
class Cells:
    """Cells to count.

    Attributes:
        rest: of all.
        besides: (cells,) what the rest adds to the sum; where dimensions are not summed the number of the rest.
        counts: people, one a cell; or (channels, cells) sums.
    """

    rest: Rest
    besides: Integers
    counts: People | Floats

    @classmethod
    def of(cls, rest: Rest, numbers: Integers, counts: People | Floats) -> Cells:
        """Cells from the numbers of their rests."""
        return cls(rest, rest.besides(numbers), counts)

    def taken(self, at: Integers) -> Cells:
        """Some of them, by ascending place."""
        own = self.counts
        kept = own.taken(at) if isinstance(own, People) else own[:, at]
        return replace(self, besides=self.besides[at], counts=kept)

    def spread(self, values: Integers) -> Spread:
        """The sums by score, where the open dimension has these values."""
        totals = self.rest.joined(values, self.besides)
        if not isinstance(self.counts, People):
            return counted(self.rest.scores(totals), self.counts)
        low = int(totals.min(initial=0))
        if int(totals.max(initial=0)) - low > WIDE * (len(totals) + 1_000):
            return counted(self.rest.scores(totals), self.counts.each(np.arange(len(totals))))
        totals -= low
        sums = self.counts.tally(totals)
        filled = np.flatnonzero(sums[:2].any(axis=0))
        return gathered(self.rest.scores(filled + low), sums[:, None, filled])
