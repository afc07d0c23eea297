"""Orders: rhythm, amounts, lines, and the days on which none comes."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from accounts_app.demo.clock import Clock
from accounts_app.demo.closures import openness, shared_closures
from accounts_app.demo.episodes import Course, Episode, course_of
from accounts_app.demo.lots import SEED, stream
from accounts_app.demo.orders import RATES, OrderRow, account_orders, order_days
from accounts_app.demo.portfolio import Profile, profiles

CLOCK = Clock(dt.date(2026, 11, 22))
CLOSURES = shared_closures(CLOCK)


def _steady(**fields: object) -> Profile:
    usual = next(profile for profile in profiles(SEED) if profile.firm.country == "DE" and not profile.begins)
    known = {"rhythm": "regular", "regularity": 6.0, "gap_days": 7.0, "season_depth": 0.0} | fields
    return replace(usual, **known)  # type: ignore[arg-type]


def _orders(profile: Profile, *episodes: Episode) -> list[OrderRow]:
    course = course_of(list(episodes), CLOCK.length)
    return account_orders(profile, course, openness(profile.firm.country, CLOSURES, CLOCK), CLOCK, SEED)


@pytest.mark.parametrize("regularity", [1.0, 4.0, 16.0])
def test_gaps_have_the_mean_and_regularity_of_the_account(regularity: float) -> None:
    profile = _steady(regularity=regularity, gap_days=20.0)
    always_open = np.ones(CLOCK.length)
    gaps = np.concatenate(
        [np.diff(order_days(profile, Course(CLOCK.length), always_open, CLOCK, stream(7, n))) for n in range(40)]
    )
    assert gaps.mean() == pytest.approx(20, rel=0.05)
    # A gamma-distributed gap of shape k has variance mean² / k.
    assert (gaps.mean() / gaps.std()) ** 2 == pytest.approx(regularity, rel=0.15)


def test_nobody_orders_at_weekends_or_while_we_are_closed() -> None:
    days = [order.day for order in _orders(_steady()) if order.amount > 0]
    assert len(days) > 200
    assert max(day.weekday() for day in days) == 4
    assert not [day for day in days if (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)]


def test_country_closure_thins_orders_out() -> None:
    share = openness("IT", CLOSURES, CLOCK)
    august, may = (share[CLOCK.index(dt.date(2025, month, 12))] for month in (8, 5))
    assert august == pytest.approx(0.08 * may)


def test_a_paused_account_orders_nothing() -> None:
    pause = Episode("pause", CLOCK.now - 60, CLOCK.now - 60, ends=CLOCK.now + 20)
    days = [CLOCK.index(order.day) for order in _orders(_steady(), pause) if order.amount > 0]
    assert not [day for day in days if pause.onset <= day < CLOCK.now + 20]
    assert min(day for day in days if day > pause.onset) < CLOCK.now + 60


def test_merging_orders_keeps_the_year_s_amount() -> None:
    merged = Episode("merged", 0, 0, ends=CLOCK.length)
    usual, fewer = (sum(float(order.amount) for order in _orders(_steady(), *told)) for told in ((), (merged,)))
    assert fewer == pytest.approx(usual, rel=0.15)
    assert len(_orders(_steady(), merged)) == pytest.approx(len(_orders(_steady())) / 2, rel=0.15)


def test_lines_sum_to_the_order_and_the_reporting_amount_follows_the_rate() -> None:
    british = next(profile for profile in profiles(SEED) if profile.firm.country == "GB")
    for order in _orders(british):
        assert order.amount == sum(line.amount for line in order.lines)
        assert order.currency == "GBP"
        assert abs(order.reporting_amount - order.amount * RATES["GBP"]) <= 0.005


def test_the_first_product_group_goes_elsewhere_and_the_rest_of_each_order_stays() -> None:
    profile, usual, leaving = _steady(), Course(CLOCK.length), Course(CLOCK.length)
    leaving.elsewhere[900:] = 1
    always_open = np.ones(CLOCK.length)
    plain, partly = (account_orders(profile, course, always_open, CLOCK, SEED) for course in (usual, leaving))
    before, after = (
        {line.group for row in partly if (row.day >= CLOCK.day(900)) is late and row.amount > 0 for line in row.lines}
        for late in (False, True)
    )
    assert len(before - after) == 1
    assert after < before
    bought, still = ([row for row in rows if row.amount > 0] for rows in (plain, partly))
    assert [row.day for row in bought] == [row.day for row in still]
    assert all(row.lines and row.amount <= other.amount for row, other in zip(still, bought, strict=True))


def test_a_credit_note_takes_back_part_of_an_earlier_order() -> None:
    rows = {order.key: order for order in _orders(_steady())}
    notes = [order for key, order in rows.items() if key.startswith("CN-")]
    assert notes
    for note in notes:
        order = rows[note.key.removeprefix("CN-")]
        assert -order.amount < note.amount < 0
        assert 7 <= (note.day - order.day).days <= 28


def test_a_newcomer_has_no_order_before_the_first_day() -> None:
    newcomer = next(profile for profile in profiles(SEED) if profile.begins)
    assert min(CLOCK.index(order.day) for order in _orders(newcomer)) >= newcomer.begins
