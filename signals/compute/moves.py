"""How the parts of a risk moved between two days."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from signals.compute import risk
from signals.compute.base import Status
from signals.compute.rules import RuleSetValues


@dataclass(frozen=True)
class Points:
    """A risk taken apart: `starting` and all of `by_signal` add up to `risk`."""

    risk: int
    starting: int
    by_signal: Mapping[str, int]


@dataclass(frozen=True)
class Moved:
    """Points of one signal then and now; None where it was, or is, unknown."""

    key: str
    before: int | None
    after: int | None

    @property
    def difference(self) -> int:
        return (self.after or 0) - (self.before or 0)


def points_of(levels: Mapping[str, float], rules: RuleSetValues, base_rate: float) -> Points:
    """Work out the points of one account again from the levels that are stored of a day.

    Parameters
    ----------
    levels : mapping of str to float
        Level by signal, 0 to 1; unknown ones are left out.
    rules : RuleSetValues
        The version by which the day was judged; signals it does not weigh are left out.
    base_rate : float
        b of that day's fit.

    Returns
    -------
    Points
        `by_signal` has the known signals only.
    """
    keys = [key for key in rules.weights if key in levels]
    if not keys:
        start = round(100 * base_rate)
        return Points(start, start, {})
    frames = {key: pd.DataFrame({"status": [str(Status.OK)], "level": [levels[key]]}) for key in keys}
    row = risk.assess(frames, rules, base_rate).iloc[0]
    by_signal = {item["key"]: int(item["points"]) for item in row["contributions"]}
    return Points(int(row["risk"]), int(row["starting_points"]), by_signal)


def moves_between(before: Points, after: Points) -> list[Moved]:
    """Return the signals whose points differ, or that became known or unknown, the largest move first.

    Notes
    -----
    The differences and that of the starting points add up to the difference of the risks.
    """
    keys = [*after.by_signal, *(key for key in before.by_signal if key not in after.by_signal)]
    moved = [Moved(key, before.by_signal.get(key), after.by_signal.get(key)) for key in keys]
    told = [one for one in moved if one.difference]
    return sorted(told, key=lambda one: -abs(one.difference))
