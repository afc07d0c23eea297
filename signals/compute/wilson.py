"""Interval of a share that was counted."""

import math
from statistics import NormalDist


def wilson_interval(hits: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval in which the true share lies, by Wilson's score.

    Parameters
    ----------
    hits, total : int
        Cases counted, 0 <= hits <= total; `total` may be 0.
    level : float
        Coverage, 0 to 1.

    Returns
    -------
    tuple of float
        Lower and upper end, 0 to 1; (0, 1) where nothing was counted.

    Raises
    ------
    ValueError
        If `hits` lies outside 0 to `total`.

    Notes
    -----
    It holds its coverage for small numbers and for shares near 0 and 1, where the usual interval (share plus or
    minus two standard errors) shrinks to nothing.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 22, 209-212.

    Examples
    --------
    >>> [round(end, 3) for end in wilson_interval(2, 9)]
    [0.063, 0.547]
    """
    if not 0 <= hits <= total:
        raise ValueError(f"hits must be from 0 to {total}, got {hits}")
    if total == 0:
        return 0.0, 1.0
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    share = hits / total
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = math.sqrt(z2) / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return max(0.0, middle - half), min(1.0, middle + half)
