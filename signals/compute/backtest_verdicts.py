"""What each alarm of a replay was worth: was the account lost, did it stay, did somebody act?"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.backtest_course import NEVER, WHOLE, Course, LossKind
from signals.compute.order_days import IntArray

Flags = npt.NDArray[np.bool_]

# An alarm tells of a loss at most half a year ahead; somebody who heeds it does so within a month (design, "Backtest").
WINDOW_DAYS, ACT_DAYS = 180, 30


class Verdict(IntEnum):
    """What an alarm was worth; the first that applies."""

    HIT = 0  # it stood in the 180 days before a loss
    PART = 1  # a part of the business was lost then
    LATE = 2  # raised when the account was lost already
    STANDING = 3  # it stood on the first day: since when is not known
    ACTED = 4  # the account ordered within its horizon after somebody acted
    FALSE = 5  # the account ordered within its horizon, and nobody had acted
    UNDECIDED = 6  # the horizon is not over
    QUIET = 7  # no order within the horizon, yet no loss: too rare a buyer, or it came back later


@dataclass(frozen=True)
class Spells:
    """Alarms: from the day each was raised to the last day it stood.

    Parameters
    ----------
    account, opened, last : int arrays, shape (n_spells,)
        Position of the account; days since 1970.
    standing : bool array, shape (n_spells,)
        It stood on the first day of the replay.
    """

    account: IntArray
    opened: IntArray
    last: IntArray
    standing: Flags


def spells_of(alarm: Flags, days: IntArray) -> Spells:
    """Find the alarms in a table of days and accounts.

    Parameters
    ----------
    alarm : bool array, shape (n_days, n_accounts)
        Whether an alarm stood at the end of the day.
    days : int array, shape (n_days,)
        Days since 1970, ascending.
    """
    still = np.pad(alarm.T, ((0, 0), (1, 1)))
    account, begun = np.nonzero(still[:, 1:-1] & ~still[:, :-2])
    _same, ended = np.nonzero(still[:, 1:-1] & ~still[:, 2:])
    return Spells(account.astype(np.int64), days[begun], days[ended], begun == 0)


def verdicts(spells: Spells, course: Course, losses: pd.DataFrame, acts: IntArray) -> IntArray:
    """Say what each alarm was worth.

    Parameters
    ----------
    spells : Spells
    course : Course
    losses : DataFrame
        As `losses_of` returns them.
    acts : int array, shape (n_acts,)
        Packed account and day (account * NEVER + day) of proactive contacts and closed incidents, ascending.

    Returns
    -------
    int array, shape (n_spells,)
        Values of `Verdict`.

    Notes
    -----
    Hit: an alarm in the 180 days before the loss day. False: the account orders within H, and nobody acted.
    Acted on: a proactive contact or a closed incident within 30 days, and the account stayed. Undecided:
    neither is settled, and H, or the time to act, is not over.
    """
    account, opened = spells.account, spells.opened
    whole = losses[losses["kind"].isin(WHOLE)]
    following = course.next_order(account, opened)
    position, horizon = course.clock.position(account, opened), course.horizon(account, opened)
    known_to = course.known_to[account]
    passed = course.clock.position(account, np.minimum(following, known_to)) - position
    stayed = (following < NEVER) & (passed <= horizon)
    acted = _acted(account, opened, acts)
    may_act = opened + ACT_DAYS > known_to
    chosen = np.select(
        [
            _before(spells, whole),
            _before(spells, losses[losses["kind"] == LossKind.PART]),
            _gone(account, opened, whole),
            spells.standing,
            stayed & acted,
            stayed & ~may_act,
            stayed | ((following == NEVER) & (passed < horizon)),
        ],
        [Verdict.HIT, Verdict.PART, Verdict.LATE, Verdict.STANDING, Verdict.ACTED, Verdict.FALSE, Verdict.UNDECIDED],
        Verdict.QUIET,
    )
    return np.asarray(chosen, dtype=np.int64)


def _pairs(account: IntArray, losses: pd.DataFrame) -> pd.DataFrame:
    spells = pd.DataFrame({"account": account, "spell": np.arange(len(account))})
    return spells.merge(losses[["account", "day", "back"]], on="account")


def _marked(pairs: pd.DataFrame, chosen: pd.Series, size: int) -> Flags:
    flags = np.zeros(size, dtype=bool)
    flags[pairs.loc[chosen, "spell"].to_numpy()] = True
    return flags


def _before(spells: Spells, losses: pd.DataFrame) -> Flags:
    pairs = _pairs(spells.account, losses)
    place = pairs["spell"].to_numpy()
    stood = (spells.opened[place] < pairs["day"]) & (spells.last[place] >= pairs["day"] - WINDOW_DAYS)
    return _marked(pairs, stood, len(spells.account))


def _gone(account: IntArray, opened: IntArray, losses: pd.DataFrame) -> Flags:
    pairs = _pairs(account, losses)
    day = opened[pairs["spell"].to_numpy()]
    return _marked(pairs, (pairs["day"] <= day) & (day < pairs["back"]), len(account))


def _acted(account: IntArray, opened: IntArray, acts: IntArray) -> Flags:
    key = account * NEVER + opened
    return np.searchsorted(acts, key + ACT_DAYS, side="right") > np.searchsorted(acts, key, side="right")
