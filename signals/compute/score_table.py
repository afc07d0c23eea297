"""The order rhythm of a bare table of orders: customer, day, amount."""

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from signals.compute.base import Facts, json_records
from signals.compute.columns import COLUMNS
from signals.compute.order_rhythm import OrderRhythm

FROM_DETAILS = (
    "p_no_order",
    "horizon_days",
    "p_stopped",
    "p_slowed",
    "expected_next",
    "elapsed_days",
    "usual_gap_days",
    "regularity",
)
COLUMNS_OUT = ("as_of", "customer", "status", "level", *FROM_DETAILS, "sentence")


def score_table(
    orders: pd.DataFrame, as_of_days: Iterable[dt.date], horizon_days: float | None = None
) -> Iterable[pd.DataFrame]:
    """Score every customer of a table on each of some days.

    Parameters
    ----------
    orders : DataFrame
        Columns customer (str), day (datetime64[s]), amount (float; negative: credit note).
    as_of_days : iterable of date
        Rows after such a day do not count for it.
    horizon_days : float, optional
        Horizon of `p_no_order` for all customers; without it each has its own.

    Yields
    ------
    DataFrame
        For each day, one row per customer of the table, sorted by customer: `COLUMNS_OUT`.
    """
    facts, customers = facts_of_table(orders)
    signal = OrderRhythm(horizon_days=horizon_days)
    for as_of in as_of_days:
        readings = signal.compute(facts, signal.fit(facts, as_of), as_of)
        details = pd.DataFrame(list(readings["details"]), columns=list(FROM_DETAILS))
        yield pd.DataFrame(
            {
                "as_of": as_of.isoformat(),
                "customer": customers,
                "status": readings["status"].to_numpy(),
                "level": readings["level"].to_numpy(),
                **{name: details[name].to_numpy() for name in FROM_DETAILS},
                "sentence": [signal.explain(reading) for reading in json_records(readings)],
            },
            columns=list(COLUMNS_OUT),
        )


def facts_of_table(orders: pd.DataFrame) -> tuple[Facts, "pd.Index[str]"]:
    """Return a table's orders as facts, known on their day, and the customers in the order of their account ids."""
    codes, customers = pd.factorize(orders["customer"], sort=True)
    ids = pd.Index(np.arange(len(customers)), dtype="int64", name="account_id")
    accounts = pd.DataFrame({"country": ""}, index=ids).reindex(columns=list(COLUMNS["accounts"]))
    accounts = accounts.astype(COLUMNS["accounts"])
    table = pd.DataFrame(
        {
            "account_id": codes.astype(np.int64),
            "day": orders["day"].to_numpy(),
            "amount": orders["amount"].to_numpy(),
            "known_on": orders["day"].to_numpy(),
        }
    )
    return Facts(accounts=accounts, orders=table), pd.Index(customers)
