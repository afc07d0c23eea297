"""When an alert opens, closes by itself, wakes from its snooze, or may open again."""

import datetime as dt
from enum import StrEnum

import numpy as np
import pandas as pd

from signals.compute.base import Status
from signals.compute.rules import RuleSetValues


class Move(StrEnum):
    """What happens to the alert of one account and signal."""

    OPEN = "open"  # a new alert
    FADE = "fade"  # it closes by itself: the level fell below the lower line
    WAKE = "wake"  # the snooze ends: its day has come, or the level broke it
    REARM = "rearm"  # the level fell since a person closed it: the next crossing is a new alert


UNCLOSED = ("open", "acknowledged", "snoozed")


def alert_transitions(
    key: str, readings: pd.DataFrame, latest: pd.DataFrame, rules: RuleSetValues, as_of: dt.date
) -> pd.Series:
    """Say which alerts of one signal change on a day.

    Parameters
    ----------
    key : str
        The signal.
    readings : DataFrame
        What its `compute` returned. Where the level is a chance of its own (order_rhythm), `details` has
        `p_gap_this_long`, the chance of a gap at least this long had nothing changed.
    latest : DataFrame
        Index = account; the last alert of each account for this signal, whatever its state: `state` (open,
        acknowledged, snoozed, resolved, faded), `snoozed_level` float, `snoozed_until` datetime64,
        `rearmed` bool. Accounts without any alert are left out.
    rules : RuleSetValues
    as_of : date

    Returns
    -------
    Series of str
        A `Move` for each account whose alert changes; the others are left out.

    Notes
    -----
    An unknown reading moves nothing but a snooze whose day has come: missing data neither alarms nor
    reassures. A level that was beyond the breaking line when it was snoozed does not break that snooze. An
    alert a person resolved opens anew only after the level was below the lower line in between.
    """
    alerts = latest.reindex(readings.index)
    level = readings["level"].where(readings["status"] == Status.OK)
    above, below = level >= rules.alert_opens_at, level < rules.alert_closes_under
    if rules.weights[key].likelihood_ratio is None:
        chance = readings["details"].map(lambda details: details.get("p_gap_this_long")).astype(float)
        above = level.notna() & (chance < rules.rhythm_alert_chance)
        below &= ~above  # else an alert could open and close on the same figures
    unclosed, snoozed = alerts["state"].isin(UNCLOSED), alerts["state"] == "snoozed"
    held = (alerts["state"] == "resolved") & ~alerts["rearmed"].eq(True)  # noqa: FBT003 - a missing flag counts as false
    breaks = (level >= rules.snooze_breaks_at) & ~(alerts["snoozed_level"] >= rules.snooze_breaks_at)
    due = alerts["snoozed_until"] <= pd.Timestamp(as_of)
    moves = np.select(
        [unclosed & below, snoozed & (breaks | due), held & below, ~unclosed & ~held & above],
        [Move.FADE, Move.WAKE, Move.REARM, Move.OPEN],
        "",
    )
    result = pd.Series(moves.astype(str), index=readings.index, dtype="str")
    return result[result != ""]
