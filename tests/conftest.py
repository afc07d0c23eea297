"""What every test gets: marks, the real data, Chromium, a real Celery worker, and the counts behind VIGIL_REQUIRE."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import BrowserType

from tests.worker import CeleryWorker

# The same examples in every run: a failure belongs to the change that made it.
hypothesis_settings.register_profile("vigil", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("vigil")

# Sync Playwright keeps an event loop running in the main thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

SYSTEM_CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
OUTCOMES: Counter[tuple[str, str]] = Counter()


def pytest_configure() -> None:
    post_migrate.connect(bring_defaults_back)


def bring_defaults_back(sender: AppConfig, **_told: Any) -> None:
    """A committing test ends by emptying every table; Django then says so as after a migration.

    Not serialized_rollback: it keeps the rows on the connection object, and once sync Playwright runs its event loop
    the thread has another one.
    """
    if sender.name == "accounts_app" and not sender.get_model("Tier")._default_manager.exists():
        # A page still open asks on while the tables are emptied, and its request may have made the company anew.
        sender.get_model("Company")._default_manager.all().delete()
        import_module("accounts_app.migrations.0004_first_rows").add_first_rows(apps, None)
        import_module("accounts_app.migrations.0015_audited_tiers").audit_the_weightiest(apps, None)
    if sender.name == "signals" and not sender.get_model("Playbook")._default_manager.exists():
        import_module("signals.migrations.0003_first_playbooks").add_playbooks(apps, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "e2e" in item.path.parts or "page" in fixtures:
            item.add_marker("browser")
        if "celery_worker_process" in fixtures:
            item.add_marker("service")
        if "test_data" in fixtures:
            item.add_marker("data")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("data") and not os.environ.get("VIGIL_TEST_DATA"):
        pytest.skip("needs the real data sets: set VIGIL_TEST_DATA to their folder")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hold the collector while a failure is told, or telling it may end the session.

    To show the lines, pytest parses whole modules, of Playwright some of 20,000 lines. Before 3.12 CPython collects
    amid the building of the tree, Hypothesis then runs its hook, and a thread of the server may come in between; if
    that one shows a traceback, it parses too, and the count of the depth that they share is wrong: SystemError.
    """
    was_on = gc.isenabled() and call.excinfo is not None
    if was_on:
        gc.disable()
    try:
        return (yield)
    finally:
        if was_on:
            gc.enable()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what ran and what was skipped; of several test processes the one that hands out the tests hears all."""
    if report.when == "call" or report.outcome != "passed":
        for mark in {"browser", "service", "data"} & report.keywords.keys():
            OUTCOMES[mark, report.outcome] += 1


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    hands_out = not hasattr(session.config, "workerinput")
    if hands_out and exitstatus == pytest.ExitCode.OK and _not_shown():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for line in _not_shown():
        terminalreporter.write_line(line, red=True)


def _not_shown() -> list[str]:
    """Return a line for each kind of test that VIGIL_REQUIRE names and that was skipped, or of which none ran."""
    required = [name for name in os.environ.get("VIGIL_REQUIRE", "").split(",") if name]
    return [
        f"VIGIL_REQUIRE: {OUTCOMES[name, 'passed']} {name} tests passed, {OUTCOMES[name, 'skipped']} were skipped"
        for name in required
        if OUTCOMES[name, "skipped"] or not OUTCOMES[name, "passed"]
    ]


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real data sets; a test that asks for it is skipped where there is none."""
    return Path(os.environ["VIGIL_TEST_DATA"])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_type: BrowserType) -> dict[str, Any]:
    """Debian's Chromium where it is installed, else the one Playwright brought."""
    program = SYSTEM_CHROMIUM if SYSTEM_CHROMIUM.exists() else Path(browser_type.executable_path)
    if not program.exists():
        pytest.skip("no Chromium: install Debian's package or run `python -m playwright install chromium`")
    return {**browser_type_launch_args, "executable_path": str(program), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """Let `page.goto("/alerts/")` mean the server under test."""
    return str(live_server.url)


@pytest.fixture
def unfrozen_afterwards(transactional_db: None) -> Iterator[None]:
    """For a test that commits signed audits: they go before its tables are emptied, which the triggers would refuse."""
    yield
    import_module("tests.factories.audits").forget_audits()


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., CeleryWorker]]:
    """A function that starts real Celery workers on the test database; all are gone when the test ends.

    `worker = celery_worker_process()` returns when it is ready for tasks; see tests/worker.py for kill and stop.
    """
    started: list[CeleryWorker] = []

    def start(*, concurrency: int = 2, beat: bool = False) -> CeleryWorker:
        worker = CeleryWorker(log=tmp_path / f"worker-{len(started)}.log", concurrency=concurrency, beat=beat)
        started.append(worker)
        worker.start()
        return worker

    CeleryWorker.forget_messages(settings.CELERY_BROKER_URL)
    yield start
    for worker in started:
        worker.kill()
    CeleryWorker.forget_messages(settings.CELERY_BROKER_URL)
