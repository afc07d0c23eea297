"""The pulse strip: 18 months of one account as path data, drawn once when it is judged and only shown by pages.

Pure: no Django import. `templates/components/strip.html` puts the paths on a page at any size.
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

Json = dict[str, Any]

# 18 months; the paths are in units of the small strip's pixels, and a day is a little under half a unit.
SPAN_DAYS = 548
WIDTH = 250.0
HEIGHT = 46.0
LEFT, RIGHT = 3.0, 3.0  # room for half a mark at both ends
TOP = 2.0
LINE = 23.0
CONTACT_ROW = 31.0
INCIDENT_ROW = 40.0
TALLEST = LINE - TOP
SHORTEST = 3.0
# An incident of a day is still to be seen.
SHORTEST_BAR = 1.5
# Heights follow the square root of the amount, full height at this share of the account's own orders: a single
# large order does not flatten all others.
FULL_HEIGHT_QUANTILE = 0.9
MONTHS_BETWEEN_LINES = 3

Order = tuple[dt.date, float]
Contact = tuple[dt.date, bool]
Incident = tuple[dt.date, dt.date | None]


def build_strip(
    orders: Iterable[Order],
    contacts: Iterable[Contact],
    incidents: Iterable[Incident],
    *,
    late_from: dt.date | None,
    no_data_from: dt.date | None,
    as_of: dt.date,
) -> Json:
    """Draw one account's strip.

    Parameters
    ----------
    orders : iterable of (day, amount)
        Several on one day count as their sum; a day whose sum is not positive (credit notes) is not drawn.
    contacts : iterable of (day, proactive)
        Done contacts; proactive ones are drawn filled.
    incidents : iterable of (opened, resolved)
        `resolved` is None while open.
    late_from : date or None
        First day on which the next order was later than usual.
    no_data_from : date or None
        First day after which orders are not known (the feed is late or silent).
    as_of : date
        Last day drawn.

    Returns
    -------
    dict
        JSON-able: `width` and `height` of the drawing; SVG path data under `months`, `line`, `late`, `no_data`,
        `orders`, `proactive`, `other`, `incidents` (empty where there is none); and under `counts`, `from`,
        `until`, `last_order`, `late_from`, `no_data_from` what the text alternative says.

    Notes
    -----
    Days before the window and after `as_of` are left out. Contacts are strokes of no length: with round ends they
    are dots which stay round however the drawing is stretched.

    Examples
    --------
    >>> day = dt.date(2026, 11, 22)
    >>> build_strip([(day, 100.0)], [], [], late_from=None, no_data_from=None, as_of=day)["orders"]
    'M247 23V2'
    """
    start = as_of - dt.timedelta(days=SPAN_DAYS)
    amounts = _amounts_by_day(orders, start, as_of)
    met = sorted({(day, proactive) for day, proactive in contacts if start <= day <= as_of})
    spans = sorted(_clipped(incidents, start, as_of))
    late, unseen = (_within(day, start, as_of) for day in (late_from, no_data_from))
    proactive = [day for day, ours in met if ours]
    other = [day for day, ours in met if not ours]
    return {
        "width": _number(WIDTH),
        "height": _number(HEIGHT),
        "months": "".join(f"M{_x(day, start)} 0V{_number(HEIGHT)}" for day in _quarters(start, as_of)),
        "line": f"M0 {_number(LINE)}H{_number(WIDTH)}",
        "late": _block(late, start, LINE),
        "no_data": _block(unseen, start, HEIGHT),
        "orders": _ticks(amounts, start),
        "proactive": _dots(proactive, start),
        "other": _dots(other, start),
        "incidents": "".join(_bar(opened, resolved, start) for opened, resolved in spans),
        "counts": {"orders": len(amounts), "proactive": len(proactive), "other": len(other), "incidents": len(spans)},
        "from": start.isoformat(),
        "until": as_of.isoformat(),
        "last_order": _iso(max(amounts, default=None)),
        "late_from": _iso(late),
        "no_data_from": _iso(unseen),
    }


def build_strips(
    account_ids: np.ndarray[Any, np.dtype[np.int64]],
    *,
    orders: pd.DataFrame,
    contacts: pd.DataFrame,
    incidents: pd.DataFrame,
    late_from: pd.Series,
    no_data_from: pd.Series,
    as_of: dt.date,
) -> list[Json]:
    """Draw the strips of many accounts from tables.

    Parameters
    ----------
    account_ids : ndarray of int64, shape (n_accounts,)
    orders : DataFrame
        Columns `account_id` (int64), `day` (datetime64), `amount` (float).
    contacts : DataFrame
        Columns `account_id`, `day`, `proactive` (bool).
    incidents : DataFrame
        Columns `account_id`, `opened` (datetime64), `resolved` (datetime64, NaT while open).
    late_from, no_data_from : Series of datetime64
        Index `account_id`; NaT or missing where it does not apply.
    as_of : date

    Returns
    -------
    list of dict, length n_accounts
        As `build_strip` returns them, in the order of `account_ids`.
    """
    window = pd.Timestamp(as_of) - pd.Timedelta(days=SPAN_DAYS)
    ordered = _by_account(orders[orders["day"] >= window], ["day", "amount"])
    met = _by_account(contacts[contacts["day"] >= window], ["day", "proactive"])
    troubled = _by_account(incidents, ["opened", "resolved"])
    late, unseen = (_dates(series.reindex(account_ids)) for series in (late_from, no_data_from))
    return [
        build_strip(ordered[key], met[key], troubled[key], late_from=late_day, no_data_from=unseen_day, as_of=as_of)
        for key, late_day, unseen_day in zip(account_ids.tolist(), late, unseen, strict=True)
    ]


def _by_account(table: pd.DataFrame, columns: list[str]) -> defaultdict[int, list[Any]]:
    """Split a table into one list of tuples an account: one pass, since a groupby costs more than the drawing."""
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    values = (_dates(table[name]) if table[name].dtype.kind == "M" else table[name].tolist() for name in columns)
    for key, *row in zip(table["account_id"].tolist(), *values, strict=True):
        rows[key].append(tuple(row))
    return rows


def _dates(days: pd.Series) -> list[dt.date | None]:
    moments = days.to_numpy().astype("datetime64[D]")
    return [None if moment is None else moment for moment in moments.astype(object).tolist()]


def _amounts_by_day(orders: Iterable[Order], start: dt.date, as_of: dt.date) -> dict[dt.date, float]:
    sums: defaultdict[dt.date, float] = defaultdict(float)
    for day, amount in orders:
        if start <= day <= as_of:
            sums[day] += amount
    return {day: total for day, total in sorted(sums.items()) if total > 0}


def _clipped(incidents: Iterable[Incident], start: dt.date, as_of: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    for opened, resolved in incidents:
        end = min(resolved or as_of, as_of)
        if opened <= as_of and end >= start:
            yield max(opened, start), end


def _within(day: dt.date | None, start: dt.date, as_of: dt.date) -> dt.date | None:
    return None if day is None or day > as_of else max(day, start)


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _quarters(start: dt.date, as_of: dt.date) -> list[dt.date]:
    """Firsts of January, April, July and October within the window."""
    months = range(start.year * 12 + start.month, as_of.year * 12 + as_of.month)
    return [dt.date(month // 12, month % 12 + 1, 1) for month in months if month % MONTHS_BETWEEN_LINES == 0]


def _ticks(amounts: dict[dt.date, float], start: dt.date) -> str:
    if not amounts:
        return ""
    sums = np.fromiter(amounts.values(), dtype=float, count=len(amounts))
    shares = np.sqrt(sums) / math.sqrt(float(np.quantile(sums, FULL_HEIGHT_QUANTILE)))
    tops = LINE - np.maximum(SHORTEST, TALLEST * np.minimum(1.0, shares))
    return "".join(
        f"M{_x(day, start)} {LINE:g}V{_number(top)}" for day, top in zip(amounts, tops.tolist(), strict=True)
    )


def _dots(days: list[dt.date], start: dt.date) -> str:
    return "".join(f"M{_x(day, start)} {CONTACT_ROW:g}h0" for day in days)


def _bar(opened: dt.date, resolved: dt.date, start: dt.date) -> str:
    length = max(SHORTEST_BAR, (resolved - opened).days * UNIT)
    return f"M{_x(opened, start)} {INCIDENT_ROW:g}h{_number(length)}"


def _block(first: dt.date | None, start: dt.date, bottom: float) -> str:
    return "" if first is None else f"M{_x(first, start)} 0H{_number(WIDTH)}V{_number(bottom)}H{_x(first, start)}z"


def _number(value: float) -> str:
    """Write one decimal at most: a tenth of a pixel is finer than any screen shows."""
    return f"{value:.1f}".removesuffix(".0")


UNIT = (WIDTH - LEFT - RIGHT) / SPAN_DAYS
# The place of every day of the window, written once: most of a strip is these numbers.
X = tuple(_number(LEFT + day * UNIT) for day in range(SPAN_DAYS + 1))


def _x(day: dt.date, start: dt.date) -> str:
    return X[(day - start).days]
