"""Orders: a renewal process on each account's own clock, lognormal amounts, lines, credit notes."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from accounts_app.demo.clock import Clock, Floats, Ints
from accounts_app.demo.episodes import Course
from accounts_app.demo.lots import one_of, stream
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.products import GROUPS, PRODUCTS, UNIT_PRICE

TOPIC: Final = 3

RATES: Final = {
    # Simulated and constant: one unit in euros.
    "EUR": Decimal(1),
    "GBP": Decimal("1.16"),
    "USD": Decimal("0.92"),
    "SEK": Decimal("0.088"),
    "CHF": Decimal("1.05"),
    "PLN": Decimal("0.232"),
}
CREDIT_SHARE: Final = 0.03
PROJECT_ON: Final = (110, 230)
PROJECT_OFF: Final = (35, 80)
CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    product: str
    group: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order, or a credit note (negative amount)."""

    key: str
    account: int
    iberian: bool
    day: dt.date
    amount: Decimal
    currency: str
    reporting_amount: Decimal
    lines: tuple[Line, ...]

    @property
    def known_on(self) -> dt.date:
        return self.day

    def at(self, day: dt.date) -> "OrderRow | None":
        return self if self.day <= day else None


def order_days(profile: Profile, course: Course, open_share: Floats, clock: Clock, chance: np.random.Generator) -> Ints:
    """Draw the days on which an account orders.

    Parameters
    ----------
    profile : Profile
    course : Course
        What happens to the account.
    open_share : ndarray of float, shape (clock.length,)
        From the country's calendar.
    clock : Clock
    chance : numpy.random.Generator

    Returns
    -------
    ndarray of int
        Day indices, ascending; several orders may fall on one day.

    Notes
    -----
    Gamma-distributed gaps with mean 1 are laid out on operational time, the integral of the
    daily rate: season, closures and drift stretch or compress the gaps but keep their regularity.
    """
    rate = open_share * course.orders * _season(profile, clock) * _projects(profile, clock, chance) / profile.gap_days
    rate[: profile.begins] = 0
    elapsed = np.cumsum(rate)
    draws = int(elapsed[-1] * 2) + 60
    gaps = chance.gamma(profile.regularity, 1 / profile.regularity, draws)
    gaps[0] *= 0.1 if profile.begins else chance.random()
    moments = np.cumsum(gaps)
    days: Ints = np.searchsorted(elapsed, moments[moments < elapsed[-1]])
    return days


def _season(profile: Profile, clock: Clock) -> Floats:
    phase = 2 * np.pi * (clock.yeardays - profile.season_peak) / 365.25
    rate: Floats = 1 + profile.season_depth * np.cos(phase)
    return rate


def _projects(profile: Profile, clock: Clock, chance: np.random.Generator) -> Floats:
    """Alternate between busy projects and thin spells in between."""
    rate = np.ones(clock.length)
    if profile.rhythm != "project":
        return rate
    day = -int(chance.integers(0, PROJECT_ON[1]))
    while day < clock.length:
        off = day + int(chance.integers(*PROJECT_ON))
        day = off + int(chance.integers(*PROJECT_OFF))
        rate[max(off, 0) : max(day, 0)] = 0.25
    return rate


def account_orders(profile: Profile, course: Course, open_share: Floats, clock: Clock, seed: int) -> list[OrderRow]:
    """Simulate all orders and credit notes of an account over past and future.

    Parameters
    ----------
    profile : Profile
    course : Course
    open_share : ndarray of float, shape (clock.length,)
    clock : Clock
    seed : int

    Returns
    -------
    list of OrderRow
        In order of day.
    """
    chance = stream(seed, TOPIC, profile.number)
    basket = [GROUPS[i] for i in chance.permutation(len(GROUPS))[: chance.integers(3, 7)]]
    days = order_days(profile, course, open_share, clock, chance)
    mean = profile.annual_amount * profile.gap_days / 365.25 / float(RATES[profile.currency])
    amounts = mean * course.size[days] * chance.lognormal(-(profile.spread**2) / 2, profile.spread, len(days))
    rows: list[OrderRow] = []
    for count, (day, amount) in enumerate(zip(days, amounts, strict=True), start=1):
        key = f"{'IB' if profile.iberian else 'SO'}-{profile.key[1:]}-{count:04d}"
        lines = _lines(amount, basket, chance)
        lines = _without(lines, basket[0], basket[1]) if course.elsewhere[day] else lines
        order = _order(profile, key, clock.day(day), lines)
        rows.append(order)
        if chance.random() < CREDIT_SHARE:
            rows.append(_credit_note(profile, order, chance))
    return sorted(rows, key=lambda row: (row.day, row.key))


def _lines(amount: float, basket: list[str], chance: np.random.Generator) -> tuple[Line, ...]:
    count = int(chance.integers(1, min(len(basket), 4) + 1))
    shares = chance.dirichlet(np.full(count, 2.0))
    groups = chance.choice(len(basket), count, replace=False)
    return tuple(_line(basket[g], amount * share, chance) for g, share in zip(groups, shares, strict=True))


def _line(group: str, amount: float, chance: np.random.Generator) -> Line:
    products = PRODUCTS[group]
    quantity = max(1, round(amount / UNIT_PRICE[group]))
    return Line(one_of(products, chance), group, quantity, _money(max(amount, 5.0)))


def _without(lines: tuple[Line, ...], group: str, other: str) -> tuple[Line, ...]:
    """Leave out what is bought elsewhere now; an order of nothing else is one of another group."""
    kept = tuple(line for line in lines if line.group != group)
    return kept or tuple(
        Line(PRODUCTS[other][0], other, max(1, round(float(line.amount) / UNIT_PRICE[other])), line.amount)
        for line in lines
    )


def _credit_note(profile: Profile, order: OrderRow, chance: np.random.Generator) -> OrderRow:
    """Take part of the first line back, one to four weeks later."""
    first = order.lines[0]
    part = float(chance.uniform(0.1, 0.6))
    back = Line(first.product, first.group, -max(1, round(first.quantity * part)), -_money(float(first.amount) * part))
    day = order.day + dt.timedelta(days=int(chance.integers(7, 29)))
    return _order(profile, f"CN-{order.key}", day, (back,))


def _order(profile: Profile, key: str, day: dt.date, lines: tuple[Line, ...]) -> OrderRow:
    amount = sum((line.amount for line in lines), Decimal(0))
    reporting = (amount * RATES[profile.currency]).quantize(CENT)
    return OrderRow(key, profile.number, profile.iberian, day, amount, profile.currency, reporting, lines)


def _money(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")
