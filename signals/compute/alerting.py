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


# An alarm of a chance clears once the odds against chance are half of those at which it could open (detection.md).
CLEARS_AT_SHARE_OF_ODDS = 0.5


def alert_transitions(
    key: str,
    readings: pd.DataFrame,
    latest: pd.DataFrame,
    rules: RuleSetValues,
    as_of: dt.date,
    *,
    chance_line: float | None = None,
) -> pd.Series:
    """Say which alerts of one signal change on a day.

    Parameters
    ----------
    key : str
        The signal.
    readings : DataFrame
        What its `compute` returned. Where the level is a chance of its own (order_rhythm), `details` has
        `p_gap_this_long`, the chance of a gap at least this long had nothing changed, and may have
        `last_order` (ISO day) and `mean_gap_days`.
    latest : DataFrame
        Index = account; the last alert of each account for this signal, whatever its state: `state` (open,
        acknowledged, snoozed, resolved, faded), `snoozed_level` float, `snoozed_until` datetime64,
        `rearmed` bool, and where it has them `closed_on` datetime64 and `last_order`, the day from which the
        gap it alarmed of was counted. Accounts without any alert are left out.
    rules : RuleSetValues
    as_of : date
    chance_line : float, optional
        The chance under which a gap alarms among all that are tested (see `alarm_control`); None: that of one
        account tested alone, as the rules have it.

    Returns
    -------
    Series of str
        A `Move` for each account whose alert changes; the others are left out.

    Notes
    -----
    An unknown reading moves nothing but a snooze whose day has come: missing data neither alarms nor
    reassures. A level that was beyond the breaking line when it was snoozed does not break that snooze. An
    alert a person resolved opens anew only after the level was below the lower line in between; one of a gap only
    for another gap, and not within one own mean gap. What faded by itself may open anew at once: it fades in the
    same gap only because facts were corrected.
    """
    alerts = latest.reindex(readings.index)
    level = readings["level"].where(readings["status"] == Status.OK)
    above, below = level >= rules.alert_opens_at, level < rules.alert_closes_under
    tried = pd.Series(False, index=readings.index)  # noqa: FBT003
    if rules.is_own_odds(key):
        chance = _figure(readings, "p_gap_this_long").astype(float)
        above = level.notna() & (chance < (rules.rhythm_alert_chance if chance_line is None else chance_line))
        below &= ~(chance < _clearing_chance(rules.rhythm_alert_chance))  # also where the chance is unknown
        tried = _tried(readings, alerts, as_of)
    unclosed, snoozed = alerts["state"].isin(UNCLOSED), alerts["state"] == "snoozed"
    held = (alerts["state"] == "resolved") & ~alerts["rearmed"].eq(True)  # noqa: FBT003 - a missing flag counts as false
    breaks = (level >= rules.snooze_breaks_at) & ~(alerts["snoozed_level"] >= rules.snooze_breaks_at)
    due = alerts["snoozed_until"] <= pd.Timestamp(as_of)
    moves = np.select(
        [unclosed & below, snoozed & (breaks | due), held & below, ~unclosed & ~held & ~tried & above],
        [Move.FADE, Move.WAKE, Move.REARM, Move.OPEN],
        "",
    )
    result = pd.Series(moves.astype(str), index=readings.index, dtype="str")
    return result[result != ""]


def _figure(readings: pd.DataFrame, name: str) -> pd.Series:
    return readings["details"].map(lambda details: details.get(name))


def _clearing_chance(line: float) -> float:
    odds_against = CLEARS_AT_SHARE_OF_ODDS * (1 - line) / line
    return 1 / (1 + odds_against)


def _tried(readings: pd.DataFrame, alerts: pd.DataFrame, as_of: dt.date) -> pd.Series:
    """Whether a person has closed an alert of this gap, or one within the last own mean gap."""
    if not {"closed_on", "last_order"} <= set(alerts.columns):
        return pd.Series(False, index=readings.index)  # noqa: FBT003
    same = alerts["last_order"].notna() & (alerts["last_order"] == _figure(readings, "last_order"))
    mean_gap = pd.to_timedelta(_figure(readings, "mean_gap_days").astype(float).round(), unit="D")
    soon = pd.Timestamp(as_of) < alerts["closed_on"] + mean_gap
    return (alerts["state"] == "resolved") & (same | soon)
