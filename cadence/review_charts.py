"""Where the points of a review's charts lie: the same for the page and for the PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cadence.review_view import Bars, Course, number_text

ROOM = 0.12


@dataclass(frozen=True)
class Plot:
    """A line in a box of width and height 1, from below."""

    points: tuple[tuple[float, float], ...]
    target: float | None
    first_day: str
    last_day: str
    labels: tuple[str, ...]
    target_label: str


def plot_of(course: Course) -> Plot:
    """Place a course and its target in a box.

    Parameters
    ----------
    course : Course
        With one value at least.

    Returns
    -------
    Plot
        Of a single value, or of values that never change, the points lie in the middle.
    """
    days = [day.toordinal() for day in course.days]
    numbers = [float(value) for value in course.values]
    marks = numbers + ([float(course.target)] if course.target is not None else [])
    return Plot(
        points=tuple((_share(day, days), _height(value, marks)) for day, value in zip(days, numbers, strict=True)),
        target=_height(float(course.target), marks) if course.target is not None else None,
        first_day=course.days[0].strftime("%m/%Y"),
        last_day=course.days[-1].strftime("%m/%Y"),
        labels=tuple(number_text(value) for value in course.values),
        target_label=number_text(course.target) if course.target is not None else "",
    )


def _share(value: float, among: Sequence[float]) -> float:
    low, high = min(among), max(among)
    return (value - low) / (high - low) if high > low else 0.5


def _height(value: float, among: Sequence[float]) -> float:
    return ROOM + (1 - 2 * ROOM) * _share(value, among)


@dataclass(frozen=True)
class Bar:
    """What was and what was promised, as shares of the longest bar, with their labels."""

    label: str
    was: float | None
    promised: float
    was_text: str
    promised_text: str


def bars_of(bars: Bars) -> tuple[Bar, ...]:
    """Scale all bars by the longest."""
    most = max([*(value for value in bars.was if value is not None), *bars.promised], default=Decimal(1)) or Decimal(1)
    return tuple(
        Bar(
            label,
            None if was is None else float(was / most),
            float(promised / most),
            "" if was is None else number_text(was),
            number_text(promised),
        )
        for label, was, promised in zip(bars.labels, bars.was, bars.promised, strict=True)
    )
