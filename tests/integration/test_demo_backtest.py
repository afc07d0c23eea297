"""The backtest of the demo against what the simulation knows: who was lost, when, and since when it could be seen."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from accounts_app.demo.load import load
from accounts_app.demo.truth import Truth, truth
from accounts_app.models import AccountKey, Loss
from signals.compute.backtest_replay import MARKED
from signals.compute.post_mortem import Rise
from signals.fact_blocks import portfolio_facts
from signals.models import BacktestAccount, BacktestFigures, RiskDay, Run
from signals.pages.losses.replay import Replay, replays_of
from signals.services import assess, backtest, history, runs, store
from signals.services.rules import values_of

# Half a minute on an idle machine; minutes where all tests run at once.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1800)]

ANCHOR = dt.date(2026, 11, 22)
WEEKS, STEP = 104, 14
# A lumpy buyer's gap of three times its mean is one in twenty: on the anchor two such silences were still under way.
SILENT_BY_CHANCE = 3
# The cause of a stop can fall into a gap that was long already: the order was due some days before.
DUE_BEFORE_CAUSE = dt.timedelta(days=21)
LEAST_SEEN = 3


@dataclass(frozen=True)
class Found:
    """One loss of the backtest beside the truth of its account."""

    told: Truth
    kind: str
    day: dt.date
    lead: int | None
    late: int | None


@dataclass(frozen=True)
class PostMortem:
    """What the page of a loss shows, beside the truth of its account."""

    told: Truth
    kind: str  # of the episode that ended in the loss
    replay: Replay

    @property
    def first(self) -> Rise | None:
        return self.replay.first


@dataclass(frozen=True)
class Demo:
    found: list[Found]
    post_mortems: list[PostMortem]
    truths: dict[str, Truth]
    figures: dict[str, Any]


def ended_on(key: str) -> dt.date:
    """The first day on which the process has the account lost; it stays so."""
    days = [ANCHOR - dt.timedelta(days=n) for n in range(WEEKS * 7, -1, -1)]
    return days[bisect_left(days, True, key=lambda day: truth(ANCHOR, day)[key].lost)]


def post_mortems(backtested: Run, keys: dict[int, str]) -> list[PostMortem]:
    """As the page shows them once the history before the losses is filled in."""
    losses = list(Loss.objects.order_by("lost_on"))
    first = history.first_day_missing(Run(kind=Run.Kind.NIGHTLY, business_date=ANCHOR))
    run = Run(kind=Run.Kind.HISTORY, from_day=first, business_date=ANCHOR, params={}, every_account=False)
    run.rule_set = backtested.rule_set
    facts, rules = portfolio_facts(assess.account_ids()), values_of(run.rule_set)
    for n in range(len(run.fit_days)):
        for day, learnt in history.learn_days(facts, rules, history.quarter(run, n)):
            run.params[day.isoformat()] = learnt
    accounts = sorted(loss.account_id for loss in losses)
    store.write_risk_days(history.slide(accounts, run), RiskDay.Origin.HISTORY)
    replays, truths = replays_of(losses), truth(ANCHOR)
    return [
        PostMortem(truths[key], truth(ANCHOR, loss.lost_on - dt.timedelta(days=1))[key].kind, replays[loss.pk])
        for loss in losses
        for key in [keys[loss.account_id]]
    ]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Demo]:
    """The demo, loaded and replayed once; taken back after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(ANCHOR)
        span = backtest.Span(ANCHOR - dt.timedelta(weeks=WEEKS), ANCHOR, STEP)
        result = backtest.request(span, by=None, today=ANCHOR)
        runs.work_off(result.run)
        keys = dict(AccountKey.objects.filter(feed__name="crm").values_list("account_id", "key"))
        truths = truth(ANCHOR)
        rows = BacktestAccount.objects.filter(run=result.run).values_list("account_id", "record")
        found = [
            Found(
                truths[keys[account]],
                loss["kind"],
                dt.date.fromisoformat(loss["day"]),
                loss["leads"][MARKED],
                loss["late"][MARKED],
            )
            for account, record in rows
            for loss in record["losses"]
        ]
        yield Demo(found, post_mortems(result.run, keys), truths, BacktestFigures.objects.get(result=result).figures)
        transaction.set_rollback(True)


def test_whoever_the_process_ended_is_lost_on_that_day(demo: Demo) -> None:
    recorded = {loss.told.account: loss.day for loss in demo.found if loss.kind == "recorded"}
    assert set(recorded) == {key for key, told in demo.truths.items() if told.lost}
    assert {key: ended_on(key) for key in recorded} == recorded


def test_who_left_without_a_word_truly_drifts(demo: Demo) -> None:
    silent = [loss for loss in demo.found if loss.kind == "silent"]
    drifting = [loss for loss in silent if loss.told.drifts]
    assert len(drifting) >= len(silent) / 2 > 0
    assert len(silent) - len(drifting) <= SILENT_BY_CHANCE
    for loss in drifting:
        assert loss.told.onset_on is not None
        assert loss.day >= loss.told.onset_on - DUE_BEFORE_CAUSE


def test_customers_whose_feed_is_late_are_not_taken_for_lost(demo: Demo) -> None:
    late = {key for key, told in demo.truths.items() if told.kind == "stale_feed"}
    assert late
    assert late.isdisjoint(loss.told.account for loss in demo.found if loss.kind in {"recorded", "silent"})


def test_nothing_is_seen_before_its_cause(demo: Demo) -> None:
    seen = [loss for loss in demo.found if loss.kind == "recorded" and loss.lead is not None]
    assert len(seen) >= LEAST_SEEN
    for loss in seen:
        assert loss.told.onset_on is not None
        assert loss.lead is not None
        assert loss.told.onset_on <= loss.day - dt.timedelta(days=loss.lead) < loss.day


def test_the_figures_are_those_of_the_losses(demo: Demo) -> None:
    whole = [loss for loss in demo.found if loss.kind in {"recorded", "silent"}]
    risk = demo.figures["methods"][MARKED]
    assert demo.figures["losses"]["whole"] == len(whole)
    assert risk["leads"] == sorted(loss.lead for loss in whole if loss.lead is not None)
    assert risk["missed"] == sum(loss.lead is None for loss in whole)
    assert risk["late"] == sum(loss.lead is None and loss.late is not None for loss in whole)


def test_it_cries_wolf_less_than_the_plain_rules(demo: Demo) -> None:
    methods = demo.figures["methods"]
    assert methods[MARKED]["false_per_100_months"] < methods["none_90"]["false_per_100_months"] / 2


def test_every_post_mortem_names_what_rose_after_the_cause(demo: Demo) -> None:
    assert len(demo.post_mortems) == sum(told.lost for told in demo.truths.values())
    assert all(one.replay.is_whole for one in demo.post_mortems)
    for one in demo.post_mortems:
        if one.first and one.first.day:
            assert one.told.onset_on is not None
            assert one.told.onset_on <= one.first.day <= one.replay.lost_on


def test_a_post_mortem_without_a_first_signal_is_of_an_abrupt_stop(demo: Demo) -> None:
    """Whoever faded away was seen to; who stopped from one day to the next showed nothing before."""
    unseen = [one.kind for one in demo.post_mortems if one.first is None or one.first.day is None]
    assert set(unseen) <= {"abrupt_stop"}


@pytest.mark.parametrize(("kind", "signal"), [("buyer_left", "contact_change"), ("contact_silence", "silence")])
def test_where_the_cause_is_seen_itself_it_is_what_rose_first(demo: Demo, kind: str, signal: str) -> None:
    firsts = [one.first.key for one in demo.post_mortems if one.kind == kind and one.first]
    assert firsts
    assert set(firsts) == {signal}
