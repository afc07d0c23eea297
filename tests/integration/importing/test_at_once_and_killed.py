"""The same file by ten clients at once, and an import killed anywhere: counted once, all or nothing."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from accounts_app.importing.load import import_file
from accounts_app.importing.request import Request
from accounts_app.models import Account, AccountKey, ImportBatch, Order, OrderLine
from tests.worker import environment_of_test_database

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]


def lines_file(path: Path, orders: int) -> Path:
    rows = (f"{n // 5},C{n // 50},2026-01-{n % 28 + 1:02},P{n % 7},{n % 9 + 1},2.50\n" for n in range(orders * 5))
    path.write_text("order,customer,date,sku,qty,unit price\n" + "".join(rows), encoding="utf-8")
    return path


def test_ten_clients_with_the_same_file_count_it_once(tmp_path: Path) -> None:
    path = lines_file(tmp_path / "a.csv", 40)

    def client(_number: int) -> tuple[int, int, int]:
        try:
            outcome = import_file(
                Request(kind="order-lines", path=path, feed="shop", currency="EUR", create_accounts=True)
            )
        finally:
            connection.close()
        return outcome.created, outcome.updated, outcome.unchanged

    with ThreadPoolExecutor(10) as clients:
        found = sorted(clients.map(client, range(10)))
    assert found == [(0, 0, 200)] * 9 + [(200, 0, 0)]
    assert (Order.objects.count(), OrderLine.objects.count(), Account.objects.count(), AccountKey.objects.count()) == (
        40,
        200,
        4,
        4,
    )


def start(path: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-W", "ignore", "manage.py", "import_file", "order-lines", str(path)]
    command += ["--feed", "shop", "--currency", "EUR", "--create-accounts"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment_of_test_database(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait_for_lock(process: "subprocess.Popen[bytes]") -> None:
    """Return once the import holds its lock: from then on its transaction is under way."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.005)
    raise AssertionError(process.stderr.read().decode() if process.stderr else "the import never began")


def wait_for_end_of_session() -> None:
    """Return once the server has noticed that its client is gone."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("the killed import still holds its lock")


@pytest.mark.parametrize("delay", [0.0, 0.2, 0.5])
def test_import_killed_anywhere_writes_all_or_nothing(tmp_path: Path, delay: float) -> None:
    orders = 6_000
    path = lines_file(tmp_path / "a.csv", orders)
    process = start(path)
    wait_for_lock(process)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    _out, said = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), said.decode()
    wait_for_end_of_session()
    whole = (orders, orders * 5, 1)
    found = (Order.objects.count(), OrderLine.objects.count(), ImportBatch.objects.count())
    assert found in ((0, 0, 0), whole)
    if delay == 0.0:
        assert found == (0, 0, 0)
    again = import_file(Request(kind="order-lines", path=path, feed="shop", currency="EUR", create_accounts=True))
    assert again.created + again.unchanged == orders * 5
    assert (Order.objects.count(), OrderLine.objects.count()) == whole[:2]
