"""When a deadline for notice is told: 90, 60 and 30 days before the last day on which notice counts."""

import numpy as np
import pandas as pd

from signals.compute.alerting import UNCLOSED, Move
from signals.compute.contract_terms import BY_DAY

STEPS = (30, 60, 90)


def step_of(days: pd.Series) -> pd.Series:
    """Return the smallest of `STEPS` that so many days lie within; NaN: none, or passed."""
    values = days.to_numpy(dtype=np.float64)
    steps = np.select([values < 0, *(values <= step for step in STEPS)], [np.nan, *STEPS], np.nan)
    return pd.Series(steps, index=days.index, dtype=np.float64)


def crossed_steps(terms: pd.DataFrame, told: pd.DataFrame) -> "pd.Series[bool]":
    """Say of each account whether its deadline lies within a step that was not told of it yet.

    Parameters
    ----------
    terms, told : DataFrame
        As for `with_notice_steps`.
    """
    last, step = told.reindex(terms.index), _present_step(terms)
    is_same = last["notice_by"].notna() & (last["notice_by"] == terms["notice_by"])
    is_told = is_same & (step_of(last["days"].astype(np.float64)) <= step)
    crossed: pd.Series[bool] = step.notna() & ~is_told
    return crossed


def _present_step(terms: pd.DataFrame) -> pd.Series:
    return step_of(terms["days"].where(terms["state"] == BY_DAY))


def with_notice_steps(moves: pd.Series, terms: pd.DataFrame, told: pd.DataFrame) -> pd.Series:
    """Return what happens to the alerts of the notice window when its steps are told as well.

    Parameters
    ----------
    moves : Series of str
        A `Move` by account, as `alert_transitions` returns it: only accounts whose alert changes.
    terms : DataFrame
        Index = account; what today's readings say, unknown ones left out: `state`, `days`, `notice_by`.
    told : DataFrame
        Index = account; the last alert of each: `state`, and `days` and `notice_by` as it tells them.

    Returns
    -------
    Series of str
        As `moves`.

    Notes
    -----
    Counted is the deadline of the contract that weighs most in the window. Its first day within a step opens an alert,
    or, where one is open, acknowledged or snoozed, wakes and tells it anew; each step of a deadline is told once,
    whatever a person did with the step before. While a step holds the alert does not close by itself for a low level,
    and none opens for a high one: a deadline is a day, not a drift. Beyond the steps, and where another kind of term
    decides, all is as `alert_transitions` says.
    """
    holds, crossed = _present_step(terms).notna(), crossed_steps(terms, told)
    unclosed = told["state"].reindex(terms.index).isin(UNCLOSED)
    kept = moves.reindex(terms.index, fill_value="")
    kept = kept.mask(holds & kept.isin([Move.FADE, Move.OPEN]), "")
    kept = kept.mask(crossed & unclosed, str(Move.WAKE)).mask(crossed & ~unclosed, str(Move.OPEN))
    found = pd.concat([moves.drop(index=terms.index, errors="ignore"), kept[kept != ""]])
    told_moves: pd.Series = found.astype("str").sort_index()
    return told_moves
