"""Filling past days: each account's facts are read once, and the days slide over them. No alert comes of a history."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import pandas as pd
from django.db.models import Exists, F, OuterRef

from accounts_app.models import Account, Loss
from accounts_app.services.changes import mark_changed
from signals.compute import post_mortem
from signals.compute.base import Facts
from signals.compute.post_mortem import DAYS_OF_WEEK
from signals.compute.registry import signals_of
from signals.compute.rules import RuleSetValues
from signals.fact_blocks import portfolio_facts
from signals.facts import read_facts
from signals.models import RiskDay, Run, RunChunk
from signals.services import assess, store
from signals.services.rules import values_of

Json = dict[str, Any]

STEP_DAYS = 7
# 18 months, as long as the pulse strip.
WEEKS = 78
# Of a loss that far back the year before it is judged as well, so that its post-mortem can say what rose first.
LOSSES_OF = dt.timedelta(days=3 * 365)
# What is learnt from the orders of the whole portfolio is worth a quarter; what the others learn costs nothing and ages
# faster (who logged a contact lately), so it is learnt for every day.
FITTED_QUARTERLY = "orders"


def without_history(day: dt.date) -> "list[int]":
    """Accounts of which no day is known that lies a step or more before `day`."""
    known = RiskDay.objects.filter(day__lte=day - dt.timedelta(days=STEP_DAYS)).values("account")
    return list(Account.objects.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True))


def lost_unjudged(day: dt.date) -> dict[int, dt.date]:
    """Accounts lost before `day` whose year before was not judged, with the first day of it."""
    recent = Loss.objects.filter(lost_on__lte=day, lost_on__gt=day - LOSSES_OF, known_on__lte=day)
    year_ago = F("lost_on") - dt.timedelta(days=DAYS_OF_WEEK * (post_mortem.WEEKS - 1))
    first_week = RiskDay.objects.filter(
        account=OuterRef("account"),
        day__lte=OuterRef("year_ago"),
        day__gt=OuterRef("year_ago") - dt.timedelta(days=2 * DAYS_OF_WEEK),
    )
    unjudged = recent.annotate(year_ago=year_ago).exclude(Exists(first_week)).order_by("-lost_on")
    # The earliest loss of an account comes last, and stays.
    return {account: post_mortem.first_day(lost_on) for account, lost_on in unjudged.values_list("account", "lost_on")}


def first_day_missing(run: Run) -> dt.date | None:
    """The day from which the past has to be filled after this run, if it has to be; whole steps before its own."""
    if not run.is_assessment:
        return None
    wanted = [usual_first_day(run)] if without_history(run.business_date) else []
    first = min([*wanted, *lost_unjudged(run.business_date).values()], default=None)
    if first is None:
        return None
    steps = -(-(run.business_date - first).days // STEP_DAYS)
    return run.business_date - dt.timedelta(days=STEP_DAYS * steps)


def usual_first_day(run: Run) -> dt.date:
    return run.business_date - dt.timedelta(days=STEP_DAYS * WEEKS)


def accounts_of(run: Run) -> list[int]:
    if run.kind == Run.Kind.HISTORY and not run.every_account:
        return sorted({*without_history(run.business_date), *lost_unjudged(run.business_date)})
    return assess.account_ids()


def fit_chunk(chunk: RunChunk) -> Callable[[], None]:
    """Learn what holds for one quarter of the days."""
    run, rules = chunk.run, values_of(chunk.run.rule_set)
    facts = portfolio_facts(assess.account_ids())
    learnt = {day.isoformat(): found for day, found in learn_days(facts, rules, quarter(run, chunk.n))}
    return partial(assess.keep_params, run, learnt)


def learn_days(facts: Facts, rules: RuleSetValues, days: list[dt.date]) -> Iterator[tuple[dt.date, Json]]:
    """Learn everything for the first of the days, and what ages fast for each that follows."""
    first, *later = days
    yield first, assess.learn(facts, rules, first)
    quick = [item for item in signals_of(rules.weights) if FITTED_QUARTERLY not in item.sources]
    for day in later:
        known = facts.until(day)
        yield day, {item.key: item.fit(known, day) for item in quick}


def quarter(run: Run, n: int) -> list[dt.date]:
    """The days of the run from its n-th fit to the next."""
    begins = [*run.fit_days, dt.date.max]
    return [day for day in run.days if begins[n] <= day < begins[n + 1]]


def compute_chunk(chunk: RunChunk) -> Callable[[], None]:
    run = chunk.run
    within = set(assess.account_ids(chunk))
    accounts = [account_id for account_id in accounts_of(run) if account_id in within]
    rows = slide(accounts, run)
    return partial(_write, rows, accounts)


def slide(accounts: Sequence[int], run: Run) -> list[store.RiskDayRow]:
    """Judge these accounts on the days of the run, the band of each day held against the day before."""
    facts, rules = read_facts(accounts), values_of(run.rule_set)
    return [row for some, days in _shares(accounts, run) if some for row in _days(facts, some, days, run, rules)]


def _shares(accounts: Sequence[int], run: Run) -> list[tuple[list[int], list[dt.date]]]:
    """Which accounts are judged on which days: of those that were not lost the last 18 months are enough."""
    if run.every_account:
        return [(list(accounts), run.days)]
    lost = lost_unjudged(run.business_date)
    usual = [day for day in run.days if day >= usual_first_day(run)]
    return [
        ([account for account in accounts if account in lost], run.days),
        ([account for account in accounts if account not in lost], usual),
    ]


def _days(
    facts: Facts, accounts: list[int], days: list[dt.date], run: Run, rules: RuleSetValues
) -> Iterable[store.RiskDayRow]:
    of_these = facts.for_accounts(accounts)
    before = RiskDay.objects.filter(account__in=accounts).last_before(days[0])
    bands = pd.Series(dict(before.values_list("account_id", "band")), dtype="str")
    for day in days:
        judged = assess.assess_day(day, of_these, params=run.params_for(day), rules=rules, bands=bands)
        bands = judged.risk["band"]
        yield from store.risk_day_rows(judged.risk, judged.readings, day)


def _write(rows: list[store.RiskDayRow], accounts: list[int]) -> None:
    store.write_risk_days(rows, RiskDay.Origin.HISTORY)
    # What stands there now can tell its change in 30 days from here on.
    mark_changed(accounts)
