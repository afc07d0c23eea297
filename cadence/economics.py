"""What accounts are worth to us: retention, concentration, and money that may leave. Pure: no Django import."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.contract_terms import ANY_DAY, RECEIVED

Floats = npt.NDArray[np.float64]

# As the revenue of a standing: twelve months are so many days, the last one included.
YEAR_DAYS: Final = 365
WINDOWS: Final = (30, 60, 90)
# What a change of revenue has to be, as a share of the year before, to be called one.
STEADY_WITHIN: Final = 0.05


class Movement(StrEnum):
    """What became of an account's revenue from one year to the next."""

    EXPANDED = "expanded"
    CONTRACTED = "contracted"
    STEADY = "steady"
    NEW = "new"
    LOST = "lost"
    NONE = "none"  # nothing in either year
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Retention:
    """Revenue of those who bought in the year before; a share of nothing is None.

    Attributes
    ----------
    base : float
        Revenue of the year before, of the accounts that had some.
    kept : float
        What of it came again: of each account at most what it bought before.
    same : float
        All that these accounts bought in the present year.
    """

    base: float
    kept: float
    same: float

    @property
    def gross(self) -> float | None:
        """Return the share kept, expansion left out: at most 1."""
        return self.kept / self.base if self.base > 0 else None

    @property
    def net(self) -> float | None:
        """Return the share with what the same accounts bought more; new accounts are left out."""
        return self.same / self.base if self.base > 0 else None


def years(today: dt.date) -> tuple[dt.date, dt.date, dt.date]:
    """Return where the year before begins, where the present one does, and the day after it."""
    day = dt.timedelta(days=1)
    present = today + day - YEAR_DAYS * day
    return present - YEAR_DAYS * day, present, today + day


def retention(before: Floats, after: Floats) -> Retention:
    """Return how much of the revenue of a year came again in the next one.

    Parameters
    ----------
    before, after : float arrays, shape (n,)
        Revenue of the same accounts in the two years, in one currency. Accounts of which a year is not known are to
        be left out.

    Returns
    -------
    Retention

    Notes
    -----
    Only accounts with revenue above zero in the year before count. A year of more credit notes than orders keeps
    nothing, and lowers the net share by what was given back.
    """
    base = before > 0
    kept = np.minimum(np.clip(after, 0, None), before)[base]
    return Retention(float(before[base].sum()), float(kept.sum()), float(after[base].sum()))


def movements(before: Floats, after: Floats, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.str_]:
    """Return a `Movement` for each account.

    Parameters
    ----------
    before, after : float arrays, shape (n,)
        Revenue of the two years.
    known : bool array, shape (n,)
        Whether orders of the whole year before are on record: else nothing can be said of it.

    Notes
    -----
    A year without revenue, or with more credit notes than orders, counts as nothing bought. Changes within
    `STEADY_WITHIN` of the year before are steady.
    """
    had, has = before > 0, after > 0
    change = after - before
    within = np.abs(change) <= STEADY_WITHIN * before
    return np.select(
        [~known, ~had & ~has, ~had, ~has, within, change > 0],
        [Movement.UNKNOWN, Movement.NONE, Movement.NEW, Movement.LOST, Movement.STEADY, Movement.EXPANDED],
        Movement.CONTRACTED,
    ).astype(str)


def shares_of_largest(revenue: Floats) -> Floats:
    """Return the Lorenz curve from the largest account on.

    Parameters
    ----------
    revenue : float array, shape (n,)
        In any order; below zero counts as nothing.

    Returns
    -------
    float array, shape (n,)
        The share of all revenue that the largest 1, 2, ... n accounts carry; empty where there is none.
    """
    ordered = np.sort(np.clip(revenue, 0, None))[::-1]
    total = ordered.sum()
    return np.cumsum(ordered) / total if total > 0 else np.empty(0)


def share_of_top(curve: Floats, number: int) -> float | None:
    """Return what share the largest so many carry together; of fewer accounts, all. None: there is no revenue."""
    return float(curve[min(number, len(curve)) - 1]) if len(curve) else None


def yearly_hours(ideal_days: Floats, hours: Floats) -> Floats:
    """Return the hours that a year of promised contacts takes: one every `ideal_days`, of so many `hours`."""
    return YEAR_DAYS / ideal_days * hours


def may_leave(terms: pd.DataFrame, days: int) -> "pd.Series[bool]":
    """Say of each contract whether the customer may legally leave it by a decision within so many days.

    Parameters
    ----------
    terms : DataFrame
        As `signals.compute.contract_terms.present_terms` returns it: `state`, and `days` to the last day on which
        notice counts, or to the end where that alone is left.
    days : int

    Notes
    -----
    What may be ended on any day may be so within any span. Where notice was received nothing is left to decide: that
    money is on its way out, and counted apart.
    """
    open_now = (terms["state"] == ANY_DAY) | (terms["days"] <= days)
    return open_now & (terms["state"] != RECEIVED)


def notice_money(terms: pd.DataFrame, bands: pd.Series) -> pd.DataFrame:
    """Return the yearly worth of the contracts that may be left, by band and span.

    Parameters
    ----------
    terms : DataFrame
        As for `may_leave`, with `account_id` and `amount` (NaN: worth not known).
    bands : Series of str
        Index = account id.

    Returns
    -------
    DataFrame
        One row a band and span: `band`, `within` ("30", "60", "90", "received"; each span holds the shorter ones),
        `amount` (sum of what is known), `contracts`, `unpriced` (contracts whose worth is not known), `any_day` (of
        the amount, what may be ended on any day).
    """
    shown = terms.assign(band=terms["account_id"].map(bands).to_numpy())
    spans = [(str(days), shown[may_leave(shown, days)]) for days in WINDOWS]
    spans.append(("received", shown[shown["state"] == RECEIVED]))
    parts = [_by_band(rows).assign(within=name) for name, rows in spans]
    table = pd.concat(parts, ignore_index=True)
    return table[["band", "within", "amount", "contracts", "unpriced", "any_day"]]


def _by_band(rows: pd.DataFrame) -> pd.DataFrame:
    priced = rows.assign(
        open_amount=rows["amount"].where(rows["state"] == ANY_DAY, 0.0), is_unpriced=rows["amount"].isna()
    )
    sums: pd.DataFrame = priced.groupby("band", as_index=False).agg(
        amount=("amount", "sum"),
        contracts=("account_id", "size"),
        unpriced=("is_unpriced", "sum"),
        any_day=("open_amount", "sum"),
    )
    return sums


@dataclass(frozen=True)
class Candidate:
    """One of the largest accounts; what is not known is None."""

    account_id: int
    revenue: float
    probability: float | None
    margin_share: float | None
    hours: float


@dataclass(frozen=True)
class Losses:
    """What is gone when some accounts are.

    Attributes
    ----------
    revenue : float
    share : float or None
        Of all revenue; None: there is none.
    margin : float or None
        Of the accounts whose margin is known; None: of none.
    margin_of : float
        The revenue for which the margin is known.
    hours : float
        Of promised contacts a year, that are free then.
    chance : float or None
        That all of them go, if one going says nothing of another; None: of one it is not known.
    """

    revenue: float
    share: float | None
    margin: float | None
    margin_of: float
    hours: float
    chance: float | None


def losses(gone: list[Candidate], total: float) -> Losses:
    """Return what is lost with these accounts, of a total revenue."""
    revenue = sum(one.revenue for one in gone)
    priced = [(one.revenue, one.margin_share) for one in gone if one.margin_share is not None]
    chances = [one.probability for one in gone if one.probability is not None]
    return Losses(
        revenue=revenue,
        share=revenue / total if total > 0 else None,
        margin=sum(amount * share for amount, share in priced) if priced else None,
        margin_of=sum(amount for amount, _share in priced),
        hours=sum(one.hours for one in gone),
        chance=float(np.prod(chances)) if gone and len(chances) == len(gone) else None,
    )


def worst(candidates: list[Candidate], number: int = 2) -> list[Candidate]:
    """Return those whose loss costs most revenue."""
    return sorted(candidates, key=lambda one: (-one.revenue, one.account_id))[:number]


def likeliest(candidates: list[Candidate], number: int = 2) -> list[Candidate]:
    """Return those most likely to be lost, of those for whom that is known; of equals the larger."""
    known = [one for one in candidates if one.probability is not None]
    return sorted(known, key=lambda one: (-(one.probability or 0.0), -one.revenue, one.account_id))[:number]
