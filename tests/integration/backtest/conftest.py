"""A small portfolio with a past, and backtests of it worked off in the test's own process."""

import datetime as dt

import pytest

from accounts_app.models import User
from signals.models import BacktestResult
from signals.services import backtest, runs
from tests.integration.signals.portfolio import DAY, make_portfolio

WEEKS = 20


@pytest.fixture
def portfolio(db: None) -> list[int]:
    """Ten accounts: the fifth and tenth are no longer called, the tenth stopped ordering 120 days ago."""
    return make_portfolio(accounts=10, orders=80, contacts=30)


def ask(weeks: int = WEEKS, *, step: int = 7, by: User | None = None) -> BacktestResult:
    span = backtest.Span(DAY - dt.timedelta(days=7 * weeks), DAY, step)
    return backtest.request(span, by=by, today=DAY)


def made(weeks: int = WEEKS, *, step: int = 7) -> BacktestResult:
    """A backtest that is done."""
    result = ask(weeks, step=step)
    runs.work_off(result.run)
    result.refresh_from_db()
    return result
