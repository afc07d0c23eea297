"""The past of the demo's alerts: the rules look at past days, and simulated people answer what they would have seen.

The rules are those of every night; only the answers are invented, and what they say follows the simulation's truth.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from django.db import transaction

from accounts_app.demo.logins import email_of
from accounts_app.demo.staff import SHOWN_MANAGER
from accounts_app.demo.verdicts import Plan, plan, verdict
from accounts_app.models import AccountKey, Company, User
from signals.compute.alarm_control import GapTests, gap_tests
from signals.compute.alerting import Move, alert_transitions
from signals.compute.registry import BY_KEY
from signals.compute.rules import RuleSetValues
from signals.facts import read_facts
from signals.models import AlarmBudget, Alert, AlertAction, Reading
from signals.services import alerts, assess, history, judge
from signals.services.alarm_budgets import release_within_budget
from signals.services.alert_tables import GAP, latest_alerts
from signals.services.rules import current_rules, values_of

# Days before the loading on which the rules look; closer together near the end, where every open alert has its age.
LOOKS = (*range(252, 84, -28), *range(84, 7, -14), 5)
QUARTER_DAYS = 91
FEWER_A_WEEK = 2
WEEK_DAYS = 7
NAMES = tuple(BY_KEY)
AT_NIGHT, BY_DAY = dt.time(5), dt.time(10, 30)
YEAR = pd.Timedelta(days=365)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Demo:
    """What the whole replay needs: the day of loading, the clock on the wall, and the accounts' simulated keys."""

    anchor: dt.date
    zone: ZoneInfo
    keys: dict[int, str]
    rules: RuleSetValues


@transaction.atomic
def live_through() -> int:
    """Open the alerts of the last months and let them be answered; returns how many there were.

    Does nothing where the installation is not a demo, or has alerts already.
    """
    company = Company.objects.select_for_update().filter(simulated=True, demo_anchor__isnull=False).first()
    if company is None or company.demo_anchor is None or Alert.objects.exists():
        return 0
    keys = dict(AccountKey.objects.filter(feed__name="crm").values_list("account_id", "key"))
    demo = Demo(company.demo_anchor, ZoneInfo(company.time_zone), keys, values_of(current_rules()))
    _allow_few()
    days = [demo.anchor - dt.timedelta(days=ago) for ago in LOOKS]
    ends = [*days[1:], demo.anchor]
    for judged, end in zip(_judged(demo, days), ends, strict=True):
        _look(judged, demo)
        _answer(judged.as_of, end, demo)
    _date(demo)
    return Alert.objects.count()


def _allow_few() -> None:
    """One manager has asked for fewer alerts a week, so that somebody's wait."""
    for manager in User.objects.filter(email=email_of(SHOWN_MANAGER)):
        AlarmBudget.objects.get_or_create(manager=manager, defaults={"weekly": FEWER_A_WEEK})


def _judged(demo: Demo, days: list[dt.date]) -> Iterator[assess.Assessment]:
    """What the signals said on each day, with what could be learnt by then."""
    facts, params = read_facts(assess.account_ids()), dict[str, Any]()
    for _quarter, part in groupby(days, key=lambda day: (day - days[0]).days // QUARTER_DAYS):
        for day, learnt in history.learn_days(facts, demo.rules, list(part)):
            params |= learnt
            yield assess.assess_day(day, facts, params=params, rules=demo.rules, bands=pd.Series(dtype="str"))


def _look(judged: assess.Assessment, demo: Demo) -> None:
    """Judge the alerts of one day."""
    latest = latest_alerts(None)
    money = _at_stake(judged)
    for key, readings in judged.readings.items():
        tests = _tests(readings, demo.rules) if demo.rules.is_own_odds(key) else None
        moves = alert_transitions(
            key,
            readings,
            latest[latest["signal"] == key].set_index("account_id"),
            demo.rules,
            judged.as_of,
            chance_line=tests.corrected_line if tests else None,
        )
        _move(key, moves, judged.as_of)
        opening = readings.loc[moves.index[moves == Move.OPEN]]
        Alert.objects.bulk_create(_opened(key, opening, money, tests, judged.as_of))


def _tests(readings: pd.DataFrame, rules: RuleSetValues) -> GapTests:
    figures = pd.DataFrame(readings["details"].tolist(), index=readings.index).reindex(columns=GAP[:3]).astype(float)
    return gap_tests(readings[["status", "level"]].join(figures), rules.rhythm_alert_chance)


def _move(key: str, moves: pd.Series, day: dt.date) -> None:
    def of(move: Move) -> list[int]:
        return moves.index[moves == move].tolist()

    unclosed = Alert.objects.unclosed().filter(signal=key)
    unclosed.filter(account__in=of(Move.WAKE)).update(state=Alert.State.OPEN, snoozed_until=None, snoozed_level=None)
    unclosed.filter(account__in=of(Move.FADE)).update(
        state=Alert.State.FADED, closed_on=day, rearmed=True, snoozed_until=None, snoozed_level=None
    )
    Alert.objects.filter(signal=key, account__in=of(Move.REARM), state=Alert.State.RESOLVED).update(rearmed=True)


def _opened(
    key: str, readings: pd.DataFrame, money: dict[int, Decimal], tests: GapTests | None, day: dt.date
) -> Iterator[Alert]:
    fields = ["value", "baseline", "level", "status", "details", "evidence"]
    plain = readings[fields].astype(object).where(readings[fields].notna(), None)
    for account, (_account, said) in zip(plain.index.tolist(), plain.iterrows(), strict=True):
        alert = judge.new_alert(Reading(account_id=account, signal=key, as_of=day, **said), day, tests)
        alert.at_stake = alert.priority = money.get(int(alert.account_id), Decimal())
        yield alert


def _at_stake(judged: assess.Assessment) -> dict[int, Decimal]:
    orders = judged.facts.orders
    recent = orders[orders["day"] > pd.Timestamp(judged.as_of) - YEAR]
    stakes = (judged.risk["probability"] * recent.groupby("account_id")["amount"].sum()).dropna().clip(lower=0)
    pairs = zip(stakes.index.tolist(), stakes.tolist(), strict=True)
    return {account: Decimal(stake).quantize(CENT) for account, stake in pairs}


def _answer(begin: dt.date, end: dt.date, demo: Demo) -> None:
    """Show each week what fits into the budget, and do what is planned for its days."""
    for ahead in range(0, (end - begin).days, WEEK_DAYS):
        first = begin + dt.timedelta(days=ahead)
        last = min(first + dt.timedelta(days=WEEK_DAYS), end)
        release_within_budget(first)
        due = Alert.objects.unclosed().filter(snoozed_until__lt=last)
        due.update(state=Alert.State.OPEN, snoozed_until=None, snoozed_level=None)
        shown = Alert.objects.unclosed().filter(released_on__isnull=False, account__owner__isnull=False)
        for alert in shown.select_related("account__owner").order_by("pk"):
            _act(alert, first, last, demo)


def _act(alert: Alert, first: dt.date, last: dt.date, demo: Demo) -> None:
    """Do what is planned for the days from `first` on, before `last`."""
    key = demo.keys[alert.account_id]
    planned = plan(int(key[1:]), NAMES.index(alert.signal), (demo.anchor - alert.opened_on).days)
    shown_on = alert.released_on or first
    for days in sorted(
        after for after in (planned.acknowledges, planned.snoozes, planned.resolves) if after is not None
    ):
        day = shown_on + dt.timedelta(days=days)
        if first <= day < last:
            action = _do(alert, planned, day, days, demo)
            AlertAction.objects.filter(pk=action.pk).update(at=dt.datetime.combine(day, BY_DAY, demo.zone))


def _do(alert: Alert, planned: Plan, day: dt.date, days: int, demo: Demo) -> AlertAction:
    by = User.objects.get(owned_accounts=alert.account_id)
    if days == planned.acknowledges:
        return alerts.acknowledge(alert, by=by)
    if days == planned.snoozes:
        until = day + dt.timedelta(days=planned.snoozed_for)
        return alerts.snooze(alert, by=by, until=until, reason=planned.reason, today=day)
    found = verdict(demo.keys[alert.account_id], alert.opened_on, day, demo.anchor)
    return alerts.resolve(
        alert, by=by, outcome=Alert.Outcome(found.outcome), cause=found.cause, today=day, note=found.note
    )


def _date(demo: Demo) -> None:
    """Nothing of this happened today: what opened and closed since somebody's last visit is told from these."""
    dated = list(Alert.objects.all())
    for alert in dated:
        alert.recorded_at = dt.datetime.combine(alert.opened_on, AT_NIGHT, demo.zone)
        if alert.closed_on:
            at = BY_DAY if alert.state == Alert.State.RESOLVED else AT_NIGHT
            alert.closed_at = dt.datetime.combine(alert.closed_on, at, demo.zone)
    Alert.objects.bulk_update(dated, ["recorded_at", "closed_at"], batch_size=1000)
