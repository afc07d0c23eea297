"""The pulse strip: every mark at its day, nothing outside the window, the same from lists and from tables."""

import datetime as dt
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.strips import HEIGHT, LEFT, LINE, SPAN_DAYS, TALLEST, WIDTH, build_strip, build_strips

AS_OF = dt.date(2026, 11, 22)
START = AS_OF - dt.timedelta(days=SPAN_DAYS)
EMPTY: dict[str, Any] = {"late_from": None, "no_data_from": None, "as_of": AS_OF}


def days_ago(days: int) -> dt.date:
    return AS_OF - dt.timedelta(days=days)


def test_orders_stand_on_the_line_at_their_day() -> None:
    strip = build_strip([(START, 100.0), (AS_OF, 100.0)], [], [], **EMPTY)
    assert strip["orders"] == "M3 23V2M247 23V2"


def test_height_follows_the_root_of_the_amount_up_to_the_usual_large_one() -> None:
    orders = [(days_ago(10 * n), 100.0) for n in range(20)] + [(days_ago(300), 25.0), (days_ago(301), 9_000.0)]
    tops = dict(re.findall(r"M([\d.]+) 23V([\d.]+)", build_strip(orders, [], [], **EMPTY)["orders"]))
    quarter = float(tops[_x(days_ago(300))])
    assert quarter == pytest.approx(LINE - TALLEST / 2, abs=0.1)
    assert float(tops[_x(days_ago(301))]) == LINE - TALLEST


def test_small_orders_stay_visible() -> None:
    orders = [(days_ago(n), 1_000_000.0) for n in range(0, 300, 10)] + [(days_ago(301), 1.0)]
    assert f"M{_x(days_ago(301))} 23V20" in build_strip(orders, [], [], **EMPTY)["orders"]


def test_a_day_counts_once_and_a_returned_order_is_not_drawn() -> None:
    orders = [(days_ago(5), 60.0), (days_ago(5), 40.0), (days_ago(9), 80.0), (days_ago(9), -80.0)]
    strip = build_strip(orders, [], [], **EMPTY)
    assert strip["counts"]["orders"] == 1
    assert strip["orders"].count("M") == 1
    assert strip["last_order"] == days_ago(5).isoformat()


def test_contacts_are_dots_of_two_kinds() -> None:
    strip = build_strip([], [(days_ago(3), True), (days_ago(4), False), (days_ago(4), False)], [], **EMPTY)
    assert strip["proactive"] == f"M{_x(days_ago(3))} 31h0"
    assert strip["other"] == f"M{_x(days_ago(4))} 31h0"
    assert strip["counts"] == {"orders": 0, "proactive": 1, "other": 1, "incidents": 0}


def test_incidents_span_their_days_and_open_ones_reach_today() -> None:
    strip = build_strip(
        [], [], [(days_ago(100), days_ago(10)), (days_ago(10), None), (days_ago(2), days_ago(2))], **EMPTY
    )
    lengths = [float(length) for length in re.findall(r"h([\d.]+)", strip["incidents"])]
    unit = (WIDTH - 2 * LEFT) / SPAN_DAYS
    assert lengths == pytest.approx([90 * unit, 10 * unit, 1.5], abs=0.06)


def test_an_incident_from_before_the_window_begins_at_its_edge() -> None:
    strip = build_strip([], [], [(START - dt.timedelta(days=50), START + dt.timedelta(days=10))], **EMPTY)
    assert strip["incidents"].startswith("M3 40h4.5")


@pytest.mark.parametrize("outside", [days_ago(-1), START - dt.timedelta(days=1)])
def test_what_lies_outside_the_window_is_left_out(outside: dt.date) -> None:
    strip = build_strip([(outside, 5.0)], [(outside, True)], [(outside, outside)], **EMPTY)
    assert sum(strip["counts"].values()) == 0
    assert strip["orders"] == strip["proactive"] == strip["incidents"] == ""


def test_late_and_missing_data_reach_from_their_day_to_the_end() -> None:
    strip = build_strip([], [], [], late_from=days_ago(0), no_data_from=START, as_of=AS_OF)
    assert strip["late"] == "M247 0H250V23H247z"
    assert strip["no_data"] == f"M3 0H250V{HEIGHT:.0f}H3z"


def test_a_wash_that_begins_after_the_day_is_not_drawn() -> None:
    strip = build_strip([], [], [], late_from=days_ago(-1), no_data_from=None, as_of=AS_OF)
    assert strip["late"] == ""
    assert strip["late_from"] is None


def test_lines_stand_at_the_quarters() -> None:
    quarters = [dt.date(2025, 7, 1), dt.date(2025, 10, 1), *(dt.date(2026, month, 1) for month in (1, 4, 7, 10))]
    expected = "".join(f"M{_x(day)} 0V46" for day in quarters)
    assert build_strip([], [], [], **EMPTY)["months"] == expected


def test_a_line_is_drawn_on_the_first_day_of_a_quarter_itself() -> None:
    # 548 days before 2027-01-01 is 2025-07-02: the quarter's first day is just outside.
    strip = build_strip([], [], [], late_from=None, no_data_from=None, as_of=dt.date(2027, 1, 1))
    assert strip["months"].startswith("M43.5 0")
    assert strip["months"].endswith("M247 0V46")


def test_the_result_is_json() -> None:
    strip = build_strip(
        [(AS_OF, 1.0)], [(AS_OF, True)], [(AS_OF, None)], late_from=AS_OF, no_data_from=AS_OF, as_of=AS_OF
    )
    assert json.loads(json.dumps(strip)) == strip


days = st.integers(-20, 600).map(days_ago)


@given(
    st.lists(st.tuples(days, st.floats(-1e6, 1e6)), max_size=20),
    st.lists(st.tuples(days, st.booleans()), max_size=20),
    st.one_of(st.none(), days),
)
def test_every_mark_lies_inside_the_drawing(
    orders: list[tuple[dt.date, float]], contacts: list[tuple[dt.date, bool]], late_from: dt.date | None
) -> None:
    strip = build_strip(orders, contacts, [], late_from=late_from, no_data_from=None, as_of=AS_OF)
    across = [
        float(x) for name in ("orders", "proactive", "other", "late") for x in re.findall(r"[MH]([\d.]+)", strip[name])
    ]
    assert all(LEFT <= x <= WIDTH for x in across)
    tops = [float(top) for top in re.findall(r"V([\d.]+)", strip["orders"])]
    assert all(LINE - TALLEST <= top <= LINE - 3 for top in tops)


def test_tables_give_the_same_strips_as_lists() -> None:
    strips = build_strips(
        np.array([2, 1, 3]),
        orders=pd.DataFrame({"account_id": [1, 2], "day": _stamps(10, 600), "amount": [5.0, 7.0]}),
        contacts=pd.DataFrame({"account_id": [1, 1], "day": _stamps(3, 4), "proactive": [True, False]}),
        incidents=pd.DataFrame({"account_id": [2], "opened": _stamps(30), "resolved": pd.DatetimeIndex([pd.NaT])}),
        late_from=pd.Series(_stamps(8), index=[1]),
        no_data_from=pd.Series(_stamps(90), index=[2]),
        as_of=AS_OF,
    )
    first = build_strip(
        [(days_ago(10), 5.0)],
        [(days_ago(3), True), (days_ago(4), False)],
        [],
        late_from=days_ago(8),
        no_data_from=None,
        as_of=AS_OF,
    )
    second = build_strip([], [], [(days_ago(30), None)], late_from=None, no_data_from=days_ago(90), as_of=AS_OF)
    assert strips == [second, first, build_strip([], [], [], **EMPTY)]


def _x(day: dt.date) -> str:
    return f"{LEFT + (day - START).days * (WIDTH - 2 * LEFT) / SPAN_DAYS:.1f}".removesuffix(".0")


def _stamps(*ago: int) -> "pd.DatetimeIndex":
    return pd.to_datetime([days_ago(days) for days in ago]).as_unit("s")
