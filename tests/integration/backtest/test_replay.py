"""The work of a backtest on the ledger, and what it leaves behind."""

import pytest

from signals.models import BacktestAccount, Run
from tests.integration.backtest.conftest import made

pytestmark = pytest.mark.django_db


def records(run: Run) -> list[object]:
    return list(BacktestAccount.objects.filter(run=run).order_by("account").values_list("account_id", "record"))


def test_a_replay_made_twice_is_the_same_to_the_bit(portfolio: list[int]) -> None:
    first, second = made(), made()
    assert first.run_id != second.run_id
    assert len(records(first.run)) == 10
    assert records(first.run) == records(second.run)
