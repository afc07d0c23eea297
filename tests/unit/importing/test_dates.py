from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_app.importing.dates import day_reader, moment_reader
from accounts_app.importing.day_order import AmbiguousDaysError, OrderEvidence, decide_order
from accounts_app.importing.values import NULL, UnreadableError

FIRST, LAST = date(1950, 1, 1), date(2026, 11, 23)


def day(cell: Any, order: Any = "dmy") -> str:
    return day_reader(order, first=FIRST, last=LAST)(cell)


def evidence(*cells: str) -> OrderEvidence:
    found = OrderEvidence()
    found.add(cells)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "1996-07-04",
        "1996/7/4",
        "1996-07-04T00:00:00Z",
        "1996-07-04 23:59:59.123456",
        "1996-07-04T23:30+02:00",
        "19960704",
        "35250",
        "35250.75",
        "04/07/1996",
        "4.7.96",
        "04-07-1996 12:00 AM",
        "04-Jul-96",
        "4 July 1996",
        "July 4, 1996",
        "Jul-04-1996",
        "4. Juli 1996",
        "4 juil. 1996",
        "Thu, 4 Jul 1996",
        "4th July 1996",
    ],
)
def test_day_is_read(text: str) -> None:
    assert day(text) == "1996-07-04"


def test_day_of_french_first() -> None:
    assert day("1er août 2021") == "2021-08-01"


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-29",
        "31.04.2021",
        "20201340",
        "abc",
        "99999",
        "12",
        "1996-07-04 25:00",
        "13:00 PM",
        "2999-01-01",
        "1890-01-01",
    ],
)
def test_day_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        day(text)


def test_day_beyond_the_last_says_future() -> None:
    assert day("2026-11-23") == "2026-11-23"
    with pytest.raises(UnreadableError, match="future"):
        day("2026-11-24")


@pytest.mark.parametrize("text", ["31.12.9999", "9999-12-31", "2999-12-31", "01.01.2900"])
def test_year_far_beyond_stands_for_no_end_where_that_is_meant(text: str) -> None:
    assert day_reader("dmy", first=FIRST, last=LAST, endless=True)(text) == NULL
    with pytest.raises(UnreadableError, match="future"):
        day(text)


def test_day_before_no_end_is_still_a_day_ahead() -> None:
    with pytest.raises(UnreadableError, match="future"):
        day_reader("dmy", first=FIRST, last=LAST, endless=True)("31.12.2899")


def test_day_of_two_digits_turns_at_69() -> None:
    assert day_reader("dmy", first=FIRST, last=date(2068, 12, 31))("01.01.68") == "2068-01-01"
    assert day("01.01.69") == "1969-01-01"


def test_day_missing_is_null() -> None:
    assert day("") == day("?") == day(None) == NULL


def test_day_typed_by_a_workbook() -> None:
    assert day(datetime(1996, 7, 4, 12)) == day(date(1996, 7, 4)) == day(35250.5) == "1996-07-04"  # noqa: DTZ001


def test_day_without_order_must_speak_for_itself() -> None:
    assert day("25/12/1996", None) == day("12/25/1996", None) == "1996-12-25"
    with pytest.raises(UnreadableError, match="1996-07-04 or 1996-04-07"):
        day("04/07/1996", None)


def test_day_against_the_order_of_its_column_is_refused() -> None:
    with pytest.raises(UnreadableError, match="month first"):
        day("25/12/1996", "mdy")


def test_moment_without_zone_is_in_the_companys() -> None:
    read = moment_reader("dmy", zone=ZoneInfo("Europe/Berlin"), first=FIRST, last=LAST)
    assert read("29/2/2016 01:16") == "2016-02-29T00:16:00+00:00"
    assert read("2016-07-01 01:16") == "2016-06-30T23:16:00+00:00"
    assert read("2016-07-01T01:16:00Z") == "2016-07-01T01:16:00+00:00"


def test_moment_at_noon_and_midnight() -> None:
    read = moment_reader("mdy", zone=UTC, first=FIRST, last=LAST)
    assert read("07/04/1996 12:00 AM") == "1996-07-04T00:00:00+00:00"
    assert read("07/04/1996 12:30 PM") == "1996-07-04T12:30:00+00:00"


def test_order_is_proven_by_one_value_above_12() -> None:
    assert decide_order("d", evidence("04/07/1996", "25/07/1996"), [], None) == "dmy"
    assert decide_order("d", evidence("04/07/1996", "07/25/1996"), [], None) == "mdy"
    assert decide_order("d", evidence("96/07/04", "04/05/06"), [], None) == "ymd"


def test_order_of_points_is_day_first() -> None:
    assert decide_order("d", evidence("04.07.1996"), [], None) == "dmy"


def test_order_of_mixed_forms_is_none() -> None:
    assert decide_order("d", evidence("25/07/1996", "07/25/1996"), [], None) is None


def test_order_that_makes_no_difference_is_not_asked() -> None:
    assert decide_order("d", evidence("05/05/1996", "07/07/1996"), [], None) is None
    assert day("05/05/1996", None) == "1996-05-05"


def test_order_follows_the_other_columns_of_the_file() -> None:
    assert decide_order("d", evidence("04/07/1996"), [evidence("25/07/1996")], None) == "dmy"


def test_order_that_nothing_decides_is_a_question_with_both_ranges() -> None:
    with pytest.raises(AmbiguousDaysError) as question:
        decide_order("Date", evidence("04/07/1996", "06/05/1998"), [], None)
    assert question.value.ranges == {
        "dmy": (date(1996, 7, 4), date(1998, 5, 6)),
        "mdy": (date(1996, 4, 7), date(1998, 6, 5)),
    }
    assert decide_order("Date", evidence("04/07/1996"), [], "mdy") == "mdy"


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2026, 11, 23)))
def test_day_written_in_any_form_reads_back(when: date) -> None:
    forms = [
        when.isoformat(),
        f"{when:%Y%m%d}",
        f"{when:%d.%m.%Y}",
        f"{when:%d-%b-%Y}",
        str((when - date(1899, 12, 30)).days),
    ]
    assert {day(form) for form in forms} == {when.isoformat()}
    assert day(f"{when:%m/%d/%Y}", "mdy") == when.isoformat()
