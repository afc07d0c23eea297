"""The contacts of a quarter: none missing, none twice, none beyond the hours."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cadence.quarter import ChannelShare, Customer, QuarterPlan, Span, plan_quarter
from cadence.schedule import Diary
from cadence.workload import Workload, week_of

TODAY = dt.date(2026, 6, 30)  # a Tuesday
QUARTER = Span(dt.date(2026, 7, 1), dt.date(2026, 9, 30), TODAY)
CALL = (ChannelShare("call", 1.0, 100),)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def customer(
    account_id: int = 1, since: str | None = "2026-06-10", days: tuple[int, int] = (30, 45), **rest: object
) -> Customer:
    values = {"rank": 1, "diary": Diary(), "shares": CALL} | rest
    return Customer(account_id, *days, since=since and day(since), **values)  # type: ignore[arg-type]


def plan(*customers: Customer, hours: float | None = 20, span: Span = QUARTER) -> QuarterPlan:
    return plan_quarter(customers, Workload(hours, Diary()), span)


def days_of(found: QuarterPlan) -> list[str]:
    return [str(one.on) for one in found.proposed]


def test_contacts_step_by_the_interval_from_the_last_one() -> None:
    # 10 July, then 30 days on is Sunday 9 August: Friday 7, then 6 September is a Sunday: Friday 4.
    assert days_of(plan(customer())) == ["2026-07-10", "2026-08-07", "2026-09-04"]


def test_a_plan_in_time_is_the_contact() -> None:
    held = customer(plans=(day("2026-07-20"),))
    assert days_of(plan(held)) == ["2026-08-19", "2026-09-18"]


def test_a_plan_that_comes_too_late_is_not() -> None:
    late = customer(plans=(day("2026-07-28"),))
    assert days_of(plan(late)) == ["2026-07-10", "2026-08-27", "2026-09-25"]


def test_an_overdue_contact_is_planned_at_once_and_marked() -> None:
    found = plan(customer(since="2026-01-10", days=(30, 45)), span=Span(TODAY, day("2026-07-20"), TODAY))
    assert [(str(one.on), one.is_late) for one in found.proposed] == [("2026-06-30", True)]


def test_what_is_due_before_the_span_is_counted_not_planned() -> None:
    found = plan(customer(since="2026-05-31"))  # due today
    assert (found.before, days_of(found)[0]) == (1, "2026-07-30")


def test_who_was_never_contacted_is_met_within_the_span() -> None:
    found = plan(*(customer(number, since=None, days=(200, 300)) for number in range(1, 21)))
    assert len(found.proposed) == 20
    assert len({one.on for one in found.proposed}) > 10
    assert not any(one.is_late for one in found.proposed)


def test_full_days_send_a_contact_to_earlier_days_then_to_later_ones() -> None:
    same = [customer(number, days=(30, 45)) for number in range(1, 14)]
    found = plan(*same, hours=5, span=Span(day("2026-07-01"), day("2026-07-25"), TODAY))
    by_week: dict[dt.date, int] = {}
    for one in found.proposed:
        by_week[week_of(one.on)] = by_week.get(week_of(one.on), 0) + 1
    # One hour a day: from 1 July (drawn forward by at most ten days) to the last day of the promise, the 25th.
    assert len(found.proposed) == 13
    assert max(by_week.values()) <= 5
    assert {one.on for one in found.proposed} >= {day("2026-07-10"), day("2026-07-09")}
    assert not any(one.is_late for one in found.proposed)


def test_what_finds_no_hours_is_said() -> None:
    same = [customer(number) for number in range(1, 31)]
    found = plan(*same, hours=5, span=Span(day("2026-07-01"), day("2026-07-25"), TODAY))
    assert (len(found.proposed), len(found.unfit)) == (18, 12)  # the working days of 1 to 25 July
    assert not any(one.is_away for one in found.unfit)


def test_the_more_important_tier_goes_first() -> None:
    short = Span(day("2026-07-10"), day("2026-07-10"), TODAY)
    found = plan(customer(1, rank=2), customer(2, rank=1), hours=5, span=short)
    assert [one.account_id for one in found.proposed] == [2]
    assert [one.account_id for one in found.unfit] == [1]


def test_an_owner_without_an_hour_gets_nothing_and_it_is_said() -> None:
    found = plan(customer(), hours=0)
    assert (found.proposed, len(found.unfit)) == ((), 3)


def test_unknown_hours_limit_a_day_to_three_contacts() -> None:
    found = plan(*(customer(number) for number in range(1, 8)), hours=None)
    first = [one.on for one in found.proposed][:7]
    assert first.count(day("2026-07-10")) == 3
    assert not found.unfit


def test_a_contact_longer_than_a_day_has_a_day_for_itself() -> None:
    visits = (ChannelShare("visit", 6.0, 100),)
    found = plan(
        customer(1, shares=visits), customer(2, shares=visits), hours=8, span=replace(QUARTER, ends=day("2026-07-18"))
    )
    assert [(one.account_id, str(one.on)) for one in found.proposed] == [(2, "2026-07-03"), (1, "2026-07-10")]


def test_an_absence_until_after_the_promise_is_said_to_be_late() -> None:
    away = Diary(absences=((TODAY, day("2026-08-02")),))
    found = plan(customer(diary=away))
    assert [(str(one.on), one.is_late) for one in found.proposed] == [("2026-08-03", True), ("2026-09-02", False)]


def test_an_owner_who_does_not_come_back_is_said() -> None:
    gone = Diary(absences=((TODAY, dt.date.max),))
    found = plan(customer(diary=gone))
    assert (found.proposed, [one.is_away for one in found.unfit]) == ((), [True])


def test_the_last_contact_before_a_review_is_due_is_the_review() -> None:
    found = plan(customer(review_days=180, review_by=day("2026-09-01")))
    assert [one.is_review for one in found.proposed] == [False, True, False]


def test_a_review_is_held_for_itself_where_all_else_is_planned() -> None:
    plans = tuple(day(one) for one in ("2026-07-10", "2026-08-07", "2026-09-04"))
    found = plan(customer(plans=plans, review_days=180, review_by=day("2026-08-25")))
    assert [(str(one.on), one.is_review) for one in found.proposed] == [("2026-08-25", True)]


def test_channels_follow_their_shares() -> None:
    shares = (ChannelShare("call", 0.5, 75), ChannelShare("visit", 4.0, 25))
    found = plan(*(customer(number, shares=shares) for number in range(1, 201)), hours=None)
    visits = sum(one.channel == "visit" for one in found.proposed) / len(found.proposed)
    assert visits == pytest.approx(0.25, abs=0.03)


nearby = st.dates(TODAY - dt.timedelta(days=300), TODAY)
ahead = st.dates(TODAY, TODAY + dt.timedelta(days=200))
absences = st.lists(st.tuples(ahead, st.integers(0, 40)), max_size=2).map(
    lambda found: tuple((first, first + dt.timedelta(days=length)) for first, length in found)
)


@st.composite
def customers(draw: st.DrawFn) -> list[Customer]:
    away = Diary(absences=draw(absences))
    made = []
    for number in range(draw(st.integers(1, 5))):
        ideal = draw(st.integers(5, 120))
        review_days = draw(st.none() | st.integers(ideal, 200))
        made.append(
            Customer(
                number, ideal, ideal + draw(st.integers(0, 60)), draw(st.integers(1, 3)), draw(st.none() | nearby),
                away, plans=tuple(sorted(draw(st.lists(ahead, max_size=4)))), review_days=review_days,
                review_by=draw(nearby | ahead) if review_days else None,
                shares=(ChannelShare("call", 0.5, 60), ChannelShare("visit", 3.5, 40)),
            )
        )  # fmt: skip
    return made


spans = st.tuples(st.integers(0, 100), st.integers(0, 120)).map(
    lambda found: Span(TODAY + dt.timedelta(days=found[0]), TODAY + dt.timedelta(days=sum(found)), TODAY)
)
weekly_hours = st.none() | st.sampled_from([0.0, 2.0, 6.0, 25.0])


def loaded(hours: float | None, accounts: list[Customer], found: QuarterPlan | None = None) -> Workload:
    """The owner's work as it stands planned, with what was proposed."""
    load = Workload(hours, replace(accounts[0].diary))
    for one in accounts:
        for planned in one.plans:
            load.take(planned, 1.0)
    for proposed in found.proposed if found else ():
        load.take(proposed.on, proposed.hours)
    return load


REVIEWED_WITHIN_THE_SPAN = Customer(
    account_id=0,
    ideal_days=34,
    max_days=34,
    rank=1,
    since=None,
    diary=Diary(),
    plans=(dt.date(2026, 7, 1),),
    review_days=34,
    review_by=dt.date(2025, 9, 3),
    shares=(ChannelShare("visit", 3.5, 100),),
)


@given(customers(), spans, weekly_hours)
@example([REVIEWED_WITHIN_THE_SPAN], Span(dt.date(2026, 6, 30), dt.date(2026, 8, 3), dt.date(2026, 6, 30)), None)
@settings(max_examples=150)
def test_planning_twice_adds_nothing(accounts: list[Customer], span: Span, hours: float | None) -> None:
    first = plan_quarter(accounts, loaded(hours, accounts), span)
    by_account: dict[int, list[dt.date]] = {one.account_id: list(one.plans) for one in accounts}
    reviews = {one.account_id: one.review_by for one in accounts}
    for proposed in first.proposed:
        by_account[proposed.account_id].append(proposed.on)
        days = accounts[proposed.account_id].review_days
        if proposed.is_review and days:
            reviews[proposed.account_id] = proposed.on + dt.timedelta(days=days)
    after = [
        replace(one, plans=tuple(sorted(by_account[one.account_id])), review_by=reviews[one.account_id])
        for one in accounts
    ]
    assert plan_quarter(after, loaded(hours, accounts, first), span).proposed == ()


@given(customers(), spans, weekly_hours)
def test_every_proposal_lies_in_the_span_on_a_day_that_suits(
    accounts: list[Customer], span: Span, hours: float | None
) -> None:
    found = plan_quarter(accounts, loaded(hours, accounts), span)
    for one in found.proposed:
        assert span.begins <= one.on <= span.ends
        assert accounts[one.account_id].diary.suits(one.on)
    pairs = [(one.account_id, one.on) for one in found.proposed]
    assert len(pairs) == len(set(pairs))
