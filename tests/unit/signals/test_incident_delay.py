import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from signals.compute.base import Facts, json_records
from signals.compute.incident_delay import IncidentDelay
from signals.compute.open_time import open_time
from tests.unit.signals.frames import Row, account, accounts, day, freshness, incident, incidents, moment, pauses

AS_OF = "2026-11-22"
FIRM = {"days": {"minor": 7.0, "major": 3.0, "critical": 1.0}, "strength": 4.0, "small_now": 8.0}


def reading(
    *rows: Row, paused: tuple[Row, ...] = (), fresh: tuple[Row, ...] = (), as_of: str = AS_OF, params: Any = None
) -> dict[str, Any]:
    facts = Facts(accounts=account(), incidents=incidents(*rows), pauses=pauses(*paused), freshness=freshness(*fresh))
    signal = IncidentDelay()
    found = json_records(signal.compute(facts, params or FIRM, day(as_of)))[0]
    return {**found, "sentence": signal.explain(found), "headline": signal.headline(found)}


def lasting(number: int, opened: str, days: float, **other: Any) -> Row:
    end = dt.datetime.fromisoformat(opened) + dt.timedelta(days=days)
    return incident(number, opened, end.isoformat(), **other)


# The example of docs/signals/incident_delay.md: five of six days in the year before, then 23 and 16 days, and one open.
BEFORE = (
    *(lasting(number, f"2026-0{number}-02T08:00", 6) for number in range(1, 5)),
    lasting(5, "2025-09-02T08:00", 6),
)
NOW = (
    lasting(6, "2026-07-01T08:00", 23),
    lasting(7, "2026-08-10T08:00", 16),
    incident(8, "2026-10-22T00:00"),
)


def test_worked_example_of_the_docs() -> None:
    found = reading(*BEFORE, *NOW)
    assert (found["value"], found["baseline"]) == (35, 6)  # (23 + 16 + 31 open) / 2 closed; 30 / 5
    assert found["sentence"] == "Small incidents take 35 days, 6 in the year before; one open for 31 days."
    assert found["headline"] == "Small incidents take 35 days, 6 in the year before."
    # Own past: Gamma(4 + 5, 4 + 30/7). Now: Gamma(2 + 2, 2 · (4 + 30/7)/9 + 70/7). Slower by half: p by quadrature.
    past = stats.gamma(9, scale=1 / (4 + 30 / 7))
    now = stats.gamma(4, scale=1 / (2 * (4 + 30 / 7) / 9 + 70 / 7))
    chance, _error = integrate.quad(lambda pace: past.pdf(pace) * now.cdf(pace / 1.5), 0, 20)
    assert found["details"]["chance"] == pytest.approx(chance, abs=1e-4)
    assert found["level"] == pytest.approx(2 * (chance - 0.5), abs=1e-6)
    assert found["level"] > 0.7
    assert found["evidence"] == {"tab": "incidents", "count": 3, "from": None, "until": None, "ids": [6, 7, 8]}


def test_the_usual_time_is_level_0() -> None:
    found = reading(*BEFORE, lasting(6, "2026-07-01T08:00", 6), lasting(7, "2026-08-10T08:00", 7))
    assert found["level"] == 0
    assert found["headline"] == "Small incidents take 6 days, 6 in the year before."


def test_pauses_do_not_count_and_a_running_one_stops_the_clock() -> None:
    (row,) = open_time(
        incidents(incident(1, "2026-11-02", "2026-11-12")),
        pauses((1, "2026-11-04", "2026-11-07")),
        moment("2026-05-26"),
        moment(AS_OF),
        moment(AS_OF),
    ).itertuples()
    assert (row.days, row.closed, row.age_days) == (7, 1, 7)
    still = incident(1, "2026-11-02")
    assert reading(*BEFORE, still, paused=((1, "2026-11-10", None),))["details"]["oldest_days"] == 8


def test_open_time_is_split_where_the_spans_meet() -> None:
    begin = dt.date.fromisoformat(AS_OF) - dt.timedelta(days=180)
    opened = begin - dt.timedelta(days=10)
    found = reading(lasting(1, f"{opened}T00:00:00", 30))["details"]
    assert (found["small_open_days_before"], found["small_closed_before"]) == (10, 0)
    assert (found["small_open_days"], found["small_closed"]) == (20, 1)


def test_a_resolution_learnt_later_is_open_that_day() -> None:
    row = incident(6, "2026-11-01", "2026-11-05", resolved_known_on="2026-11-20")
    assert reading(*BEFORE, row, as_of="2026-11-19")["details"]["oldest_days"] == 18
    assert reading(*BEFORE, row, as_of="2026-11-20")["details"]["oldest_days"] is None


def test_large_incidents_count_less() -> None:
    slow = [lasting(number, f"2026-0{number}-05T08:00", 25) for number in (7, 8, 9)]
    large = [(*row[:7], "critical", row[8]) for row in slow]
    few = {"days": {"minor": 7.0, "major": 3.0, "critical": 7.0}, "strength": 4.0, "small_now": 8.0}
    assert reading(*BEFORE, *large, params=few)["level"] < reading(*BEFORE, *slow, params=few)["level"]


def test_no_incident_is_ok_only_where_they_are_recorded() -> None:
    assert (reading()["status"], reading()["sentence"]) == ("no_data", "Unknown: no incidents are known.")
    quiet = reading(fresh=((1, "incidents", AS_OF, 1.0, True),))
    assert (quiet["status"], quiet["level"]) == ("ok", 0)
    assert quiet["sentence"] == "No incident in 180 days, so none is slow."
    assert reading(fresh=((1, "incidents", None, 1.0, True),))["status"] == "no_data"
    late = reading(*BEFORE, fresh=((1, "incidents", "2026-11-01", 1.0, True),))
    assert late["sentence"] == "Unknown: incidents are complete only until 1 Nov 2026."


def test_too_few_incidents_are_unknown() -> None:
    found = reading(incident(8, "2026-10-22"))
    assert (found["status"], found["level"]) == ("insufficient_history", None)
    assert found["sentence"] == "Only 1 incident known, 3 needed to compare their times."


def test_none_closed_gives_no_figure_but_a_level() -> None:
    still = [incident(number, f"2026-09-0{number}") for number in (6, 7, 8)]
    found = reading(*BEFORE, *still)
    assert found["value"] is None
    assert found["level"] > 0.7
    assert found["sentence"] == (
        "No small incident of 3 closed in 180 days; one took 6 days in the year before; one open for 77 days."
    )


def test_a_short_past_leans_on_the_firm() -> None:
    slow = [lasting(number, f"2026-0{number}-05T08:00", 25) for number in (6, 7, 8, 9)]
    assert reading(*slow)["level"] > 0.5
    usual = [lasting(number, f"2026-0{number}-05T08:00", 7) for number in (6, 7, 8, 9)]
    assert reading(*usual)["level"] == 0


def test_fit_learns_the_firms_times_and_how_much_accounts_differ() -> None:
    rng = np.random.default_rng(4)
    params = {}
    for name, spread in (("alike", 0.0), ("apart", 1.0)):
        rows = []
        pace = rng.lognormal(0, spread, 30)
        for number in range(600):
            of, opened = 1 + number % 30, dt.datetime.fromisoformat("2025-07-01") + dt.timedelta(hours=12 * number)
            rows.append(lasting(number, opened.isoformat(), float(rng.exponential(6) * pace[of - 1]), account_id=of))
        params[name] = IncidentDelay().fit(
            Facts(
                incidents=incidents(*rows), accounts=accounts(*((key, "DE", 30, 45, np.nan) for key in range(1, 31)))
            ),
            day(AS_OF),
        )
    assert params["alike"]["days"]["minor"] == pytest.approx(6, rel=0.15)
    assert params["alike"]["strength"] > 20
    assert params["apart"]["strength"] < 4


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 60), min_size=1, max_size=5), st.integers(0, 4), st.floats(0.1, 80))
def test_longer_open_never_lowers_the_level(days: list[float], which: int, longer: float) -> None:
    def rows(lengths: list[float]) -> list[Row]:
        return [lasting(10 + n, f"2026-06-{n + 1:02}T08:00", length) for n, length in enumerate(lengths)]

    slower = [length + longer * (n == which % len(days)) for n, length in enumerate(days)]
    before, after = reading(*BEFORE, *rows(days)), reading(*BEFORE, *rows(slower))
    assert 0 <= before["level"] <= after["level"] + 1e-9 <= 1 + 1e-9
