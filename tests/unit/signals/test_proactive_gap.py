import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.compute.base import Facts, json_records
from signals.compute.proactive_gap import ProactiveGap, due_on, gap_level
from tests.unit.signals.frames import Row, account, day, interactions

CAME = (1, "2026-01-01", "us", "proactive")


def reading(as_of: str, *rows: Row, ideal: float = 30, longest: float = 45) -> dict[str, Any]:
    facts = Facts(accounts=account(ideal=ideal, longest=longest), interactions=interactions(*rows))
    signal = ProactiveGap()
    found = json_records(signal.compute(facts, {}, day(as_of)))[0]
    return {**found, "sentence": signal.explain(found)}


@pytest.mark.parametrize(
    ("as_of", "level"),
    [
        ("2026-01-31", 0.0),  # 30 days, the ideal interval
        ("2026-02-01", 1 / 30),  # one of the 15 days up to the maximum
        ("2026-02-15", 0.5),  # 45 days, the maximum
        ("2026-02-16", 0.5 + 0.5 / 45),
        ("2026-04-01", 1.0),  # 90 days, twice the maximum
        ("2026-12-31", 1.0),
    ],
)
def test_level_rises_from_ideal_over_maximum_to_twice_the_maximum(as_of: str, level: float) -> None:
    assert reading(as_of, CAME)["level"] == pytest.approx(level, abs=1e-12)


@pytest.mark.parametrize(
    ("row", "days"),
    [
        ((1, "2026-03-01", "us", "review"), 31),
        ((1, "2026-03-01", "us", "proactive"), 31),
        ((1, "2026-03-01", "them", "proactive"), 90),
        ((1, "2026-03-01", "us", "incident"), 90),
        ((1, "2026-03-01", "us", "order"), 90),
        ((1, "2026-03-01", "us", "renewal"), 90),
        ((1, "2026-03-01", "us", "consultation"), 90),
    ],
)
def test_only_proactive_and_review_contacts_of_ours_reset_the_gap(row: Row, days: int) -> None:
    assert reading("2026-04-01", CAME, row)["value"] == days


def test_sentence_names_gap_and_promise() -> None:
    found = reading("2026-04-23", CAME, (1, "2026-02-01", "them", "order"))
    assert found["sentence"] == "112 days without a contact that we started. Promised: every 30 days."
    assert found["evidence"] == {
        "tab": "interactions",
        "count": 2,
        "from": "2026-01-01",
        "until": "2026-02-01",
        "ids": None,
    }


def test_sentence_within_the_interval_is_calm() -> None:
    assert (
        reading("2026-01-13", CAME)["sentence"]
        == "Our last proactive contact was 12 days ago. Promised: every 30 days."
    )
    assert reading("2026-01-01", CAME)["sentence"] == "Our last proactive contact was today. Promised: every 30 days."


def test_gap_without_any_proactive_contact_counts_from_the_first_interaction() -> None:
    found = reading("2026-03-01", (1, "2026-01-05", "them", "order"), (1, "2026-02-20", "us", "order"))
    assert (found["value"], found["level"]) == (55, pytest.approx(0.5 + 5 / 45))
    expected = "No contact that we started since records begin on 5 Jan 2026 (55 days). Promised: every 30 days."
    assert found["sentence"] == expected
    assert found["details"]["last_proactive_on"] is None


def test_account_without_interactions_is_unknown() -> None:
    found = reading("2026-03-01")
    assert (found["status"], found["level"], found["value"]) == ("no_data", None, None)
    assert found["sentence"] == "Unknown: no interactions are known."


def test_account_without_a_promised_interval_is_not_judged() -> None:
    found = reading("2026-03-01", CAME, ideal=np.nan, longest=np.nan)
    assert found["status"] == "not_used"
    assert found["sentence"] == "Not used here: no contact interval is promised to this account."


def test_details_hold_shares_of_the_last_365_days() -> None:
    found = reading(
        "2026-04-01",
        (1, "2025-04-01", "us", "proactive", np.nan, True),  # 365 days ago: outside
        (1, "2025-04-02", "us", "proactive", np.nan, True),
        (1, "2025-09-01", "us", "review", np.nan, False),
        (1, "2025-10-01", "them", "order", np.nan, True),
    )["details"]
    assert (found["contacts_in_window"], found["proactive_in_window"], found["with_value_in_window"]) == (3, 2, 1)
    assert found["proactive_share"] == pytest.approx(0.667)


def test_details_say_when_the_next_contact_is_due() -> None:
    found = reading("2026-04-01", (1, "2026-02-01", "us", "proactive"))["details"]
    assert (found["due_on"], found["latest_on"]) == ("2026-03-03", "2026-03-18")


def test_due_on_of_one_account_is_a_pair_of_dates() -> None:
    due, latest = due_on(dt.date(2028, 1, 31), 29, 60)
    assert (due.item(), latest.item()) == (dt.date(2028, 2, 29), dt.date(2028, 3, 31))


def test_due_on_of_many_accounts_keeps_what_is_missing() -> None:
    last = pd.Series(["2026-01-31", None], dtype="datetime64[s]")
    due, latest = due_on(last, pd.Series([30.0, 30.0]), pd.Series([45.0, 45.0]))
    assert due[0] == np.datetime64("2026-03-02")
    assert latest[0] == np.datetime64("2026-03-17")
    assert np.isnat(due[1])
    assert np.isnat(latest[1])


@given(st.floats(0, 2000), st.floats(0, 500), st.integers(1, 400), st.integers(0, 400))
def test_longer_gap_is_never_a_lower_level(days: float, more: float, ideal: int, beyond: int) -> None:
    gaps = pd.Series([days, days + more])
    level = gap_level(gaps, pd.Series([float(ideal)] * 2), pd.Series([float(ideal + beyond)] * 2))
    assert 0 <= level[0] <= level[1] <= 1
    assert level[0] == 0 or days > ideal


def test_equal_intervals_step_from_nothing_to_half() -> None:
    level = gap_level(pd.Series([45.0, 45.001]), pd.Series([45.0, 45.0]), pd.Series([45.0, 45.0]))
    assert level[0] == 0
    assert level[1] == pytest.approx(0.5, abs=1e-4)
