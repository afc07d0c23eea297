import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, json_records
from signals.compute.loyalty import Loyalty
from tests.unit.signals.frames import Row, account, contact, contacts, day, table

AS_OF = "2026-11-22"
PARAMS = {"distance": 0.25}
SIGNAL = Loyalty()
DECIDES = contact(1, "Karin Lund")
USES = contact(2, "Per Aas", level="operational", role="user")


def ago(days: int) -> str:
    return (day(AS_OF) - dt.timedelta(days=days)).isoformat()


def asked(number: int, age: int, score: float | None, contact_id: float = 1, after: int = 0) -> Row:
    """A question `age` days ago, answered `after` days later or never."""
    answered = None if score is None else ago(age - after)
    known = np.nan if score is None else score
    return (1, number, contact_id, ago(age), ago(age), answered, answered, known)


def compute(*answers: Row, people: tuple[Row, ...] = (DECIDES, USES)) -> dict[str, Any]:
    facts = Facts(accounts=account(), answers=table("answers", list(answers)), contacts=contacts(*people))
    return json_records(SIGNAL.compute(facts, PARAMS, day(AS_OF)))[0]


def reading(*answers: Row, **other: Any) -> dict[str, Any]:
    found = compute(*answers, **other)
    return {**found, "sentence": SIGNAL.explain(found), "headline": SIGNAL.headline(found)}


def test_worked_example_of_the_docs() -> None:
    found = reading(asked(1, 730, 9), asked(2, 0, 4))
    distance = (1 * 1 + 0.4 * 0.25) / (1 + 0.4)
    assert found["level"] == pytest.approx(0.6 * distance + 0.4 * 1)
    assert found["level"] == pytest.approx(0.871, abs=0.0005)
    assert (found["value"], found["baseline"]) == (4, 9)
    assert found["sentence"] == ("Would recommend us with 4 of 10, 9 before. A decision maker gave 4 on 22 Nov 2026.")
    assert found["headline"] == "Would recommend us with 4 of 10, 9 before."
    assert found["evidence"] == {"tab": "loyalty", "count": 2, "from": None, "until": None, "ids": [1, 2]}


@pytest.mark.parametrize("score", [9, 10])
def test_a_promoter_is_as_near_as_it_gets(score: int) -> None:
    found = reading(asked(1, 0, score))
    assert found["level"] == pytest.approx(0.6 * 0.4 * 0.25 / 1.4)
    assert found["headline"] == f"Would recommend us with {score} of 10."


def test_who_uses_weighs_less_than_who_decides() -> None:
    decides, uses = compute(asked(1, 0, 3)), compute(asked(1, 0, 3, contact_id=2))
    assert uses["level"] < decides["level"]
    assert uses["level"] == pytest.approx(0.6 * (0.18 + 0.1) / (0.18 + 0.4))


def test_whoever_left_weighs_less() -> None:
    gone = contact(1, "Karin Lund", left_on=ago(10))
    assert compute(asked(1, 30, 3), people=(gone,))["level"] < compute(asked(1, 30, 3))["level"]


def test_of_two_answers_the_mean_leans_to_who_decides() -> None:
    found = reading(asked(1, 0, 10), asked(2, 0, 4, contact_id=2))
    assert found["value"] == pytest.approx((10 + 0.18 * 4) / 1.18)
    assert compute(asked(1, 0, 10), asked(2, 0, 4, contact_id=np.nan))["value"] == pytest.approx(
        (10 + 0.48 * 4) / 1.48  # somebody not named weighs the middle role and level
    )


def test_not_answering_counts_once_there_was_time_to() -> None:
    answered = asked(1, 200, 9)
    waiting, silent = reading(answered, asked(2, 29, None)), reading(answered, asked(2, 30, None))
    assert waiting["level"] == reading(answered)["level"]
    assert silent["level"] > waiting["level"]
    assert silent["sentence"].endswith("; 1 of 2 questions in a year had no answer.")


def test_an_answer_not_yet_known_is_silence() -> None:
    late = (1, 2, 1.0, ago(60), ago(60), ago(40), "2026-11-23", 2.0)
    assert compute(asked(1, 200, 9), late)["value"] == 9


def test_silence_alone() -> None:
    assert reading(asked(1, 60, None))["sentence"] == "Unknown: asked once, and no answer came."
    found = reading(asked(1, 60, None), asked(2, 200, None))
    assert (found["status"], found["value"]) == ("ok", None)
    assert found["sentence"] == "Nobody answered the last 2 times we asked."
    assert found["level"] == pytest.approx(0.6 * (0.5 * _silent(60, 200) + 0.1) / (_silent(60, 200) + 0.4))
    before = reading(asked(1, 60, None), asked(2, 500, 8))
    assert before["sentence"] == "Nobody answered the last time we asked; the last answer was 8 of 10 on 10 Jul 2025."


def _silent(*ages: int) -> float:
    return sum(0.5 * 2 ** (-age / 365) for age in ages)


def test_old_answers_alone_are_too_little() -> None:
    found = reading(asked(1, 400, 8))
    assert found["status"] == "insufficient_history"
    assert found["sentence"] == "Unknown: nobody was asked in a year; the last answer came on 18 Oct 2025."
    assert reading(asked(1, 1095, 8))["sentence"] == "Unknown: no survey answers are known."
    assert reading()["sentence"] == "Unknown: no survey answers are known."


def test_a_contact_of_another_account_lends_no_weight() -> None:
    stranger = contact(1, "Karin Lund", account_id=2)
    assert compute(asked(1, 0, 3), people=(stranger,)) == compute(asked(1, 0, 3, contact_id=np.nan), people=())


def test_fit_is_the_mean_distance_of_all_answers() -> None:
    facts = Facts(accounts=account(), answers=table("answers", [asked(1, 5, 4), asked(2, 5, 9), asked(3, 500, 0)]))
    assert SIGNAL.fit(facts, day(AS_OF)) == {"distance": pytest.approx((1 + 0 + 0.25) / 3, abs=1e-6)}
    assert SIGNAL.fit(Facts.empty(), day(AS_OF)) == {"distance": 0.25}


scores = st.one_of(st.none(), st.integers(0, 10))
questions = st.lists(st.tuples(st.integers(1, 1094), scores, st.sampled_from([1, 2, np.nan])), min_size=1, max_size=6)


def drawn(rows: list[tuple[int, int | None, float]]) -> list[Row]:
    return [asked(number, age, score, who) for number, (age, score, who) in enumerate(rows, start=1)]


@settings(max_examples=60, deadline=None)
@given(questions, st.integers(0, 10), st.integers(0, 10))
def test_a_lower_answer_now_never_lowers_the_level_and_rows_given_twice_change_nothing(
    rows: list[tuple[int, int | None, float]], one: int, other: int
) -> None:
    low, high = sorted((one, other))
    worse, better = compute(*drawn(rows), asked(90, 0, low)), compute(*drawn(rows), asked(90, 0, high))
    assert worse["level"] >= better["level"] - 1e-12
    assert 0 <= better["level"] <= worse["level"] + 1e-12 <= 1 + 1e-9
    twice = compute(*drawn(rows), *drawn(rows), asked(90, 0, low))
    assert twice == worse
