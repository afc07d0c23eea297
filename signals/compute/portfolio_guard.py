"""Whether so few orders came in from all accounts together that data must be missing, not customers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import nbinom, poisson

LIKELIEST_LOSS = 0.01
MIN_WEEKS = 26
# A large portfolio hardly varies from week to week: a tenth of its customers leaving is under the percentile, too. A
# feed that lost rows loses many.
MOST_SEEN_SHARE = 0.6
# A smaller portfolio has quiet weeks by chance.
MIN_MEAN_ORDERS = 5.0
WEEKS_OF_A_YEAR = 52


@dataclass(frozen=True)
class Verdict:
    """How the last week compares.

    Attributes
    ----------
    missing : bool
        Fewer order days than the first percentile of what the weeks before predict, and far fewer.
    seen : int
        Order days of all accounts in the last week.
    expected : float
        Mean of the weeks before; NaN where they are too few to tell.
    """

    missing: bool
    seen: int
    expected: float


def judge_week(order_days: npt.NDArray[np.int64], quiet: npt.NDArray[np.bool_]) -> Verdict:
    """Judge the last week against the year before it.

    Parameters
    ----------
    order_days : ndarray of int, shape (n_weeks,)
        Order days of all accounts together in each week, the oldest first, the last one being judged.
    quiet : ndarray of bool, shape (n_weeks,)
        Weeks in which the company was closed; left out.

    Returns
    -------
    Verdict

    Notes
    -----
    Weeks are taken as negative binomial with the mean and variance of the weeks before (Poisson where they vary
    less than that). A week that was as low a year ago is the season, not a gap in the data.

    Examples
    --------
    >>> weeks = np.array([40, 42, 38, 41] * 10 + [3])
    >>> judge_week(weeks, np.zeros(41, dtype=bool)).missing
    True
    """
    seen, before = int(order_days[-1]), order_days[:-1][~quiet[:-1]]
    if len(before) < MIN_WEEKS or before.mean() < MIN_MEAN_ORDERS:
        return Verdict(missing=False, seen=seen, expected=float("nan"))
    expected = float(before.mean())
    line = min(_first_percentile(expected, float(before.var(ddof=1))), MOST_SEEN_SHARE * expected)
    year_ago = order_days[-1 - WEEKS_OF_A_YEAR - 1 : -1 - WEEKS_OF_A_YEAR + 2] if len(order_days) > 53 else before[:0]
    seasonal = bool((year_ago < line).any())
    missing = seen < line and not quiet[-1] and not seasonal
    return Verdict(missing=missing, seen=seen, expected=round(expected, 1))


def _first_percentile(mean: float, variance: float) -> float:
    if variance <= mean:
        return float(poisson.ppf(LIKELIEST_LOSS, mean))
    return float(nbinom.ppf(LIKELIEST_LOSS, mean**2 / (variance - mean), mean / variance))
