"""What became of the accounts of a portfolio over some whole quarters. Pure: no Django import."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cadence.economics import Retention, retention
from cadence.quarter_days import last_day, quarters_until

QUARTERS_OF_YEAR: Final = 4
# Whole quarters that are counted; the running one is not over, and what it brought cannot be compared yet.
QUARTERS_TO_CHOOSE: Final = 7
# Where so much of the revenue is unknown, nothing is said of the rest.
MOSTLY: Final = 0.5
BANDS: Final = ("healthy", "drifting", "at_risk", "unknown")


@dataclass(frozen=True)
class Period:
    """Whole quarters, the latest first, compared with the same ones a year before."""

    quarters: tuple[dt.date, ...]

    @property
    def begins_on(self) -> dt.date:
        return self.quarters[-1]

    @property
    def last_on(self) -> dt.date:
        return last_day(self.quarters[0])

    @property
    def ends_before(self) -> dt.date:
        """Return the day after the last one."""
        return self.last_on + dt.timedelta(days=1)

    @property
    def base_from(self) -> dt.date:
        """Return where the quarters begin that these are compared with: so seasons fall out."""
        return self.begins_on.replace(year=self.begins_on.year - 1)

    @property
    def base_before(self) -> dt.date:
        return self.ends_before.replace(year=self.ends_before.year - 1)


def period_of(key: str, today: dt.date) -> tuple[str, Period]:
    """Return the period of a key: ``year``, ``quarter`` or one such as ``2026-2``; else the last four quarters."""
    whole = whole_quarters(today)
    if key == "quarter":
        return key, Period((whole[0],))
    named = {f"{day.year}-{(day.month + 2) // 3}": day for day in whole}
    if key in named:
        return key, Period((named[key],))
    return "year", Period(tuple(whole[:QUARTERS_OF_YEAR]))


def whole_quarters(today: dt.date) -> list[dt.date]:
    """Return the first days of the quarters that are over, the latest first."""
    return quarters_until(today, QUARTERS_TO_CHOOSE + 1)[1:]


@dataclass(frozen=True)
class Health:
    """Revenue by band at the start and at the end, as shares of it; empty where there was none.

    Every account keeps the weight it had at the start: only what was judged of it moves the shares.
    """

    start: dict[str, float]
    end: dict[str, float]

    @property
    def unknown(self) -> float:
        """Return the share of revenue of which nothing is known at the end."""
        return self.end.get("unknown", 1.0)

    @property
    def healthy(self) -> float | None:
        """Return the share of the healthy at the end; None where most of the revenue is unknown."""
        return self.end["healthy"] if self.unknown < MOSTLY else None

    @property
    def change(self) -> tuple[float, float] | None:
        """Return by how much the share of the healthy grew, at least and at most; None where most is unknown.

        What was not judged may have been healthy or not: unknown at the end is no fall, and at the start no rise.
        """
        if self.healthy is None or self.start["unknown"] >= MOSTLY:
            return None
        grown = self.healthy - self.start["healthy"]
        return grown - self.start["unknown"], grown + self.unknown


@dataclass(frozen=True)
class Outcome:
    """What became of some accounts, each held by somebody at the period's start.

    Attributes
    ----------
    accounts : int
    compared : int
        With revenue in the year before, known: what retention is counted from.
    unknown : int
        Accounts whose orders do not go back far enough.
    retention : Retention
    expansion : float
        What accounts bought beyond what they had bought before.
    """

    accounts: int
    compared: int
    unknown: int
    retention: Retention
    expansion: float
    health: Health

    @property
    def expansion_share(self) -> float | None:
        return self.expansion / self.retention.base if self.retention.base > 0 else None


def compared(table: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts that bought in the time before, with what they kept (`kept`, at most that) beside it.

    Parameters
    ----------
    table : DataFrame
        Index = account id; `base`, `after` (revenue of the two times), `known` (whether the time before is on record).
    """
    cases = table[table["known"] & (table["base"] > 0)]
    return cases.assign(kept=np.minimum(cases["after"].clip(lower=0), cases["base"]))


def outcome(table: pd.DataFrame) -> Outcome:
    """Return what became of these accounts.

    Parameters
    ----------
    table : DataFrame
        As for `compared`, with `year` (revenue of the twelve months before the start) and `band_start`, `band_end`.
    """
    cases = compared(table)
    before, after = cases["base"].to_numpy(float), cases["after"].to_numpy(float)
    return Outcome(
        accounts=len(table),
        compared=len(cases),
        unknown=int((~table["known"]).sum()),
        retention=retention(before, after),
        expansion=float(np.clip(after - before, 0, None).sum()),
        health=Health(_shares(table, "band_start"), _shares(table, "band_end")),
    )


def _shares(table: pd.DataFrame, column: str) -> dict[str, float]:
    weights = table["year"].clip(lower=0)
    total = weights.sum()
    if total <= 0:
        return {}
    sums = weights.groupby(table[column]).sum()
    return {band: float(sums.get(band, 0.0) / total) for band in BANDS}


def outcomes(table: pd.DataFrame, by: str) -> dict[int, Outcome]:
    """Return what became of the accounts of each portfolio; those of nobody are left out."""
    keys = table[by].dropna().astype("int64").unique()
    return {int(key): outcome(table[table[by] == key]) for key in keys}


def handed_over(table: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts that somebody else, or nobody, answered for at the period's end (`owner_end`)."""
    return table[table["owner_id"].notna() & (table["owner_id"] != table["owner_end"])]


def people_behind(table: pd.DataFrame) -> int:
    """Return of how many people the figures of these accounts tell.

    Parameters
    ----------
    table : DataFrame
        As for `compared`, with `owner_id`.

    Returns
    -------
    int
        Who held accounts that are compared: where one of five did, the sum of the five is that one's. Where nothing is
        compared no revenue is told, and everybody counts.
    """
    cases = compared(table)
    return int((cases if len(cases) else table)["owner_id"].nunique())


def shown_groups(sizes: dict[int, int], least: int) -> Sequence[int]:
    """Return the groups of enough people that their sums tell of no single one.

    Parameters
    ----------
    sizes : dict
        People by group.
    least : int
        Groups of fewer are hidden, and nothing is added up over them: a sum over all less the groups that are shown
        would tell theirs.
    """
    return [group for group, size in sizes.items() if size >= least]
