"""Small portfolios, and runs worked off in the test's own process."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection

from signals.models import RiskDay, Run
from signals.services import runs
from tests.integration.signals.portfolio import DAY, make_portfolio


@pytest.fixture
def portfolio(db: None) -> list[int]:
    """Eight accounts: the fifth is no longer called, the seventh lost its main contact."""
    return make_portfolio(accounts=8, orders=30, contacts=12)


@pytest.fixture
def committed_portfolio(transactional_db: None) -> list[int]:
    """The same, visible to other connections, and with a past, so that no history is filled beside the run."""
    ids = make_portfolio(accounts=8, orders=30, contacts=12)
    give_past(ids)
    return ids


def give_past(ids: list[int], day: dt.date = DAY - dt.timedelta(days=400)) -> None:
    RiskDay.objects.bulk_create(
        RiskDay(account_id=pk, day=day, band="unknown", risk=10, coverage=0, origin="history") for pk in ids
    )


@pytest.fixture
def small_chunks(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three accounts a chunk, here and in the workers that are started from now on."""
    monkeypatch.setenv("VIGIL_CHUNK_ACCOUNTS", "3")
    settings.CHUNK_ACCOUNTS = 3  # type: ignore[attr-defined]


@pytest.fixture
def assess(db: None) -> Callable[[dt.date], Run]:
    """Make the run of a day and work it off."""

    def work(day: dt.date = DAY) -> Run:
        run = runs.request_explicit(day)
        runs.work_off(run)
        return run

    return work


REFUSE = "RAISE EXCEPTION 'poison'"


def poison(*accounts: int, effect: str = REFUSE) -> None:
    """Make the database itself refuse the result of these accounts, as a broken row would."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.state = 'computed' THEN {effect}; END IF;
                RETURN NEW;
            END $$"""
        )
        cursor.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON signals_standing FOR EACH ROW "
            f"WHEN (NEW.account_id IN ({', '.join(map(str, accounts))})) EXECUTE FUNCTION refuse_poison()"
        )


def cure() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS poison ON signals_standing")
        cursor.execute("DROP FUNCTION IF EXISTS refuse_poison()")
