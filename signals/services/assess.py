"""The assessment of accounts on one day: read their facts, compute readings and risk, write them in bulk."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd
from django.db import connection

from accounts_app.demo.load import extend
from accounts_app.models import Account
from signals.compute import risk
from signals.compute.base import Facts, Signal
from signals.compute.owners import owners_on
from signals.compute.registry import signals_of
from signals.compute.rules import RuleSetValues
from signals.fact_blocks import kept_facts, portfolio_facts, refresh
from signals.models import RiskDay, Run, RunChunk
from signals.services import marks, standings, store
from signals.services.rules import values_of

Json = dict[str, Any]
BASE_RATE = "base_rate"
ACCOUNTS_AT_ONCE = 1000


class SignalFailedError(Exception):
    """The computation of one signal failed; says of which, so that whoever looks after the run need not search."""


@dataclass(frozen=True)
class Assessment:
    """What is known and judged of some accounts on one day."""

    as_of: dt.date
    facts: Facts
    readings: dict[str, pd.DataFrame]
    risk: pd.DataFrame


def fit_chunk(chunk: RunChunk) -> Callable[[], None]:
    """Learn from the whole portfolio what holds for every account of the run."""
    run = chunk.run
    if run.kind == Run.Kind.NIGHTLY:
        extend(run.business_date)  # the simulated events of the day; does nothing for a real company
    accounts = account_ids()
    refresh(accounts)
    learnt = learn(portfolio_facts(accounts), values_of(run.rule_set), run.business_date)
    return partial(keep_params, run, {run.business_date.isoformat(): learnt})


def learn(facts: Facts, rules: RuleSetValues, day: dt.date) -> Json:
    """Fit every signal, and take the portfolio's mean chance of no order as the base rate."""
    known = facts.until(day)
    params: Json = {signal.key: signal.fit(known, day) for signal in signals_of(rules.weights)}
    own_odds = [signal for signal in signals_of(rules.weights) if rules.is_own_odds(signal.key)]
    # Some accounts at a time: the levels are the same, and what is needed on the way to them is not held for all.
    chances = [
        signal.compute(part, params[signal.key], day)["level"]
        for part in known.by_part(ACCOUNTS_AT_ONCE)
        for signal in own_odds
    ]
    levels = pd.concat(chances) if chances else pd.Series(dtype=float)
    return params | {BASE_RATE: risk.portfolio_base_rate(levels, rules)}


def keep_params(run: Run, learnt: dict[str, Json]) -> None:
    """Added in one statement, so that fits of several quarters may end in any order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE signals_run SET params = params || %s::jsonb WHERE id = %s", [json.dumps(learnt), run.pk]
        )


def compute_chunk(chunk: RunChunk) -> Callable[[], None]:
    """Judge the chunk's accounts; what changed before their facts were read needs no second computation."""
    accounts = account_ids(chunk)
    seen = marks.of_accounts(accounts)
    write = assess_accounts(kept_facts(accounts), chunk.run)

    def write_and_unmark() -> None:
        write()
        # A run asked for later may have read these accounts before they changed: then the marks are its own.
        if not Run.objects.assessments().filter(ticket__gt=chunk.run.ticket).exists():
            marks.remove(seen)

    return write_and_unmark


def account_ids(chunk: RunChunk | None = None) -> list[int]:
    """Every account, or those of the chunk's range."""
    accounts = Account.objects.order_by("pk")
    if chunk is not None:
        accounts = accounts.filter(pk__gte=chunk.first_account, pk__lte=chunk.last_account)
    return list(accounts.values_list("pk", flat=True))


def assess_accounts(facts: Facts, run: Run) -> Callable[[], None]:
    """Judge accounts by their facts on the run's day with what the run learnt; returns the writing."""
    as_of, accounts = run.business_date, facts.accounts.index.tolist()
    past = RiskDay.objects.filter(account__in=accounts)
    bands = pd.Series(dict(past.last_before(as_of).values_list("account_id", "band")), dtype="str")
    earlier = dict(past.nearest_to(as_of - standings.CHANGE_SPAN).values_list("account_id", "risk"))
    params, rules = run.params_for(as_of), values_of(run.rule_set)
    judged = assess_day(as_of, facts, params=params, rules=rules, bands=bands)
    rows = standings.rows(judged, run, earlier)
    return partial(_write, run, judged, rows)


def assess_day(as_of: dt.date, facts: Facts, *, params: Json, rules: RuleSetValues, bands: pd.Series) -> Assessment:
    """Readings and risk of every account in `facts` on one day; `bands` are those of the day judged before."""
    known = replace(facts, accounts=facts.accounts.assign(owner_id=owners_on(facts, as_of))).until(as_of)
    # After a failed fit the run has what an earlier one learnt, perhaps by rules of fewer signals.
    signals = signals_of(rules.weights.keys() & params.keys())
    readings = {signal.key: _reading(signal, known, params[signal.key], as_of) for signal in signals}
    judged = risk.assess(readings, rules, params[BASE_RATE], bands)
    return Assessment(as_of, known, readings, judged)


def _reading(signal: Signal, known: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
    try:
        return signal.compute(known, params, as_of)
    except Exception as reason:
        raise SignalFailedError(f"{signal.key}: {reason!r}") from reason


def _write(run: Run, judged: Assessment, rows: list[standings.Row]) -> None:
    store.write_readings(run, judged.readings)
    store.write_risk_days(store.risk_day_rows(judged.risk, judged.readings, judged.as_of), RiskDay.Origin.SHOWN)
    store.write_standings(rows)


def mark_not_computed(run: Run, accounts: Sequence[int], error: str) -> None:
    """Say of these accounts that they are not computed, and why: yesterday's value must not stand there as today's."""
    store.forget(run, accounts)
    store.write_standings(standings.not_computed_rows(accounts, run, error))
