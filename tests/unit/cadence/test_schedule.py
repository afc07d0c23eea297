"""The day proposed for the next contact, at every boundary of a calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_app.public_holidays import Holidays
from cadence.schedule import Diary, Due, Proposal, contact_due, proposed_day, review_due

GERMAN = Diary(Holidays.of(["Germany"]))
ALWAYS = Diary()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def proposal(last: str, days: tuple[int, int], diary: Diary = ALWAYS, *, today: str = "2020-01-01") -> tuple[str, bool]:
    due = contact_due(day(last), *days)
    found = proposed_day(due, diary, earliest=day(today))
    return str(found.on), found.is_late


@pytest.mark.parametrize(
    ("last", "days", "due", "latest"),
    [
        ("2028-01-30", (30, 31), "2028-02-29", "2028-03-01"),  # leap day
        ("2027-01-30", (30, 31), "2027-03-01", "2027-03-02"),
        ("2028-02-29", (366, 731), "2029-03-01", "2030-03-01"),
        ("2026-03-01", (30, 31), "2026-03-31", "2026-04-01"),  # quarter's end
        ("2026-03-28", (1, 2), "2026-03-29", "2026-03-30"),  # clocks go forward
        ("2026-10-24", (1, 2), "2026-10-25", "2026-10-26"),  # clocks go back
        ("2026-12-02", (30, 30), "2027-01-01", "2027-01-01"),  # year's end
        ("2026-06-30", (1, 1), "2026-07-01", "2026-07-01"),
        ("2026-06-30", (1000, 1000), "2029-03-26", "2029-03-26"),
    ],
)
def test_due_days_are_calendar_days_from_the_last_contact(
    last: str, days: tuple[int, int], due: str, latest: str
) -> None:
    assert contact_due(day(last), *days) == Due(day(due), day(latest))


@pytest.mark.parametrize(
    ("last", "days", "expected"),
    [
        ("2026-06-02", (30, 45), "2026-07-02"),  # a Thursday
        ("2026-06-04", (30, 45), "2026-07-03"),  # due on a Saturday: the Friday before
        ("2026-06-05", (30, 45), "2026-07-03"),  # on a Sunday
        ("2026-06-06", (30, 45), "2026-07-06"),  # on a Monday
        ("2026-03-07", (30, 45), "2026-04-02"),  # Easter Monday: the Thursday before Good Friday
        ("2026-03-04", (30, 45), "2026-04-02"),  # Good Friday
        ("2026-03-08", (30, 45), "2026-04-07"),  # the Tuesday after Easter
        ("2026-11-27", (30, 45), "2026-12-24"),  # Sunday after Christmas (25 and 26 December)
        ("2026-12-02", (30, 45), "2026-12-31"),  # New Year's Day
        ("2026-04-01", (30, 45), "2026-04-30"),  # Labour Day
        ("2027-09-03", (30, 45), "2027-10-01"),  # Sunday, Unity Day
    ],
)
def test_the_last_working_day_on_or_before_the_due_day_is_proposed(
    last: str, days: tuple[int, int], expected: str
) -> None:
    assert proposal(last, days, GERMAN) == (expected, False)


def test_without_a_suitable_day_before_it_the_next_one_is_proposed() -> None:
    # Due on Easter Sunday, planned on Good Friday: nothing lies between.
    assert proposal("2026-03-06", (30, 45), GERMAN, today="2026-04-03") == ("2026-04-07", False)


def test_nothing_is_proposed_in_the_past() -> None:
    assert proposal("2026-01-01", (30, 90), today="2026-03-02") == ("2026-03-02", False)
    assert proposal("2026-01-01", (30, 60), today="2026-03-02") == ("2026-03-02", False)  # 2 March is the latest day


def test_once_the_latest_day_has_passed_a_proposal_is_late() -> None:
    assert proposal("2026-01-01", (30, 60), today="2026-03-03") == ("2026-03-03", True)


def test_an_absence_moves_the_contact_before_it() -> None:
    away = Diary(absences=((day("2026-06-29"), day("2026-07-17")),))
    assert proposal("2026-06-02", (30, 60), away) == ("2026-06-26", False)


def test_an_absence_until_the_latest_day_makes_it_late() -> None:
    away = Diary(absences=((day("2026-06-29"), day("2026-07-17")),))
    latest_is_the_last_day_away, the_day_after = (30, 45), (30, 48)
    assert proposal("2026-06-02", latest_is_the_last_day_away, away, today="2026-06-29") == ("2026-07-20", True)
    assert proposal("2026-06-02", the_day_after, away, today="2026-06-29") == ("2026-07-20", False)


def test_two_absences_without_a_day_between_are_one() -> None:
    spells = ((day("2026-06-29"), day("2026-07-03")), (day("2026-07-06"), day("2026-07-10")))
    found = proposal("2026-06-02", (30, 60), Diary(absences=spells), today="2026-06-29")
    assert found == ("2026-07-13", False)


def test_an_absence_without_an_end_says_that_no_day_suits() -> None:
    away = Diary(absences=((day("2026-06-01"), dt.date.max),))
    due = Due(day("2026-07-02"), day("2026-07-20"))
    assert proposed_day(due, away, earliest=day("2026-06-30")) == Proposal(None, is_late=True)


def test_the_holidays_of_both_countries_count() -> None:
    assert proposal("2026-07-05", (30, 45), Diary(Holidays.of(["DE"]))) == ("2026-08-04", False)
    # The national day of Switzerland is a Saturday in 2026 and a Friday in 2025.
    both = Diary(Holidays.of(["DE", "Schweiz"]))
    assert proposal("2025-07-02", (30, 45), both) == ("2025-07-31", False)
    assert proposal("2025-07-02", (30, 45), Diary(Holidays.of(["DE"]))) == ("2025-08-01", False)


def test_an_unknown_country_has_no_holidays() -> None:
    assert proposal("2026-03-04", (30, 45), Diary(Holidays.of(["Atlantis", ""]))) == ("2026-04-03", False)


@pytest.mark.parametrize(
    ("last", "days", "due"),
    [
        ("2027-03-01", 365, "2028-02-29"),
        ("2026-03-31", 91, "2026-06-30"),
        (None, 91, None),
        ("2026-03-31", None, None),
    ],
)
def test_a_review_is_due_its_interval_after_the_last(last: str | None, days: int | None, due: str | None) -> None:
    assert review_due(day(last) if last else None, days) == (day(due) if due else None)


days_of_years = st.dates(dt.date(2019, 1, 1), dt.date(2031, 12, 31))
absences = st.lists(
    st.tuples(days_of_years, st.integers(0, 200)).map(lambda one: (one[0], one[0] + dt.timedelta(days=one[1]))),
    max_size=4,
).map(tuple)
diaries = st.builds(Diary, st.sampled_from([Holidays(()), Holidays(("DE",)), Holidays(("ES", "GB"))]), absences)
intervals = st.integers(1, 400).flatmap(lambda ideal: st.tuples(st.just(ideal), st.integers(ideal, 500)))


@given(days_of_years, intervals, diaries, days_of_years)
def test_a_proposal_is_never_in_the_past_and_never_blocked(
    last: dt.date, days: tuple[int, int], diary: Diary, today: dt.date
) -> None:
    due = contact_due(last, *days)
    found = proposed_day(due, diary, earliest=today)
    assert found.on is not None
    assert found.on >= today
    assert diary.suits(found.on)
    assert found.is_late == (found.on > due.latest_on)
    reachable = [today + dt.timedelta(days=n) for n in range((due.on - today).days + 1)]
    assert found.on == max(filter(diary.suits, reachable), default=found.on)


@given(days_of_years, st.integers(0, 300), intervals, diaries, days_of_years)
def test_a_later_contact_is_never_followed_by_an_earlier_one(
    last: dt.date, later: int, days: tuple[int, int], diary: Diary, today: dt.date
) -> None:
    first, second = (contact_due(one, *days) for one in (last, last + dt.timedelta(days=later)))
    before, after = (proposed_day(due, diary, earliest=today).on for due in (first, second))
    assert before is not None
    assert after is not None
    assert before <= after
