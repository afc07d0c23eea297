"""Small files written for a test and taken in."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine

from accounts_app.importing.load import import_file
from accounts_app.importing.request import Outcome, Request

TODAY = "2026-03-10"

Take = Callable[..., Outcome]


@pytest.fixture
def today() -> Any:
    """The tenth of March 2026, at noon; the company is in UTC unless a test says otherwise."""
    with time_machine.travel(f"{TODAY}T12:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def take(tmp_path: Path, today: Any) -> Take:
    """A function that takes a table in: `take("orders", "order,customer,…", feed="erp")`."""

    def run(kind: str, content: str | Path, feed: str = "erp", **said: Any) -> Outcome:
        path = content if isinstance(content, Path) else tmp_path / f"{kind}.csv"
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        said.setdefault("rejects", tmp_path / "rejects.csv")
        outcome = import_file(Request(kind=kind, path=path, feed=feed, **said))
        assert outcome.rows == outcome.created + outcome.updated + outcome.unchanged + outcome.rejected
        return outcome

    return run


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    return outcome.created, outcome.updated, outcome.unchanged, outcome.rejected


def rejected(outcome: Outcome) -> dict[int, str]:
    """Reason by line, of every row in the reject file."""
    with Path(outcome.reject_file).open(encoding="utf-8-sig", newline="") as file:
        delimiter = ";" if ";" in file.readline() else ","
        file.seek(0)
        return {int(row["reject line"]): row["reject reason"] for row in csv.DictReader(file, delimiter=delimiter)}


def reasons(outcome: Outcome) -> dict[int, str]:
    """Reason by the first line it was given for."""
    return {reason.line: reason.reason for reason in outcome.reasons}
