"""The last phase of a run: alerts open and close, managers' budgets are kept, and the whole portfolio is looked at.

An alert judged on a later day than the run's is left alone, so that a replay of the past changes no alert of today.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce

from signals.compute.alerting import Move, alert_transitions
from signals.compute.registry import BY_KEY, signals_of
from signals.compute.rules import RuleSetValues
from signals.models import Alert, Reading, Run, RunChunk, Standing
from signals.services import notices
from signals.services.rules import values_of

# Assumption of the design: a manager can follow up five alerts a week.
WEEKLY_BUDGET = 5
WEEK = dt.timedelta(days=7)
ALARMING = (Move.OPEN, Move.WAKE)


@dataclass(frozen=True)
class Moves:
    """What is to happen with the alerts of one signal: a `Move` by account, and the present levels."""

    key: str
    by_account: dict[int, str]
    levels: dict[int, float]

    def accounts(self, move: Move) -> list[int]:
        return sorted(account for account, wanted in self.by_account.items() if wanted == move)


def judge_chunk(chunk: RunChunk) -> Callable[[], None]:
    run = chunk.run
    said = notices.of_run(run)
    rules = values_of(run.rule_set)
    missing = any(notice["kind"] == notices.ORDERS_MISSING for notice in said)
    moves = [_moves(signal.key, run.business_date, rules, alarm=not missing) for signal in signals_of(rules.weights)]
    return partial(_write, run, moves, said)


def _moves(key: str, as_of: dt.date, rules: RuleSetValues, *, alarm: bool) -> Moves:
    readings, latest = _readings(key, as_of), _latest(key)
    judged_later = latest.index[latest["judged_on"] > pd.Timestamp(as_of)]
    readings = readings.drop(index=judged_later, errors="ignore")
    wanted = alert_transitions(key, readings, latest, rules, as_of)
    if not alarm:
        wanted = wanted[~wanted.isin(ALARMING)]
    known = readings["level"].dropna()
    return Moves(
        key, dict(zip(wanted.index, wanted, strict=True)), dict(zip(known.index, known.astype(float), strict=True))
    )


def _readings(key: str, as_of: dt.date) -> pd.DataFrame:
    """Level, status and the chance of the present gap, which is all that decides about alerts."""
    chance = F("details__p_gap_this_long")
    rows = Reading.objects.filter(signal=key, as_of=as_of).order_by("account_id")
    table = pd.DataFrame(
        rows.values_list("account_id", "level", "status", chance), columns=["account_id", "level", "status", "chance"]
    ).set_index("account_id")
    details = [{"p_gap_this_long": chance} for chance in table["chance"]]
    return table.assign(level=table["level"].astype(float), details=pd.Series(details, index=table.index, dtype=object))


def _latest(key: str) -> pd.DataFrame:
    """The last alert of each account for this signal, whatever became of it."""
    names = ("account_id", "state", "snoozed_level", "snoozed_until", "rearmed", "judged_on")
    newest = Alert.objects.filter(signal=key).order_by("account_id", "-opened_on", "-pk").distinct("account_id")
    table = pd.DataFrame(newest.values_list(*names), columns=names).set_index("account_id")
    days = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in ("snoozed_until", "judged_on")}
    return table.assign(**days, snoozed_level=table["snoozed_level"].astype(float))


def _write(run: Run, moves: list[Moves], said: list[dict[str, Any]]) -> None:
    stakes = {
        account: Decimal(chance or 0) * revenue
        for account, chance, revenue in Standing.objects.values_list("account_id", "probability", "revenue_12m")
    }
    for wanted in moves:
        _apply(wanted, run.business_date, stakes)
    release_within_budget(run.business_date)
    Run.objects.filter(pk=run.pk).update(notices=said)


def _apply(moves: Moves, as_of: dt.date, stakes: Mapping[int, Decimal]) -> None:
    unclosed = Alert.objects.unclosed().filter(signal=moves.key, judged_on__lte=as_of)
    closing = unclosed.filter(account__in=moves.accounts(Move.FADE))
    closing.update(state=Alert.State.FADED, closed_on=as_of, rearmed=True, snoozed_until=None, snoozed_level=None)
    waking = unclosed.filter(account__in=moves.accounts(Move.WAKE))
    waking.update(state=Alert.State.OPEN, snoozed_until=None, snoozed_level=None)
    held = Alert.objects.filter(signal=moves.key, account__in=moves.accounts(Move.REARM), state=Alert.State.RESOLVED)
    held.update(rearmed=True)
    _open(moves, as_of)
    _refresh(unclosed, moves, as_of, stakes)


def _open(moves: Moves, as_of: dt.date) -> None:
    """The sentence is frozen here: what a person was told must stay what it was."""
    crossed = Reading.objects.filter(signal=moves.key, as_of=as_of, account__in=moves.accounts(Move.OPEN))
    Alert.objects.bulk_create(
        [_alert(reading, as_of) for reading in crossed.order_by("account_id")], ignore_conflicts=True
    )


def _alert(reading: Reading, as_of: dt.date) -> Alert:
    named = {name: getattr(reading, name) for name in ("value", "baseline", "level", "status", "details", "evidence")}
    return Alert(
        account_id=reading.account_id,
        signal=reading.signal,
        opened_on=as_of,
        judged_on=as_of,
        level=reading.level or 0.0,
        sentence=BY_KEY[reading.signal].explain(named),
        details=reading.details,
        evidence=reading.evidence,
    )


def _refresh(unclosed: Any, moves: Moves, as_of: dt.date, stakes: Mapping[int, Decimal]) -> None:
    """Level and money of today on what stays open; an unknown level leaves the last one known."""
    alerts = list(unclosed.all())
    for alert in alerts:
        alert.judged_on = as_of
        alert.level = moves.levels.get(alert.account_id, alert.level)
        alert.priority = stakes.get(alert.account_id, Decimal()).quantize(Decimal("0.01"))
    Alert.objects.bulk_update(alerts, ["judged_on", "level", "priority"], batch_size=1000)


def release_within_budget(as_of: dt.date) -> None:
    """Show each manager the waiting alerts worth most, five a week at most; the others wait, none is lost."""
    recent = Alert.objects.filter(released_on__gt=as_of - WEEK, released_on__lte=as_of)
    spent = Counter(dict(_by_manager(recent).values_list("manager").annotate(Count("pk")).order_by()))
    chosen = []
    for pk, manager in _by_manager(Alert.objects.waiting()).values_list("pk", "manager"):
        if spent[manager] < WEEKLY_BUDGET:
            spent[manager] += 1
            chosen.append(pk)
    Alert.objects.filter(pk__in=chosen).update(released_on=as_of)


def _by_manager(alerts: Any) -> Any:
    """Accounts without an owner share one budget."""
    return alerts.annotate(manager=Coalesce(F("account__owner"), Value(0)))
