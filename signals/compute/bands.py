"""The band of an account: At risk and Drifting by risk alone, Healthy only where enough is known."""

from enum import StrEnum

import numpy as np
import pandas as pd

from signals.compute.rules import RuleSetValues


class Band(StrEnum):
    """What is said of an account in one word."""

    AT_RISK = "at_risk"
    DRIFTING = "drifting"
    UNKNOWN = "unknown"
    HEALTHY = "healthy"


def assign_bands(risk: pd.Series, coverage: pd.Series, previous: pd.Series, rules: RuleSetValues) -> pd.Series:
    """Return the band of each account.

    Parameters
    ----------
    risk : Series of int
        Points, 0 to 100; its index is the result's.
    coverage : Series of float
        Share of the picture that rests on fresh data, 0 to 1.
    previous : Series of str
        Band before; accounts not in it, or with None, had none.
    rules : RuleSetValues

    Returns
    -------
    Series of str
        Values of `Band`.

    Notes
    -----
    Danger needs no coverage, health does. A band is entered at its line and left `band_margin` points below;
    an account that was At risk is held in Drifting, too, until it is below that band's lower line.
    """
    before = previous.reindex(risk.index)
    was_at_risk = before == Band.AT_RISK
    was_distant = was_at_risk | (before == Band.DRIFTING)
    at_risk = risk >= rules.at_risk_from - rules.band_margin * was_at_risk
    drifting = risk >= rules.drifting_from - rules.band_margin * was_distant
    healthy = coverage >= rules.healthy_coverage
    bands = np.select([at_risk, drifting, healthy], [Band.AT_RISK, Band.DRIFTING, Band.HEALTHY], Band.UNKNOWN)
    return pd.Series(bands.astype(str), index=risk.index, dtype="str")
