import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, json_records
from signals.compute.single_thread import SingleThread
from tests.unit.signals.frames import Row, account, attendance, colleagues, contact, contacts, day, links

AS_OF = "2026-11-22"
PEOPLE = (
    contact(1, "Karin Lund", level="executive"),
    contact(2, "Ingrid Solheim", level="management"),
    contact(3, "Per Aas", level="operational"),
    contact(4, "Tor Moe", level="operational"),
)
OURS = ((11, "Ada Board", "executive"), (12, "Jonas Okafor", "management"), (13, "Maria Sanz", "operational"))


def reading(
    *met: Row, people: tuple[Row, ...] = PEOPLE, told: tuple[Row, ...] = (), as_of: str = AS_OF
) -> dict[str, Any]:
    facts = Facts(
        accounts=account(),
        contacts=contacts(*people),
        colleagues=colleagues(*OURS),
        attendance=attendance(*met),
        links=links(*told),
    )
    signal = SingleThread()
    found = json_records(signal.compute(facts, {}, day(as_of)))[0]
    return {**found, "sentence": signal.explain(found), "headline": signal.headline(found)}


def meet(contact_id: int, colleague_id: int, on: str = "2026-11-01", meeting: int = 1) -> Row:
    return (meeting, 1, contact_id, on, colleague_id)


# The example of docs/signals/single_thread.md: last year four pairs, now two that Per Aas holds alone.
YEAR_AGO = (
    meet(1, 11, "2025-04-01"),
    meet(2, 12, "2025-10-01"),
    meet(2, 13, "2025-10-01"),
    meet(3, 13, "2025-10-01"),
    meet(2, 13, "2025-11-01"),
    meet(3, 12, "2025-11-01"),
)


def test_worked_example_of_the_docs() -> None:
    found = reading(*YEAR_AGO, meet(3, 12), meet(3, 13))
    assert (found["value"], found["baseline"]) == (2, 4)
    assert found["level"] == pytest.approx(0.4 * 1 + 0.6 * (4 - 2) / (4 + 1))
    assert found["sentence"] == (
        "2 of 9 level pairs alive (4 a year ago), nobody above operational level. Without Per Aas none would be left."
    )
    assert found["headline"] == "All hangs on Per Aas."
    assert found["evidence"] == {"tab": "contacts", "count": 1, "from": None, "until": None, "ids": [3]}


def test_a_second_person_of_the_same_level_keeps_the_pair() -> None:
    found = reading(meet(3, 12), meet(4, 13), meet(4, 12))
    # Without Okafor Moe and Sanz are left, without Moe Aas and Okafor; of equals the customer's side is named.
    assert found["sentence"].endswith("Without Tor Moe 1 would be left.")
    assert found["headline"] == "2 of 9 level pairs alive, nobody above operational level."


def test_three_pairs_that_stand_without_anybody_are_level_0() -> None:
    crowd = [meet(theirs, ours) for theirs in (1, 2, 3) for ours in (11, 12, 13)]
    found = reading(*crowd)
    assert (found["value"], found["details"]["left"], found["level"]) == (9, 6, 0.0)
    assert ", nobody" not in found["sentence"]


@pytest.mark.parametrize(("on", "alive"), [("2026-05-26", 0), ("2026-05-27", 1), ("2026-11-22", 1), ("2026-11-23", 0)])
def test_a_pair_is_alive_for_180_days(on: str, alive: int) -> None:
    found = reading(meet(3, 12, "2025-01-01"), meet(3, 12, on))
    assert found["value"] == alive


def test_a_pair_ends_with_the_person_on_the_day_it_was_learnt() -> None:
    gone = contact(3, "Per Aas", level="operational", left_on="2026-11-10", left_known_on="2026-11-20")
    assert reading(meet(3, 12), people=(gone,), as_of="2026-11-19")["value"] == 1
    found = reading(meet(3, 12), people=(gone,), as_of="2026-11-20")
    assert (found["value"], found["level"]) == (0, pytest.approx(0.4))
    assert found["sentence"] == "No level pair of 9 alive: nobody here was seen in 180 days."


def test_a_link_counts_from_the_day_it_was_told() -> None:
    assert reading(told=((1, 3, 12, 2, "2026-10-01"),))["value"] == 1
    assert reading(told=((1, 3, 12, 2, "1900-01-01"),))["value"] == 0


def test_always_having_known_one_person_raises_no_alert() -> None:
    found = reading(meet(3, 12, "2025-01-01"), meet(3, 12, "2025-10-01"), meet(3, 12))
    assert found["level"] == pytest.approx(0.4)


def test_unknown_without_people_or_without_names_of_who_met() -> None:
    assert reading(people=())["sentence"] == "Unknown: no contacts are known."
    nameless = reading((1, 1, 3, "2026-11-01"))
    assert (nameless["status"], nameless["value"]) == ("no_data", None)
    assert nameless["sentence"] == "Unknown: no contact recorded says who of us met whom."


def test_an_erased_person_is_told_without_name() -> None:
    found = reading(meet(3, 12), people=(contact(3, "", level="operational"),))
    assert "Without one person none would be left." in found["sentence"]


pairs = st.tuples(st.integers(1, 4), st.integers(11, 13), st.integers(0, 179))


@settings(max_examples=40, deadline=None)
@given(st.lists(pairs, max_size=6), pairs)
def test_one_more_meeting_never_raises_the_level_and_twice_the_same_changes_nothing(
    met: list[tuple[int, int, int]], more: tuple[int, int, int]
) -> None:
    def rows(seen: list[tuple[int, int, int]]) -> list[Row]:
        today = dt.date.fromisoformat(AS_OF)
        return [meet(theirs, ours, (today - dt.timedelta(days=age)).isoformat()) for theirs, ours, age in seen]

    before, after = reading(*YEAR_AGO, *rows(met)), reading(*YEAR_AGO, *rows([*met, more]))
    assert after["level"] <= before["level"] + 1e-12
    assert after["value"] >= before["value"]
    assert reading(*YEAR_AGO, *rows(met), *rows(met))["level"] == before["level"]
