"""What other rules would make of the accounts as they were read last: no fact is read, nothing is written."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from signals.compute import risk
from signals.compute.alarm_control import gap_tests
from signals.compute.alerting import Move, alert_transitions
from signals.compute.base import Status
from signals.compute.registry import SIGNALS
from signals.compute.rules import RuleSetValues
from signals.models import Reading, RiskDay, Run, Standing
from signals.services.alert_tables import latest_alerts, readings_of
from signals.services.rules import values_of

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Outlook:
    """The accounts judged by other rules.

    `accounts` has the index account and the columns band, risk (as pages show them), new_band, new_risk, revenue.
    """

    as_of: dt.date
    accounts: pd.DataFrame
    opening: int
    closing: int


def outlook(rules: RuleSetValues) -> Outlook | None:
    """Judge the stored readings of every computed account by `rules`; None until there are any."""
    run = Run.objects.shown()
    shown = _shown()
    frames = _frames(shown.index)
    if run is None or shown.empty or not frames:
        return None
    usable = {key: frame for key, frame in frames.items() if key in rules.weights}
    judged = risk.judge(usable, rules, _base_rate(usable, rules), _bands_before(run.business_date))
    accounts = shown.assign(new_band=judged["band"], new_risk=judged["risk"])
    alerts = _changed_alerts(usable, values_of(run.rule_set), rules, run.business_date)
    return Outlook(run.business_date, accounts, alerts[Move.OPEN], alerts[Move.FADE])


def _shown() -> pd.DataFrame:
    names = ["account_id", "band", "risk", "revenue_12m"]
    rows = Standing.objects.filter(state=Standing.State.COMPUTED).order_by("account_id").values_list(*names)
    table = pd.DataFrame(rows, columns=["account_id", "band", "risk", "revenue"]).set_index("account_id")
    return table.astype({"risk": "int64"}) if len(table) else table


def _frames(accounts: pd.Index) -> Frames:
    """Status and level of each signal, in the order of the registry."""
    names = ["signal", "account_id", "status", "level"]
    rows = pd.DataFrame(Reading.objects.values_list(*names), columns=names)
    found = dict(list(rows.groupby("signal")))
    return {signal.key: _frame(found[signal.key], accounts) for signal in SIGNALS if signal.key in found}


def _frame(rows: pd.DataFrame, accounts: pd.Index) -> pd.DataFrame:
    table = rows.set_index("account_id").reindex(accounts)[["status", "level"]]
    return table.assign(status=table["status"].fillna(Status.NO_DATA), level=table["level"].astype(float))


def _base_rate(frames: Frames, rules: RuleSetValues) -> float:
    """As a run learns it: the mean over the portfolio, bounded by the rules."""
    chances = [frame["level"] for key, frame in frames.items() if rules.is_own_odds(key)]
    return risk.portfolio_base_rate(pd.concat(chances) if chances else pd.Series(dtype=float), rules)


def _bands_before(day: dt.date) -> pd.Series:
    return pd.Series(dict(RiskDay.objects.last_before(day).values_list("account_id", "band")), dtype="str")


def _changed_alerts(frames: Frames, now: RuleSetValues, then: RuleSetValues, as_of: dt.date) -> Counter[Move]:
    """How many alerts other rules would move; what moves anyway is not their doing."""
    latest = latest_alerts(None)
    counts: Counter[Move] = Counter()
    for key, frame in frames.items():
        last = latest[latest["signal"] == key].set_index("account_id")
        readings = readings_of(key, as_of, None, with_gap=True) if then.is_own_odds(key) else frame
        moves = [_moves(key, readings, last, rules, as_of) for rules in (now, then)]
        counts.update(move for _account, move in moves[1] - moves[0])
    return counts


def _moves(
    key: str, readings: pd.DataFrame, last: pd.DataFrame, rules: RuleSetValues, as_of: dt.date
) -> set[tuple[int, Move]]:
    """As a run judges them, the line of a chance corrected for how many accounts are tested."""
    if key not in rules.weights:
        return set()
    line = gap_tests(readings, rules.rhythm_alert_chance).corrected_line if rules.is_own_odds(key) else None
    moves = alert_transitions(key, readings, last, rules, as_of, chance_line=line)
    return {(int(account), Move(move)) for account, move in zip(moves.index.tolist(), moves, strict=True)}
