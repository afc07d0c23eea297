import datetime as dt
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, json_records
from signals.compute.contact_change import LEVEL_WEIGHTS, ROLE_WEIGHTS, ContactChange
from tests.unit.signals.frames import Row, account, accounts, attendance, contact, contacts, day, freshness

LEFT = "2026-08-26"
MEETINGS = [(number, 1, 3, f"2026-07-{number:02}") for number in range(1, 6)]


def reading(as_of: str, *people: Row, met: tuple[Row, ...] = (), signal: ContactChange | None = None) -> dict[str, Any]:
    facts = Facts(accounts=account(), contacts=contacts(*people), attendance=attendance(*met))
    signal = signal or ContactChange()
    found = json_records(signal.compute(facts, {}, day(as_of)))[0]
    return {**found, "sentence": signal.explain(found)}


def gone(name: str = "Ingrid Solheim", **other: Any) -> Row:
    return contact(1, name, **{"left_on": LEFT, **other})


def test_decision_maker_without_successor_weighs_fully_on_the_day() -> None:
    found = reading(LEFT, gone())
    assert (found["level"], found["value"]) == (1.0, 1)
    assert found["sentence"] == "Ingrid Solheim, decision maker, left on 26 Aug 2026. No successor has been met."
    assert found["evidence"] == {"tab": "contacts", "count": 1, "from": None, "until": None, "ids": [1]}


def test_leaving_weighs_half_after_one_half_life() -> None:
    assert reading("2027-02-22", gone())["level"] == pytest.approx(0.5)  # 180 days
    assert reading("2027-08-21", gone())["level"] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("person", "level"),
    [
        ({"role": "decision_maker", "level": "management"}, 0.8),
        ({"role": "user", "level": "operational"}, 0.18),
        ({"role": "user", "level": "operational", "primary": True}, 0.8),
        ({"role": "champion", "level": "executive"}, 0.8),
        ({"role": "", "level": ""}, 0.48),  # the middle of each list
    ],
)
def test_weight_is_role_times_level_and_at_least_that_of_a_primary_contact(person: Row, level: float) -> None:
    assert reading(LEFT, gone(**dict(person)))["level"] == pytest.approx(level)


def test_leaving_is_unseen_before_the_day_it_was_learnt() -> None:
    person = gone(left_known_on="2026-09-10", successor_id=2)
    before, after = (reading(as_of, person, contact(2, "Ole Berg")) for as_of in ("2026-09-09", "2026-09-10"))
    assert before["level"] == 0
    assert before["sentence"] == "No contact left lately; 2 are known."
    assert after["level"] > 0.8


def test_leaving_announced_for_later_counts_from_its_day() -> None:
    person = gone(left_known_on="2026-07-01")
    assert reading("2026-08-25", person)["level"] == 0
    assert reading(LEFT, person)["level"] == 1


@pytest.mark.parametrize(
    ("met_on", "level", "ending"),
    [
        (None, 0.9, "The successor, Ole Berg, has not been met."),
        ("2026-07-26", 0.9, "The successor, Ole Berg, has not been met."),  # 31 days before: not a hand-over
        ("2026-07-27", 0.25, "The successor, Ole Berg, was met on 27 Jul 2026."),
        ("2026-08-26", 0.25, "The successor, Ole Berg, was met on 26 Aug 2026."),
    ],
)
def test_successor_named_or_met_takes_weight_away(met_on: str | None, level: float, ending: str) -> None:
    met = ((9, 1, 2, met_on),) if met_on else ()
    found = reading(LEFT, gone(successor_id=2), contact(2, "Ole Berg"), met=met)
    assert found["level"] == pytest.approx(level)
    assert found["sentence"].endswith(ending)


def test_successor_at_another_account_is_none() -> None:
    found = reading(LEFT, gone(successor_id=2), contact(2, "Ole Berg", account_id=2))
    assert found["level"] == 1
    assert "Ole Berg" not in str(found["details"])


def test_two_leavings_weigh_more_than_one_and_the_weightier_is_told() -> None:
    found = reading(LEFT, gone(), contact(2, "Kari Lund", role="user", level="operational", left_on=LEFT))
    assert found["level"] == 1
    two_users = [contact(number, f"U{number}", role="user", level="operational", left_on=LEFT) for number in (1, 2)]
    assert reading(LEFT, *two_users)["level"] == pytest.approx(1 - 0.82**2)
    assert found["sentence"].startswith("Ingrid Solheim")
    assert found["sentence"].endswith("1 more left as well.")


def test_account_without_contacts_is_unknown() -> None:
    found = reading(LEFT)
    assert (found["status"], found["level"]) == ("no_data", None)
    assert found["sentence"] == "Unknown: no contacts are known."


def test_last_known_contact_still_there_is_said() -> None:
    assert reading(LEFT, contact(1))["sentence"] == "The one contact known is still there."


def test_erased_contact_is_named_by_role() -> None:
    assert reading(LEFT, gone(name=""))["sentence"].startswith("A decision maker left on 26 Aug 2026.")


def test_main_contact_absent_from_the_last_meetings_is_a_hint_without_level() -> None:
    found = reading(LEFT, contact(2, "Ole Berg", primary=True), contact(3, role="user"), met=tuple(MEETINGS))
    assert found["level"] == 0
    hint = "Ole Berg, primary contact and decision maker, was not in the last 5 meetings."
    assert found["sentence"] == f"No contact left lately; 2 are known. {hint}"
    assert found["details"]["not_seen"][0]["last_seen_on"] is None


@pytest.mark.parametrize(
    ("person", "met"),
    [
        (contact(2, primary=True), MEETINGS[:4]),  # too few meetings
        (contact(2, primary=True), [*MEETINGS, (5, 1, 2, "2026-07-05")]),  # seen in the last one
        (contact(2, primary=True, since="2026-07-02"), MEETINGS),  # came after the first of them
        (contact(2, role="user"), MEETINGS),  # not a main contact
        (contact(2, primary=True, left_on="2026-08-01"), MEETINGS),  # gone
    ],
)
def test_no_hint_where_absence_says_nothing(person: Row, met: list[Row]) -> None:
    assert reading(LEFT, person, contact(3, role="user"), met=tuple(met))["details"]["not_seen"] == []


def test_contact_who_came_on_the_day_of_the_first_meeting_may_be_missed() -> None:
    person = contact(2, primary=True, since="2026-07-01")
    assert len(reading(LEFT, person, contact(3, role="user"), met=tuple(MEETINGS))["details"]["not_seen"]) == 1


def test_older_meeting_is_named_as_last_seen() -> None:
    met = [*MEETINGS, (9, 1, 2, "2026-06-30")]
    found = reading(LEFT, contact(2, primary=True), contact(3, role="user"), met=tuple(met))
    assert found["details"]["not_seen"][0]["last_seen_on"] == "2026-06-30"


def test_late_contact_feed_is_said() -> None:
    facts = Facts(
        accounts=accounts((1, "DE", 30, 45, np.nan)),
        contacts=contacts(gone()),
        freshness=freshness((1, "contacts", "2026-08-01", 7.0, True)),
    )
    signal = ContactChange()
    found = json_records(signal.compute(facts, {}, day(LEFT)))[0]
    assert found["status"] == "stale"
    assert signal.explain(found) == "Unknown: contacts are complete only until 1 Aug 2026."


def many(*people: Row) -> Facts:
    """One account per person, numbered as the people."""
    ids = range(1, len(people) + 1)
    return Facts(accounts=accounts(*((number, "DE", 30, 45, np.nan) for number in ids)), contacts=contacts(*people))


@given(role=st.sampled_from(sorted(ROLE_WEIGHTS)), heavier=st.floats(1, 1.5), age=st.integers(0, 900))
@settings(max_examples=15)
def test_level_rises_with_weight(role: str, heavier: float, age: int) -> None:
    kinds = list(itertools.product(ROLE_WEIGHTS, LEVEL_WEIGHTS, (True, False)))
    facts = many(
        *(
            contact(number, account_id=number, role=one, level=rank, primary=primary, left_on=LEFT)
            for number, (one, rank, primary) in enumerate(kinds, start=1)
        )
    )
    raised = ContactChange(role_weights={**ROLE_WEIGHTS, role: min(1, ROLE_WEIGHTS[role] * heavier)})
    as_of = day(LEFT) + dt.timedelta(days=age)
    light, heavy = (signal.compute(facts, {}, as_of)["level"] for signal in (ContactChange(), raised))
    assert (light <= heavy).all()
    assert light.between(0, 1).all()
    by_kind = dict(zip(kinds, light, strict=True))
    assert by_kind["decision_maker", "executive", False] == light.max()
    assert by_kind["user", "operational", False] == light.min()


def test_older_leaving_never_weighs_more() -> None:
    days = [str(np.datetime64(LEFT) - age) for age in range(400)]
    facts = many(*(contact(number, account_id=number, left_on=left) for number, left in enumerate(days, start=1)))
    levels = ContactChange().compute(facts, {}, day(LEFT))["level"]
    assert levels.is_monotonic_decreasing
    assert levels.is_unique


# Announced leavings


def going(**other: Any) -> Row:
    return contact(1, "Ole Berg", **{"leaving_on": "2026-03-31", "leaving_known_on": "2026-03-02", **other})


def test_announced_leaving_weighs_half_from_the_day_it_was_told() -> None:
    assert reading("2026-03-01", going())["level"] == 0
    found = reading("2026-03-02", going())
    assert (found["level"], found["value"]) == (0.5, 0)
    assert found["sentence"] == (
        "Ole Berg, decision maker, will leave on 31 Mar 2026, said on 2 Mar 2026. No successor is known."
    )
    assert found["evidence"]["ids"] == [1]


def test_done_leaving_takes_the_place_of_the_announced_one() -> None:
    found = reading("2026-03-31", going(left_on="2026-03-31"))
    assert (found["level"], found["details"]["announced"]) == (1.0, [])
    before = reading("2026-04-02", going(left_on="2026-03-31", left_known_on="2026-04-03"))
    assert 0.49 < before["level"] < 0.5


def test_announced_leaving_with_a_successor_met_weighs_less() -> None:
    met = [(1, 1, 2, "2026-03-10")]
    found = reading("2026-03-15", going(successor_id=2), contact(2, "Eva Dahl", role="user"), met=tuple(met))
    assert found["level"] == pytest.approx(0.5 * 0.25)
    assert found["sentence"].endswith("The successor, Eva Dahl, was met on 10 Mar 2026.")


def test_announced_leaving_without_day_is_told_without_it() -> None:
    found = reading("2026-03-02", going(leaving_on=None))
    assert found["sentence"].startswith("Ole Berg, decision maker, will leave, said on 2 Mar 2026.")
    assert ContactChange().headline(found) == "Ole Berg, decision maker, will leave, said on 2 Mar 2026."
