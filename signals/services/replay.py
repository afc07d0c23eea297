"""The work of a backtest: past days judged again as they were, and what became of the accounts put beside them."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from accounts_app.models import Loss
from signals.compute.alarm_control import gap_tests
from signals.compute.backtest_evidence import Aftermath, evidence_of
from signals.compute.backtest_replay import Recorder
from signals.compute.backtest_tally import tally
from signals.compute.base import Facts
from signals.compute.registry import BY_KEY, signals_of
from signals.compute.rules import RuleSetValues
from signals.compute.silent_stretches import stretches_from_json
from signals.fact_blocks import facts_by_part, portfolio_facts
from signals.facts import read_facts
from signals.models import BacktestAccount, BacktestResult, Run, RunChunk
from signals.services import assess, backtest_figures, history, ledger, notices
from signals.services.rules import values_of

Json = dict[str, Any]

RHYTHM = "order_rhythm"
# Found over all accounts together on each day, so it is learnt with the fits.
CHANCE_LINE, ORDERS_MISSING = "chance_line", "orders_missing"


def fit_chunk(chunk: RunChunk) -> Callable[[], None]:
    """Learn what holds for a quarter of the days, and for each of them what all accounts together say."""
    run, rules = chunk.run, values_of(chunk.run.rule_set)
    accounts, days = assess.account_ids(), history.quarter(run, chunk.n)
    learnt = _learn(chunk, accounts, rules, days)
    lines = chance_lines(accounts, learnt[days[0]], rules, days)
    missing = notices.orders_missing(days)
    said = {
        day.isoformat(): learnt[day] | {CHANCE_LINE: lines[day], ORDERS_MISSING: bool(told)}
        for day, told in zip(days, missing, strict=True)
    }
    return partial(assess.keep_params, run, said)


def _learn(chunk: RunChunk, accounts: Sequence[int], rules: RuleSetValues, days: list[dt.date]) -> dict[dt.date, Json]:
    """From the same sample as the night; it is let go before all accounts are gone through."""
    learnt: dict[dt.date, Json] = {}
    for day, found in history.learn_days(portfolio_facts(accounts), rules, days):
        learnt[day] = found
        ledger.tell_days(chunk, len(learnt))
    return learnt


def chance_lines(
    accounts: Sequence[int], params: Json, rules: RuleSetValues, days: list[dt.date]
) -> dict[dt.date, float | None]:
    """Of each day the line that so many tests at once leave, as the nightly run finds it before it judges alerts.

    Every account is tested, a part of them at a time: all of their facts would not fit into one process.
    """
    if RHYTHM not in params:
        return dict.fromkeys(days)
    tests: dict[dt.date, list[pd.DataFrame]] = {day: [] for day in days}
    for part in facts_by_part(accounts):
        for day in days:
            tests[day].append(_gaps(part.until(day), params[RHYTHM], day))
    return {day: gap_tests(pd.concat(tests[day]), rules.rhythm_alert_chance).corrected_line for day in days}


def _gaps(known: Facts, learnt: Json, day: dt.date) -> pd.DataFrame:
    readings = BY_KEY[RHYTHM].compute(known, learnt, day)
    figures = pd.DataFrame(readings["details"].tolist(), index=readings.index)
    names = ["p_gap_this_long", "p_gap_before", "mean_gap_days"]
    return readings[["status", "level"]].join(figures.reindex(columns=names).astype(float))


def compute_chunk(chunk: RunChunk) -> Callable[[], None]:
    """Judge the chunk's accounts on every day anew, and say what that was worth."""
    accounts = assess.account_ids(chunk)
    records = replay(accounts, chunk)
    return partial(_write, chunk.run, accounts, records)


def replay(accounts: Sequence[int], chunk: RunChunk) -> list[Json]:
    """Return one record for each account."""
    run = chunk.run
    facts, rules = read_facts(accounts), values_of(run.rule_set)
    recorder = Recorder(facts.accounts.index, tuple(signal.key for signal in signals_of(rules.weights)), rules)
    bands = pd.Series(dtype="str")
    for number, day in enumerate(run.days, start=1):
        params = run.params_for(day)
        judged = assess.assess_day(day, facts, params=params, rules=rules, bands=bands)
        bands = judged.risk["band"]
        recorder.add(
            day, judged.risk, judged.readings, chance_line=params[CHANCE_LINE], alarm=not params[ORDERS_MISSING]
        )
        ledger.tell_days(chunk, number)
    until = run.backtest.known_until
    after = Aftermath(_recorded(accounts, until), _missing(run), until)
    return tally(evidence_of(recorder, facts, after, rules.band_margin))


def _recorded(accounts: Sequence[int], until: dt.date) -> pd.DataFrame:
    """Losses people recorded, whole or in part."""
    rows = Loss.objects.filter(account__in=accounts, known_on__lte=until, lost_on__lte=until).order_by(
        "account", "lost_on"
    )
    table = pd.DataFrame(rows.values_list("account_id", "lost_on", "part"), columns=["account_id", "day", "part"])
    days = pd.to_datetime(table["day"]).astype("datetime64[s]")
    return table.assign(account_id=table["account_id"].astype(np.int64), day=days, part=table["part"].ne(""))


def _missing(run: Run) -> pd.DataFrame:
    """Stretches in which the whole feed was silent, as the last fit saw them."""
    return stretches_from_json(run.params_for(run.days[-1]).get(RHYTHM, {}).get("missing", []))


def _write(run: Run, accounts: Sequence[int], records: list[Json]) -> None:
    rows = [
        BacktestAccount(run=run, account_id=pk, record=record) for pk, record in zip(accounts, records, strict=True)
    ]
    BacktestAccount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["run", "account"], update_fields=["record"], batch_size=500
    )


def sum_chunk(chunk: RunChunk) -> Callable[[], None]:
    """Add up all accounts once, so that who sees them all does not wait."""
    result = BacktestResult.objects.get(run=chunk.run)
    accounts = assess.account_ids()

    def write() -> None:
        backtest_figures.keep(result, accounts)

    return write
