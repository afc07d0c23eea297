"""Losses, alarms and figures of a backtest, worked by hand."""

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.compute.backtest import figures, histogram, quartiles
from signals.compute.backtest_course import NEVER, Course, losses_of
from signals.compute.backtest_replay import Recorder, Replay, plain_scores, seen_on
from signals.compute.backtest_tally import Evidence, outcomes, tally, threshold_alarms, watch
from signals.compute.backtest_verdicts import Spells, Verdict, spells_of, verdicts
from signals.compute.operational_days import operational_clock
from signals.compute.order_days import OrderDays
from signals.compute.rules import DEFAULT_RULES

IDS = pd.Index([7, 8], name="account_id")
ACCOUNTS = pd.DataFrame({"country": ["DE", "DE"]}, index=IDS)
EVERY_TEN = [0, 10, 20, 30, 40]
NOTHING = np.array([], dtype=np.int64)
NONE_RECORDED = pd.DataFrame({"account": NOTHING, "day": NOTHING, "part": np.array([], dtype=bool)})


def quiet(*spans: tuple[int, int]) -> pd.DataFrame:
    days = [[np.datetime64("1970-01-01") + day for day in span] for span in spans]
    return pd.DataFrame(
        {
            "account_id": np.full(len(spans), np.nan),
            "country": pd.Series([""] * len(spans), dtype="str"),
            "from_day": np.array([span[0] for span in days], dtype="datetime64[s]"),
            "until_day": np.array([span[1] for span in days], dtype="datetime64[s]"),
        }
    )


def course(
    first: list[int], second: list[int] | None = None, *, known_to: int = 400, closed: pd.DataFrame | None = None
) -> Course:
    own = [first, second or []]
    orders = OrderDays(
        np.repeat([0, 1], [len(days) for days in own]).astype(np.int64),
        np.concatenate([np.array(days, dtype=np.int64) for days in own]),
        2,
    )
    missing = quiet()[["from_day", "until_day"]]
    clock = operational_clock(ACCOUNTS, quiet() if closed is None else closed, missing)
    return Course(orders, clock, np.full(2, known_to))


def recorded(*rows: tuple[int, int, bool]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["account", "day", "part"]).astype(NONE_RECORDED.dtypes.to_dict())


def found(of: Course, told: pd.DataFrame = NONE_RECORDED) -> list[tuple[Any, ...]]:
    return list(losses_of(of, told).itertuples(index=False, name=None))


# --- who was lost


def test_a_silent_leaver_is_lost_the_day_the_next_order_was_due() -> None:
    # Gaps of 10 days: three orders are expected in 30, and the next was due on day 50.
    assert found(course(EVERY_TEN, known_to=70)) == [(0, 50, NEVER, "silent")]


def test_before_the_horizon_is_over_it_is_not_decided() -> None:
    assert found(course(EVERY_TEN, known_to=69)) == [(0, 50, NEVER, "pending")]
    assert found(course(EVERY_TEN, known_to=49)) == []


def test_who_orders_again_after_a_long_silence_did_not_leave() -> None:
    assert found(course([*EVERY_TEN, 90, 100], known_to=105)) == [(0, 50, 90, "returned")]
    assert found(course([*EVERY_TEN, 70, 80], known_to=85)) == []


def test_days_without_business_are_no_silence() -> None:
    closed = quiet((41, 60))
    assert found(course(EVERY_TEN, known_to=89, closed=closed)) == [(0, 70, NEVER, "pending")]
    assert found(course(EVERY_TEN, known_to=90, closed=closed)) == [(0, 70, NEVER, "silent")]


def test_four_order_days_and_rare_orders_prove_nothing() -> None:
    assert found(course(EVERY_TEN[:4], known_to=400)) == []
    # A mean gap of 130 days does not fit three times into the longest horizon of 365.
    assert found(course([0, 130, 260, 390, 520], known_to=3000)) == []
    assert found(course([0, 120, 240, 360, 480], known_to=3000)) == [(0, 600, NEVER, "silent")]


def test_a_silence_around_a_recorded_loss_is_that_loss() -> None:
    assert found(course(EVERY_TEN, known_to=300), recorded((0, 100, False))) == [(0, 100, NEVER, "recorded")]
    # The last orders were still on their way when the loss was recorded.
    assert found(course(EVERY_TEN, known_to=300), recorded((0, 35, False))) == [(0, 35, NEVER, "recorded")]


def test_a_loss_recorded_twice_is_one_and_a_part_is_apart() -> None:
    told = recorded((0, 100, False), (0, 120, False), (0, 20, True))
    assert found(course(EVERY_TEN, known_to=300), told) == [(0, 20, 20, "part"), (0, 100, NEVER, "recorded")]


def test_horizon_is_three_own_gaps_within_limits() -> None:
    of = course([0, 5, 10, 110], [0])
    days = np.array([9, 10, 110, 300])
    assert of.horizon(np.zeros(4, dtype=np.int64), days).tolist() == [30, 30, 110, 110]
    assert of.horizon(np.array([1]), np.array([50])).tolist() == [180]  # without a gap the longest


# --- what an alarm was worth


def verdict(of: Course, opened: int, *, last: int | None = None, acts: list[int] | None = None, **more: Any) -> Verdict:
    losses = losses_of(of, more.get("told", NONE_RECORDED))
    account, begun, until = (np.array([day]) for day in (0, opened, opened if last is None else last))
    spells = Spells(account, begun, until, np.array([more.get("standing", False)]))
    return Verdict(int(verdicts(spells, of, losses, np.array(acts or [], dtype=np.int64))[0]))


GONE_AT_200: dict[str, Any] = {"told": recorded((0, 200, False))}


@pytest.mark.parametrize(
    ("opened", "last", "expected"),
    [
        (20, 20, Verdict.HIT),  # 180 days before
        (19, 19, Verdict.FALSE),  # 181 days before: it ordered on day 20
        (19, 20, Verdict.HIT),  # still stood 180 days before
        (199, 250, Verdict.HIT),
        (200, 250, Verdict.LATE),
    ],
)
def test_a_hit_stands_in_the_180_days_before_the_loss(opened: int, last: int, expected: Verdict) -> None:
    assert verdict(course(EVERY_TEN, known_to=390), opened, last=last, **GONE_AT_200) == expected


def test_an_account_that_orders_within_its_horizon_makes_an_alarm_false() -> None:
    steady = course(list(range(0, 400, 10)))
    assert verdict(steady, 105) == Verdict.FALSE
    assert verdict(steady, 105, standing=True) == Verdict.STANDING


@pytest.mark.parametrize(
    ("act", "expected"),
    [(105, Verdict.FALSE), (106, Verdict.ACTED), (135, Verdict.ACTED), (136, Verdict.FALSE)],
)
def test_acted_on_is_within_thirty_days_after(act: int, expected: Verdict) -> None:
    assert verdict(course(list(range(0, 400, 10))), 105, acts=[act]) == expected


def test_an_alarm_is_undecided_until_the_horizon_or_the_time_to_act_is_over() -> None:
    of = course(EVERY_TEN, known_to=65)
    assert verdict(of, 45) == Verdict.UNDECIDED  # no order yet, 20 of 30 days passed
    assert verdict(course([*EVERY_TEN, 50], known_to=65), 45) == Verdict.UNDECIDED  # somebody may still act


def test_a_silence_beyond_the_horizon_that_ends_is_neither() -> None:
    assert verdict(course([*EVERY_TEN, 120, 130, 140], known_to=150), 45) == Verdict.QUIET


def test_an_alarm_before_the_loss_of_a_part_is_apart() -> None:
    steady = course(list(range(0, 400, 10)))
    assert verdict(steady, 105, told=recorded((0, 150, True))) == Verdict.PART


def test_spells_are_read_off_the_table() -> None:
    alarm = np.array([[1, 0], [1, 0], [0, 1], [1, 1]], dtype=bool)
    spells = spells_of(alarm, np.array([10, 17, 24, 31]))
    assert list(zip(spells.account, spells.opened, spells.last, spells.standing, strict=True)) == [
        (0, 10, 17, True),
        (0, 31, 31, False),
        (1, 24, 31, False),
    ]


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=12))
def test_spells_cover_the_alarms_and_nothing_else(rows: list[list[bool]]) -> None:
    alarm = np.array(rows)
    days = np.arange(len(rows)) * 7
    again = np.zeros_like(alarm)
    spells = spells_of(alarm, days)
    for account, opened, last in zip(spells.account, spells.opened, spells.last, strict=True):
        again[(days >= opened) & (days <= last), account] = True
    assert (again == alarm).all()


# --- plain rules


def test_plain_rules_count_days_and_own_gaps() -> None:
    orders = OrderDays(np.zeros(4, dtype=np.int64), np.array([0, 10, 30, 40]), 1)
    recency, gaps = plain_scores(orders, orders.day, np.array([5, 12, 35, 70]))
    assert recency[:, 0].tolist() == [5, 2, 5, 30]
    assert np.isnan(gaps[:2, 0]).all()  # the median of one gap is nobody's rhythm
    assert gaps[2:, 0].tolist() == [5 / 15, 30 / 10]


def test_an_order_known_later_is_not_seen_before() -> None:
    rows = pd.DataFrame(
        {
            "account_id": [7, 7],
            "day": np.array(["1970-01-11", "1970-01-21"], dtype="datetime64[s]"),
            "known_on": np.array(["1970-02-01", "1970-01-21"], dtype="datetime64[s]"),
        }
    )
    orders = OrderDays(np.zeros(2, dtype=np.int64), np.array([10, 20]), 2)
    assert seen_on(rows, orders, IDS).tolist() == [31, 31]
    recency, _gaps = plain_scores(orders, np.array([31, 31]), np.array([25, 31]))
    assert np.isnan(recency[0, 0])
    assert recency[1, 0] == 11


# --- alarms of the risk


def test_thresholds_open_at_the_line_and_close_below_the_margin() -> None:
    alarms = threshold_alarms(np.array([[34], [35], [31], [30], [29], [34]]), margin=5)
    assert alarms[34, :, 0].tolist() == [False, True, True, True, False, False]


@given(st.lists(st.integers(1, 99), min_size=1, max_size=20))
def test_a_higher_threshold_never_alarms_more(risk: list[int]) -> None:
    alarms = threshold_alarms(np.array(risk)[:, None], margin=5).astype(int)
    assert (np.diff(alarms, axis=0) <= 0).all()


def readings(level: float, chance: float | None = None) -> pd.DataFrame:
    details: list[dict[str, Any]] = [{} if chance is None else {"p_gap_this_long": chance}] * 2
    return pd.DataFrame(
        {
            "level": [level, np.nan],
            "status": ["ok", "no_data"],
            "details": pd.Series(details, index=IDS, dtype=object),
        },
        index=IDS,
    )


RISK = pd.DataFrame({"risk": [10, 70], "band": ["healthy", "at_risk"]}, index=IDS)


def silence_alarms(levels: list[float], *, alarm: bool = True) -> list[bool]:
    recorder = Recorder(IDS, ("silence",), DEFAULT_RULES)
    for place, level in enumerate(levels):
        day = dt.date(1970, 1, 1) + dt.timedelta(days=7 * place)
        recorder.add(day, RISK, {"silence": readings(level)}, alarm=alarm)
    replay = recorder.replay(OrderDays(NOTHING, NOTHING, 2), NOTHING)
    assert not replay.alarms["silence"][:, 1].any()  # unknown raises nothing
    assert replay.alarms["at_risk"][:, 1].all()
    return list(map(bool, replay.alarms["silence"][:, 0]))


def test_alarms_open_and_close_as_every_night() -> None:
    assert silence_alarms([0.6, 0.7, 0.5, 0.49, 0.6]) == [False, True, True, False, False]


def test_nothing_alarms_on_a_day_without_the_portfolio_s_orders() -> None:
    assert silence_alarms([0.9, 0.9], alarm=False) == [False, False]


# --- adding up


def evidence() -> Evidence:
    """Two accounts over ten weeks: the first left (recorded on day 60), the second orders every ten days."""
    days = np.arange(0, 70, 7)
    risk = np.column_stack([np.where(days >= 28, 70, 10), np.where(days == 35, 40, 5)])
    marked = risk >= 35
    of = course([0, 10, 20, 30, 40], list(range(0, 390, 10)), known_to=390)
    nothing = np.full(risk.shape, np.nan)
    replay = Replay(
        days=days,
        account_ids=np.array([7, 8]),
        risk=risk,
        healthy=risk < 35,
        levels={"silence": nothing},
        alarms={"marked": marked, "at_risk": risk >= 60, "silence": np.zeros_like(marked)},
        recency=nothing,
        gaps=nothing,
    )
    losses = losses_of(of, recorded((0, 60, False)))
    return Evidence(replay, of, losses, NOTHING, np.array([0, 14]), 5)


def test_watch_begins_with_the_first_fact_and_ends_with_the_loss() -> None:
    watched = watch(evidence())
    assert watched[:, 0].tolist() == [day < 60 for day in range(0, 70, 7)]
    assert watched[:, 1].tolist() == [day >= 14 for day in range(0, 70, 7)]


def test_cases_are_lost_within_180_days_or_stayed() -> None:
    told = evidence()
    gone, stayed = outcomes(told, watch(told))
    assert (gone.sum(axis=0).tolist(), stayed.sum(axis=0).tolist()) == ([9, 0], [0, 8])


def test_cases_before_an_order_that_is_due_are_left_out() -> None:
    told = evidence()
    of = course([0, 10, 20, 30, 40], EVERY_TEN, known_to=69)
    pending = replace(told, course=of, losses=losses_of(of, NONE_RECORDED))
    gone, stayed = outcomes(pending, watch(pending))
    assert not gone.any()
    assert not stayed.any()


def test_figures_by_hand() -> None:
    told = evidence()
    result = figures([7, 8], tally(told), 7)
    assert result["losses"] == {"recorded": 1, "silent": 0, "part": 0, "returned": 0, "whole": 1}
    assert result["is_small"]
    marked = result["methods"]["marked"]
    assert (marked["detected"], marked["missed"], marked["leads"]) == (1, 0, [32])  # day 28 to day 60
    assert (marked["alarms"]["hit"], marked["alarms"]["false"]) == (1, 1)
    months = (9 + 8) * 7 / (365.25 / 12)
    assert marked["false_per_100_months"] == pytest.approx(100 / months, abs=5e-4)
    assert (marked["precision"], marked["recall"]) == (0.5, 1.0)
    # Of the first account's nine cases five were shown 70 and four 10; the second's are 5, one of them 40.
    assert marked["auc"] == pytest.approx((5 * 8 + 4 * 7) / 72, abs=5e-4)
    assert marked["recall_interval"] is None  # one loss feigns no width
    silent = result["methods"]["silence"]
    assert (silent["detected"], silent["auc"], silent["known_share"]) == (0, None, 0.0)
    assert [red["account"] for red in result["reds"]] == []
    assert result["missed"] == []


def test_each_threshold_says_what_it_would_have_done() -> None:
    rows = figures([7, 8], tally(evidence()), 7)["thresholds"]
    chosen = [rows[threshold - 1] for threshold in (10, 35, 41, 71)]
    told = [(row["threshold"], row["detected"], row["alarms"]["false"]) for row in chosen]
    assert told == [(10, 1, 1), (35, 1, 1), (41, 1, 0), (71, 0, 0)]


def test_records_of_two_sets_add_up_to_those_of_both() -> None:
    records = tally(evidence())
    both, first, second = (
        figures(ids, part, 7) for ids, part in (([7, 8], records), ([7], records[:1]), ([8], records[1:]))
    )
    assert both["months"] == pytest.approx(first["months"] + second["months"], abs=0.1)
    for key, method in both["methods"].items():
        parts = [one["methods"][key] for one in (first, second)]
        assert method["detected"] == sum(part["detected"] for part in parts)
        assert method["alarms"] == {name: sum(part["alarms"][name] for part in parts) for name in method["alarms"]}


def test_nobody_at_all_is_no_error() -> None:
    result = figures([], [], 7)
    assert (result["accounts"], result["losses"]["whole"], result["methods"]) == (0, 0, {})
    assert result["calibration"]["slope"] is None


def test_quartiles_and_histogram() -> None:
    assert quartiles([10, 20, 30, 40]) == {"least": 10, "low": 17.5, "median": 25, "high": 32.5, "most": 40}
    assert quartiles([]) is None
    assert [(row["from"], row["to"], row["count"]) for row in histogram([1, 30, 31, 180])] == [
        (151, 180, 1), (121, 150, 0), (91, 120, 0), (61, 90, 0), (31, 60, 1), (1, 30, 2),
    ]  # fmt: skip
