"""The lanes as a table: one row a month, for readers without script, without sight, or with a question of numbers."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from signals.charts import Lanes
from signals.strips import SPAN_DAYS


@dataclass(frozen=True)
class Month:
    """What the lanes show of one month.

    Attributes
    ----------
    first, last : date
        Both within the month and the window.
    risk : int or None
        Of the last day of it that was judged; None where none was.
    band : str
        Of the same day; empty where there is none.
    orders, contacts, proactive, incidents : int
        Order days with a positive sum; done contacts, and of them proactive ones; incidents opened.
    amount : float
        Sum of the orders, credit notes included, in the reporting currency.
    events : list of str
    """

    first: dt.date
    last: dt.date
    risk: int | None
    band: str
    orders: int
    amount: float
    contacts: int
    proactive: int
    incidents: int
    events: list[str]


def months(lanes: Lanes, as_of: dt.date) -> list[Month]:
    """Sum the lanes up by calendar month, the latest first.

    Parameters
    ----------
    lanes : Lanes
    as_of : date
        Last day of the window of 18 months.
    """
    return [_month(lanes, first, last) for first, last in _spans(as_of)]


def _spans(as_of: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    start, last = as_of - dt.timedelta(days=SPAN_DAYS), as_of
    while last >= start:
        first = max(last.replace(day=1), start)
        yield first, last
        last = first - dt.timedelta(days=1)


def _month(lanes: Lanes, first: dt.date, last: dt.date) -> Month:
    def within(rows: pd.DataFrame, day: str = "day") -> pd.DataFrame:
        return rows[rows[day].between(pd.Timestamp(first), pd.Timestamp(last))]

    judged, orders, met = within(lanes.risk).tail(1), within(lanes.orders), within(lanes.contacts)
    return Month(
        first=first,
        last=last,
        risk=None if judged.empty else round(judged["risk"].item()),
        band="" if judged.empty else judged["band"].item(),
        orders=int((orders["amount"] > 0).sum()),
        amount=round(float(orders["amount"].sum()), 2),
        contacts=len(met),
        proactive=int(met["proactive"].sum()),
        incidents=len(within(lanes.incidents, "opened")),
        events=within(lanes.events)["name"].tolist(),
    )
