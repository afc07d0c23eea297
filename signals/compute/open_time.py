"""How long incidents were open within a span of days, less what their clocks stood still."""

import numpy as np
import pandas as pd


def open_time(incidents: pd.DataFrame, pauses: pd.DataFrame, begin: float, end: float, today: float) -> pd.DataFrame:
    """Return the incidents that were open at some time within [begin, end).

    Parameters
    ----------
    incidents, pauses : DataFrame
        As in `Facts`, cut to the day.
    begin, end : float
        Days since 1970.
    today : float
        Beginning of the day of judging: what is not resolved is open until then (that day is not over).

    Returns
    -------
    DataFrame
        `account_id`, `incident_id`, `severity`; `days` open within the span less pauses; `closed`, 1 if
        resolved within the span; `is_open`, not resolved at all; `age_days`, open so far less pauses.

    Notes
    -----
    The same clock as `Incident.with_clock`: open time less paused spans, a running pause counts up to now.
    One that was opened and resolved in the same moment counts with no days.
    """
    # Resolved on the day of judging itself: the time of that day counts as well.
    until = incidents["resolved"].fillna(today).clip(lower=incidents["opened"])
    here = (incidents["opened"] < end) & (until >= begin)
    if end == today:  # opened or resolved today belongs to the newest span
        here = until >= begin
        end = np.inf
    table, until = incidents[here], until[here]
    resolved = table["resolved"]
    age = until - table["opened"] - _paused(table, until, pauses, -np.inf, np.inf)
    days = until.clip(upper=end) - table["opened"].clip(lower=begin) - _paused(table, until, pauses, begin, end)
    return pd.DataFrame(
        {
            "account_id": table["account_id"],
            "incident_id": table["incident_id"],
            "severity": table["severity"],
            "days": days.clip(lower=0),
            "closed": ((resolved >= begin) & (resolved < end)).astype("int64"),
            "is_open": resolved.isna(),
            "age_days": age.clip(lower=0),
        }
    )


def _paused(incidents: pd.DataFrame, until: pd.Series, pauses: pd.DataFrame, begin: float, end: float) -> pd.Series:
    """Return how long the clock of each incident stood still within the span; pauses of one do not overlap."""
    stops = until.set_axis(incidents["incident_id"])
    kept = pauses[pauses["incident_id"].isin(stops.index)]
    stop = stops.reindex(kept["incident_id"]).to_numpy()
    ended = np.minimum(np.minimum(kept["ended"].fillna(np.inf), stop), end)
    length = np.clip(ended - np.maximum(kept["begun"], begin), 0, None)
    sums = length.groupby(kept["incident_id"]).sum().reindex(incidents["incident_id"], fill_value=0.0)
    return pd.Series(sums.to_numpy(dtype=float), index=incidents.index)
