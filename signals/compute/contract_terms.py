"""In which term a contract is on a day, and until when notice may be given for it."""

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# What may happen with a contract in force: notice until a day, on any day, notice was received, it ends by itself,
# or it runs on without an end.
BY_DAY, ANY_DAY, RECEIVED, ENDING, OPEN_ENDED = "by_day", "any_day", "received", "ending", "open_ended"
# A contract that begins within so many days of another's end follows it.
FOLLOWS_WITHIN_DAYS = 30


def present_terms(contracts: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return the contracts in force on a day, with the term and the deadline that count.

    Parameters
    ----------
    contracts : DataFrame
        As in `Facts`, known on the day.
    as_of : date

    Returns
    -------
    DataFrame
        The rows in force, each contract once, `ends_on` that of the term that counts; more columns: `state`,
        `notice_by` (last day on which notice counts; NaT where there is none) and `days` from `as_of` to it, or to
        the end where that alone is left.

    Notes
    -----
    A contract that renews by itself and whose deadline has passed goes into its next term: that one's
    deadline counts, unless notice was received. One that does not renew ends, deadline or not. A contract
    that another one follows (it begins within `FOLLOWS_WITHIN_DAYS` of this one's end) is renewed: once it is
    over it counts no more, and before that its deadline has no meaning and it is left out as well.
    """
    day = pd.Timestamp(as_of)
    rows = contracts.sort_values(["account_id", "starts_on", "contract_id"], kind="stable")
    rows = rows.drop_duplicates("contract_id")
    rows = rows[~_is_followed(rows)]
    received = (rows["notice_received_on"] <= day).to_numpy()
    ends_on = _end_of_term(rows, day, received)
    begun = rows["starts_on"] <= day
    in_force = begun & ~(ends_on < day)
    rows, ends_on, received = rows[in_force], ends_on[in_force], received[in_force.to_numpy()]
    notice = pd.to_timedelta(rows["notice_days"].fillna(0), unit="D")
    deadline = ends_on - notice
    state = _state(rows, received, ends_on, deadline >= day)
    has_deadline = np.isin(state, [BY_DAY, ANY_DAY])
    notice_by = deadline.where(has_deadline & (deadline >= day).to_numpy())
    decides = notice_by.where(~np.isin(state, [ENDING, RECEIVED]), ends_on)
    return rows.assign(
        ends_on=ends_on,
        state=pd.Series(state, index=rows.index, dtype="str"),
        notice_by=notice_by,
        days=(decides - day).dt.days.astype(float),
    )


def _is_followed(rows: pd.DataFrame) -> pd.Series:
    """Say of each contract whether another one of the account begins where it ends."""
    slack = pd.Timedelta(days=FOLLOWS_WITHIN_DAYS)
    ended = rows[rows["ends_on"].notna()]
    pairs = ended[["account_id", "contract_id", "starts_on", "ends_on"]].merge(
        rows[["account_id", "contract_id", "starts_on"]], on="account_id", suffixes=("", "_next")
    )
    later = (pairs["starts_on_next"] > pairs["starts_on"]) & (pairs["contract_id"] != pairs["contract_id_next"])
    near = (pairs["starts_on_next"] - pairs["ends_on"]).abs() <= slack
    return rows["contract_id"].isin(pairs.loc[later & near, "contract_id"])


def _end_of_term(rows: pd.DataFrame, day: pd.Timestamp, received: Flags) -> pd.Series:
    """Return the end of the term whose deadline is still ahead; what does not renew keeps its end."""
    months = rows["renewal_months"].to_numpy(dtype=float)
    end = rows["ends_on"]
    renews = rows["auto_renews"].to_numpy() & ~received & (months >= 1) & end.notna().to_numpy()
    must_reach = day + pd.to_timedelta(rows["notice_days"].fillna(0), unit="D")
    terms = _terms_until(end, must_reach, np.where(renews, months, np.nan))
    return _add_months(end, terms * np.nan_to_num(months, nan=0.0))


def _terms_until(end: pd.Series, must_reach: pd.Series, months: Floats) -> Floats:
    """Return how many renewals it takes until a term ends on the day wanted or later, 0 where there is none."""
    lacking = (must_reach.dt.year - end.dt.year) * 12.0 + (must_reach.dt.month - end.dt.month)
    terms = np.nan_to_num(np.floor(lacking.to_numpy(dtype=float) / months), nan=0.0).clip(min=0)
    # Whole months may fall short by days: the first guess that reaches the day is at most one term later.
    short = (_add_months(end, terms * np.nan_to_num(months, nan=0.0)) < must_reach).to_numpy() & ~np.isnan(months)
    reached: Floats = terms + short
    return reached


def _add_months(days: pd.Series, months: Floats) -> pd.Series:
    """Return each day so many months later, the last of a month staying the last; exact and vectorised."""
    values = days.to_numpy(dtype="datetime64[D]")
    month = values.astype("datetime64[M]")
    moved = month + np.where(np.isnat(values), 0, months).astype("int64")
    length = (moved + 1).astype("datetime64[D]") - moved.astype("datetime64[D]")
    from_first = values - month.astype("datetime64[D]")
    is_last = (values + 1).astype("datetime64[M]") != month
    within = np.where(is_last, length, np.minimum(from_first + 1, length)) - np.timedelta64(1, "D")
    result = moved.astype("datetime64[D]") + within
    shifted = np.where(months == 0, values, result)
    return pd.Series(shifted.astype("datetime64[s]"), index=days.index)


def _state(rows: pd.DataFrame, received: Flags, ends_on: pd.Series, ahead: pd.Series) -> npt.NDArray[np.object_]:
    return np.select(
        [received, rows["no_cause"].to_numpy(), ends_on.isna().to_numpy(), ahead.to_numpy()],
        [RECEIVED, ANY_DAY, OPEN_ENDED, BY_DAY],
        ENDING,
    ).astype(object)
