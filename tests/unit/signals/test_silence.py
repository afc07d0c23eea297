import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, json_records
from signals.compute.silence import Silence
from tests.unit.signals.frames import Row, account, accounts, day, freshness, interactions, touches

# Gaps of 10, 20, 12 and 14 days; the last contact is of 26 Feb 2026.
RHYTHM = touches(1, "2026-01-01", "2026-01-11", "2026-01-31", "2026-02-12", "2026-02-26")


def reading(facts: Facts, as_of: str, signal: Silence | None = None) -> dict[str, Any]:
    signal = signal or Silence()
    result = signal.compute(facts, signal.fit(facts, day(as_of)), day(as_of))
    return {**json_records(result)[0], "sentence": signal.explain(json_records(result)[0])}


def spoken(*rows: Row, owner: float = np.nan) -> Facts:
    return Facts(accounts=account(owner=owner), interactions=interactions(*rows))


# One more gap is shorter from day to day: F = 0, 1/4, 2/4, 3/4, 1, and a gap of equal length is not shorter.
@pytest.mark.parametrize(
    ("as_of", "level"),
    [
        ("2026-02-26", 0.0),
        ("2026-03-10", 0.0),  # 12 days: only the 10 is shorter
        ("2026-03-12", 0.0),  # 14 days: half of the gaps is shorter
        ("2026-03-13", 0.5),  # 15 days: three of four
        ("2026-03-18", 0.5),  # 20 days
        ("2026-03-19", 1.0),  # 21 days: all
    ],
)
def test_level_is_twice_the_share_of_shorter_gaps_beyond_half(as_of: str, level: float) -> None:
    assert reading(spoken(*RHYTHM), as_of)["level"] == level


def test_sentence_names_gap_usual_gap_and_contact_days() -> None:
    found = reading(spoken(*RHYTHM), "2026-04-25")
    assert (found["value"], found["baseline"]) == (58, 13)
    expected = "No contact either way for 58 days; usual gap 13 days (5 contact days). They never came to us."
    assert found["sentence"] == expected
    assert found["evidence"] == {
        "tab": "interactions",
        "count": 5,
        "from": "2026-01-01",
        "until": "2026-02-26",
        "ids": None,
    }


def test_inbound_and_all_contacts_are_told_apart() -> None:
    facts = spoken((1, "2026-01-05", "them", "consultation"), *RHYTHM)
    found = reading(facts, "2026-03-01")
    assert (found["details"]["days_any"], found["details"]["days_inbound"]) == (3, 55)
    assert found["sentence"].endswith("They last came to us 55 days ago.")


def test_contacts_of_one_day_count_once() -> None:
    twice = spoken(*RHYTHM, *RHYTHM[:3])
    once = reading(spoken(*RHYTHM), "2026-03-13")
    both = reading(twice, "2026-03-13")
    assert (both["level"], both["baseline"]) == (once["level"], once["baseline"])
    assert both["evidence"]["count"] == 8


def test_four_contact_days_are_too_few() -> None:
    found = reading(spoken(*RHYTHM[:4]), "2026-02-13")
    assert (found["status"], found["level"], found["value"]) == ("insufficient_history", None, 1)
    assert found["sentence"] == "No contact either way for 1 day; 4 contact days known, 5 needed to judge."


def test_contact_of_today_is_said() -> None:
    assert reading(spoken(*RHYTHM), "2026-02-26")["sentence"].startswith("Contact today; usual gap 13 days")


@pytest.mark.parametrize(("as_of", "status"), [("2026-03-27", "ok"), ("2026-03-28", "stale")])
def test_owner_without_entries_for_30_days_makes_silence_unknown(as_of: str, status: str) -> None:
    found = reading(spoken(*RHYTHM, owner=7), as_of)
    assert found["status"] == status
    if status == "stale":
        assert found["details"]["reason"] == "owner_silent"
        assert found["details"]["owner_id"] == 7
        assert found["sentence"] == "Unknown: the owner has logged no contact on any account since 26 Feb 2026."


def test_entry_on_another_account_shows_that_the_owner_logs() -> None:
    facts = Facts(
        accounts=accounts((1, "DE", 30, 45, 7), (2, "DE", 30, 45, np.nan)),
        interactions=interactions(*RHYTHM, (2, "2026-04-20", "us", "order", 7)),
    )
    assert reading(facts, "2026-04-25")["status"] == "ok"


def test_entries_by_others_do_not_speak_for_the_owner() -> None:
    rows = [(*row, 8.0) for row in RHYTHM]
    found = reading(spoken(*rows, owner=7), "2026-02-27")
    assert found["status"] == "stale"
    assert found["sentence"] == "Unknown: the owner has never logged a contact, on any account."


def test_vacant_account_is_judged_as_usual() -> None:
    assert reading(spoken(*RHYTHM), "2026-06-30")["status"] == "ok"


def test_late_feed_goes_before_silent_owner() -> None:
    facts = Facts(
        accounts=account(owner=7),
        interactions=interactions(*RHYTHM),
        freshness=freshness((1, "interactions", "2026-02-28", 1.0, True)),
    )
    found = reading(facts, "2026-04-25")
    assert found["details"]["reason"] == "feed_late"
    assert found["sentence"] == "Unknown: interactions are complete only until 28 Feb 2026."


def test_minimum_is_a_parameter() -> None:
    assert reading(spoken(*RHYTHM[:3]), "2026-03-13", Silence(min_contact_days=3))["status"] == "ok"


@given(
    gaps=st.lists(st.integers(1, 90), min_size=4, max_size=12),
    first=st.integers(0, 200),
    more=st.integers(0, 200),
)
@settings(max_examples=25)
def test_longer_silence_is_never_a_lower_level(gaps: list[int], first: int, more: int) -> None:
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.cumsum([0, *gaps]), unit="D")
    facts = spoken(*touches(1, *days.strftime("%Y-%m-%d")))
    last = days[-1].date()
    signal = Silence()
    levels = [
        signal.compute(facts, {"owner_last_logged": {}}, last + dt.timedelta(days=gap))["level"].iloc[0]
        for gap in (first, first + more)
    ]
    assert levels[0] <= levels[1]
    share = sum(gap < first for gap in gaps) / len(gaps)
    assert levels[0] == pytest.approx(2 * max(0, share - 0.5), abs=1e-12)
