"""Days on which nobody orders: our shut-down, summer and Christmas of a country, an account's own pause."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np

from accounts_app.demo.clock import Clock, Floats
from accounts_app.demo.episodes import Episode
from accounts_app.demo.portfolio import Profile

# (month, day) of the first and the last day.
Span = tuple[tuple[int, int], tuple[int, int]]

SUMMER: Final[dict[str, Span]] = {
    "IT": ((8, 3), (8, 28)),
    "FR": ((8, 1), (8, 22)),
    "ES": ((8, 1), (8, 27)),
    "PT": ((8, 3), (8, 24)),
    "SE": ((7, 6), (7, 31)),
    "NO": ((7, 8), (7, 28)),
    "DK": ((7, 12), (7, 31)),
    "FI": ((7, 3), (7, 28)),
    "NL": ((7, 27), (8, 14)),
    "BE": ((7, 20), (8, 8)),
}
CHRISTMAS: Final[Span] = ((12, 22), (1, 6))
COUNTRIES: Final = ("AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "IT", "NL", "NO", "PL", "PT", "SE")
OURS: Final[Span] = ((12, 24), (1, 1))
STILL_ORDERING: Final = 0.08
"""Share of the usual rate that remains while a country is closed."""

REASONS: Final = {
    "pause": "Between two projects; the customer has named the month of the next call-off",
    "closure": "Plant closed for overhaul, announced by the customer",
}


@dataclass(frozen=True, slots=True)
class QuietRow:
    """A quiet period: of one account (its number), a country, or the whole company (neither)."""

    key: str
    account: int | None
    country: str
    from_day: dt.date
    until_day: dt.date
    known_on: dt.date
    reason: str

    def at(self, day: dt.date) -> "QuietRow | None":
        return self if self.known_on <= day else None


def shared_closures(clock: Clock) -> list[QuietRow]:
    """Return the closures of our company and of each country in every simulated year.

    Parameters
    ----------
    clock : Clock

    Returns
    -------
    list of QuietRow
        Each known from 1 November of the year before, when the calendars come out.
    """
    rows = []
    for year in range(clock.first.year - 1, clock.last.year + 1):
        rows.append(_row(f"quiet-company-{year}", "", OURS, year, "Company shut-down over Christmas"))
        for country in COUNTRIES:
            rows.append(_row(f"quiet-{country}-christmas-{year}", country, CHRISTMAS, year, "Christmas closures"))
            if country in SUMMER:
                rows.append(_row(f"quiet-{country}-summer-{year}", country, SUMMER[country], year, "Summer closures"))
    return rows


def _row(key: str, country: str, span: Span, year: int, reason: str) -> QuietRow:
    first, last = (dt.date(year, *day) for day in span)
    if last < first:
        last = last.replace(year=year + 1)
    return QuietRow(key, None, country, first, last, dt.date(year - 1, 11, 1), reason)


def own_pauses(profile: Profile, episodes: list[Episode], clock: Clock) -> list[QuietRow]:
    """Return the pauses the account's manager has entered, each within days of its begin."""
    return [
        QuietRow(
            key=f"quiet-{profile.key}-{episode.onset}",
            account=profile.number,
            country="",
            from_day=clock.day(episode.onset),
            until_day=clock.day(episode.ends - 1),
            known_on=clock.day(episode.onset + (4 if episode.kind == "pause" else -21)),
            reason=REASONS[episode.kind],
        )
        for episode in episodes
        if episode.kind in REASONS and episode.ends is not None
    ]


def openness(country: str, closures: list[QuietRow], clock: Clock) -> Floats:
    """Return the share of the usual ordering that a country's calendar lets through.

    Parameters
    ----------
    country : str
    closures : list of QuietRow
    clock : Clock

    Returns
    -------
    ndarray of float, shape (clock.length,)
        Mean over an ordinary week is 1; 0 at weekends and while we are closed.
    """
    share = np.where(clock.workdays, 7 / 5, 0.0)
    for row in closures:
        if row.country in {"", country}:
            first, last = (max(clock.index(day), 0) for day in (row.from_day, row.until_day + dt.timedelta(days=1)))
            share[first:last] *= 0.0 if not row.country else STILL_ORDERING
    return share
