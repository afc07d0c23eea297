"""The figures of a backtest for one reader: the records of the accounts visible to them, added up and kept."""

import hashlib
from collections.abc import Collection
from typing import Any

from signals.compute.backtest import figures
from signals.models import BacktestAccount, BacktestFigures, BacktestResult

Json = dict[str, Any]


def scope_of(account_ids: Collection[int]) -> str:
    """A name for a set of accounts: readers who see the same ones share their figures."""
    return hashlib.sha256(",".join(map(str, sorted(account_ids))).encode()).hexdigest()


def keep(result: BacktestResult, account_ids: Collection[int]) -> Json:
    """The figures over these accounts, added up now if nobody asked for them before."""
    rows = BacktestAccount.objects.filter(run=result.run_id, account__in=account_ids).order_by("account_id")
    replayed = list(rows.values_list("account_id", flat=True))
    scope = scope_of(replayed)
    known = BacktestFigures.objects.filter(result=result, scope=scope).values_list("figures", flat=True).first()
    if known is not None:
        return dict(known)
    records = list(rows.values_list("record", flat=True))
    found = figures(replayed, records, result.run.step_days)
    BacktestFigures.objects.get_or_create(result=result, scope=scope, defaults={"figures": found})
    return found
