"""How often an account's orders held each product group, and how many since then did not."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaln

from signals.compute.columns import day_number
from signals.compute.order_days import IntArray, day_numbers
from signals.compute.renewal import FloatArray

# Packs (account, group) and a day into one sortable integer.
DAY_SPAN = 1 << 20
# Fewer groups than this tell nothing of how shares differ: any share is then as likely as any other.
LEAST_PAIRS, UNKNOWN_PRIOR = 10, (1.0, 1.0)
# What a portfolio's mean share may be worth in order days.
STRENGTHS = (2.0, 50.0)


@dataclass(frozen=True)
class GroupRuns:
    """Every product group of every account, over the days on which the account bought any group.

    Parameters
    ----------
    account, group : int arrays, shape (n_pairs,)
        Position of the account; number of the group in `names`.
    names : list of str
    amount : float array, shape (n_pairs,)
        Bought in all, credit notes netted, not below 0.
    bought : int array, shape (n_pairs,)
        Order days with the group.
    among : int array, shape (n_pairs,)
        Order days of the account after the first one with the group until the last one with it.
    missed : int array, shape (n_pairs,)
        Order days of the account since the last one with the group.
    as_long : int array, shape (n_pairs,)
        Earlier runs of order days without the group that were as long as `missed`.
    first_day, last_day : int arrays, shape (n_pairs,)
        First and last day with the group, since 1970-01-01.
    gap_days, gap_of : int arrays, shape (n_gaps,)
        Days between two days with the group, and the row of the group here.
    order_days : int array, shape (n_accounts,)
        Order days of the account.
    """

    account: IntArray
    group: IntArray
    names: list[str]
    amount: FloatArray
    bought: IntArray
    among: IntArray
    missed: IntArray
    as_long: IntArray
    first_day: IntArray
    last_day: IntArray
    gap_days: IntArray
    gap_of: IntArray
    order_days: IntArray

    def usual_gap_days(self, rows: IntArray) -> FloatArray:
        """Return the median of the days between two days with the group, for some rows, NaN where there is none."""
        place = np.full(len(self.account), -1)
        place[rows] = np.arange(len(rows))
        wanted = place[self.gap_of] >= 0
        median = pd.Series(self.gap_days[wanted]).groupby(place[self.gap_of[wanted]]).median()
        return median.reindex(np.arange(len(rows))).to_numpy(dtype=np.float64)


def group_runs(lines: pd.DataFrame, account_ids: pd.Index, as_of: dt.date, window_days: int) -> GroupRuns:
    """Count what of the order days of the latest `window_days` held which group.

    Parameters
    ----------
    lines : DataFrame
        Columns account_id, day, product_group ("": none, left out), amount; known on `as_of`.
    account_ids : Index of int, shape (n_accounts,)
    as_of : date
    window_days : int

    Returns
    -------
    GroupRuns

    Notes
    -----
    Counted in order days of the account and not in days: an account that orders less, or no more at all,
    misses no group more often than before.
    """
    day = day_numbers(lines["day"])
    recent = (day > day_number(as_of) - window_days) & (lines["product_group"] != "").to_numpy()
    recent &= lines["account_id"].isin(account_ids).to_numpy()
    chosen, day = lines[recent], day[recent]
    code, found = pd.factorize(chosen["product_group"], sort=True)
    account = account_ids.get_indexer(pd.Index(chosen["account_id"])).astype(np.int64)
    pair = account * max(len(found), 1) + code
    key, amount = _sums(pair * DAY_SPAN + day, chosen["amount"].to_numpy(dtype=np.float64))
    return _runs(key, amount, [str(name) for name in found], len(account_ids))


def _sums(key: IntArray, amount: FloatArray) -> tuple[IntArray, FloatArray]:
    """Sort by key and net what has the same one."""
    order = np.argsort(key, kind="stable")
    key, amount = key[order], amount[order]
    starts = _starts(key)
    return key[starts], np.add.reduceat(amount, starts) if len(key) else amount


def _starts(key: IntArray) -> IntArray:
    """Return the positions at which a sorted key changes."""
    return np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])


def _runs(key: IntArray, amount: FloatArray, names: list[str], n_accounts: int) -> GroupRuns:
    pair_of_row = key // DAY_SPAN
    pairs, row_pair = np.unique(pair_of_row, return_inverse=True)
    total = np.maximum(np.bincount(row_pair, amount, minlength=len(pairs)), 0.0)
    bought = amount > 0
    row_pair, day = row_pair[bought], key[bought] % DAY_SPAN
    account = pairs // max(len(names), 1)
    order_days, number = _numbered(account[row_pair], day, n_accounts)
    starts = _starts(row_pair)
    some = row_pair[starts]  # pairs with nothing but credit notes fall away
    ends = np.append(starts, len(row_pair))[1:] - 1
    missed = order_days[account[some]] - 1 - number[ends]
    same = row_pair[1:] == row_pair[:-1]
    run, of = np.diff(number)[same] - 1, np.repeat(np.arange(len(some)), np.maximum(ends - starts, 0))
    return GroupRuns(
        account=account[some],
        group=pairs[some] % max(len(names), 1),
        names=names,
        amount=total[some],
        bought=ends - starts + 1,
        among=number[ends] - number[starts],
        missed=missed,
        as_long=np.bincount(of[run >= missed[of]], minlength=len(some)),
        first_day=day[starts],
        last_day=day[ends],
        gap_days=np.diff(day)[same],
        gap_of=of,
        order_days=order_days,
    )


def _numbered(account: IntArray, day: IntArray, n_accounts: int) -> tuple[IntArray, IntArray]:
    """Count each account's order days, and say which of them each row is on, from 0."""
    occasions, row_occasion = np.unique(account * DAY_SPAN + day, return_inverse=True)
    count = np.bincount(occasions // DAY_SPAN, minlength=n_accounts).astype(np.int64)
    return count, row_occasion - (np.cumsum(count) - count)[account]


def chance_of_run(runs: GroupRuns, a: float, b: float) -> FloatArray:
    """Return the chance of so many order days in a row without a group that is bought as before.

    Parameters
    ----------
    runs : GroupRuns
    a, b : float
        Beta prior of the share of order days that hold a group.

    Returns
    -------
    float array, shape (n_pairs,)

    Notes
    -----
    Beta-binomial: with h hits among n order days, P(no hit in k) = B(a + h, b + n - h + k) / B(a + h, b + n - h).
    The first hit only starts the count. A run that the account has shown before is no rarer than that: the
    share of own runs as long is a lower bound, so that groups bought in one season only do not lapse each year.
    """
    hits = runs.bought - 1
    hit, other = a + hits, b + runs.among - hits
    model = np.exp(betaln(hit, other + runs.missed) - betaln(hit, other))
    seen = runs.as_long / np.maximum(hits, 1)
    return np.asarray(np.where(runs.missed == 0, 1.0, np.maximum(model, seen)))


def fit_shares(runs: GroupRuns, least_bought: int) -> tuple[float, float]:
    """Fit the Beta prior of `chance_of_run` by moments, on groups bought on `least_bought` days at least."""
    chosen = runs.bought >= least_bought
    if chosen.sum() < LEAST_PAIRS:
        return UNKNOWN_PRIOR
    hits, among = (runs.bought - 1)[chosen], runs.among[chosen]
    mean = hits.sum() / among.sum()
    share = hits / among
    between = np.average((share - mean) ** 2, weights=among) - mean * (1 - mean) / among.mean()
    strength = np.clip(mean * (1 - mean) / max(between, 1e-6) - 1, *STRENGTHS)
    return round(float(mean * strength), 6), round(float((1 - mean) * strength), 6)
