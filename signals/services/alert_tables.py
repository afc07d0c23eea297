"""What decides about alerts, read as tables: the present readings, and the last alert of each account and signal."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import pandas as pd

from signals.compute.base import Status
from signals.models import Alert, Reading

Accounts = Collection[int] | None
# What a reading of the notice window says of the contract that decides.
TERMS = ("state", "days", "notice_by")
# What a reading of the order rhythm says of the present gap.
GAP = ("p_gap_this_long", "p_gap_before", "mean_gap_days", "last_order")


def readings_of(key: str, as_of: dt.date, accounts: Accounts, *, with_gap: bool = False) -> pd.DataFrame:
    """Level and status of one signal by account, with the figures of the present gap where they decide."""
    names = ["account_id", "level", "status", *(f"details__{name}" for name in GAP if with_gap)]
    rows = Reading.objects.filter(signal=key, as_of=as_of).order_by("account_id")
    if accounts is not None:
        rows = rows.filter(account__in=accounts)
    columns = [name.removeprefix("details__") for name in names]
    table = pd.DataFrame(rows.values_list(*names), columns=columns).set_index("account_id")
    figures = {name: table[name].astype(float) for name in GAP[:3] if with_gap}
    details: list[Any] = table[list(GAP)].to_dict("records") if with_gap else [{} for _row in table.index]
    told = pd.Series(details, index=table.index, dtype=object)
    return table.assign(level=table["level"].astype(float), details=told, **figures)


def latest_alerts(accounts: Accounts) -> pd.DataFrame:
    """The last alert of each account for each signal, whatever became of it."""
    names = (
        "pk", "account_id", "signal", "state", "snoozed_level", "snoozed_until", "rearmed", "judged_on", "closed_on",
        "details__last_order",
    )  # fmt: skip
    newest = Alert.objects.order_by("account_id", "signal", "-opened_on", "-pk").distinct("account_id", "signal")
    if accounts is not None:
        newest = newest.filter(account__in=accounts)
    columns = [name.removeprefix("details__") for name in names]
    table = pd.DataFrame(newest.values_list(*names), columns=columns)
    days = {
        name: pd.to_datetime(table[name]).astype("datetime64[s]")
        for name in ("snoozed_until", "judged_on", "closed_on")
    }
    return table.assign(**days, snoozed_level=table["snoozed_level"].astype(float))


def notice_terms(key: str, as_of: dt.date, accounts: Accounts) -> pd.DataFrame:
    """What today's readings of the notice window say of the contract that decides; unknown ones are left out."""
    rows = Reading.objects.filter(signal=key, as_of=as_of, status=Status.OK)
    if accounts is not None:
        rows = rows.filter(account__in=accounts)
    return _terms(rows.order_by("account_id").values_list("account_id", *(f"details__{name}" for name in TERMS)))


def told_terms(alerts: Collection[int]) -> pd.DataFrame:
    """What these alerts, one an account at most, tell of a contract."""
    rows = Alert.objects.filter(pk__in=alerts).order_by("account_id")
    return _terms(rows.values_list("account_id", *(f"details__{name}" for name in TERMS)))


def _terms(rows: Any) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["account_id", *TERMS]).set_index("account_id")
    return table.assign(days=table["days"].astype(float))
