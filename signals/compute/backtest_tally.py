"""What a replay came to, account by account, in counts that can be added up over any set of accounts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.backtest_course import WHOLE, Course, LossKind
from signals.compute.backtest_replay import AT_RISK, MARKED, Replay
from signals.compute.backtest_verdicts import WINDOW_DAYS, Spells, Verdict, spells_of, verdicts
from signals.compute.order_days import IntArray

Json = dict[str, Any]
Flags = npt.NDArray[np.bool_]

# Every whole point of risk is a threshold that could have been.
THRESHOLDS = np.arange(1, 100)
SCORES = 101
EPOCH = np.datetime64("1970-01-01")


@dataclass(frozen=True)
class Evidence:
    """All that is needed to say what a replay was worth.

    Parameters
    ----------
    replay : Replay
        Of n accounts.
    course : Course
        Of the same accounts.
    losses : DataFrame
        As `losses_of` returns them.
    acts : int array
        Packed account and day of what people did, as `verdicts` takes it.
    since : int array, shape (n,)
        First day on which anything was known of each account; NEVER without one.
    margin : float
        Points below a threshold at which an alarm of the risk ends.
    """

    replay: Replay
    course: Course
    losses: pd.DataFrame
    acts: IntArray
    since: IntArray
    margin: float


def tally(evidence: Evidence) -> list[Json]:
    """Return one record for each account of the replay.

    Returns
    -------
    list of dict
        JSON-able. `watched` days under watch; `losses` each with its day, kind and, by method, `leads` (days
        from the first alarm in the window to the loss, None: missed) and `late` (days after the loss);
        `alarms` by method, counts in order of `Verdict`; `alarm_days`; `thresholds` the counts for each
        threshold of risk; `gone` and `stayed` by method, cases by points; `reds` alarms At risk after which
        the account stayed.
    """
    watched = watch(evidence)
    records = [{"watched": int(days)} for days in watched.sum(axis=0)]
    _add_alarms(records, evidence, watched)
    _add_thresholds(records, evidence)
    _add_cases(records, evidence, watched)
    _add_losses(records, evidence)
    return records


def watch(evidence: Evidence) -> Flags:
    """Return on which days each account was under watch: something was known of it, and it was not lost.

    Returns
    -------
    bool array, shape (d, n)
    """
    days = evidence.replay.days[:, None]
    watched = (days >= evidence.since) & (days <= evidence.course.known_to)
    whole = evidence.losses[evidence.losses["kind"].isin(WHOLE)]
    for account, day, back in zip(whole["account"], whole["day"], whole["back"], strict=True):
        watched[:, account] &= (evidence.replay.days < day) | (evidence.replay.days >= back)
    return np.asarray(watched)


def _add_alarms(records: list[Json], evidence: Evidence, watched: Flags) -> None:
    for record in records:
        record |= {"alarms": {}, "alarm_days": {}, "reds": []}
    for method, alarm in evidence.replay.alarms.items():
        spells = spells_of(alarm, evidence.replay.days)
        found = verdicts(spells, evidence.course, evidence.losses, evidence.acts)
        counts = _counted(spells.account, found, len(records))
        days = (alarm & watched).sum(axis=0)
        for record, count, stood in zip(records, counts.tolist(), days.tolist(), strict=True):
            record["alarms"][method], record["alarm_days"][method] = count, stood
        if method == AT_RISK:
            _add_reds(records, spells, found)


def _counted(account: IntArray, found: IntArray, size: int) -> IntArray:
    """Count verdicts by account: shape (size, number of verdicts)."""
    flat = np.bincount(account * len(Verdict) + found, minlength=size * len(Verdict))
    return flat.reshape(size, len(Verdict))


def _add_reds(records: list[Json], spells: Spells, found: IntArray) -> None:
    """Keep alarms At risk after which the account stayed, whether somebody acted or not."""
    for place in np.flatnonzero(np.isin(found, (Verdict.FALSE, Verdict.ACTED))).tolist():
        opened, last = (iso(days[place]) for days in (spells.opened, spells.last))
        acted = bool(found[place] == Verdict.ACTED)
        records[int(spells.account[place])]["reds"].append({"from": opened, "until": last, "acted": acted})


def iso(day: int) -> str:
    """Write a day since 1970 as an ISO date."""
    return str(EPOCH + int(day))


def threshold_alarms(risk: IntArray, margin: float) -> Flags:
    """Return which alarms would have stood with each threshold of risk.

    Parameters
    ----------
    risk : int array, shape (d, n)
        Points.
    margin : float
        An alarm raised at a threshold ends this many points below it.

    Returns
    -------
    bool array, shape (n_thresholds, d, n)
    """
    lines = THRESHOLDS[:, None]
    stands = np.zeros((len(THRESHOLDS), risk.shape[1]), dtype=bool)
    table = np.empty((len(THRESHOLDS), *risk.shape), dtype=bool)
    for place, points in enumerate(risk):
        stands = (points >= lines) | (stands & (points >= lines - margin))
        table[:, place] = stands
    return table


def _add_thresholds(records: list[Json], evidence: Evidence) -> None:
    """Judge the alarms of all thresholds at once."""
    alarms = threshold_alarms(evidence.replay.risk, evidence.margin)
    parts = [spells_of(alarm, evidence.replay.days) for alarm in alarms]
    spells = Spells(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("account", "opened", "last", "standing"))
    )
    found = verdicts(spells, evidence.course, evidence.losses, evidence.acts)
    line = np.repeat(np.arange(len(parts)), [len(part.account) for part in parts])
    counts = _counted(spells.account * len(parts) + line, found, len(records) * len(parts))
    by_account = counts.reshape(len(records), len(parts), len(Verdict))
    for record, count in zip(records, by_account.tolist(), strict=True):
        record["thresholds"] = count


def _add_cases(records: list[Json], evidence: Evidence, watched: Flags) -> None:
    gone, stayed = outcomes(evidence, watched)
    for record in records:
        record |= {"gone": {}, "stayed": {}}
    for method in evidence.replay.methods:
        points = evidence.replay.points(method)
        for name, cases in (("gone", gone), ("stayed", stayed)):
            _add_counts(records, name, method, points, cases & ~np.isnan(points))


def _add_counts(records: list[Json], name: str, method: str, points: npt.NDArray[np.float64], cases: Flags) -> None:
    _days, account = np.nonzero(cases)
    flat = np.bincount(account * SCORES + points[cases].astype(np.int64), minlength=len(records) * SCORES)
    for record, counts in zip(records, flat.reshape(-1, SCORES), strict=True):
        used = np.flatnonzero(counts)
        record[name][method] = dict(zip(map(str, used.tolist()), counts[used].tolist(), strict=True))


def outcomes(evidence: Evidence, watched: Flags) -> tuple[Flags, Flags]:
    """Say of each day and account under watch whether it was lost in the 180 days after, or stayed.

    Returns
    -------
    gone, stayed : bool arrays, shape (d, n)
        Neither where the 180 days are not over, or an order is due and its horizon is not over. Who fell silent
        and ordered again stayed.
    """
    days = evidence.replay.days
    gone, open_ended = np.zeros_like(watched), np.zeros_like(watched)
    for account, day, _back, kind in evidence.losses.itertuples(index=False):
        if kind in WHOLE:
            gone[:, account] |= (days < day) & (days >= day - WINDOW_DAYS)
        elif kind == LossKind.PENDING:
            open_ended[:, account] |= days >= day - WINDOW_DAYS
    over = days[:, None] + WINDOW_DAYS <= evidence.course.known_to
    return watched & gone, watched & ~gone & ~open_ended & over


def _add_losses(records: list[Json], evidence: Evidence) -> None:
    """Keep the losses within the days replayed, with what stood before each."""
    days, found = evidence.replay.days, evidence.losses
    for record in records:
        record["losses"] = []
    within = found[(found["day"] > days[0]) & (found["day"] <= days[-1]) & (found["kind"] != LossKind.PENDING)]
    alarms = threshold_alarms(evidence.replay.risk, evidence.margin)
    for account, day, back, kind in within.itertuples(index=False):
        before = (days < day) & (days >= day - WINDOW_DAYS)
        after = (days >= day) & (days < back)
        stood = {method: alarm[:, account] for method, alarm in evidence.replay.alarms.items()}
        last = int(np.flatnonzero(days < day)[-1])
        records[account]["losses"].append(
            {
                "day": iso(day),
                "kind": str(kind),
                "leads": {method: _first(days, alarm & before, int(day)) for method, alarm in stood.items()},
                "late": {method: _first(days, alarm & after, int(day)) for method, alarm in stood.items()},
                "thresholds": [_first(days, alarm & before, int(day)) for alarm in alarms[:, :, account]],
                "healthy": bool(evidence.replay.healthy[last, account]),
                "marked": bool(evidence.replay.alarms[MARKED][last, account]),
                "risk": int(evidence.replay.risk[last, account]),
            }
        )


def _first(days: IntArray, alarm: Flags, loss: int) -> int | None:
    """Days between the loss and the first alarm of these days, None without one."""
    places = np.flatnonzero(alarm)
    return abs(loss - int(days[places[0]])) if len(places) else None
