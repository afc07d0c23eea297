"""The figures of a review in the customer's words: those they watch, and how we served them."""

import datetime as dt
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import CustomerMetric, Incident
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
        said = _("{now}, {first} before").format(now=said, first=first)
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
    return f"{number_text(value)} {figure['unit']}".strip()


def service(rows: list[Row], before: list[Row], review: Row) -> Section | None:
    """Without a single case there is nothing to measure, and that is said."""
    if not rows and not before:
        return None
    lead = ngettext("{n} case in this time", "{n} cases in this time", len(rows)).format(n=len(rows))
    lead += ", " + _("{n} in as many days before.").format(n=len(before))
    if solved := [row for row in rows if row["solved"]]:
        kept = sum(row["running"] <= row["target"] for row in solved)
        lead += " " + _("{kept} of {n} solved within the time promised.").format(kept=kept, n=len(solved))
    if not rows:
        return section_of(ReviewSection.SERVICE, lead)
    shown = [key for key in reversed(Incident.Severity.values) if any(row["severity"] == key for row in rows)]
    lines = [_severity(key, [row for row in rows if row["severity"] == key], review) for key in shown]
    return section_of(ReviewSection.SERVICE, lead, table=_service_table(lines), bars=_service_bars(lines))


def _severity(key: str, rows: list[Row], review: Row) -> dict[str, Any]:
    solved = [row for row in rows if row["solved"]]
    days = [row["running"] / DAY for row in solved]
    return {
        "label": str(Incident.Severity(key).label),
        "cases": len(rows),
        "solved": len(solved),
        "days": Decimal(f"{median(days):.1f}") if days else None,
        "promised": Decimal(review[f"account__tier__{key}_days"]),
        "kept": sum(row["running"] <= row["target"] for row in solved),
    }


def _service_table(lines: list[dict[str, Any]]) -> Table:
    headings = (_("Weight"), _("Cases"), _("Solved"), _("Usual time"), _("Promised"), _("In time"))
    rows = tuple(
        (
            one["label"],
            str(one["cases"]),
            str(one["solved"]),
            NONE if one["days"] is None else _days(one["days"]),
            _days(one["promised"]),
            _("{kept} of {n}").format(kept=one["kept"], n=one["solved"]) if one["solved"] else NONE,
        )
        for one in lines
    )
    return Table(headings, rows, (22, 13, 13, 18, 18, 16), numeric=(1, 2, 3, 4, 5))


def _days(days: Decimal) -> str:
    return ngettext("{n} day", "{n} days", int(days) if days == int(days) else 2).format(n=number_text(days))


def _service_bars(lines: list[dict[str, Any]]) -> Bars | None:
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
