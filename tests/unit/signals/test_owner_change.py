import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, json_records
from signals.compute.owner_capacity import hours_available, hours_needed
from signals.compute.owner_change import OwnerChange
from tests.unit.signals.frames import Row, accounts, colleagues, day, freshness, interactions, table

AS_OF = "2026-11-22"
SANZ, OKAFOR = 1.0, 2.0
OURS = ((11, "Maria Sanz", "management", SANZ, 24.0), (12, "Jonas Okafor", "operational", OKAFOR, 20.0))
OWNED = ((1, SANZ, "2024-01-01", None, "2024-01-01", None),)
LOGGED = (1, "2026-11-20", "us", "proactive", SANZ)


def facts(
    *,
    portfolio: tuple[Row, ...] = ((1, "DE", 30, 45, SANZ, 1.0),),
    owned: tuple[Row, ...] = OWNED,
    ours: tuple[Row, ...] = OURS,
    talks: tuple[Row, ...] = (LOGGED,),
    away: tuple[Row, ...] = (),
    planned: tuple[Row, ...] = (),
    fed: tuple[Row, ...] = (),
) -> Facts:
    return Facts(
        accounts=accounts(*portfolio),
        ownerships=table("ownerships", owned),
        colleagues=colleagues(*ours),
        interactions=interactions(*talks),
        absences=table("absences", away),
        planned=table("planned", planned),
        freshness=freshness(*fed),
    )


def reading(as_of: str = AS_OF, **tables: Any) -> dict[str, Any]:
    signal, given_facts = OwnerChange(), facts(**tables)
    params = signal.fit(given_facts, day(as_of))
    found = json_records(signal.compute(given_facts, params, day(as_of)))[0]
    return {**found, "sentence": signal.explain(found), "headline": signal.headline(found)}


def changed(on: str, known_on: str | None = None) -> tuple[Row, ...]:
    learnt = known_on or on
    return (
        (1, OKAFOR, "2024-01-01", on, "2024-01-01", learnt),
        (1, SANZ, on, None, learnt, None),
    )


# The example of docs/signals/owner_change.md: 16 accounts of 8 hours every 30 days, one of 9.4 every 60.
MANY = (
    *((number, "DE", 30, 45, SANZ, 8.0) for number in range(1, 17)),
    (17, "DE", 60, 90, SANZ, 9.4),
)


def test_worked_example_of_the_docs() -> None:
    found = reading(portfolio=MANY)
    needed = 16 * 7 * 8 / 30 + 7 * 9.4 / 60
    assert (found["value"], found["baseline"]) == (pytest.approx(needed, abs=0.005), 24)
    assert found["level"] == pytest.approx(0.6 * (round(needed, 2) / 24 - 1))
    assert found["sentence"] == "Maria Sanz needs 31 hours a week for the promised contacts, has 24."
    assert found["headline"] == found["sentence"]
    assert found["evidence"] == {"tab": "owner", "count": 1, "from": None, "until": None, "ids": None}


def test_a_stable_owner_with_enough_hours_is_level_0() -> None:
    found = reading()
    assert (found["status"], found["level"]) == ("ok", 0.0)
    assert found["sentence"] == (
        "Maria Sanz answers for the account. Maria Sanz needs 0.2 hours a week for the promised contacts, has 24."
    )
    assert found["headline"] == "Maria Sanz answers for the account."


def test_hours_needed_sums_up_each_owner_and_leaves_former_customers_out() -> None:
    given_facts = facts(
        portfolio=((1, "DE", 30, 45, SANZ, 2.0), (2, "DE", 60, 90, SANZ, 6.0), (3, "DE", 7, 9, OKAFOR, np.nan)),
        owned=(),
    )
    assert hours_needed(given_facts, day(AS_OF)).to_dict() == {SANZ: pytest.approx(7 * 2 / 30 + 7 * 6 / 60), OKAFOR: 0}


def available(known: Facts) -> pd.Series:
    return hours_available(known.colleagues, known.absences, day(AS_OF))


@pytest.mark.parametrize(
    ("absences", "hours"),
    [
        ([], 24.0),
        ([("2026-11-23", "2026-11-27")], 18.0),  # one week of the four
        ([("2026-11-23", "2026-11-27"), ("2026-11-25", "2026-12-04")], 12.0),  # covered twice, counted once
        ([("2026-10-01", "2027-03-01")], 0.0),
        ([("2026-12-21", "2027-01-03")], 24.0),  # beyond the four weeks
        ([("2026-11-28", "2026-11-29")], 24.0),  # a weekend
    ],
)
def test_absences_of_the_coming_four_weeks_are_taken_off(absences: list[tuple[str, str]], hours: float) -> None:
    away = tuple((11, begin, end, "2026-01-01") for begin, end in absences)
    assert available(facts(away=away))[SANZ] == pytest.approx(hours)


def test_an_absence_learnt_later_is_not_counted() -> None:
    away = ((11, "2026-11-23", "2026-11-27", "2026-11-23"),)
    assert available(facts(away=away))[SANZ] == 24


def test_nobody_there_and_hours_promised_is_the_highest_shared_level() -> None:
    found = reading(away=((11, "2026-10-01", "2027-03-01", "2026-01-01"),))
    assert found["level"] == pytest.approx(0.6)


def test_a_vacancy_is_told_even_where_hours_are_not_known() -> None:
    left = ((1, SANZ, "2024-01-01", "2026-10-10", "2024-01-01", "2026-10-10"),)
    found = reading(portfolio=((1, "DE", 30, 45, np.nan, 1.0),), owned=left, ours=(), talks=())
    assert (found["status"], found["level"]) == ("ok", 1.0)
    assert found["sentence"] == "Nobody has answered for this account since 10 Oct 2026 (43 days)."


def test_a_vacancy_learnt_later_is_not_seen_before() -> None:
    left = ((1, SANZ, "2024-01-01", "2026-10-10", "2024-01-01", "2026-11-01"),)
    before = reading("2026-10-31", portfolio=((1, "DE", 30, 45, np.nan, 1.0),), owned=left, talks=())
    assert before["details"]["part"] is None
    after = reading("2026-11-01", portfolio=((1, "DE", 30, 45, np.nan, 1.0),), owned=left, talks=())
    assert after["details"]["part"] == "vacant"


def test_no_owner_is_a_vacancy_only_where_owners_are_recorded() -> None:
    nobody = ((1, "DE", 30, 45, np.nan, 1.0),)
    unrecorded = reading(portfolio=nobody, owned=())
    assert (unrecorded["status"], unrecorded["sentence"]) == ("no_data", "Unknown: nobody is on record as owner.")
    elsewhere = ((2, SANZ, "2024-01-01", None, "2024-01-01", None),)
    recorded = reading(portfolio=(*nobody, (2, "DE", 30, 45, SANZ, 1.0)), owned=elsewhere)
    assert (recorded["level"], recorded["sentence"]) == (1.0, "Nobody answers for this account.")


def test_a_former_customer_without_owner_is_no_vacancy() -> None:
    left = ((1, SANZ, "2024-01-01", "2026-10-10", "2024-01-01", "2026-10-10"),)
    assert reading(portfolio=((1, "DE", 30, 45, np.nan, np.nan),), owned=left)["status"] == "no_data"


ELSEWHERE = (2, "2026-11-20", "us", "proactive", SANZ)
TWO = ((1, "DE", 30, 45, SANZ, 1.0), (2, "DE", 30, 45, SANZ, 1.0))


@pytest.mark.parametrize(
    ("on", "level"), [("2026-11-22", 0.0), ("2026-11-07", 0.45), ("2026-10-23", 0.9), ("2025-11-22", 0.9)]
)
def test_a_change_weighs_more_until_the_new_owner_lets_an_interval_pass(on: str, level: float) -> None:
    found = reading(portfolio=TWO, owned=changed(on), talks=(ELSEWHERE,))
    assert found["level"] == pytest.approx(level)


def test_a_new_owner_without_contact_is_told_and_a_planned_one_counts_half() -> None:
    change = changed("2026-10-10")
    found = reading(portfolio=TWO, owned=change, talks=(ELSEWHERE,))
    assert found["sentence"].startswith(
        "Maria Sanz took over on 10 Oct 2026 and has not been in touch since (43 days)."
    )
    plan = ((1, "2026-11-30", "2026-11-01", "visit", "proactive", SANZ),)
    soon = reading(portfolio=TWO, owned=change, talks=(ELSEWHERE,), planned=plan)
    assert soon["level"] == pytest.approx(found["level"] / 2)
    assert soon["sentence"].endswith("(43 days); a contact is planned.")


@pytest.mark.parametrize(
    ("talk", "handed_over"),
    [
        ((1, "2026-10-10", "us", "order", SANZ), True),
        ((1, "2026-11-01", "them", "consultation", np.nan), True),  # who it was is not said: it counts
        ((1, "2026-10-09", "us", "proactive", SANZ), False),  # before the change
        ((1, "2026-11-01", "us", "proactive", OKAFOR), False),  # the one before
    ],
)
def test_only_a_contact_of_the_new_owner_hands_over(talk: Row, handed_over: bool) -> None:
    found = reading(portfolio=TWO, owned=changed("2026-10-10"), talks=(ELSEWHERE, talk))
    assert (found["level"] == 0) is handed_over


def test_an_owner_who_logs_nothing_is_unknown_here_and_left_to_silence() -> None:
    found = reading(owned=changed("2026-08-01"), talks=((1, "2026-09-01", "us", "proactive", OKAFOR),))
    assert (found["status"], found["level"]) == ("no_data", None)
    assert found["sentence"] == "Unknown: Maria Sanz has logged no contact on any account in 30 days."


def neglected(kept: int, of: int) -> dict[str, Any]:
    portfolio = tuple((number, "DE", 30, 45, SANZ, 0.1) for number in range(1, of + 1))
    talks = tuple(
        (number, "2026-11-20" if number <= kept else "2026-05-01", "us", "proactive", SANZ)
        for number in range(1, of + 1)
    )
    owned = tuple((number, SANZ, "2024-01-01", None, "2024-01-01", None) for number in range(1, of + 1))
    return {"portfolio": portfolio, "talks": talks, "owned": owned}


@pytest.mark.parametrize(("kept", "of", "level"), [(1, 4, 0.3), (2, 4, 0.0), (4, 4, 0.0), (1, 3, 0.0), (1, 10, 0.48)])
def test_promises_count_under_half_kept_of_four_accounts_at_least(kept: int, of: int, level: float) -> None:
    found = reading(**neglected(kept, of))
    assert found["level"] == pytest.approx(level)
    if level:
        assert found["headline"] == f"Maria Sanz keeps the promised interval for {kept} of {of} accounts."


def test_unknown_hours_are_unknown_and_never_enough() -> None:
    found = reading(ours=((11, "Maria Sanz", "management", SANZ, np.nan),))
    assert (found["status"], found["level"]) == ("no_data", None)
    assert found["sentence"] == ("Unknown: the hours a week that Maria Sanz has for accounts are not known.")


def test_a_late_feed_of_contacts_does_not_hide_a_vacancy() -> None:
    left = ((1, SANZ, "2024-01-01", "2026-10-10", "2024-01-01", "2026-10-10"),)
    fed = ((1, "interactions", "2026-01-01", 1.0, True),)
    assert reading(owned=left, fed=fed)["level"] == 1.0
    late = reading(owned=changed("2026-08-01"), fed=fed)
    assert (late["status"], late["sentence"]) == (
        "stale",
        "Unknown: contacts are complete only until 1 Jan 2026.",
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.1, 40), min_size=1, max_size=6), st.floats(0.5, 40), st.randoms(use_true_random=False))
def test_more_promises_never_lower_the_level_and_rows_have_no_order(
    hours: list[float], available: float, random: Any
) -> None:
    def level(each: list[float]) -> float:
        portfolio = tuple((number, "DE", 30, 45, SANZ, taken) for number, taken in enumerate(each, 1))
        talks = tuple((number, "2026-11-20", "us", "proactive", SANZ) for number in range(1, len(each) + 1))
        ours = ((11, "Maria Sanz", "management", SANZ, available),)
        return float(reading(portfolio=portfolio, owned=(), ours=ours, talks=talks)["level"])

    first = level(hours)
    assert 0 <= first <= 0.6
    assert level([*hours, 1.0]) >= first
    mixed = [hours[0], *random.sample(hours[1:], len(hours) - 1)]
    assert level(mixed) == pytest.approx(first, abs=0.01)


@given(st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=30, deadline=None)
def test_the_longer_a_new_owner_waits_the_higher_the_level(first: int, second: int) -> None:
    def level(days: int) -> float:
        on = (dt.date.fromisoformat(AS_OF) - dt.timedelta(days=days)).isoformat()
        return float(reading(portfolio=TWO, owned=changed(on), talks=(ELSEWHERE,))["level"])

    assert (level(first) <= level(second)) is (min(first, 30) <= min(second, 30))


def test_the_same_row_twice_changes_nothing_in_a_hand_over() -> None:
    once = reading(portfolio=TWO, owned=changed("2026-10-10"), talks=(ELSEWHERE,))
    twice = reading(portfolio=TWO, owned=changed("2026-10-10"), talks=(ELSEWHERE, ELSEWHERE))
    assert once["level"] == twice["level"]
    assert pd.notna(once["level"])
