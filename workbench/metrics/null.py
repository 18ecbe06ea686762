"""What a paired difference would vary by if there were none: the score variance, for changes that few are touched by.

An influence on a difference (`workbench.metrics.paired`) is known only for the outcome that an observation had. Where
few change side, what they did not show is missing from the squares of what they did: five leads dropped of whom none
converted look as if they could not have. So their rates are taken as they would be if nothing were gained: the most
likely ones under the constraint that the difference is 0, as O. S. Miettinen and M. Nurminen have it for two
proportions (Statistics in Medicine 4 (1985) 213-226).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.metrics.histogram import Floats

NOTICED = 0.1
"""Part of the typical influence of those who carry a change from which on one is counted among them."""
NOTHING = 1e-12
"""Part of the variance found that is taken for rounding."""
STEPS = 60
"""Halvings of the search for the rates: as many as a double holds."""


class Null(NamedTuple):
    """The variance without a difference, against that with the rates found.

    Attributes:
        extra: by how much more, >= 0; without such rates what is to be added in any case.
        carriers: how many observations carry the change, effectively: (sum E u^2)^2 / sum E u^4 over their influences
            u, with the rates without a difference or with those found, whichever is nearer to one half. Of 60 of whom
            one in twenty converts these are about 3.
        possible: whether there are rates at which the difference is 0.
    """

    extra: float
    carriers: float
    possible: bool


def ends(value: float, variance: float, extra: float, quantile: float) -> tuple[float, float]:
    """How far the ends of an interval towards 0, and away from it, lie from a difference.

    Args:
        value: the difference.
        variance: its variance as found.
        extra: by how much more it would vary if the truth were 0, or on its other side; in between in proportion.
        quantile: how many standard errors are doubted.

    >>> ends(4.0, 1.0, 3.0, 2.0)
    (4.0, 2.0)
    """
    alone = quantile * float(np.sqrt(variance))
    wide = quantile * float(np.sqrt(variance + extra))
    if not abs(value) > wide:  # the end lies beyond 0, where it is as if there were no difference
        return wide, alone if value else wide
    lean = quantile**2 * extra / abs(value) / 2
    return lean + float(np.hypot(lean, alone)), alone


@dataclass(frozen=True, eq=False)
class Moves:
    """How treatment changes, by kind of change (a pair of cells): arrays of shape (k,).

    Attributes:
        lost, won: how many of each kind did not, and did, convert.
        if_lost: influence of one of them on the difference, had it not converted.
        if_won: its mean, had it converted.
        powers: mean square and mean fourth power of that, if it is not the same for all of a kind.
    """

    lost: Floats
    won: Floats
    if_lost: Floats
    if_won: Floats
    powers: tuple[Floats, Floats] | None = None

    @property
    def squares(self) -> Floats:
        """(k,) mean square of the influence of a convert."""
        return self.if_won * self.if_won if self.powers is None else self.powers[0]

    @property
    def fourths(self) -> Floats:
        """(k,) its mean fourth power."""
        return self.squares**2 if self.powers is None else self.powers[1]

    def noticed(self) -> NDArray[np.bool_]:
        """(k,) which kinds changed by more than what the moves of others do to them."""
        n = self.lost + self.won
        rate = self.won.sum() / max(n.sum(), 1.0)
        square = (1 - rate) * self.if_lost**2 + rate * self.squares
        size = np.sqrt(square)
        total = float(np.sum(n * square))
        typical = float(np.sum(n * square * size)) / total if total > 0 else np.inf
        found: NDArray[np.bool_] = size > NOTICED * typical
        return found

    def found(self, level_lost: float, level_won: float) -> float:
        """The sum of their squares about these levels, as if nobody belonged together."""
        of_won = self.squares - 2 * level_won * self.if_won + level_won**2
        return float(np.sum(self.lost * (self.if_lost - level_lost) ** 2 + self.won * of_won))

    def taken(self, which: NDArray[np.bool_]) -> Moves:
        """Those kinds alone."""
        powers = None if self.powers is None else (self.powers[0][which], self.powers[1][which])
        return Moves(self.lost[which], self.won[which], self.if_lost[which], self.if_won[which], powers)

    def null(self, difference: float, *, beyond: float = 0.0) -> Null:
        """The variance if the truth were no difference.

        Of those for whom a convert speaks for the second model (U) and those for whom it speaks against it (V), each
        shares one rate. With g the influence of a convert less that of another, the rates solve
        sum over U and V of n g (rate - rate found) = -difference, and are the most likely that do, found rates being
        weighted by g. Where none do, or none at which anything could vary (a recall that moves one way only), one
        convert is added to either side, as D. G. Bonett and R. M. Price do to discordant pairs (Journal of Educational
        and Behavioral Statistics 37 (2012) 479-488).

        Args:
            difference: found.
            beyond: by how much the converts' own amounts move the difference more than `if_won` has it.
        """
        gain = self.if_won - self.if_lost
        sides = _Rates.of(self, gain)
        found = sides.each(sides.found)
        if not gain.any():
            return Null(0.0, self._carriers(found), True)
        rates = sides.without(difference, beyond)
        if rates is None or self._squares(sides.each(rates)) <= NOTHING * self._squares(found):
            return Null(sides.added(self), self._carriers(found), False)
        null = sides.each(rates)
        grown = self._squares(null) - self._squares(found)
        either = np.where(np.abs(null - 0.5) <= np.abs(found - 0.5), null, found)
        return Null(max(grown, 0.0), self._carriers(either), True)

    def _squares(self, rate: Floats) -> float:
        return float(np.sum((self.lost + self.won) * ((1 - rate) * self.if_lost**2 + rate * self.squares)))

    def _carriers(self, rate: Floats) -> float:
        of_lost = (self.if_lost**2) ** 2
        fourths = float(np.sum((self.lost + self.won) * ((1 - rate) * of_lost + rate * self.fourths)))
        return self._squares(rate) ** 2 / fourths if fourths > 0 else 0.0


@dataclass(frozen=True, eq=False)
class _Rates:
    """The rates of U and V.

    Attributes:
        side: (k,) 0 for kinds in U, 1 in V.
        gain: sums of n g, of U (>= 0) and of V (<= 0).
        found: rates found, weighted by |g|.
        size: how many observations these stand on, (sum n |g|)^2 / sum n g^2.
    """

    side: NDArray[np.int64]
    gain: Floats
    found: Floats
    size: Floats

    @classmethod
    def of(cls, moves: Moves, g: Floats) -> _Rates:
        side = (g < 0).astype(np.int64)
        n = moves.lost + moves.won
        weights = (n * g, moves.won * g, n * g * g)
        gain, hit, squares = (np.bincount(side, weights=each, minlength=2).astype(np.float64) for each in weights)
        found = np.divide(hit, gain, out=np.zeros(2), where=gain != 0)
        size = np.divide(gain**2, squares, out=np.zeros(2), where=squares != 0)
        return cls(side, gain, found, size)

    def each(self, rates: Floats) -> Floats:
        """(k,) the rate of each kind."""
        return rates[self.side]

    def without(self, difference: float, beyond: float) -> Floats | None:
        """The most likely rates without a difference; None where there are none."""
        up, down = float(self.gain[0]), -float(self.gain[1])
        wanted = float(self.gain @ self.found) + beyond - difference
        # up * u - down * v = wanted, with both rates in 0..1.
        if down == 0.0 or up == 0.0:
            rate = wanted / up if up else -wanted / down if down else -1.0
            rates = np.array([rate, 0.0]) if up else np.array([0.0, rate])
            return rates if 0 <= rate <= 1 else None
        low, high = max(wanted / up, 0.0), min((wanted + down) / up, 1.0)
        if not low <= high:
            return None
        for _ in range(STEPS):
            middle = (low + high) / 2
            if self._slope(middle, (up * middle - wanted) / down, up / down) > 0:
                low = middle
            else:
                high = middle
        middle = (low + high) / 2
        return np.clip([middle, (up * middle - wanted) / down], 0.0, 1.0)

    def _slope(self, u: float, v: float, ratio: float) -> float:
        """That of the likelihood's logarithm along the constraint."""
        slope = 0.0
        for rate, found, size, step in zip((u, v), self.found, self.size, (1.0, ratio), strict=True):
            spread = max(rate * (1 - rate), 1e-300)
            slope += float(step * size * (found - rate) / spread)
        return slope

    def added(self, moves: Moves) -> float:
        """The squares of one more convert on either side; of two on one side where the other has nobody."""
        n = moves.lost + moves.won
        count, squares = (np.bincount(self.side, weights=each, minlength=2) for each in (n, n * moves.squares))
        mean = np.divide(squares, count, out=np.full(2, np.nan), where=count > 0)
        return float(2 * np.nanmean(mean)) if len(n) else 0.0
