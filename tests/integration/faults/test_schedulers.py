"""Two schedulers ring at the same time: the night of a business date is made and worked off once."""

import time

import pytest
from django.utils import timezone

from signals.models import Run
from signals.services import runs
from signals.services.checksum import run_checksum
from tests.integration.faults.night import FULL, SMALL, STORM, Size, Start
from tests.integration.signals.conftest import give_past
from tests.integration.signals.portfolio import make_company, make_portfolio


@pytest.mark.parametrize("size", [pytest.param(SMALL, id="small"), pytest.param(FULL, id="full", marks=STORM)])
def test_two_beats_make_one_night(celery_worker_process: Start, size: Size) -> None:
    make_company()
    today = runs.business_date(timezone.now())
    give_past(make_portfolio(accounts=size.accounts, orders=size.orders, contacts=8, until=today))
    workers = [celery_worker_process(concurrency=1, beat=True) for _beat in range(2)]
    deadline = time.monotonic() + 900
    while not Run.objects.filter(state=Run.State.DONE).exists():
        assert time.monotonic() < deadline, list(Run.objects.values())
        time.sleep(0.1)
    for worker in workers:
        worker.stop()
        log = worker.log.read_text()
        assert "Sending due task" in log or "beat: Starting" in log
        assert "Traceback" not in log
    run = Run.objects.get()
    assert (run.kind, run.business_date) == (Run.Kind.NIGHTLY, today)
    assert set(run.chunks.values_list("attempts", flat=True)) == {1}
    twice = run_checksum(today)
    runs.work_off(runs.request_nightly(timezone.now()))
    assert run_checksum(today) == twice != ""
