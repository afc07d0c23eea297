"""The figures of a review in the customer's words: those they watch, and how we served them."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import CustomerMetric, Incident
from accounts_app.templatetags.formats import NO_BREAK
from cadence.models.review import ReviewSection
from cadence.review_view import Bars, Course, Section, Table, number_text
from cadence.services.review_sections import NONE, day_text, section_of

Row = dict[str, Any]
DAY = dt.timedelta(days=1)


def metrics(figures: list[Row], values: list[Row]) -> Section | None:
    if not figures:
        return None
    courses = tuple(_course(row, [one for one in values if one["metric_id"] == row["pk"]]) for row in figures)
    known = sum(bool(one.values) for one in courses)
    lead = _("By these figures you will see whether it works.") if known else _("No figures yet.")
    return section_of(ReviewSection.METRICS, lead, courses=courses)


def _course(figure: Row, values: list[Row]) -> Course:
    days, numbers = tuple(row["day"] for row in values), tuple(row["value"] for row in values)
    return Course(
        title=figure["name"],
        unit=figure["unit"],
        words=_course_words(figure, days, numbers),
        days=days,
        values=numbers,
        target=figure["target"],
    )


def _course_words(figure: Row, days: tuple[dt.date, ...], values: tuple[Decimal, ...]) -> str:
    target = _target_words(figure)
    if not values:
        return _("No figures yet; {target}.").format(target=target) if target else _("No figures yet.")
    said = _("{value} on {day}").format(value=_with_unit(values[-1], figure), day=day_text(days[-1]))
    if len(values) > 1:
        first = _("{value} on {day}").format(value=number_text(values[0]), day=day_text(days[0]))
        said = _("{now}; it was {first}").format(now=said, first=first)
    if not target:
        return f"{said}."
    return f"{said}; {target}." + (" " + _("Reached.") if _is_reached(figure, values[-1]) else "")


def _is_reached(figure: Row, value: Decimal) -> bool:
    return bool(
        value >= figure["target"] if figure["better"] == CustomerMetric.Better.HIGHER else value <= figure["target"]
    )


def _target_words(figure: Row) -> str:
    if figure["target"] is None:
        return ""
    target = _with_unit(figure["target"], figure)
    if figure["target_on"]:
        return _("target {value} by {day}").format(value=target, day=day_text(figure["target_on"]))
    return _("target {value}").format(value=target)


def _with_unit(value: Decimal, figure: Row) -> str:
    return f"{number_text(value)}{NO_BREAK}{figure['unit']}".strip()


def service(rows: list[Row], before: list[Row], review: Row) -> Section | None:
    """Without a single case there is nothing to measure, and that is said."""
    if not rows and not before:
        return None
    lead = ngettext("{n} case in this time", "{n} cases in this time", len(rows)).format(n=len(rows))
    lead += ", " + _("{n} in as many days before.").format(n=len(before))
    lead += _in_time_words(rows, before) + _overdue_words(rows) + _kind_words(rows)
    if not rows:
        return section_of(ReviewSection.SERVICE, lead)
    known = {row["severity"] for row in (*rows, *before)}
    shown = [key for key in reversed(Incident.Severity.values) if key in known]
    lines = [_severity(key, rows, before, review) for key in shown]
    return section_of(ReviewSection.SERVICE, lead, table=_service_table(lines), bars=_service_bars(lines))


def _is_kept(row: Row) -> bool:
    return bool(row["solved"] and row["running"] <= row["target"])


def _is_overdue(row: Row) -> bool:
    return bool(not row["solved"] and row["running"] > row["target"])


def _in_time(rows: list[Row]) -> str:
    """As `5 of 7`: of the cases that are solved or over their time; one still within it is not decided."""
    decided = [row for row in rows if row["solved"] or _is_overdue(row)]
    if not decided:
        return NONE
    return _("{kept} of {n}").format(kept=sum(map(_is_kept, rows)), n=len(decided))


def _in_time_words(rows: list[Row], before: list[Row]) -> str:
    now, then = _in_time(rows), _in_time(before)
    if now == NONE:
        return ""
    if then == NONE:
        return " " + _("Solved within the time promised: {now}.").format(now=now)
    return " " + _("Solved within the time promised: {now}, {then} before.").format(now=now, then=then)


def _overdue_words(rows: list[Row]) -> str:
    number = sum(map(_is_overdue, rows))
    said = ngettext("{n} is open beyond it.", "{n} are open beyond it.", number)
    return " " + said.format(n=number) if number else ""


def _kind_words(rows: list[Row]) -> str:
    """As `Delivery 3, technical 1`, the most first; of one kind alone it is said with the number already."""
    counts = Counter(row["kind"] for row in rows).most_common()
    named = [f"{str(Incident.Kind(kind).label).lower()} {number}" for kind, number in counts]
    return " " + _("By kind: {kinds}.").format(kinds=", ".join(named)) if named else ""


def _severity(key: str, rows: list[Row], before: list[Row], review: Row) -> dict[str, Any]:
    now, then = ([row for row in some if row["severity"] == key] for some in (rows, before))
    days = [row["running"] / DAY for row in now if row["solved"]]
    return {
        "label": str(Incident.Severity(key).label),
        "cases": len(now),
        "before": len(then),
        "open": sum(not row["solved"] for row in now),
        "days": Decimal(f"{median(days):.1f}") if days else None,
        "promised": Decimal(review[f"account__tier__{key}_days"]),
        "kept": _in_time(now),
        "kept_before": _in_time(then),
    }


def _service_table(lines: list[dict[str, Any]]) -> Table:
    headings = (
        _("Weight"), _("Cases"), _("Cases before"), _("Still open"), _("Promised"), _("Usual time"), _("In time"),
        _("In time before"),
    )  # fmt: skip
    rows = tuple(
        (
            one["label"],
            str(one["cases"]),
            str(one["before"]),
            str(one["open"]),
            _days(one["promised"]),
            NONE if one["days"] is None else _days(one["days"]),
            one["kept"],
            one["kept_before"],
        )
        for one in lines
    )
    return Table(headings, rows, (16, 10, 10, 12, 13, 14, 13, 12), numeric=(1, 2, 3, 4, 5, 6, 7))


def _days(days: Decimal) -> str:
    return ngettext("{n} day", "{n} days", int(days) if days == int(days) else 2).format(n=number_text(days))


def _service_bars(every: list[dict[str, Any]]) -> Bars | None:
    lines = [one for one in every if one["cases"]]
    if all(one["days"] is None for one in lines):
        return None
    return Bars(
        title=_("Days until a case was solved"),
        unit=_("days"),
        labels=tuple(one["label"] for one in lines),
        names=(_("Usual time"), _("Promised")),
        was=tuple(one["days"] for one in lines),
        promised=tuple(one["promised"] for one in lines),
    )
