"""How far purchases of the latest half-year fall short of what the same days of earlier years let expect."""

from dataclasses import dataclass, replace

import numpy as np

from signals.compute.purchases import OrderSizes
from signals.compute.renewal import FloatArray

# The two latest quarters are judged; the two before them show where purchases were heading.
NOW, BEFORE = slice(0, 2), slice(2, 4)
# Half an order is added on both sides of a comparison: nothing bought is then a finite change, small where one
# order more or less is chance.
HALF_AN_ORDER = 0.5
# Fewer expected orders than this are as good as none.
FEWEST_ORDERS = 0.25


@dataclass(frozen=True)
class Expectation:
    """What n accounts were expected to buy in the four latest quarters, shape (n, 4) unless said.

    Parameters
    ----------
    bought, amount : float arrays
        Bought, and expected from the same quarters of earlier years, per open day; NaN without such a quarter.
    order : float array, shape (n,)
        What one order day usually amounts to.
    years : float array
        How many years of equal weight stand behind the expectation.
    variation : float array, shape (n,)
        Squared coefficient of variation that one order brings into a sum: of its size and of the gap before it.
    carried : float array, shape (n,), or 1
        By what factor the half-year judged was raised for growth before it.
    """

    bought: FloatArray
    amount: FloatArray
    order: FloatArray
    years: FloatArray
    variation: FloatArray
    carried: FloatArray | float = 1.0

    @property
    def growth(self) -> FloatArray:
        """Log of bought over expected in the half-year before the one judged, 0 where unknown, shape (n,)."""
        return np.nan_to_num(self._change(BEFORE))

    @property
    def change(self) -> FloatArray:
        """The same of the half-year judged, shape (n,)."""
        return self._change(NOW)

    @property
    def orders(self) -> FloatArray:
        """Orders expected in the half-year judged, shape (n,)."""
        return np.asarray(self.amount[:, NOW].sum(axis=1) / self.order)

    @property
    def chance_variance(self) -> FloatArray:
        """Variance of `change` that comes of the chance of single orders, shape (n,)."""
        now, earlier = self._noise(self.orders, self.years[:, NOW].mean(axis=1))
        return now + earlier

    def grown(self, carried: float) -> "Expectation":
        """Let growth of the half-year before go on in part; a fall before is no excuse for another."""
        factor = np.exp(np.clip(carried * self.growth, 0, np.log(2)))
        amount = self.amount.copy()
        amount[:, NOW] *= factor[:, None]
        return replace(self, amount=amount, carried=factor)

    def shortfall(self, spread: float, slack: float) -> FloatArray:
        """Return the lower CUSUM of the two latest quarters in standard deviations, shape (n,).

        Notes
        -----
        A quarter's purchases are a sum of about k orders; its log has a variance of about ln(1 + v / k) and
        lies half of that below the log of what was expected. Years differ by `spread` beyond chance.
        """
        half = HALF_AN_ORDER * self.order[:, None]
        missing = -np.log((self.bought + half) / (self.amount + half))[:, NOW]
        orders = self.amount[:, NOW] / self.order[:, None]
        now, earlier = self._noise(orders.T, self.years[:, NOW].T)
        scale = np.sqrt(now + earlier + spread**2).T
        latest, before = ((missing - now.T / 2) / scale - slack).T
        return np.asarray(np.maximum(np.maximum(before, 0) + latest, 0))

    def _noise(self, orders: FloatArray, years: FloatArray) -> tuple[FloatArray, FloatArray]:
        count = np.fmax(orders, FEWEST_ORDERS)
        return np.log1p(self.variation / count), np.log1p(self.variation / (count * years))

    def _change(self, span: slice) -> FloatArray:
        half = HALF_AN_ORDER * self.order
        return np.asarray(np.log((self.bought[:, span].sum(axis=1) + half) / (self.amount[:, span].sum(axis=1) + half)))


def expectation(
    sums: FloatArray, days: FloatArray, weights: FloatArray, order: FloatArray, variation: FloatArray
) -> Expectation:
    """Expect for each quarter what the same one of earlier years brought per open day.

    Parameters
    ----------
    sums, days : float arrays, shape (n, years, 4)
        Bought, and open days; the latest year first.
    weights : float array, shape (n, years, 4)
        0 for the latest year and where a quarter was not observed.
    order, variation : float arrays, shape (n,)
        As in `Expectation`.

    Returns
    -------
    Expectation
    """
    weighed = (weights * days).sum(axis=1)
    rate = (weights * sums).sum(axis=1) / np.where(weighed > 0, weighed, np.nan)
    squares = (weights**2).sum(axis=1)
    years = weights.sum(axis=1) ** 2 / np.where(squares > 0, squares, np.nan)
    return Expectation(sums[:, 0], rate * days[:, 0], order, years, variation)


def shrunk_sizes(sizes: OrderSizes, log_variance: float, gap_variation: float, strength: float) -> OrderSizes:
    """Shrink each account's spread of sizes and gaps to the portfolio's, worth `strength` order days."""
    own = sizes.count / (sizes.count + strength)

    def shrunk(values: FloatArray, common: float) -> FloatArray:
        return np.where(np.isnan(values), common, own * values + (1 - own) * common)

    return OrderSizes(
        sizes.count,
        sizes.log_mean,
        shrunk(sizes.log_variance, log_variance),
        shrunk(sizes.gap_variation, gap_variation),
    )
