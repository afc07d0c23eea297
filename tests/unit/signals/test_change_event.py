import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, json_records
from signals.compute.change_event import KIND_WEIGHTS, KIND_WORDS, ChangeEvent
from tests.unit.signals.frames import Row, account, attendance, contact, contacts, day, freshness, interactions, table

AS_OF = "2026-11-22"
SIGNAL = ChangeEvent()
BOSS = contact(1, "Karin Lund", level="management")
FITTER = contact(2, "Per Aas", level="operational")


def ago(days: int) -> str:
    return (day(AS_OF) - dt.timedelta(days=days)).isoformat()


def event(number: int, age: int, kind: str = "merger", title: str = "", known: int | None = None) -> Row:
    return (1, number, ago(age), ago(age if known is None else known), kind, title)


def compute(
    *events: Row, talks: tuple[Row, ...] = (), met: tuple[Row, ...] = (), feeds: tuple[Row, ...] = ()
) -> dict[str, Any]:
    facts = Facts(
        accounts=account(),
        events=table("events", list(events)),
        interactions=interactions(*talks),
        attendance=attendance(*met),
        contacts=contacts(BOSS, FITTER),
        freshness=freshness(*feeds),
    )
    return json_records(SIGNAL.compute(facts, {}, day(AS_OF)))[0]


def reading(*events: Row, **other: Any) -> dict[str, Any]:
    found = compute(*events, **other)
    return {**found, "sentence": SIGNAL.explain(found), "headline": SIGNAL.headline(found)}


def review(age: int) -> Row:
    return (1, ago(age), "us", "review")


def visit(age: int) -> Row:
    return (1, ago(age), "us", "proactive")


def test_worked_example_of_the_docs() -> None:
    merged = event(1, 120, title="Taken over by an investor")
    launched = event(2, 0, "product_launched", "New machine shown at the fair")
    found = reading(merged, launched)
    assert found["level"] == pytest.approx(1 - (1 - 0.9 / 2) * (1 - 0.3))
    assert (found["value"], found["baseline"]) == (2, None)
    assert found["sentence"] == (
        "Taken over by an investor (merger or acquisition) on 25 Jul 2026; no review and no visit to their management "
        "since. 1 more still counts."
    )
    assert found["headline"] == "Taken over by an investor (25 Jul 2026), not talked over yet."
    assert found["evidence"] == {"tab": "events", "count": 2, "from": None, "until": None, "ids": [1, 2]}
    talked = reading(merged, launched, talks=(review(20),))
    assert talked["level"] == pytest.approx(1 - (1 - 0.9 / 4) * (1 - 0.3))
    assert "New machine shown at the fair (product launched) on 22 Nov 2026; no review" in talked["sentence"]


def test_a_review_after_it_halves_an_event_and_one_before_does_not() -> None:
    assert compute(event(1, 0))["level"] == pytest.approx(0.9)
    assert compute(event(1, 0), talks=(review(0),))["level"] == pytest.approx(0.45)
    before = compute(event(1, 10), talks=(review(11),))
    assert before["level"] == compute(event(1, 10))["level"]
    assert reading(event(1, 60), talks=(review(3), review(40)))["sentence"] == (
        "Merger or acquisition on 23 Sep 2026; talked over with us on 13 Oct 2026."
    )


@pytest.mark.parametrize(("contact_id", "halved"), [(1, True), (2, False)])
def test_a_visit_counts_where_their_management_was_met(contact_id: int, halved: bool) -> None:
    met = (1, 1, contact_id, ago(5))
    found = compute(event(1, 20), talks=(visit(5),), met=(met,))
    assert (found["level"] < compute(event(1, 20))["level"]) is halved


@pytest.mark.parametrize(
    "talk", [(1, ago(5), "us", "order"), (1, ago(5), "them", "proactive"), (2, ago(5), "us", "review")]
)
def test_business_and_other_accounts_are_no_review(talk: Row) -> None:
    met = (1, 1, 1, ago(5))
    assert compute(event(1, 20), talks=(talk,), met=(met,))["level"] == compute(event(1, 20))["level"]


def test_an_event_told_by_two_sources_counts_once() -> None:
    assert compute(event(1, 20), event(2, 20))["level"] == compute(event(1, 20))["level"]
    assert compute(event(1, 20), event(2, 21))["level"] > compute(event(1, 20))["level"]


def test_an_event_counts_once_it_is_known() -> None:
    assert compute(event(1, 20), event(2, 10, known=-1)) == compute(event(1, 20))


def test_what_is_long_past_is_named_no_more() -> None:
    found = reading(event(1, 700))
    assert (found["value"], found["sentence"]) == (0, "No change at the customer that would still count.")
    assert found["evidence"]["count"] == 1
    assert found["level"] == pytest.approx(0.9 * 2 ** (-700 / 120))


def test_no_event_is_none_only_where_a_feed_brings_them() -> None:
    assert reading()["sentence"] == "Unknown: no change events are known."
    found = reading(feeds=((1, "change-events", AS_OF, 7.0, True),))
    assert (found["status"], found["value"], found["level"]) == ("ok", 0, 0)
    assert reading(feeds=((1, "change-events", None, 7.0, True),))["status"] == "no_data"


def test_late_interactions_leave_open_whether_we_reacted() -> None:
    found = reading(event(1, 20), feeds=((1, "interactions", ago(30), 7.0, True),))
    assert found["sentence"] == "Unknown: interactions are complete only until 23 Oct 2026."


def test_every_kind_has_a_weight_and_words() -> None:
    assert KIND_WEIGHTS.keys() == KIND_WORDS.keys()
    for number, kind in enumerate(KIND_WEIGHTS, start=1):
        assert KIND_WORDS[kind] in reading(event(number, 1, kind, "Something"))["sentence"]


events_drawn = st.lists(st.tuples(st.integers(0, 600), st.sampled_from(list(KIND_WEIGHTS))), max_size=6)


def drawn(rows: list[tuple[int, str]]) -> list[Row]:
    return [event(number, age, kind) for number, (age, kind) in enumerate(rows, start=1)]


@settings(max_examples=50, deadline=None)
@given(events_drawn, st.integers(0, 600), st.sampled_from(list(KIND_WEIGHTS)), st.integers(0, 600))
def test_one_more_event_never_lowers_and_one_more_review_never_raises_the_level(
    rows: list[tuple[int, str]], age: int, kind: str, reviewed: int
) -> None:
    feeds = ((1, "change-events", AS_OF, 7.0, True),)
    found = compute(*drawn(rows), feeds=feeds)
    assert 0 <= found["level"] <= 1
    assert compute(*drawn(rows), event(99, age, kind), feeds=feeds)["level"] >= found["level"] - 1e-12
    assert compute(*drawn(rows), feeds=feeds, talks=(review(reviewed),))["level"] <= found["level"] + 1e-12
    assert compute(*drawn(rows), *drawn(rows), feeds=feeds) == found
