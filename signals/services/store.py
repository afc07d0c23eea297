"""How results are written: always for many accounts at once, and never over the result of a later run."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from signals.compute.base import json_records
from signals.models import Reading, RiskDay, Run
from signals.services.bulk import upsert
from signals.services.standings import COLUMNS, Row

# The last bits of a float depend on how many accounts were computed together; what is stored must not.
DECIMALS = 9

READING_COLUMNS = (
    "account_id",
    "signal",
    "as_of",
    "ticket",
    "status",
    "level",
    "value",
    "baseline",
    "details",
    "evidence",
)
RISK_DAY_COLUMNS = ("account_id", "day", "band", "risk", "coverage", "levels", "origin")
RiskDayRow = tuple[int, dt.date, str, int, float, str]


def write_readings(run: Run, readings: dict[str, pd.DataFrame]) -> None:
    rows = (
        (account_id, key, run.business_date, run.ticket, row["status"], *_figures(row), *_texts(row))
        for key, frame in readings.items()
        for account_id, row in zip(frame.index.tolist(), json_records(frame), strict=True)
    )
    upsert(
        "signals_reading",
        READING_COLUMNS,
        rows,
        key=("account_id", "signal"),
        only_if="old.ticket <= excluded.ticket",
    )


def _figures(row: dict[str, Any]) -> list[float | None]:
    return [None if row[name] is None else round(row[name], DECIMALS) for name in ("level", "value", "baseline")]


def _texts(row: dict[str, Any]) -> list[str]:
    return [json.dumps(row[name]) for name in ("details", "evidence")]


def risk_day_rows(risk: pd.DataFrame, readings: dict[str, pd.DataFrame], day: dt.date) -> list[RiskDayRow]:
    """The rows of one day, with the levels that are known."""
    levels = pd.DataFrame({key: frame["level"] for key, frame in readings.items()}).round(DECIMALS)
    known = [{key: level for key, level in row.items() if level is not None} for row in json_records(levels)]
    columns = (risk["band"], risk["risk"], risk["coverage"].round(DECIMALS))
    values = zip(risk.index.tolist(), *(column.tolist() for column in columns), known, strict=True)
    return [
        (account_id, day, band, points, share, json.dumps(kept)) for account_id, band, points, share, kept in values
    ]


def write_risk_days(rows: Iterable[RiskDayRow], origin: RiskDay.Origin) -> None:
    """What was shown on its day stays: a history filled in later does not overwrite it."""
    upsert(
        "signals_riskday",
        RISK_DAY_COLUMNS,
        ((*row, str(origin)) for row in rows),
        key=("account_id", "day"),
        only_if="old.origin = 'history' OR excluded.origin = 'shown'",
    )


def write_standings(rows: list[Row]) -> None:
    upsert("signals_standing", COLUMNS, rows, key=("account_id",), only_if="old.ticket <= excluded.ticket")


def forget(run: Run, accounts: Sequence[int]) -> None:
    """Remove what an earlier run said of these accounts and this one cannot."""
    Reading.objects.filter(account__in=accounts, ticket__lte=run.ticket).delete()
    RiskDay.objects.filter(account__in=accounts, day=run.business_date).delete()
