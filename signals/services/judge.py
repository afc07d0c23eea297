"""Which alerts open, close and wake: judged by the last phase of a run, and by day of the accounts that changed.

There is one rule for both. What the run found over all accounts together is stored with it, so that an account judged
by day is held to the same line. An alert judged on a later day than the run's is left alone, so that a replay of the
past changes no alert of today.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
from django.db import connection, transaction

from signals.compute.alarm_control import GapTests, gap_tests
from signals.compute.alerting import UNCLOSED, Move, alert_transitions
from signals.compute.notice_steps import crossed_steps, with_notice_steps
from signals.compute.registry import BY_KEY, signals_of
from signals.compute.rules import RuleSetValues
from signals.models import Alert, Reading, Run, RunChunk, Standing
from signals.services import bulk, notices
from signals.services.alarm_budgets import release_within_budget
from signals.services.alert_tables import latest_alerts, notice_terms, readings_of, told_terms
from signals.services.rules import values_of

NOTICE_SIGNAL = "notice_window"
CENT = Decimal("0.01")
# Any number that nothing else locks: alerts are judged by one at a time, the night's run or the day's dispatcher.
JUDGE_LOCK = 7_314_002

Accounts = Collection[int] | None
Json = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is to happen: alerts by their key, and the readings of which a new one is made."""

    by_move: Mapping[Move, list[int]]
    openings: Mapping[str, list[int]]
    reopened: list[int]
    # Those that are told anew: their deadline has come nearer by a step.
    retold: list[int]


def judge_chunk(chunk: RunChunk) -> Callable[[], None]:
    return partial(_judge_run, chunk.run, notices.of_run(chunk.run))


def _judge_run(run: Run, said: list[Json]) -> None:
    missing = any(notice["kind"] == notices.ORDERS_MISSING for notice in said)
    _one_at_a_time()
    tests = _judge(run, None, {}, alarm=not missing)
    stored = {"orders_missing": missing, "tests": {key: found.to_json() for key, found in tests.items()}}
    Run.objects.filter(pk=run.pk).update(notices=said, alarms=stored)


@transaction.atomic
def judge_by_day(accounts: Collection[int], run: Run) -> None:
    """Judge the alerts of accounts that were computed anew by what `run` learnt.

    Nothing opens where the run found orders missing, or ended before it could look.
    """
    _one_at_a_time()
    alarms = Run.objects.values_list("alarms", flat=True).get(pk=run.pk)
    before = {key: GapTests.from_json(stored) for key, stored in alarms.get("tests", {}).items()}
    tests = _judge(run, accounts, before, alarm=alarms.get("orders_missing") is False)
    if before:
        stored = {key: found.to_json() for key, found in tests.items()}
        Run.objects.filter(pk=run.pk).update(alarms=alarms | {"tests": stored})


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [JUDGE_LOCK])


def _judge(run: Run, accounts: Accounts, before: Mapping[str, GapTests], *, alarm: bool) -> dict[str, GapTests]:
    """Judge the alerts of these accounts, or of all; returns what was tested together."""
    as_of, rules = run.business_date, values_of(run.rule_set)
    _hold(accounts)
    latest = latest_alerts(accounts)
    readings = {
        signal.key: readings_of(signal.key, as_of, accounts, with_gap=rules.is_own_odds(signal.key))
        for signal in signals_of(rules.weights)
    }
    tests = _tests(readings, rules, before, accounts)
    _write(_wanted(readings, latest, rules, as_of, tests, alarm=alarm), as_of, tests)
    _refresh(accounts, readings, as_of)
    release_within_budget(as_of)
    return tests


def _hold(accounts: Accounts) -> None:
    """Lock what may move, in one order: what a person does with it meanwhile comes before or after, not between."""
    may_move = Alert.objects.unclosed() | Alert.objects.filter(state=Alert.State.RESOLVED, rearmed=False)
    held = may_move if accounts is None else may_move.filter(account__in=accounts)
    list(held.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def _tests(
    readings: Mapping[str, pd.DataFrame], rules: RuleSetValues, before: Mapping[str, GapTests], accounts: Accounts
) -> dict[str, GapTests]:
    """Of the readings whose level is a chance: the tests of all accounts, with these put in the place of the old."""
    tests = {}
    for key, frame in readings.items():
        if rules.is_own_odds(key):
            found = gap_tests(frame, rules.rhythm_alert_chance)
            tests[key] = before[key].with_accounts(accounts or (), found) if key in before else found
    return tests


def _wanted(
    readings: Mapping[str, pd.DataFrame],
    latest: pd.DataFrame,
    rules: RuleSetValues,
    as_of: dt.date,
    tests: Mapping[str, GapTests],
    *,
    alarm: bool,
) -> Wanted:
    by_move: dict[Move, list[int]] = {move: [] for move in Move}
    openings: dict[str, list[int]] = {}
    reopened: list[int] = []
    retold: list[int] = []
    for key, frame in readings.items():
        last = latest[latest["signal"] == key].set_index("account_id")
        judged_later = last.index[last["judged_on"] > pd.Timestamp(as_of)]
        line = tests[key].corrected_line if key in tests else None
        present = frame.drop(index=judged_later, errors="ignore")
        moves = alert_transitions(key, present, last, rules, as_of, chance_line=line)
        if key == NOTICE_SIGNAL:
            moves, nearer = _with_steps(moves, last, present.index, as_of)
            retold += last.loc[nearer, "pk"].tolist() if alarm else []
        for move in Move:
            moving = moves.index[moves == move]
            if move == Move.OPEN and alarm:
                faded_today = last.index[(last["state"] == "faded") & (last["closed_on"] == pd.Timestamp(as_of))]
                # It faded by a fact that was corrected the same day: it is the alert it was, with all that was done.
                reopened += last.loc[moving.intersection(faded_today), "pk"].tolist()
                openings[key] = sorted(moving.difference(faded_today))
            elif move != Move.OPEN and (alarm or move != Move.WAKE):
                by_move[move] += last.loc[moving, "pk"].tolist()
    return Wanted(by_move, openings, reopened, retold)


def _with_steps(
    moves: pd.Series, last: pd.DataFrame, accounts: "pd.Index[int]", as_of: dt.date
) -> tuple[pd.Series, "pd.Index[int]"]:
    """The moves with the steps of deadlines, and of whom an alert that stands is told anew."""
    terms = notice_terms(NOTICE_SIGNAL, as_of, accounts.tolist())
    told = told_terms(last["pk"].tolist()).assign(state=last["state"])
    nearer = terms.index[crossed_steps(terms, told)]
    return with_notice_steps(moves, terms, told), nearer.intersection(last.index[last["state"].isin(UNCLOSED)])


def _write(wanted: Wanted, as_of: dt.date, tests: Mapping[str, GapTests]) -> None:
    awake: Json = {"snoozed_until": None, "snoozed_level": None}
    _move(wanted, Move.FADE, state=Alert.State.FADED, closed_on=as_of, rearmed=True, **awake)
    _move(wanted, Move.WAKE, state=Alert.State.OPEN, **awake)
    _move(wanted, Move.REARM, rearmed=True)
    _tell_anew(wanted.retold, as_of)
    Alert.objects.filter(pk__in=wanted.reopened).update(state=Alert.State.OPEN, closed_on=None, rearmed=False)
    for key, accounts in wanted.openings.items():
        crossed = Reading.objects.filter(signal=key, as_of=as_of, account__in=accounts) if accounts else ()
        made = [new_alert(reading, as_of, tests.get(key)) for reading in crossed]
        Alert.objects.bulk_create(made, ignore_conflicts=True)


def _move(wanted: Wanted, move: Move, **changes: Any) -> None:
    if wanted.by_move[move]:
        Alert.objects.filter(pk__in=wanted.by_move[move]).update(**changes)


def _tell_anew(alerts: list[int], as_of: dt.date) -> None:
    """A nearer deadline is another thing to be told; what people did with the alert stays on record."""
    standing = {alert.account_id: alert for alert in Alert.objects.filter(pk__in=alerts)} if alerts else {}
    for reading in Reading.objects.filter(signal=NOTICE_SIGNAL, as_of=as_of, account__in=standing):
        alert, told = standing[reading.account_id], new_alert(reading, as_of, None)
        alert.sentence, alert.details, alert.evidence = told.sentence, told.details, told.evidence
    Alert.objects.bulk_update(standing.values(), ["sentence", "details", "evidence"], batch_size=1000)


def new_alert(reading: Reading, as_of: dt.date, tests: GapTests | None) -> Alert:
    """The sentence is frozen here: what a person was told must stay what it was."""
    named = {name: getattr(reading, name) for name in ("value", "baseline", "level", "status", "details", "evidence")}
    told = {"tests": _told(tests)} if tests else {}
    return Alert(
        account_id=reading.account_id,
        signal=reading.signal,
        opened_on=as_of,
        judged_on=as_of,
        level=reading.level or 0.0,
        sentence=BY_KEY[reading.signal].explain(named),
        details=reading.details | told,
        evidence=reading.evidence,
    )


def _told(tests: GapTests) -> Json:
    """What is to be said of an alarm that was one of many tests."""
    figures = {"tested": round(tests.tested), "standing_out": tests.standing_out}
    return figures | {"expected_false": round(tests.expected_false, 2)}


def _refresh(accounts: Accounts, readings: Mapping[str, pd.DataFrame], as_of: dt.date) -> None:
    """Level and money of today on what stays open; what is unknown today leaves what was known last."""
    unclosed = Alert.objects.unclosed().filter(judged_on__lte=as_of).order_by("pk")
    standing = unclosed if accounts is None else unclosed.filter(account__in=accounts)
    alerts = list(standing.values_list("pk", "account_id", "signal", "level", "at_stake", "priority"))
    levels = {key: frame["level"].dropna().to_dict() for key, frame in readings.items()}
    money = _at_stake({account for _pk, account, *_rest in alerts})
    soon = levels.get(NOTICE_SIGNAL, {})
    rows = []
    for pk, account, signal, level, *worth in alerts:
        now = _worth(money[account], soon.get(account, 0.0)) if account in money else worth
        rows.append((pk, as_of, float(levels.get(signal, {}).get(account, level)), *now))
    bulk.update("signals_alert", ("id", "judged_on", "level", "at_stake", "priority"), rows, key=("id",))


def _worth(at_stake: Decimal, soon: float) -> tuple[Decimal, Decimal]:
    """The money and the priority: who may give notice soon comes first, at the deadline itself it counts twice."""
    money = at_stake.quantize(CENT)
    return money, (money * (1 + Decimal(soon))).quantize(CENT)


def _at_stake(accounts: Iterable[int]) -> dict[int, Decimal]:
    """Risk times revenue of those that were computed; never less than nothing after credit notes."""
    computed = Standing.objects.filter(account__in=accounts, state=Standing.State.COMPUTED)
    known = computed.values_list("account_id", "probability", "revenue_12m")
    return {account: Decimal(chance or 0) * max(revenue, Decimal()) for account, chance, revenue in known}
