"""`manage.py compute_signals`: a whole run from one command, with or without workers."""

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from signals.models import RiskDay, Run, RunChunk, Standing
from signals.services import runs
from tests.integration.signals.portfolio import DAY

NOON = dt.datetime.combine(DAY, dt.time(12), tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def compute(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("compute_signals", *arguments, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_without_a_day_it_makes_the_run_of_this_business_date(portfolio: list[int]) -> None:
    result = compute()
    assert (result["as_of"], result["state"], result["accounts"]) == (DAY.isoformat(), "done", len(portfolio))
    assert sum(result["bands"].values()) == len(portfolio)
    assert Run.objects.get(kind=Run.Kind.NIGHTLY).business_date == DAY


def test_twice_gives_the_same_checksum(portfolio: list[int]) -> None:
    first, second = compute("--as-of", DAY.isoformat()), compute("--as-of", DAY.isoformat())
    assert first["checksum"] == second["checksum"] != ""
    assert first["run"] == second["run"]


def test_a_past_day_is_what_the_pages_show_afterwards(portfolio: list[int]) -> None:
    compute()
    past = DAY - dt.timedelta(days=200)
    compute("--as-of", past.isoformat())
    assert set(Standing.objects.values_list("as_of", flat=True)) == {past}
    assert set(RiskDay.objects.filter(day__in=(DAY, past)).values_list("day", flat=True)) == {DAY, past}


def test_from_fills_the_days_between(portfolio: list[int]) -> None:
    compute("--from", (DAY - dt.timedelta(days=20)).isoformat(), "--step", "10")
    days = RiskDay.objects.filter(account=portfolio[0]).order_by("day").values_list("day", flat=True)
    assert list(days) == [DAY - dt.timedelta(days=n) for n in (20, 10, 0)]


def test_one_account_uses_what_the_days_run_learnt(portfolio: list[int]) -> None:
    compute()
    moments = dict(Standing.objects.values_list("account", "computed_at"))
    chunks = set(RunChunk.objects.values_list("pk", flat=True))
    compute("--account", str(portfolio[2]))
    changed = [pk for pk, moment in Standing.objects.values_list("account", "computed_at") if moments[pk] != moment]
    assert changed in ([portfolio[2]], [])  # the moment of a transaction, which in this test is one
    assert set(RunChunk.objects.values_list("pk", flat=True)) == chunks


def test_a_run_broken_off_is_taken_up_where_it_was(portfolio: list[int], small_chunks: None) -> None:
    run = runs.request_explicit(DAY)
    runs.work(run.chunks.get().pk)
    done = run.chunks.filter(state=RunChunk.State.DONE).get()
    compute("--as-of", DAY.isoformat())
    done.refresh_from_db()
    assert done.attempts == 1
    assert run.chunks.filter(phase="fit").count() == 1


def test_in_words(portfolio: list[int]) -> None:
    out = StringIO()
    call_command("compute_signals", stdout=out)
    assert f"{len(portfolio)} accounts as of {DAY}" in out.getvalue()
    assert "filled in the background" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-of", "2026-11-23"], "has not come yet"),
        (["--as-of", "yesterday"], "is not a date"),
        (["--from", "2026-11-23"], "must not be after"),
        (["--step", "0"], "at least 1"),
        (["--account", "0"], "There is no account 0"),
    ],
)
def test_what_cannot_be_asked_for_is_said_and_nothing_is_made(db: None, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("compute_signals", *arguments)
    assert not Run.objects.exists()


def test_sweep_takes_up_what_was_lost(portfolio: list[int]) -> None:
    run = runs.request_explicit(DAY)
    run.chunks.update(state=RunChunk.State.DONE)  # as if the worker died between its result and the next phase
    Run.objects.filter(pk=run.pk).update(params={DAY.isoformat(): {}})
    call_command("sweep")
    assert run.chunks.filter(phase="compute", state=RunChunk.State.PENDING).exists()
