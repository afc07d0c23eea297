"""What became of accounts: the cases weights are learned from, and how often a shown risk came true."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import pandas as pd

# As long as the longest own horizon of an account that orders at least every two months.
WINDOW_DAYS = 180
# 18 months of history, in windows that do not overlap.
WINDOWS = 3
# Days of a history lie a week apart; a day this much before the one wanted stands for it.
NEAR_DAYS = 14
# Below this many known outcomes it is called risk, not probability, and nothing is learned.
FEWEST_OUTCOMES = 30
EXPECTED_ORDERS = 3
NORMAL_95 = 1.959964
BAND_WIDTH = 10


class Outcome(StrEnum):
    """How one account went through one window."""

    LOST = "lost"  # a loss was recorded
    SILENT = "silent"  # no order for a horizon in which three were expected
    REAL = "real"  # somebody resolved an alert as real
    FALSE = "false"  # somebody resolved an alert as false
    STAYED = "stayed"


def origins(as_of: dt.date) -> list[dt.date]:
    """The days before the windows that are over on `as_of`, the latest first."""
    return [as_of - dt.timedelta(days=WINDOW_DAYS * (place + 1)) for place in range(WINDOWS)]


def silent_leavers(rhythm: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return the accounts that stopped ordering, with the day their next order was due.

    Parameters
    ----------
    rhythm : DataFrame
        Figures of order_rhythm on `as_of`, in days: `account_id`, `silence_days` and `mean_gap_days`
        (operational), `elapsed_days` (calendar, since the last order), `horizon_days`, `usual_gap_days`.
    as_of : date

    Returns
    -------
    DataFrame
        `account_id`, `day` (datetime64).

    Notes
    -----
    No order for the own horizon, within which at least three were expected. Who ordered again is no leaver.
    """
    enough = rhythm["silence_days"] >= EXPECTED_ORDERS * rhythm["mean_gap_days"]
    gone = rhythm[enough & (rhythm["silence_days"] >= rhythm["horizon_days"])]
    since_due = gone["elapsed_days"] - gone["usual_gap_days"]
    due = pd.Timestamp(as_of) - pd.to_timedelta(since_due.astype(float), unit="D")
    return pd.DataFrame({"account_id": gone["account_id"], "day": due.dt.normalize()}).reset_index(drop=True)


def outcome_of_windows(
    starts: pd.DataFrame, events: Mapping[Outcome, pd.DataFrame], alerts: pd.DataFrame
) -> pd.DataFrame:
    """Say how each account went through each window.

    Parameters
    ----------
    starts : DataFrame
        One row per account and window: `account_id`, `origin` (datetime64), any other columns.
    events : mapping of Outcome to DataFrame
        Losses and silent leavers: `account_id`, `day`.
    alerts : DataFrame
        Alerts resolved as real or false: `account_id`, `day` (of opening), `outcome`.

    Returns
    -------
    DataFrame
        `starts` with `outcome` (of `Outcome`) and `alert_day` (NaT unless the outcome is that of an alert),
        without the accounts that had left at the origin.

    Notes
    -----
    A loss counts before a silence, both before what somebody said of an alert, the last alert of a window
    before earlier ones. "Too early" is no outcome: the account's window is then decided by the rest.
    """
    result = starts.assign(outcome=str(Outcome.STAYED), alert_day=pd.Series(pd.NaT, starts.index))
    left = pd.Series(data=False, index=result.index)
    for kind in (Outcome.SILENT, Outcome.LOST):
        first = events[kind].groupby("account_id")["day"].min()
        day = pd.Series(first.reindex(result["account_id"]).to_numpy(), result.index)
        within = (day > result["origin"]) & (day <= result["origin"] + pd.Timedelta(days=WINDOW_DAYS))
        result.loc[within, "outcome"] = str(kind)
        left |= day <= result["origin"]
    result = _with_alerts(result, alerts)
    return result[~left].reset_index(drop=True)


def _with_alerts(windows: pd.DataFrame, alerts: pd.DataFrame) -> pd.DataFrame:
    judged = alerts.sort_values("day", kind="stable")
    for account, day, outcome in zip(judged["account_id"], judged["day"], judged["outcome"], strict=True):
        within = (
            (windows["account_id"] == account)
            & (day > windows["origin"])
            & (day <= windows["origin"] + pd.Timedelta(days=WINDOW_DAYS))
            & ~windows["outcome"].isin([Outcome.LOST, Outcome.SILENT])
        )
        windows.loc[within, "outcome"] = str(Outcome(outcome))
        windows.loc[within, "alert_day"] = day
    return windows


def reliability(risk: pd.Series, gone: pd.Series) -> pd.DataFrame:
    """Return how many of the accounts shown a risk left afterwards, by tens of points.

    Parameters
    ----------
    risk : Series of int
        The risk as it was shown, 0 to 100 points.
    gone : Series of bool
        Whether the account left within the window.

    Returns
    -------
    DataFrame
        One row per ten points in which there were accounts: `low`, `high` (points), `accounts`, `gone` (counts),
        `shown` (mean risk, 0 to 1), `share` gone, and its 95 % Wilson interval `share_low`, `share_high`.

    References
    ----------
    .. [1] Wilson: Probable inference, the law of succession, and statistical inference. JASA 22 (1927).
    """
    tens = np.minimum(risk.to_numpy() // BAND_WIDTH, 100 // BAND_WIDTH - 1) * BAND_WIDTH
    table = pd.DataFrame({"low": tens, "risk": risk.to_numpy() / 100, "gone": gone.to_numpy(dtype=float)})
    grouped = table.groupby("low").agg(accounts=("gone", "size"), gone=("gone", "sum"), shown=("risk", "mean"))
    count, share = grouped["accounts"], grouped["gone"] / grouped["accounts"]
    shrink = NORMAL_95**2 / count
    middle = (share + shrink / 2) / (1 + shrink)
    half = NORMAL_95 / (1 + shrink) * np.sqrt(share * (1 - share) / count + shrink / (4 * count))
    bounds = {"share": share, "share_low": (middle - half).clip(0), "share_high": (middle + half).clip(upper=1)}
    result = grouped.assign(**bounds, high=grouped.index + BAND_WIDTH, gone=grouped["gone"].astype(int))
    return result.reset_index()
