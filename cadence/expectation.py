"""What retention a portfolio lets expect, from what became of everybody else's accounts. Pure: no Django import."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import beta, norm

Floats = npt.NDArray[np.float64]

# Where the level of an order signal begins to be called slower, and stalled.
SLOWER_FROM: Final = 0.25
STALLED_FROM: Final = 0.6
# A stratum with so many accounts of others counts for as much as all others together.
PRIOR_ACCOUNTS: Final = 10
# Below these nothing is said: accounts of the portfolio, accounts of others, and how many the portfolio's revenue
# would be spread over if all were of one size.
LEAST_OWN: Final = 6
LEAST_OTHERS: Final = 30
# In fewer hands a comparison with the others would be one with single people, and tell theirs.
LEAST_OTHER_PEOPLE: Final = 5
LEAST_EFFECTIVE: Final = 3.0
# 95 of 100 lie within.
TAIL: Final = 0.025
MOMENTS: Final = ["accounts", "base", "outcome", "squares", "base_squares"]


class Pace(StrEnum):
    """How an account ordered at the period's start."""

    STEADY = "steady"
    SLOWER = "slower"
    STALLED = "stalled"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """Where what was kept lies against what was to be expected."""

    ABOVE = "above"
    WITHIN = "within"
    BELOW = "below"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Expectation:
    """The share that others' accounts of the same kind kept, and what chance makes of it.

    Attributes
    ----------
    share, low, high : float
        Low to high: where 95 of 100 such portfolios would lie if they were in anybody's hands.
    """

    share: float
    low: float
    high: float

    def verdict(self, kept: float) -> Verdict:
        """Say whether chance alone explains a share."""
        if kept > self.high:
            return Verdict.ABOVE
        return Verdict.BELOW if kept < self.low else Verdict.WITHIN


def paces(rhythm: Floats, value: Floats) -> npt.NDArray[np.str_]:
    """Return the `Pace` of each account.

    Parameters
    ----------
    rhythm, value : float arrays, shape (n,)
        Levels (0-1) of order_rhythm and order_value at the period's start; NaN where unknown. The graver one counts.
    """
    level = np.fmax(rhythm, value)
    return np.select(
        [np.isnan(level), level < SLOWER_FROM, level < STALLED_FROM],
        [Pace.UNKNOWN, Pace.STEADY, Pace.SLOWER],
        Pace.STALLED,
    ).astype(str)


def expectations(
    cases: pd.DataFrame, outcome: str, *, by: str = "owner_id", is_share: bool = False
) -> dict[int, Expectation]:
    """Return what each portfolio was to be expected to keep, judged by all the others.

    Parameters
    ----------
    cases : DataFrame
        One row an account with revenue in the year before: `owner_id`, `tier_id`, `pace`, `base` (that revenue, above
        zero), the column `outcome` and the one named by `by`. Nothing else is looked at: how well an account was looked
        after cannot lower what is expected of it.
    outcome : str
        Column with the revenue that counts as kept.
    by : str
        Column that tells portfolios apart: people, or groups of them.
    is_share : bool
        Whether nothing above 1 can be kept, as of the gross retention.

    Returns
    -------
    dict of Expectation by portfolio
        Without those too small to say anything of, see `LEAST_OWN`, `LEAST_OTHERS`, `LEAST_OTHER_PEOPLE` and
        `LEAST_EFFECTIVE`.

    Notes
    -----
    The accounts of the portfolio itself are left out of what it is compared with, so that its own success does not
    raise its bar nor its failure lower it. Of the others' n accounts of one tier and pace the share is (revenue kept) /
    (revenue before), drawn towards that of all others by n / (n + `PRIOR_ACCOUNTS`). What is expected is the mean of
    these shares over the portfolio's revenue before.

    The interval is analytic and needs no random numbers. Its variance has two parts: that of single accounts within a
    stratum, weighted by the squares of the portfolio's revenue (few large accounts: a wide interval), and that of the
    shares themselves, which rest on a limited number of others. Within a stratum, accounts vary by revenue:
    sum(base * (outcome / base - share)^2) / sum(base). With this mean and variance the gross share follows a beta
    distribution, whose lower tail is the longer one as that of real portfolios is; the net one, without a ceiling, a
    normal one.
    """
    sums = _moments(cases, outcome).groupby([cases[by], cases["tier_id"], cases["pace"]]).sum()
    strata = sums.groupby(level=[1, 2]).sum()
    hands = cases[[by, "owner_id"]].drop_duplicates() if by != "owner_id" else cases[[by]].drop_duplicates()
    found: dict[int, Expectation] = {}
    for portfolio in sums.index.unique(level=0):
        own = sums.loc[portfolio].reindex(strata.index, fill_value=0.0)
        people = hands.loc[hands[by] != portfolio, "owner_id"].nunique()
        if people >= LEAST_OTHER_PEOPLE and _says_something(own.sum(), strata.sum() - own.sum()):
            found[int(portfolio)] = _expected(own, (strata - own).clip(lower=0.0), is_share=is_share)
    return found


def _moments(cases: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Sums of these say all that is needed, and can be taken apart again: everybody less one portfolio."""
    base, kept = cases["base"].astype(float), cases[outcome].astype(float)
    return pd.DataFrame(
        {"accounts": 1.0, "base": base, "outcome": kept, "squares": kept**2 / base, "base_squares": base**2},
        index=cases.index,
    )[MOMENTS]


def _says_something(own: pd.Series, others: pd.Series) -> bool:
    if own["accounts"] < LEAST_OWN or others["accounts"] < LEAST_OTHERS:
        return False
    return bool(own["base"] ** 2 / own["base_squares"] >= LEAST_EFFECTIVE)


@dataclass(frozen=True)
class _Shares:
    """Share kept, its variance between accounts, and over how many of one size the revenue is spread."""

    share: Floats
    variance: Floats
    effective: Floats

    @classmethod
    def of(cls, sums: pd.DataFrame) -> "_Shares":
        base = sums["base"].to_numpy(float)
        whole = np.where(base > 0, base, 1.0)
        share = sums["outcome"].to_numpy(float) / whole
        variance = np.clip(sums["squares"].to_numpy(float) / whole - share**2, 0.0, None)
        squares = sums["base_squares"].to_numpy(float)
        return cls(share, variance, whole**2 / np.where(squares > 0, squares, 1.0))


def _expected(own: pd.DataFrame, others: pd.DataFrame, *, is_share: bool) -> Expectation:
    here, everywhere = _Shares.of(others), _Shares.of(others.sum().to_frame().T)
    number = others["accounts"].to_numpy(float)
    trust = np.where(others["base"] > 0, number / (number + PRIOR_ACCOUNTS), 0.0)
    shares = trust * here.share + (1 - trust) * everywhere.share
    apart = trust * (1 - trust) * (here.share - everywhere.share) ** 2
    variances = trust * here.variance + (1 - trust) * everywhere.variance + apart
    total = own["base"].sum()
    weights = own["base"].to_numpy(float) / total
    of_accounts = (own["base_squares"].to_numpy(float) / total**2 * variances).sum()
    of_shares = ((weights * trust) ** 2 * here.variance / here.effective).sum()
    of_whole = (weights * (1 - trust)).sum() ** 2 * everywhere.variance[0] / everywhere.effective[0]
    share = float((weights * shares).sum())
    low, high = _span(share, float(of_accounts + of_shares + of_whole), is_share=is_share)
    return Expectation(share, low, high)


def _span(mean: float, variance: float, *, is_share: bool) -> tuple[float, float]:
    if not is_share:
        half = float(norm.ppf(1 - TAIL)) * variance**0.5
        return max(mean - half, 0.0), mean + half
    most = mean * (1 - mean)
    if variance <= 0 or most <= 0:
        return mean, mean
    if variance >= most:
        return 0.0, 1.0
    size = most / variance - 1
    low, high = (float(beta.ppf(tail, mean * size, (1 - mean) * size)) for tail in (TAIL, 1 - TAIL))
    return low, high
