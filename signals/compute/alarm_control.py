"""How unusual a gap must be to alarm when many accounts are tested at once.

A gap that has a 1 % chance under nothing changed is news about one account. Two thousand accounts that order every
fortnight complete four thousand gaps a month, of which forty cross that line with nothing changed at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from signals.compute.base import Json, Status

# A month: the false ones are promised by the month, and a gap is news for a month after it stood out.
WINDOW_DAYS = 30
# Of the gaps that alarm, at most this share may be expected to be nothing. Convention of this product: three of four
# calls made because of it are worth making.
FALSE_SHARE = 0.25


@dataclass(frozen=True)
class GapTests:
    """What the gaps of all accounts together say.

    Attributes
    ----------
    tested : float
        Gaps put to the test in a month, if nothing changed: the accounts' usual numbers of gaps, added up.
    chances : dict of int to float
        By account: the chance of the present gap, for the gaps that fell under the line of one account within the
        last month. The same gap counts once however long it lasts.
    line : float
        The line of one account: no chance above it alarms, however few are tested.
    """

    tested: float
    chances: dict[int, float]
    line: float

    @property
    def corrected_line(self) -> float:
        """The chance under which a gap alarms, given how many are tested."""
        return corrected_line(self.chances.values(), self.tested, self.line)

    @property
    def standing_out(self) -> int:
        """How many gaps of the month lie under the corrected line."""
        line = self.corrected_line
        return sum(chance < line for chance in self.chances.values())

    @property
    def expected_false(self) -> float:
        """How many of those that stand out are expected to be nothing, at most."""
        return min(float(self.standing_out), self.corrected_line * max(self.tested, 1.0))

    def with_accounts(self, accounts: Iterable[int], found: "GapTests") -> "GapTests":
        """Return the tests with those of some accounts put in the place of what was known of them.

        Parameters
        ----------
        accounts : iterable of int
            The accounts that were computed anew.
        found : GapTests
            What is found of them alone; how many are tested stays that of the whole portfolio.
        """
        anew = set(accounts)
        others = {account: chance for account, chance in self.chances.items() if account not in anew}
        return GapTests(self.tested, others | found.chances, self.line)

    def to_json(self) -> Json:
        """Return plain values, as they are stored with a run."""
        chances = {str(account): chance for account, chance in sorted(self.chances.items())}
        return {"tested": round(self.tested, 2), "chances": chances, "line": self.line}

    @classmethod
    def from_json(cls, stored: Json) -> "GapTests":
        """Read what `to_json` wrote."""
        chances = {int(account): float(chance) for account, chance in stored["chances"].items()}
        return cls(float(stored["tested"]), chances, float(stored["line"]))


def gap_tests(readings: pd.DataFrame, line: float) -> GapTests:
    """Gather the tests of one day from the readings of the order rhythm.

    Parameters
    ----------
    readings : DataFrame
        Index = account; `status`, `level`, and the figures `p_gap_this_long`, `p_gap_before` (the same a month of
        silence earlier) and `mean_gap_days`, all float, NaN where unknown.
    line : float
        The line of one account, a chance.

    Returns
    -------
    GapTests

    Notes
    -----
    Each gap is one test, since its chance falls as it lasts and has, with nothing changed, a uniform value at its
    end. A gap beyond the line for more than a month is no longer news: it is neither counted as tested nor makes it
    easier for others to stand out.
    """
    known = readings[(readings["status"] == Status.OK) & readings["level"].notna()]
    recent = known[known["p_gap_before"].astype(float) >= line]
    tested = float((WINDOW_DAYS / recent["mean_gap_days"].astype(float).clip(lower=1.0)).sum())
    crossed = recent[recent["p_gap_this_long"].astype(float) < line]["p_gap_this_long"].astype(float)
    chances: dict[Any, float] = crossed.to_dict()
    return GapTests(tested, {int(account): float(chance) for account, chance in chances.items()}, line)


def corrected_line(chances: Iterable[float], tested: float, line: float, share: float = FALSE_SHARE) -> float:
    """Return the chance under which gaps alarm so that at most a share of them is expected to be false.

    Parameters
    ----------
    chances : iterable of float
        Chances of the gaps that fell under `line` within the month, any order.
    tested : float
        Number of gaps tested in the month; below one it counts as one.
    line : float
        Never above this chance.
    share : float
        Expected share of false alarms among all, 0 to 1.

    Returns
    -------
    float
        With nothing standing out, the line at which a single gap would.

    Notes
    -----
    Benjamini-Hochberg's step-up rule: the largest chance p with `tested * p < share * (gaps at or under p)`. With
    nothing changed anywhere it alarms `share / (1 - share)**2` times a month on average, whatever the number of
    accounts (its expected number of errors over many tests); .44 for a share of a quarter. Where a given share of the
    accounts leaves, the line does not depend on their number either.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 57, 289-300. Finner, H. and Roters, M. (2002). Multiple hypotheses testing and expected number of type I
    errors. Annals of Statistics 30, 220-238.

    Examples
    --------
    >>> corrected_line([], tested=400, line=0.01)
    0.000625
    >>> corrected_line([0.0001, 0.0011, 0.009], tested=400, line=0.01)
    0.00125
    """
    number = max(tested, 1.0)
    ordered = np.sort(np.fromiter(chances, dtype=float))
    steps = share * np.arange(1, len(ordered) + 1) / number
    passing = np.flatnonzero(ordered < steps)
    standing_out = int(passing[-1]) + 1 if len(passing) else 1
    return float(min(line, share * standing_out / number))
