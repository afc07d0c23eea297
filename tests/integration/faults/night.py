"""A nightly run whose calm result is known, worked at by real workers while faults strike."""

import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
import redis
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.test import override_settings

from signals.models import Alert, Reading, RiskDay, Run, RunChunk, Standing
from signals.services import runs
from signals.services.checksum import run_checksum
from tests.integration.signals.conftest import give_past
from tests.integration.signals.portfolio import DAY, make_portfolio
from tests.worker import CeleryWorker

Start = Callable[..., CeleryWorker]
NOON = dt.datetime.combine(DAY, dt.time(12), tzinfo=dt.UTC)
LEASE_SECONDS = 1
POLL_SECONDS = 0.005
SWEEP_SECONDS = 0.5
PATIENCE = 900.0
JUDGED: tuple[type[models.Model], ...] = (Alert, Reading, RiskDay, Standing)


class Size(NamedTuple):
    accounts: int
    orders: int
    a_chunk: int

    @property
    def chunks(self) -> int:
        return -(-self.accounts // self.a_chunk)


SMALL, FULL = Size(24, 20, 3), Size(2000, 60, 40)
STORM = (pytest.mark.storm, pytest.mark.timeout(3600))


class Night:
    """The run of one business date over a portfolio made for it; the test sweeps where beat would."""

    def __init__(self, start: Start, size: Size) -> None:
        self.size = size
        self.workers: list[CeleryWorker] = []
        self._start = start
        self._swept = time.monotonic()
        self.accounts = make_portfolio(accounts=size.accounts, orders=size.orders, contacts=size.orders // 3)
        give_past(self.accounts)
        with override_settings(CHUNK_ACCOUNTS=size.accounts):  # how they are cut does not show in the result
            self.run = runs.request_nightly(NOON)
            runs.work_off(self.run)
        self.calm, self.calm_standings = run_checksum(DAY), standings()
        assert self.calm

    def begin(self, *, workers: int = 1) -> None:
        """Forget the calm result and let workers find it again."""
        for model in JUDGED:
            model._default_manager.all().delete()
        give_past(self.accounts)
        assert run_checksum(DAY) == ""
        CeleryWorker.forget_messages(settings.CELERY_BROKER_URL)
        await_listeners(len(self.workers))
        self.run = runs.request_nightly(NOON)
        for _worker in range(workers):
            self.hire()

    def hire(self) -> None:
        self.workers.append(self._start(concurrency=2))

    @property
    def is_over(self) -> bool:
        return not Run.objects.unfinished().filter(pk=self.run.pk).exists()

    @property
    def held(self) -> set[tuple[int, int]]:
        """The attempts at work, of living workers: a dead one does not renew its lease."""
        running = self.run.chunks.filter(state=RunChunk.State.RUNNING, lease_until__gte=Now())
        return set(running.values_list("pk", "attempts"))

    @property
    def ended(self) -> int:
        return self.run.chunks.filter(state=RunChunk.State.DONE).count()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait, and sweep now and then."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, list(self.run.chunks.values("phase", "n", "state", "attempts", "error"))
            if time.monotonic() - self._swept > SWEEP_SECONDS:
                runs.sweep()
                self._swept = time.monotonic()
            time.sleep(POLL_SECONDS)

    def strike(self, faults: Sequence["Fault"], dice: random.Random) -> None:
        """Let each of the faults land in the middle of somebody's work, at moments spread over the night."""
        moments = sorted(dice.choices(range(self.size.chunks - 1), k=len(faults)))
        for fault, moment in zip(faults, moments, strict=True):
            self._await_work(moment, fault)
            while not fault(self):
                self._await_work(moment, fault)
            print(f"{fault.__name__} landed after {self.ended} chunks")

    def _await_work(self, moment: int, fault: "Fault") -> None:
        self.until(lambda: self.is_over or (self.ended >= moment and bool(self.held)))
        assert not self.is_over, f"the run ended before {fault.__name__} landed"

    def finish(self) -> None:
        """Let the workers end the run and go."""
        self.until(lambda: self.is_over)
        while self.workers:
            self.workers.pop().stop()
        await_listeners(0)
        self.run.refresh_from_db()

    def check(self) -> None:
        """What stands in the database is what a calm night gives."""
        assert self.run.state == Run.State.DONE
        assert run_checksum(DAY) == self.calm
        assert Alert.objects.values("account", "signal").distinct().count() == Alert.objects.count() > 0


# Strikes the night and tells whether it hit somebody at work.
Fault = Callable[[Night], bool]


def kill_worker(night: Night) -> bool:
    """Kill -9 of a worker and its pool; another one comes."""
    night.workers.pop().kill()
    landed = bool(night.held)
    await_listeners(0)
    night.hire()
    return landed


def standings() -> dict[int, tuple[object, ...]]:
    """What is said of each account."""
    rows = Standing.objects.values_list("account", "state", "as_of", "risk", "band", "contributions", "revenue_12m")
    return {account: tuple(said) for account, *said in rows}


def await_listeners(number: int) -> None:
    """Make sure that just so many workers are at the queue: each has a subscription to what all are told."""
    deadline = time.monotonic() + 5
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as queue:
        while (found := sum(int(one["sub"]) + int(one["psub"]) > 0 for one in queue.client_list())) != number:
            assert time.monotonic() < deadline, f"{found} workers listen instead of {number}"
            time.sleep(0.05)
