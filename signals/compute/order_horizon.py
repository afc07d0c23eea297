"""H, the days within which an account's next order is to be expected."""

import numpy as np

from signals.compute.order_days import FloatArray

# Three mean gaps, so that an order within it is expected thrice; at least a month, at most half a year for those who
# order every two months or more often, and a year for the others (detection.md).
HORIZON_GAPS, SHORTEST_HORIZON, LONGEST_HORIZON, LONGEST_OF_RARE, RARE_GAP = 3, 30, 180, 365, 60


def own_horizon(mean_gap: FloatArray) -> FloatArray:
    """Return H, the days within which an order is to be expected.

    Parameters
    ----------
    mean_gap : float array, shape (n,)
        Days.

    Returns
    -------
    float array, shape (n,)
        Whole days.
    """
    longest = np.where(mean_gap > RARE_GAP, LONGEST_OF_RARE, LONGEST_HORIZON)
    return np.asarray(np.rint(np.clip(HORIZON_GAPS * mean_gap, SHORTEST_HORIZON, longest)))
