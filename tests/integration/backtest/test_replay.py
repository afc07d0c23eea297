"""The work of a backtest on the ledger, and what it leaves behind."""

import datetime as dt
import json
from functools import partial
from io import StringIO
from typing import Any

import pandas as pd
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from accounts_app.models import Loss, Order
from signals import fact_blocks
from signals.compute.base import Facts
from signals.compute.renewal_fit import sample_rows
from signals.facts import read_facts
from signals.models import Alert, BacktestAccount, BacktestFigures, BacktestResult, RiskDay, Run, RunChunk, Standing
from signals.services import assess, backtest, ledger, replay, runs
from signals.services.rules import current_rules, values_of
from tests.factories import LossFactory
from tests.integration.backtest.conftest import ask, made
from tests.integration.signals.portfolio import DAY

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def records(run: Run) -> dict[int, Any]:
    return dict(BacktestAccount.objects.filter(run=run).values_list("account_id", "record"))


def test_a_replay_made_twice_is_the_same_to_the_bit(portfolio: list[int], settings: Any) -> None:
    first = made(2)
    settings.CHUNK_ACCOUNTS = 3  # nor does it matter how the accounts were shared out
    second = made(2)
    assert first.run_id != second.run_id
    assert sorted(records(first.run)) == portfolio
    assert records(first.run) == records(second.run)
    assert second.run.chunks.filter(phase="compute").count() == 4


def test_a_backtest_changes_nothing_that_is_shown(portfolio: list[int]) -> None:
    result = made(1)
    assert result.run.state == Run.State.DONE
    assert not any(model.objects.exists() for model in (Standing, RiskDay, Alert))
    assert Run.objects.shown() is None
    assert not Run.objects.filter(kind=Run.Kind.HISTORY).exists()


def test_levels_are_those_of_an_assessment_of_that_day(portfolio: list[int]) -> None:
    """The last day of a replay against a run of that day by itself: same risk, by what was known."""
    result = made(1)
    run = result.run
    rules, params = values_of(run.rule_set), run.params_for(DAY)
    facts = read_facts(portfolio)
    assert params[replay.CHANCE_LINE] <= rules.rhythm_alert_chance
    judged = assess.assess_day(DAY, facts, params=params, rules=rules, bands=pd.Series(dtype="str"))
    alone = {pk: int(points) for pk, points in judged.risk["risk"].items()}
    marked = [pk for pk, points in alone.items() if points >= rules.drifting_from]
    found = [pk for pk, one in records(run).items() if sum(one["alarms"]["marked"])]
    assert set(marked) <= set(found)


def test_it_learns_from_the_sample_of_a_night(portfolio: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Above 5,000 accounts; here above four."""
    monkeypatch.setattr(fact_blocks, "sample_rows", partial(sample_rows, size=4))
    run = made(1).run
    rules, first = values_of(run.rule_set), run.days[0]

    def learnt(facts: Facts) -> dict[str, Any]:
        return dict(json.loads(json.dumps(assess.learn(facts, rules, first))))

    params = {key: run.params[first.isoformat()][key] for key in learnt(fact_blocks.portfolio_facts(portfolio))}
    assert params == learnt(fact_blocks.portfolio_facts(portfolio))
    assert params != learnt(read_facts(portfolio))


def test_every_account_is_tested_however_they_are_parted(portfolio: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that many tests at once leave is that of all accounts, not of the sample or of a part."""
    rules, days = values_of(current_rules()), [DAY - dt.timedelta(days=7), DAY]
    params = assess.learn(read_facts(portfolio), rules, days[0])
    whole = replay.chance_lines(portfolio, params, rules, days)
    assert set(whole) == set(days)
    assert whole[DAY] is not None
    monkeypatch.setattr(fact_blocks, "AT_ONCE", 3)
    assert replay.chance_lines(portfolio, params, rules, days) == whole
    assert replay.chance_lines(portfolio, {}, rules, days) == dict.fromkeys(days)


def test_what_became_known_later_does_not_change_what_was_said(portfolio: list[int]) -> None:
    """Orders of the last four weeks, and those that came in late, are unknown to the weeks before."""
    span = backtest.Span(DAY - dt.timedelta(days=42), DAY - dt.timedelta(days=28), 7)

    def said() -> list[tuple[Any, ...]]:
        result = backtest.request(span, by=None, today=DAY)
        runs.work_off(result.run)
        # How many alarms were raised; what they were worth, and how long there was somebody to watch, may change.
        return [
            (
                pk,
                {key: sum(counts) for key, counts in one["alarms"].items()},
                [sum(counts) for counts in one["thresholds"]],
            )
            for pk, one in sorted(records(result.run).items())
        ]

    before = said()
    Order.objects.filter(account=portfolio[0], ordered_on__gt=span.until_day).delete()
    Order.objects.create(
        account_id=portfolio[1],
        feed_id=Order.objects.values_list("feed", flat=True)[0],
        external_key="late",
        number="late",
        ordered_on=span.from_day,
        known_on=span.until_day + dt.timedelta(days=1),
        amount=5,
        currency="EUR",
        reporting_amount=5,
    )
    assert said() == before


def test_who_stopped_is_a_silent_leaver_and_a_recorded_loss_takes_its_place(portfolio: list[int]) -> None:
    gone = portfolio[9]
    [silent] = records(made(20, step=28).run)[gone]["losses"]
    assert silent["kind"] == "silent"
    LossFactory(account_id=gone, part="", lost_on=DAY - dt.timedelta(days=60), known_on=DAY - dt.timedelta(days=50))
    LossFactory(account_id=portfolio[0], part="spares", lost_on=DAY - dt.timedelta(days=60), known_on=DAY)
    result = made(20, step=28)
    assert [loss["kind"] for loss in records(result.run)[gone]["losses"]] == ["recorded"]
    assert [loss["kind"] for loss in records(result.run)[portfolio[0]]["losses"]] == ["part"]
    Loss.objects.update(known_on=DAY + dt.timedelta(days=1))
    assert [loss["kind"] for loss in records(made(20, step=28).run)[gone]["losses"]] == ["silent"]


# --- asked for, cancelled, taken up again


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"from_day": dt.date(2020, 1, 1)}, "from", "There are no data before 2"),
        ({"until_day": DAY + dt.timedelta(days=1)}, "until", "known until 22 Nov 2026"),
        ({"step_days": 0}, "step", "1 to 28 days"),
        ({"step_days": 29}, "step", "1 to 28 days"),
        ({"until_day": DAY - dt.timedelta(days=70)}, "until", "at least one step after the begin"),
        ({"from_day": DAY - dt.timedelta(days=700), "step_days": 1}, "step", "more than 624 days"),
    ],
)
def test_a_span_that_cannot_be_replayed_says_why(
    portfolio: list[int], change: dict[str, Any], field: str, sentence: str
) -> None:
    plan: dict[str, Any] = {"from_day": DAY - dt.timedelta(days=70), "until_day": DAY, "step_days": 7} | change
    with pytest.raises(backtest.SpanError, match=sentence) as refused:
        backtest.request(backtest.Span(**plan), by=None, today=DAY)
    assert refused.value.field == field
    assert not Run.objects.exists()


def test_without_orders_nothing_can_be_judged(db: None) -> None:
    assert backtest.usual_span(DAY) is None
    with pytest.raises(backtest.SpanError, match="no orders yet"):
        ask()


def test_two_at_once_are_refused(portfolio: list[int]) -> None:
    first = ask()
    with pytest.raises(backtest.BusyError):
        ask()
    assert backtest.under_way() == first


def test_a_cancelled_one_leaves_nothing_and_frees_the_way(portfolio: list[int], settings: Any) -> None:
    settings.CHUNK_ACCOUNTS = 5
    result = ask(2)
    for _chunk in range(2):  # the fit and one of two account ranges
        runs.work(ledger_next(result.run))
    assert BacktestAccount.objects.exists()
    assert backtest.cancel(result)
    result.run.refresh_from_db()
    assert (result.run.state, result.run.chunks.count()) == (Run.State.CANCELLED, 0)
    assert not BacktestAccount.objects.exists()
    assert not backtest.cancel(result)
    runs.sweep()
    assert made(2).run.state == Run.State.DONE


def ledger_next(run: Run) -> int:
    return run.chunks.filter(state=RunChunk.State.PENDING).order_by("pk").values_list("pk", flat=True)[0]


def test_whoever_works_on_it_stops_when_it_is_cancelled(portfolio: list[int]) -> None:
    result = ask(2)
    chunk = ledger.claim_next(result.run)
    assert chunk is not None
    backtest.cancel(result)
    with pytest.raises(ledger.LeaseLostError):
        replay.fit_chunk(chunk)


def test_after_a_dead_worker_another_takes_up_where_it_was(portfolio: list[int]) -> None:
    calm = records(made(2).run)
    result = ask(2)
    chunk = ledger.claim_next(result.run)
    assert chunk is not None
    ledger.tell_days(chunk, 1)  # and then it was killed: nothing renews its lease
    expired = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    RunChunk.objects.filter(pk=chunk.pk).update(lease_until=expired)
    runs.work_off(result.run)
    assert result.run.state == Run.State.DONE
    assert records(result.run) == calm


def test_an_account_that_fails_is_left_out_and_the_rest_is_done(portfolio: list[int]) -> None:
    bad = portfolio[4]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'poison'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON signals_backtestaccount FOR EACH ROW "
            f"WHEN (NEW.account_id = {bad}) EXECUTE FUNCTION refuse_poison()"
        )
    result = made(1)
    assert result.run.state == Run.State.INCOMPLETE
    assert sorted(records(result.run)) == [pk for pk in portfolio if pk != bad]
    assert BacktestFigures.objects.get(result=result).figures["accounts"] == 9


def test_progress_grows_from_nothing_to_all(portfolio: list[int], settings: Any) -> None:
    settings.CHUNK_ACCOUNTS = 5
    result = ask(1)
    seen = [backtest.progress_of(result.run).percent]
    while Run.objects.unfinished().filter(pk=result.run_id).exists():
        runs.work(ledger_next(result.run))
        result.run.refresh_from_db()
        seen.append(backtest.progress_of(result.run).percent)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 100)
    assert 0 < seen[1] < seen[2] < 100


# --- the command


def command(**options: Any) -> str:
    out = StringIO()
    with time_machine.travel(NOON):
        call_command("backtest", stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_figures_or_words(portfolio: list[int]) -> None:
    first = DAY - dt.timedelta(days=7)
    found = json.loads(command(first=first, json=True))
    assert (found["from"], found["to"], found["step"], found["days"]) == (first.isoformat(), DAY.isoformat(), 7, 2)
    assert found["accounts"] == 10
    assert found["methods"]["none_90"]["detected"] == 0
    words = command(first=first)
    assert "10 accounts judged on 2 days" in words
    assert "90 days without an order" in words
    assert BacktestResult.objects.count() == 2


def test_the_command_says_what_is_wrong(portfolio: list[int]) -> None:
    with pytest.raises(CommandError, match="no data before"):
        command(first=dt.date(2001, 1, 1))
    with pytest.raises(CommandError, match="in the future"):
        command(last=DAY + dt.timedelta(days=9), first=DAY)
    with pytest.raises(CommandError, match="no version 99"):
        command(rules=99)


def test_a_version_of_the_rules_may_be_named(portfolio: list[int]) -> None:
    version = current_rules().version
    first = DAY - dt.timedelta(days=7)
    assert json.loads(command(first=first, rules=version, json=True))["rules"] == version
