"""Past days judged again: what each signal said of each account, and which alarms stood."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.alerting import Move, alert_transitions
from signals.compute.backtest_course import NEVER
from signals.compute.bands import Band
from signals.compute.order_days import IntArray, OrderDays, day_numbers
from signals.compute.rules import RuleSetValues

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# The risk as an alarm: the account is shown as Drifting or At risk ("marked"), or as At risk.
MARKED, AT_RISK = "marked", "at_risk"
RISK_METHODS = (MARKED, AT_RISK)
# Rules that need no method: no order for so many days; as many times the own median gap.
SILENT_DAYS = {"none_60": 60, "none_90": 90}
GAP_RULE, TIMES_GAP = "three_gaps", 3
PLAIN_RULES = (*SILENT_DAYS, GAP_RULE)
# Scores of the plain rules are counted in steps like levels: three days without an order, a tenth of a gap.
DAYS_A_POINT, POINTS_A_GAP, MOST_POINTS = 3, 10, 100
LEAST_GAPS = 2


@dataclass(frozen=True)
class Replay:
    """What was said of n accounts on d days.

    Parameters
    ----------
    days : int array, shape (d,)
        Days since 1970, ascending.
    account_ids : int array, shape (n,)
    risk : int array, shape (d, n)
        Points.
    healthy : bool array, shape (d, n)
        Shown as Healthy.
    levels : mapping of str to float array, shape (d, n)
        By signal; NaN where unknown.
    alarms : mapping of str to bool array, shape (d, n)
        By method: those of the risk, the signals, and the plain rules.
    recency, gaps : float arrays, shape (d, n)
        Days without an order, and the same in own median gaps; NaN where not known.
    """

    days: IntArray
    account_ids: IntArray
    risk: IntArray
    healthy: Flags
    levels: Mapping[str, Floats]
    alarms: Mapping[str, Flags]
    recency: Floats
    gaps: Floats

    @property
    def methods(self) -> tuple[str, ...]:
        return tuple(self.alarms)

    def points(self, method: str) -> Floats:
        """Return the score behind a method's alarms in whole points, 0 to 100; NaN where unknown."""
        if method in RISK_METHODS:
            return self.risk.astype(float)
        if method in SILENT_DAYS:
            return np.minimum(self.recency // DAYS_A_POINT, MOST_POINTS)
        if method == GAP_RULE:
            return np.minimum(self.gaps * POINTS_A_GAP // 1, MOST_POINTS)
        return np.floor(100 * self.levels[method] + 0.5)


class Recorder:
    """Takes the days of a replay one after the other.

    Alarms are judged as the nightly run judges alerts (`alert_transitions`): one open alarm an account and
    signal. Nobody acknowledges, snoozes or resolves one, and no budget holds one back.
    """

    def __init__(self, account_ids: pd.Index, keys: tuple[str, ...], rules: RuleSetValues) -> None:
        self._index, self._keys, self._rules = account_ids, keys, rules
        self._open = {key: np.zeros(len(account_ids), dtype=bool) for key in keys}
        self._days: list[int] = []
        self._rows: list[dict[str, npt.NDArray[np.generic]]] = []

    def add(
        self,
        day: dt.date,
        risk: pd.DataFrame,
        readings: Mapping[str, pd.DataFrame],
        *,
        chance_line: float | None = None,
        alarm: bool = True,
    ) -> None:
        """Record one day.

        Parameters
        ----------
        day : date
        risk : DataFrame
            As `risk.assess` returns it.
        readings : mapping of str to DataFrame
        chance_line : float, optional
            The chance under which a gap alarms among all that were tested that day (`alert_transitions`).
        alarm : bool
            False where orders were missing as a whole that day: then nothing alarms, as in the nightly run.
        """
        for key in self._keys:
            if key in readings:
                moves = self._moves(key, readings[key], day, chance_line)
                opened = (moves == Move.OPEN) & alarm
                self._open[key] = (self._open[key] | opened) & (moves != Move.FADE)
        levels = {f"level {key}": frame["level"].to_numpy(dtype=float) for key, frame in readings.items()}
        stood = {f"alarm {key}": flags for key, flags in self._open.items()}
        self._days.append((day - dt.date(1970, 1, 1)).days)
        band = risk["band"]
        shown = {
            "healthy": (band == Band.HEALTHY).to_numpy(),
            f"alarm {AT_RISK}": (band == Band.AT_RISK).to_numpy(),
            f"alarm {MARKED}": band.isin([Band.AT_RISK, Band.DRIFTING]).to_numpy(),
        }
        self._rows.append({"risk": risk["risk"].to_numpy(), **shown, **levels, **stood})

    def _moves(
        self, key: str, readings: pd.DataFrame, day: dt.date, chance_line: float | None
    ) -> npt.NDArray[np.object_]:
        """What happens that day to the alarms of one signal, in the order of the accounts."""
        before = self._open[key]
        count = int(before.sum())
        latest = pd.DataFrame(
            {
                "state": pd.Series(["open"] * count, dtype="str"),
                "snoozed_level": np.full(count, np.nan),
                "snoozed_until": np.full(count, np.datetime64("NaT"), dtype="datetime64[s]"),
                "rearmed": np.zeros(count, dtype=bool),
            }
        ).set_axis(self._index[before])
        moves = alert_transitions(key, readings, latest, self._rules, day, chance_line=chance_line)
        return moves.reindex(self._index).to_numpy(dtype=object)

    def replay(self, orders: OrderDays, seen: IntArray) -> Replay:
        """Put the days together, with the plain rules beside them.

        Parameters
        ----------
        orders : OrderDays
            Of these accounts, in their order.
        seen : int array, shape (n_order_days,)
            The day from which each was known.
        """
        days = np.array(self._days, dtype=np.int64)
        recency, gaps = plain_scores(orders, seen, days)
        rules = {name: recency > limit for name, limit in SILENT_DAYS.items()} | {GAP_RULE: gaps > TIMES_GAP}
        return Replay(
            days=days,
            account_ids=self._index.to_numpy(np.int64),
            risk=self._stacked("risk").astype(np.int64),
            healthy=self._stacked("healthy").astype(bool),
            levels={key: self._stacked(f"level {key}", np.nan).astype(float) for key in self._keys},
            alarms={
                **{key: self._stacked(f"alarm {key}").astype(bool) for key in (*RISK_METHODS, *self._keys)},
                **rules,
            },
            recency=recency,
            gaps=gaps,
        )

    def _stacked(self, name: str, missing: float = 0.0) -> npt.NDArray[np.generic]:
        nothing = np.full(len(self._index), missing)
        return np.stack([row.get(name, nothing) for row in self._rows])


def seen_on(orders: pd.DataFrame, days: OrderDays, account_ids: pd.Index) -> IntArray:
    """Return the day from which each order day was known, never before one that lies earlier."""
    known = pd.Series(
        np.maximum(day_numbers(orders["known_on"]), day_numbers(orders["day"])),
        index=account_ids.get_indexer(pd.Index(orders["account_id"])) * NEVER + day_numbers(orders["day"]),
    )
    first = known.groupby(level=0).min().reindex(days.account * NEVER + days.day).to_numpy()
    return np.asarray(pd.Series(first).groupby(days.account).cummax(), dtype=np.int64)


def plain_scores(orders: OrderDays, seen: IntArray, days: IntArray) -> tuple[Floats, Floats]:
    """Return what the plain rules look at.

    Parameters
    ----------
    orders : OrderDays
    seen : int array, shape (n_order_days,)
    days : int array, shape (d,)

    Returns
    -------
    recency, gaps : float arrays, shape (d, n_accounts)
        Calendar days since the last order; the same over the median of the own gaps until then. NaN without
        an order, and without two gaps.
    """
    accounts = np.arange(orders.n_accounts)
    begin = np.searchsorted(orders.account, accounts)
    key = orders.account * NEVER + seen
    count = np.searchsorted(key, accounts * NEVER + days[:, None], side="right") - begin
    last = np.append(orders.day, 0)[begin + np.maximum(count, 1) - 1]
    recency = np.where(count > 0, days[:, None] - last, np.nan)
    gap = pd.Series(np.diff(orders.day, prepend=0.0))
    gap[begin[begin < len(gap)]] = np.nan  # the first of an account follows nothing
    medians = gap.groupby(orders.account).expanding(LEAST_GAPS).median().to_numpy()
    median = np.append(medians, np.nan)[begin + np.maximum(count, 1) - 1]
    usual = np.where(count > LEAST_GAPS, median, np.nan)
    return recency, recency / usual
