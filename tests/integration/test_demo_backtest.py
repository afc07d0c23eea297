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
from accounts_app.models import AccountKey
from signals.compute.backtest_replay import MARKED
from signals.models import BacktestAccount, BacktestFigures
from signals.services import backtest, runs

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
class Demo:
    found: list[Found]
    truths: dict[str, Truth]
    figures: dict[str, Any]


def ended_on(key: str) -> dt.date:
    """The first day on which the process has the account lost; it stays so."""
    days = [ANCHOR - dt.timedelta(days=n) for n in range(WEEKS * 7, -1, -1)]
    return days[bisect_left(days, True, key=lambda day: truth(ANCHOR, day)[key].lost)]


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
        yield Demo(found, truths, BacktestFigures.objects.get(result=result).figures)
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
