import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, Json, json_records
from signals.compute.complaint_tone import ComplaintTone
from tests.unit.signals.frames import (
    Row,
    account,
    accounts,
    attendance,
    contact,
    contacts,
    freshness,
    incident,
    incidents,
    interactions,
    table,
)

AS_OF = "2026-11-22"
PARAMS: Json = {"gap": 20.0, "tone": 0.2, "spread": 0.6, "owner_last_logged": {}}
PEOPLE = (
    contact(1, "Ingrid Solheim", level="management", role="decision_maker"),
    contact(2, "Per Aas", level="operational", role="user"),
)
FED = freshness((1, "incidents", AS_OF, 1.0, True))


def talk(day: str, initiator: str = "them", purpose: str = "order", tone: float = np.nan) -> Row:
    return (1, day, initiator, purpose, np.nan, False, day, tone)


def complaint(day: str) -> Row:
    return talk(day, purpose="incident", tone=-1)


def every(days: int, count: int, last: str, **other: Any) -> list[Row]:
    """So many contacts, so many days apart, the last on a day."""
    end = pd.Timestamp(last)
    return [talk(f"{end - pd.Timedelta(days=days * n):%Y-%m-%d}", **other) for n in range(count)][::-1]


def facts_of(*talks: Row, tickets: tuple[Row, ...] = (), met: tuple[Row, ...] = (), fed: bool = True) -> Facts:
    return Facts(
        accounts=account(owner=7),
        interactions=interactions(*talks),
        incidents=incidents(*tickets),
        attendance=attendance(*met),
        contacts=contacts(*PEOPLE),
        freshness=FED if fed else table("freshness", []),
    )


def reading(facts: Facts, params: Json | None = None, as_of: str = AS_OF) -> dict[str, Any]:
    signal, known = ComplaintTone(), PARAMS | {"owner_last_logged": {"7": as_of}} | (params or {})
    found = json_records(signal.compute(facts, known, dt.date.fromisoformat(as_of)))[0]
    return {**found, "sentence": signal.explain(found), "headline": signal.headline(found)}


RHYTHM = every(20, 11, "2026-05-21")
TICKET = incident(5, "2026-05-12", "2026-05-19", kind="complaint")
CALL = talk("2026-05-12", purpose="incident", tone=0)
CALLED = (12, 1, 1, "2026-05-12")  # the twelfth interaction of the example: the decision maker called


def test_worked_example_of_the_docs() -> None:
    rhythm = [*every(20, 10, "2026-05-01"), talk("2026-05-21")]
    found = reading(facts_of(*rhythm, CALL, tickets=(TICKET,), met=(CALLED,)))
    # 12 days in touch, so 11 gaps of together 200 days, and two of the portfolio's.
    chance = ((40 + 200) / (40 + 200 + 185)) ** (2 + 11)
    assert found["level"] == pytest.approx(1 - chance / 0.25, abs=1e-4)
    assert found["sentence"] == (
        "A key contact complained on 12 May 2026; nothing heard from them for 185 days, usual gap 18. "
        "Too few tones noted to compare them."
    )
    assert (
        found["headline"]
        == "A key contact complained on 12 May 2026; nothing heard from them for 185 days, usual gap 18."
    )
    assert found["evidence"] == {"tab": "incidents", "count": 1, "from": None, "until": None, "ids": [5]}


@pytest.mark.parametrize(("who", "weight"), [(1, 1.0), (2, 0.6), (None, 0.8)])
def test_a_fresh_complaint_counts_by_who_made_it(who: int | None, weight: float) -> None:
    met = ((2, 1, who, "2026-11-22"),) if who else ()
    found = reading(facts_of(talk("2026-11-21"), complaint(AS_OF), met=met))
    assert found["level"] == pytest.approx(0.35 * weight)
    assert found["evidence"] == {"tab": "interactions", "count": 1, "from": None, "until": None, "ids": [2]}


def test_a_complaint_fades_by_half_in_90_days_where_they_stay_in_touch() -> None:
    found = reading(facts_of(*every(20, 20, AS_OF), tickets=(incident(5, "2026-08-24", kind="complaint"),)))
    assert found["level"] == pytest.approx(0.8 * 0.35 / 2, abs=1e-6)
    assert found["sentence"].startswith("Complaint of 24 Aug 2026; they have been in touch since.")


@pytest.mark.parametrize(("after", "quiet"), [(30, True), (31, False)])
def test_contacts_of_the_first_30_days_are_about_the_complaint(after: int, quiet: bool) -> None:
    day = dt.date(2026, 5, 1)
    later = talk((day + dt.timedelta(days=after)).isoformat(), purpose="incident", tone=0)
    found = reading(
        facts_of(*every(20, 8, "2026-04-30"), later, tickets=(incident(5, "2026-05-01", kind="complaint"),))
    )
    assert (found["details"]["silence_days"] is not None) is quiet
    assert (found["level"] > 0.7) is quiet


def test_a_contact_of_ours_counts_as_heard_only_if_somebody_took_part() -> None:
    ticket = incident(5, "2026-06-01", kind="complaint")
    ours = every(20, 8, "2026-11-20", initiator="us", purpose="proactive")
    before = every(20, 8, "2026-05-30")
    alone = reading(facts_of(*before, *ours, tickets=(ticket,)))
    met = tuple((9 + n, 1, 2, row[1]) for n, row in enumerate(ours))
    together = reading(facts_of(*before, *ours, tickets=(ticket,), met=met))
    assert alone["level"] > 0.7 > together["level"]


def test_silence_of_an_owner_who_logs_nothing_is_not_the_customers() -> None:
    facts = facts_of(*RHYTHM, tickets=(TICKET,))
    spoken, unspoken = (reading(facts, {"owner_last_logged": {"7": day}}) for day in ("2026-11-20", "2026-05-30"))
    assert spoken["details"]["silence_days"] == 185
    assert spoken["level"] > 0.7 > unspoken["level"]


def test_a_further_complaint_does_not_end_the_silence_after_the_first() -> None:
    once, again = (reading(facts_of(*RHYTHM, *calls, tickets=(TICKET,))) for calls in ((), (complaint("2026-11-20"),)))
    assert once["details"]["silence_days"] == again["details"]["silence_days"] == 185
    assert again["level"] >= once["level"] > 0.7


@pytest.mark.parametrize(("kind", "level"), [("complaint", 0.8 * 0.35), ("delivery", 0.0)])
def test_only_incidents_of_the_kind_complaint_are_complaints(kind: str, level: float) -> None:
    found = reading(facts_of(talk(AS_OF), tickets=(incident(5, AS_OF, kind=kind),)))
    assert found["level"] == pytest.approx(level)


def test_a_fallen_tone_alone_stays_under_the_line_of_an_alert() -> None:
    good, bad = every(10, 20, "2026-09-01", tone=1), every(10, 5, "2026-11-01", tone=-1)
    found = reading(facts_of(*good, *bad))
    assert found["level"] == pytest.approx(0.6)
    assert found["value"] == -1
    assert found["baseline"] == pytest.approx((20 + 5 * 0.2) / 25)
    assert found["sentence"] == (
        "Tone of the last 5 contacts: 0 good, 0 neutral, 5 bad; before that 100 % good, 0 % bad. "
        "No complaint in 365 days."
    )
    assert found["headline"] == "Tone has fallen: 5 of the last 5 contacts bad, 0 good."
    assert found["evidence"]["ids"] == [21, 22, 23, 24, 25]


def test_tone_level_by_hand() -> None:
    found = reading(facts_of(*every(10, 15, "2026-09-01", tone=1), *every(10, 5, "2026-11-01", tone=0)))
    z = ((15 + 1) / 20) / (0.6 * (1 / 5 + 1 / 20) ** 0.5)
    assert found["level"] == pytest.approx(0.6 * min((z - 1) / 2, 1), abs=1e-6)


def test_tones_about_incidents_are_left_out() -> None:
    spoken = every(10, 20, "2026-11-01", tone=0)
    calls = every(30, 3, "2026-11-02", initiator="us", purpose="incident", tone=-1)
    assert reading(facts_of(*spoken, *calls))["value"] == 0


def test_without_tones_and_without_an_incident_feed_nothing_is_known() -> None:
    found = reading(facts_of(*every(10, 20, "2026-11-01"), fed=False))
    assert (found["status"], found["level"]) == ("no_data", None)
    assert found["sentence"] == "Unknown: no tone was noted and no incidents are known."
    few = reading(facts_of(*every(10, 4, "2026-11-01", tone=1), fed=False))
    assert few["status"] == "insufficient_history"
    assert few["sentence"] == "Only 4 contacts have a tone noted, too few to judge, and no incidents are known."


def test_an_incident_feed_without_a_complaint_is_level_0() -> None:
    found = reading(facts_of())
    assert (found["status"], found["level"]) == ("ok", 0)
    assert found["sentence"] == "No complaint in 365 days. Too few tones noted to compare them."


def test_a_late_feed_is_named() -> None:
    late = freshness((1, "incidents", "2026-09-30", 1.0, True), (1, "interactions", AS_OF, 1.0, True))
    found = reading(replace(facts_of(*RHYTHM), freshness=late))
    assert (found["status"], found["sentence"]) == ("stale", "Unknown: incidents are complete only until 30 Sep 2026.")
    unused = freshness((1, "incidents", AS_OF, 1.0, False), (1, "interactions", AS_OF, 1.0, True))
    assert reading(replace(facts_of(*every(10, 20, "2026-11-01", tone=1)), freshness=unused))["status"] == "ok"


def test_fit_learns_gap_and_tone_of_the_portfolio() -> None:
    talks = every(10, 101, "2026-11-01", tone=1)
    params = ComplaintTone().fit(facts_of(*talks), dt.date.fromisoformat(AS_OF))
    assert params["gap"] == pytest.approx((1000 + 30) / 101, abs=1e-5)
    assert params["tone"] == pytest.approx((101 + 0.25) / 102, abs=1e-5)
    assert params["spread"] == 0.3
    assert params["owner_last_logged"] == {"7": "2026-11-01"}


def test_fit_takes_the_gap_of_accounts_of_which_it_is_known_who_took_part() -> None:
    """A large portfolio hands over who took part of a sample only; the others' visits are not heard."""
    ours = every(10, 11, "2026-11-01", initiator="us")
    met = tuple((number, 1, 2, row[1]) for number, row in enumerate(ours, start=1))
    first = facts_of(*ours, met=met)
    other = interactions(*((2, *row[1:]) for row in every(100, 5, "2026-11-01")))
    other = other.assign(interaction_id=other["interaction_id"] + 100)
    both = replace(
        first,
        accounts=accounts(*((number, "DE", 30, 45, 7.0) for number in (1, 2))),
        interactions=pd.concat([first.interactions, other], ignore_index=True),
    )
    day = dt.date.fromisoformat(AS_OF)
    assert ComplaintTone().fit(both, day)["gap"] == ComplaintTone().fit(first, day)["gap"]


ages = st.integers(0, 500)
contact_rows = st.lists(
    st.tuples(
        ages, st.sampled_from(["us", "them"]), st.sampled_from(["order", "incident"]), st.sampled_from([-1, 0, 1])
    ),
    max_size=25,
)
few = settings(max_examples=20, deadline=None)


def days_ago(age: int) -> str:
    return (dt.date.fromisoformat(AS_OF) - dt.timedelta(days=age)).isoformat()


def drawn(rows: list[tuple[int, str, str, int]]) -> list[Row]:
    return [talk(days_ago(age), who, purpose, tone) for age, who, purpose, tone in rows]


@few
@given(contact_rows, st.lists(ages, max_size=3), ages, st.booleans())
def test_one_more_complaint_never_lowers_the_level(
    rows: list[tuple[int, str, str, int]], tickets: list[int], more: int, logged: bool
) -> None:
    known = tuple(incident(n, days_ago(age), kind="complaint") for n, age in enumerate(tickets))
    before = reading(facts_of(*drawn(rows), tickets=known))
    if logged:
        after = reading(facts_of(*drawn(rows), tickets=(*known, incident(99, days_ago(more), kind="complaint"))))
    else:
        after = reading(facts_of(*drawn(rows), complaint(days_ago(more)), tickets=known))
    assert after["level"] >= before["level"] - 1e-9


@few
@given(contact_rows, st.lists(ages, min_size=1, max_size=3))
def test_a_complaint_recorded_twice_changes_nothing(rows: list[tuple[int, str, str, int]], tickets: list[int]) -> None:
    once = tuple(incident(n, days_ago(age), kind="complaint") for n, age in enumerate(tickets))
    twice = (*once, *(incident(n + 50, days_ago(age), kind="complaint") for n, age in enumerate(tickets)))
    one, two = (reading(facts_of(*drawn(rows), tickets=known)) for known in (once, twice))
    assert one["level"] == two["level"]


@few
@given(st.integers(0, 300), st.integers(0, 60))
def test_longer_silence_after_a_complaint_never_lowers_what_it_counts(silence: int, more: int) -> None:
    last = dt.date(2025, 12, 1)
    facts = facts_of(*every(20, 8, last.isoformat()), tickets=(incident(5, last.isoformat(), kind="complaint"),))
    chances = [
        reading(facts, as_of=(last + dt.timedelta(days=days)).isoformat())["details"]["chance"]
        for days in (silence, silence + more)
    ]
    assert chances[1] <= chances[0]


@few
@given(contact_rows, contact_rows)
def test_another_account_changes_nothing(
    rows: list[tuple[int, str, str, int]], others: list[tuple[int, str, str, int]]
) -> None:
    alone = facts_of(*drawn(rows))
    beside = facts_of(*drawn(others)).interactions
    beside = beside.assign(account_id=2, interaction_id=beside["interaction_id"] + 1000)
    both = replace(
        alone,
        accounts=accounts(*((number, "DE", 30, 45, 7.0) for number in (1, 2))),
        interactions=pd.concat([beside, alone.interactions], ignore_index=True),
    )
    assert reading(both) == reading(alone)
