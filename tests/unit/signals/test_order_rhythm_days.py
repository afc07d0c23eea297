"""From order rows to gaps: netting, clocks, missing data, weights."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.compute.change_filter import past_sums
from signals.compute.gaps import (
    Gaps,
    age_weights,
    gaps_beside_missing_data,
    gaps_between,
    weighted_quantiles,
    weighted_sums,
)
from signals.compute.operational_days import OperationalClock, operational_clock
from signals.compute.order_days import OrderDays, order_days
from signals.compute.silent_stretches import silent_stretches, stretches_from_json, stretches_to_json
from tests.unit.signals.frames import Row, accounts, table

ACCOUNTS = accounts(*((number, country, 30, 45, np.nan) for number, country in ((1, "DE"), (2, "AT"), (3, "DE"))))
NO_STRETCH = stretches_from_json([])


def days_of(*rows: tuple[int, str, float]) -> list[tuple[int, str]]:
    orders = table("orders", [(account, day, amount, day) for account, day, amount in rows])
    found = order_days(orders, ACCOUNTS.index)
    ids = ACCOUNTS.index.to_numpy()[found.account].tolist()
    return list(zip(ids, found.day.astype("datetime64[D]").astype(str).tolist(), strict=True))


def number(day: str) -> int:
    return int(np.datetime64(day, "D").astype(int))


def clock_of(*quiet: Row, missing: pd.DataFrame = NO_STRETCH) -> OperationalClock:
    """Rows: account_id, country, from_day, until_day."""
    rows = [(account, country, first, last, "1900-01-01", "closed") for account, country, first, last in quiet]
    return operational_clock(ACCOUNTS, table("quiet", rows), missing)


def counted(clock: OperationalClock, account: int, first: str, last: str) -> int:
    both = clock.position(np.array([account - 1] * 2), np.array([number(first), number(last)]))
    return int(both[1] - both[0])


def test_orders_of_a_day_count_once_and_unknown_accounts_not_at_all() -> None:
    found = days_of(
        (2, "2026-01-05", 10), (1, "2026-01-07", 5), (1, "2026-01-05", 5), (1, "2026-01-05", 7), (9, "2026-01-05", 1)
    )
    assert found == [(1, "2026-01-05"), (1, "2026-01-07"), (2, "2026-01-05")]


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        # netted to less on its own day
        ([("2026-01-05", 100), ("2026-01-05", -30)], ["2026-01-05"]),
        # netted to nothing, with the dust that tenths leave: .1 + .2 - .3 is not 0 in binary
        ([("2026-01-05", 0.1), ("2026-01-05", 0.2), ("2026-01-05", -0.3)], []),
        # a free delivery is no order
        ([("2026-01-05", 0)], []),
        # taken back to the cent later: no order
        ([("2026-01-05", 100), ("2026-02-20", -100)], []),
        # the latest of that amount is the one taken back
        ([("2026-01-05", 100), ("2026-02-05", 100), ("2026-02-20", -100)], ["2026-01-05"]),
        # and the order after the credit note stays
        ([("2026-01-05", 100), ("2026-02-20", -100), ("2026-03-01", 100)], ["2026-03-01"]),
        # a credit note without its order takes nothing that follows
        ([("2026-01-05", -100), ("2026-02-20", 100)], ["2026-02-20"]),
        # a part returned leaves the rest ordered
        ([("2026-01-05", 100), ("2026-02-20", -40)], ["2026-01-05"]),
        # taken back, while another order of that day stands
        ([("2026-01-05", 100), ("2026-01-05", 50), ("2026-02-20", -100)], ["2026-01-05"]),
        # two credit notes of one amount take back two orders
        ([("2026-01-05", 100), ("2026-01-09", 100), ("2026-02-20", -100), ("2026-02-21", -100)], []),
    ],
)
def test_credit_notes_are_netted(rows: list[tuple[str, float]], left: list[str]) -> None:
    assert [day for _, day in days_of(*((1, day, amount) for day, amount in rows))] == left


def test_credit_note_of_another_account_takes_nothing_back() -> None:
    assert days_of((1, "2026-01-05", 100), (2, "2026-01-06", -100)) == [(1, "2026-01-05")]


def test_clock_stands_still_in_quiet_periods_of_company_country_and_account() -> None:
    clock = clock_of(
        (np.nan, "", "2026-01-10", "2026-01-12"),  # all: 3 days
        (np.nan, "DE", "2026-01-20", "2026-01-20"),  # Germany: 1 day
        (3.0, "", "2026-01-12", "2026-01-15"),  # account 3: 4 days, one of them quiet anyhow
    )
    assert counted(clock, 1, "2026-01-01", "2026-01-31") == 30 - 3 - 1
    assert counted(clock, 2, "2026-01-01", "2026-01-31") == 30 - 3
    assert counted(clock, 3, "2026-01-01", "2026-01-31") == 30 - 6 - 1


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-01-09", "2026-01-10", 0),  # the first quiet day
        ("2026-01-08", "2026-01-09", 1),  # the day before it
        ("2026-01-12", "2026-01-13", 1),  # the day after the last
        ("2026-01-10", "2026-01-12", 0),  # within
        ("2026-01-11", "2026-01-14", 2),  # from within to beyond
    ],
)
def test_both_ends_of_a_quiet_period_are_quiet(first: str, last: str, days: int) -> None:
    assert counted(clock_of((np.nan, "", "2026-01-10", "2026-01-12")), 1, first, last) == days


def test_quiet_period_that_ends_before_it_begins_is_none() -> None:
    assert counted(clock_of((1.0, "", "2026-01-12", "2026-01-10")), 1, "2026-01-01", "2026-01-31") == 30


@given(
    periods=st.lists(
        st.tuples(st.sampled_from([1.0, 2.0, np.nan]), st.integers(0, 90), st.integers(0, 20)), max_size=6
    ),
    day=st.integers(0, 120),
)
def test_clock_agrees_with_counting_day_by_day_and_inverts(periods: list[tuple[float, int, int]], day: int) -> None:
    begin = number("2026-01-01")
    iso = [
        (who, *(str(np.datetime64(begin + at, "D")) for at in (start, start + more))) for who, start, more in periods
    ]
    clock = clock_of(*((who, "", first, last) for who, first, last in iso))
    quiet = {at for who, start, more in periods if who == 1.0 or np.isnan(who) for at in range(start, start + more + 1)}
    here = np.array([0])
    start = clock.position(here, np.array([begin - 1]))[0]
    at = clock.position(here, np.array([begin + day]))
    assert at[0] - start == sum(other not in quiet for other in range(day + 1))
    # The first day with that count: the day itself, or the last one before that was not quiet.
    first = day
    while first in quiet:
        first -= 1
    assert clock.day_at(here, at)[0] == begin + first


def gaps_of(rows: list[tuple[int, int]], clock: OperationalClock | None = None) -> Gaps:
    """Rows: position of the account, day number; sorted."""
    table_ = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return gaps_between(OrderDays(table_[:, 0], table_[:, 1], 3), clock or clock_of())


def test_gaps_weights_sums_and_quantiles_by_hand() -> None:
    gaps = gaps_of([(0, 0), (0, 10), (0, 30), (2, 5)])
    assert gaps.length.tolist() == [10, 20]
    assert gaps.order_days.tolist() == [3, 0, 1]
    assert (gaps.first_day.tolist(), gaps.last_day.tolist()) == ([0, 0, 5], [30, 0, 5])
    weights = age_weights(gaps, 20)
    assert weights.tolist() == [0.5, 1]  # the first ended a half-life before the last order
    sums = weighted_sums(gaps, weights)
    assert sums.count.tolist() == [1.5, 0, 0]
    assert sums.days.tolist() == [25, 0, 0]
    assert sums.log_days[0] == pytest.approx(0.5 * np.log(10) + np.log(20))
    # A third of the weight lies on 10, two thirds on 20.
    quantiles = weighted_quantiles(gaps, weights, (0.3, 0.5))
    assert quantiles[:, 0].tolist() == [10, 20]
    assert np.isnan(quantiles[:, 1:]).all()


def test_gap_over_quiet_days_only_is_half_a_day() -> None:
    clock = clock_of((np.nan, "", "2026-01-02", "2026-01-09"))
    assert gaps_of([(0, number("2026-01-01")), (0, number("2026-01-08"))], clock).length.tolist() == [0.5]


def test_past_of_a_gap_is_what_came_before_it_aged_at_its_beginning() -> None:
    gaps = gaps_of([(0, 0), (0, 10), (0, 30), (0, 70), (1, 3), (1, 4)])
    past = past_sums(gaps, 20)
    # At day 30 the gap that ended on day 10 counts half.
    np.testing.assert_allclose(past.count, [0, 1, 1.5, 0])
    np.testing.assert_allclose(past.days, [0, 10, 25, 0])


def test_missing_data_shortens_a_gap_only_where_an_order_must_have_been_lost() -> None:
    missing = stretches_from_json([["1970-03-02", "1970-03-21"]])  # 20 days from day 60
    weekly = [(0, day) for day in range(0, 57, 7)] + [(0, 84), (0, 91)]
    monthly = [(1, day) for day in (10, 40, 70, 100)]  # orders in the stretch itself are no part of this
    monthly[2] = (1, 85)
    days = np.array(weekly + monthly, dtype=np.int64)
    order = OrderDays(days[:, 0], days[:, 1], 3)
    clock = operational_clock(ACCOUNTS, table("quiet", []), missing)
    found = gaps_beside_missing_data(gaps_between(order, clock_of()), gaps_between(order, clock))
    # Weekly: 28 days over the stretch are 8. Monthly: usual gaps of 30 and 15, so 45 stay as they are.
    assert found.length.tolist() == [7.0] * 8 + [8.0, 7.0] + [30.0, 45.0, 15.0]


def crowd(days: range | list[int], *, size: int = 30, skip: tuple[int, int] = (0, 0)) -> OrderDays:
    """Every account orders on every fifth of the days, but for the days skipped."""
    rows = [(who, day) for who in range(size) for day in days if (day + who) % 5 == 0 and not skip[0] <= day <= skip[1]]
    table_ = np.array(rows, dtype=np.int64)
    return OrderDays(table_[:, 0], table_[:, 1], size)


def iso(first: int, last: int) -> list[list[str]]:
    return [[str(np.datetime64(first, "D")), str(np.datetime64(last, "D"))]]


def test_silence_of_the_whole_feed_is_found_at_both_its_ends() -> None:
    days = crowd(range(400), skip=(200, 220))
    assert stretches_to_json(silent_stretches(days, 399)) == iso(200, 220)


def test_silence_that_lasts_until_today_is_found() -> None:
    assert stretches_to_json(silent_stretches(crowd(range(400)), 420)) == iso(400, 420)
    assert stretches_to_json(silent_stretches(crowd(range(400)), 405)) == []


def test_stray_row_does_not_end_a_silence() -> None:
    days = crowd(range(400), size=200, skip=(200, 240))
    with_stray = OrderDays(np.append(days.account, 199), np.append(days.day, 220), 200)
    order = np.lexsort((with_stray.day, with_stray.account))
    with_stray = OrderDays(with_stray.account[order], with_stray.day[order], 200)
    assert stretches_to_json(silent_stretches(with_stray, 399)) == iso(200, 240)


@pytest.mark.parametrize(
    "days",
    [
        crowd([day for day in range(400) if day % 7 < 5]),  # weekends
        crowd(list(range(0, 720, 30)), size=60),  # month ends
        crowd(range(400), size=5, skip=(200, 260)),  # five customers can pause together
        OrderDays(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 3),
    ],
    ids=["weekends", "month_ends", "few_customers", "nothing"],
)
def test_regular_holes_and_small_portfolios_are_not_missing_data(days: OrderDays) -> None:
    assert stretches_to_json(silent_stretches(days, int(days.day.max(initial=0)))) == []


@pytest.mark.parametrize(("hole", "found"), [(42, []), (44, iso(201, 245))])
def test_silence_is_found_once_twenty_order_days_are_missing(hole: int, found: list[list[str]]) -> None:
    # One of twelve accounts orders every second day: with the hole, .45 order days a day.
    day = np.array([at for at in range(0, 402, 2) if not 200 < at <= 200 + hole], dtype=np.int64)
    account = day // 2 % 12
    order = np.lexsort((day, account))
    assert stretches_to_json(silent_stretches(OrderDays(account[order], day[order], 12), 401)) == found


def test_stretches_survive_json() -> None:
    pairs = [["2014-04-26", "2014-06-22"], ["2016-05-01", "2016-05-30"]]
    assert stretches_to_json(stretches_from_json(pairs)) == pairs
