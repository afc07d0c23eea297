"""Days and moments in text: every form that reads in one way only, and the others in the order of their column."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .day_order import ORDER_WORDS, TRIPLE, DayOrder, day_named, readings
from .values import NULL, Cell, UnreadableError, as_text, simplified

# Spreadsheets count days from here (with the leap day that 1900 did not have behind it).
EXCEL_EPOCH = date(1899, 12, 30)
_NO_END = 2900
_SERIAL = re.compile(r"[2-7][0-9]{4}(?:[.,][0-9]+)?")  # 1954-10-03 to 2119-01-09
_COMPACT = re.compile(r"(?:19|20)[0-9]{6}")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_NAME_YEAR = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er)?[.\s-]*([^\W\d_]{3,12})\.?[\s,-]*([0-9]{4}|[0-9]{2})")
_NAME_DAY_YEAR = re.compile(r"([^\W\d_]{3,12})\.?[\s-]*([0-9]{1,2})(?:st|nd|rd|th)?[\s,-]+([0-9]{4}|[0-9]{2})")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?,?\s+(?=[0-9])")
_CLOCK = re.compile(
    r"(?:T|\s+|,\s*)(?:um\s+|at\s+|à\s+)?([0-9]{1,2})[:.h]([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?(?:\s*Uhr)?$"
)

_MONTHS: dict[str, int] = {
    simplified(name): number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier janv",
            "feb february februar februr feber février fevr févr",
            "mar march mär märz maerz mrz mars",
            "apr april avr avril",
            "may mai",
            "jun june juni juin",
            "jul july juli juillet juil",
            "aug august août aout",
            "sep sept september septembre",
            "oct october okt oktober octobre",
            "nov november novembre",
            "dec december dez dezember déc décembre",
        ),
        start=1,
    )
    for name in names.split()
}


def day_reader(order: DayOrder | None, *, first: date, last: date, endless: bool = False) -> Callable[[Cell], str]:
    """Read days, as ISO text.

    Parameters
    ----------
    order
        How numeric dates of the column are read; None takes only what has one reading.
    first, last
        Days outside are impossible here.
    endless
        Whether a year such as 9999 stands for no end, as ERP systems write it.
    """

    def read(cell: Cell) -> str:
        if isinstance(cell, str) and not as_text(cell):
            return NULL
        day = _moment(cell, order)
        if day is None or (endless and day.year >= _NO_END):
            return NULL
        return _within(day.date(), first, last).isoformat()

    return read


def moment_reader(order: DayOrder | None, *, zone: tzinfo, first: date, last: date) -> Callable[[Cell], str]:
    """Read moments, as ISO text in UTC; what names no zone is in `zone`."""

    def read(cell: Cell) -> str:
        moment = _moment(cell, order)
        if moment is None:
            return NULL
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        _within(moment.date(), first, last)
        return moment.astimezone(UTC).isoformat()

    return read


def _within(day: date, first: date, last: date) -> date:
    if day > last:
        raise UnreadableError(f"{day} lies in the future")
    if day < first:
        raise UnreadableError(f"{day} is before {first.year}, which cannot be")
    return day


def _moment(cell: Cell, order: DayOrder | None) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _typed_number(cell)
    text = as_text(cell)
    return _from_text(text, order) if text else None


def _typed_number(number: float) -> datetime:
    text = str(int(number)) if float(number).is_integer() else repr(number)
    if _COMPACT.fullmatch(text) or _SERIAL.fullmatch(text):
        return _numeric_form(text)
    raise UnreadableError("not a date")


def _from_text(text: str, order: DayOrder | None) -> datetime:
    if _SERIAL.fullmatch(text) or _COMPACT.fullmatch(text):
        return _numeric_form(text)
    clock = _CLOCK.search(text)
    at, zone = _clock_time(clock) if clock else (time(), None)
    day_text = text[: clock.start()].strip() if clock else text
    return datetime.combine(_day_of(day_text, order), at, tzinfo=zone)


def _numeric_form(text: str) -> datetime:
    if _COMPACT.fullmatch(text):
        day = day_named(text[:4], text[4:6], text[6:])
        if day is None:
            raise UnreadableError("no such day")
        return datetime.combine(day, time())
    days = float(text.replace(",", "."))
    moment = datetime.combine(EXCEL_EPOCH, time()) + timedelta(days=days)
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)  # fractions of a day are not exact


def _clock_time(clock: re.Match[str]) -> tuple[time, tzinfo | None]:
    hour, minute, second, half, zone = clock.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise UnreadableError("no such time of day")
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        at = time(hours, int(minute), int(second or 0))
    except ValueError as error:
        raise UnreadableError("no such time of day") from error
    return at, _zone(zone)


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    return datetime.strptime(text.replace(":", ""), "%z").tzinfo


def _day_of(text: str, order: DayOrder | None) -> date:
    iso = _ISO.fullmatch(text)
    if iso:
        return _exists(day_named(*iso.groups()))
    triple = TRIPLE.fullmatch(text)
    if triple:
        return _from_triple(triple, order)
    return _named(text)


def _from_triple(triple: re.Match[str], order: DayOrder | None) -> date:
    found = readings(triple)
    if not found:
        raise UnreadableError("no such day")
    if order:
        if order not in found:
            raise UnreadableError(f"no such day when read {ORDER_WORDS[order]}, as the rest of the column is")
        return found[order]
    if len(set(found.values())) > 1:
        ways = " or ".join(str(day) for day in found.values())
        raise UnreadableError(f"can be {ways}, and the column mixes forms; say which with --dates")
    return next(iter(found.values()))


def _named(text: str) -> date:
    """A month by name, in English, German or French."""
    if match := _NAME_DAY_YEAR.fullmatch(text):
        name, day, year = match.groups()
    elif match := _DAY_NAME_YEAR.fullmatch(_WEEKDAY.sub("", text)):
        day, name, year = match.groups()
    else:
        raise UnreadableError("not a date")
    month = _MONTHS.get(simplified(name))
    if month is None:
        raise UnreadableError("not a date")
    return _exists(day_named(year, str(month), day))


def _exists(day: date | None) -> date:
    if day is None:
        raise UnreadableError("no such day")
    return day
