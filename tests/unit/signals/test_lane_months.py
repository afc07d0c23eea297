"""The lanes as a table of months, summed by hand."""

import datetime as dt
from itertools import pairwise

from signals.charts import Lanes, table
from signals.pages.account.lane_months import months

AS_OF = dt.date(2026, 6, 30)


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def test_months_cover_the_window_without_gap_or_overlap_the_latest_first() -> None:
    spans = [(month.first, month.last) for month in months(Lanes(), AS_OF)]
    assert spans[0] == (day(6, 1), AS_OF)
    assert spans[-1][0] == AS_OF - dt.timedelta(days=548)
    assert all(after[0] == before[1] + dt.timedelta(days=1) for after, before in pairwise(spans))


def test_a_month_counts_what_lies_in_it_to_its_last_day() -> None:
    lanes = Lanes(
        risk=table(
            "risk", [(day(5, 3), 30, "healthy", ""), (day(5, 31), 40, "drifting", ""), (day(6, 7), 70, "at_risk", "")]
        ),
        orders=table(
            "orders", [(day(5, 1), 100.0, ""), (day(5, 31), 20.5, ""), (day(5, 4), -40.0, ""), (day(6, 1), 7.0, "")]
        ),
        contacts=table("contacts", [(day(5, 2), True, ""), (day(5, 2), False, ""), (day(4, 30), True, "")]),
        incidents=table("incidents", [(day(5, 9), None, ""), (day(4, 9), day(5, 9), "")]),
        events=table("events", [(day(5, 20), "contact left", "")]),
    )  # fmt: skip
    may = months(lanes, AS_OF)[1]
    assert (may.first, may.last) == (day(5, 1), day(5, 31))
    assert (may.risk, may.band) == (40, "drifting")
    assert (may.orders, may.amount) == (2, 80.5)
    assert (may.contacts, may.proactive, may.incidents, may.events) == (2, 1, 1, ["contact left"])


def test_a_month_not_judged_has_no_risk_rather_than_none_at_all() -> None:
    (june, *_others) = months(Lanes(), AS_OF)
    assert (june.risk, june.band, june.orders, june.amount) == (None, "", 0, 0.0)
