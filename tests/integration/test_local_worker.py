"""The tests' own Celery worker is a real one, and what the containers ask of the web server's health is answered."""

from collections.abc import Callable

from pytest_django.live_server_helper import LiveServer

from config import health
from config.celery import app
from tests.worker import CeleryWorker


def test_worker_answers_until_it_is_killed(celery_worker_process: Callable[..., CeleryWorker]) -> None:
    worker = celery_worker_process(concurrency=1)
    assert app.control.ping(destination=[worker.name], timeout=5) == [{worker.name: {"ok": "pong"}}]
    worker.kill()
    assert not worker.running
    assert app.control.ping(destination=[worker.name], timeout=0.5) == []


def test_two_workers_share_the_work_and_one_stops_politely(celery_worker_process: Callable[..., CeleryWorker]) -> None:
    first, second = celery_worker_process(concurrency=1), celery_worker_process(concurrency=1)
    assert first.name != second.name
    first.stop()
    assert (first.running, second.running) == (False, True)


def test_health_is_that_of_the_log_in_page(live_server: LiveServer) -> None:
    log_in = f"{live_server.url}/account/login/"
    # The first page of a process compiles its templates: on a busy machine that takes a while.
    assert health.answers(log_in, host="localhost", seconds=60)
    assert not health.answers(f"{live_server.url}/no-such-page/", host="localhost", seconds=60)
    assert not health.answers(log_in, host="stranger.example", seconds=60)
    assert not health.answers("http://127.0.0.1:9/", host="localhost")
