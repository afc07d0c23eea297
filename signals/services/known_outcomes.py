"""The outcomes this installation knows: losses, silent leavers, and what people said of alerts."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from accounts_app.models import Loss
from signals.compute.base import Status
from signals.compute.known_outcomes import (
    FEWEST_OUTCOMES,
    NEAR_DAYS,
    Outcome,
    origins,
    outcome_of_windows,
    silent_leavers,
)
from signals.models import Alert, Reading, RiskDay

RHYTHM = ("silence_days", "mean_gap_days", "elapsed_days", "horizon_days", "usual_gap_days")
DAY_COLUMNS = ["account_id", "day", "risk", "levels"]


@dataclass(frozen=True)
class Known:
    """How many outcomes are known; with enough of them the cases of all accounts, else only those with an outcome.

    `cases` has `account_id`, `origin`, `outcome`, `risk` (as shown at the origin), and `levels` of the day that
    counts: the origin's, or that on which the alert opened.
    """

    outcomes: int
    cases: pd.DataFrame

    @property
    def is_enough(self) -> bool:
        return self.outcomes >= FEWEST_OUTCOMES


def known_outcomes(as_of: dt.date) -> Known:
    """Read first what happened, which is little; the history of every account only where it is enough."""
    events = {Outcome.LOST: _losses(as_of), Outcome.SILENT: _silent(as_of)}
    alerts = _judged_alerts(as_of)
    told = set().union(*(table["account_id"] for table in (*events.values(), alerts)))
    some = _cases(_starts(as_of, told), events, alerts)
    known = int((some["outcome"] != Outcome.STAYED).sum())
    if known < FEWEST_OUTCOMES:
        return Known(known, some)
    return Known(known, _cases(_starts(as_of), events, alerts))


def _losses(as_of: dt.date) -> pd.DataFrame:
    rows = Loss.objects.filter(known_on__lte=as_of, lost_on__lte=as_of).values_list("account_id", "lost_on")
    return _dated(pd.DataFrame(rows, columns=["account_id", "day"]))


def _silent(as_of: dt.date) -> pd.DataFrame:
    rhythm = Reading.objects.filter(signal="order_rhythm", status=Status.OK)
    rows = rhythm.values_list("account_id", *(f"details__{name}" for name in RHYTHM))
    table = pd.DataFrame(rows, columns=["account_id", *RHYTHM]).astype(dict.fromkeys(RHYTHM, float))
    return silent_leavers(table, as_of)


def _judged_alerts(as_of: dt.date) -> pd.DataFrame:
    said = Alert.objects.filter(outcome__in=(Alert.Outcome.REAL, Alert.Outcome.FALSE), opened_on__lte=as_of)
    rows = said.order_by("opened_on", "pk").values_list("account_id", "opened_on", "outcome")
    return _dated(pd.DataFrame(rows, columns=["account_id", "day", "outcome"]))


def _starts(as_of: dt.date, accounts: Collection[int] | None = None) -> pd.DataFrame:
    """Of each account and window the last day stored shortly before it begins."""
    found = [_days_before(origin, accounts).assign(origin=pd.Timestamp(origin)) for origin in origins(as_of)]
    return pd.concat(found, ignore_index=True)


def _days_before(day: dt.date, accounts: Collection[int] | None) -> pd.DataFrame:
    near = RiskDay.objects.filter(day__lte=day, day__gt=day - dt.timedelta(days=NEAR_DAYS))
    if accounts is not None:
        near = near.filter(account__in=accounts)
    rows = near.order_by("account_id", "-day").distinct("account_id").values_list(*DAY_COLUMNS)
    return _dated(pd.DataFrame(rows, columns=DAY_COLUMNS))


def _cases(starts: pd.DataFrame, events: dict[Outcome, pd.DataFrame], alerts: pd.DataFrame) -> pd.DataFrame:
    windows = outcome_of_windows(starts.drop(columns="day"), events, alerts)
    opened = windows["alert_day"].notna()
    pairs = [(int(account), day.date()) for account, day in windows.loc[opened, ["account_id", "alert_day"]].to_numpy()]
    stored = _levels_on(pairs)
    # An alert whose day is not stored says nothing of what it was opened on.
    windows.loc[opened, "levels"] = pd.Series([stored.get(pair) for pair in pairs], windows.index[opened], dtype=object)
    return windows[windows["levels"].notna()].reset_index(drop=True)


def _levels_on(pairs: list[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], dict[str, float]]:
    accounts, days = {account for account, _day in pairs}, {day for _account, day in pairs}
    rows = RiskDay.objects.filter(account__in=accounts, day__in=days).values_list("account_id", "day", "levels")
    return {(account, day): levels for account, day, levels in rows}


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(day=pd.to_datetime(table["day"]).astype("datetime64[s]"))
