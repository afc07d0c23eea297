"""Accounts that cannot be computed: they alone are given up, whatever they do to who tries."""

import contextlib
import os
import random
import signal
from collections.abc import Iterator

import pytest
from django.db.models import F

from signals.models import Run, RunChunk
from tests.integration.faults.conftest import MakeNight
from tests.integration.faults.night import FULL, SMALL, STORM, Night, Size, standings
from tests.integration.signals.conftest import cure, poison

# Longer than it takes to be seen, shorter than it takes the next attempt to wait for the lock.
HANG = "PERFORM pg_sleep(1)"


@pytest.fixture
def antidote(transactional_db: None) -> Iterator[None]:
    """Asked for before the night: workers that hold the table are gone when the trigger goes."""
    yield
    cure()


def check_all_but(night: Night, poisoned: set[int]) -> None:
    assert night.run.state == Run.State.INCOMPLETE
    lost = night.run.chunks.filter(state=RunChunk.State.QUARANTINED)
    assert set(lost.values_list("first_account", flat=True)) == poisoned
    assert not lost.exclude(first_account=F("last_account")).exists()
    found = standings()
    assert {found.pop(account)[0] for account in poisoned} == {"not_computed"}
    assert found == {account: said for account, said in night.calm_standings.items() if account not in poisoned}


@pytest.mark.parametrize(
    ("size", "count"), [pytest.param(SMALL, 1, id="small"), pytest.param(FULL, 5, id="full", marks=STORM)]
)
def test_only_poisoned_accounts_are_given_up(
    antidote: None, make_night: MakeNight, dice: random.Random, size: Size, count: int
) -> None:
    night = make_night(size)
    poisoned = set(dice.sample(night.accounts, count))
    poison(*poisoned)
    night.begin()
    night.finish()
    check_all_but(night, poisoned)
    cure()
    night.begin()
    night.finish()
    night.check()


@pytest.mark.storm
@pytest.mark.timeout(3600)
def test_an_account_that_kills_who_computes_it_is_given_up_alone(
    antidote: None, make_night: MakeNight, dice: random.Random
) -> None:
    """As one does that takes all memory: the process that holds its chunk is killed, every time."""
    night = make_night(FULL)
    killer = dice.choice(night.accounts)
    poison(killer, effect=HANG)
    night.begin()
    deaths: set[tuple[int, int]] = set()
    night.until(lambda: night.is_over or kill_whoever_holds(night, killer, deaths))
    night.finish()
    print(f"account {killer} killed {len(deaths)} times")
    assert len(deaths) == RunChunk.MAX_ATTEMPTS + RunChunk.MAX_ATTEMPTS_ALONE
    check_all_but(night, {killer})


def kill_whoever_holds(night: Night, account: int, deaths: set[tuple[int, int]]) -> bool:
    holding = night.run.chunks.filter(first_account__lte=account, last_account__gte=account, state="running")
    for pk, attempt, worker in holding.values_list("pk", "attempts", "claimed_by"):
        if (pk, attempt) not in deaths:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(worker.rpartition(":")[2]), signal.SIGKILL)
            deaths.add((pk, attempt))
    return False
