"""The sections of a review in the customer's words; None where there is nothing to say."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Incident, Initiative, Interaction, Level, Promise
from cadence.models.review import ReviewSection
from cadence.review_view import Group, Section, Table

Row = dict[str, Any]
NONE = "–"


def day_text(day: dt.date | None) -> str:
    return date_format(day, "j M Y") if day else NONE


def section_of(key: ReviewSection, lead: str, **content: Any) -> Section:
    return Section(key=key.value, title=str(key.label), lead=lead, **content)


def goals(rows: list[Row], as_of: dt.date) -> Section | None:
    if not rows:
        return None
    ended = [row for row in rows if _has_ended(row, as_of)]
    reached = sum(row["outcome"] == Initiative.Outcome.REACHED for row in ended)
    lead = ngettext("We know of {n} aim of yours.", "We know of {n} aims of yours.", len(rows)).format(n=len(rows))
    if reached:
        lead += " " + ngettext("{n} was reached.", "{n} were reached.", reached).format(n=reached)
    table = Table(
        headings=(_("What you want to achieve"), _("Figure and target"), _("Who"), _("By when"), _("State")),
        rows=tuple(_goal(row, as_of) for row in rows),
        widths=(30, 28, 16, 14, 12),
    )
    return section_of(ReviewSection.GOALS, lead, table=table)


def _has_ended(row: Row, as_of: dt.date) -> bool:
    return row["ended_on"] is not None and row["ended_on"] <= as_of


def _goal(row: Row, as_of: dt.date) -> tuple[str, ...]:
    figure = ": ".join(filter(None, (row["metric"], row["target"]))) or NONE
    state = _("under way")
    if _has_ended(row, as_of):
        state = _("reached") if row["outcome"] == Initiative.Outcome.REACHED else _("given up")
    return row["title"], figure, row["sponsor__name"] or NONE, day_text(row["target_on"]), state


def brought(rows: list[Row], met: Mapping[int, list[str]]) -> Section | None:
    if not rows:
        return None
    reactions = {
        Interaction.Reaction.WANTS_MORE: _("You asked for more"),
        Interaction.Reaction.USEFUL: _("Useful"),
        Interaction.Reaction.NOT_USEFUL: _("Not useful"),
    }
    lines = tuple(
        (
            day_text(row["happened_on"]),
            row["value_item__title"],
            ", ".join(met.get(row["pk"], [])) or NONE,
            str(reactions.get(row["reaction"], NONE)),
        )
        for row in rows
    )
    used = sum(row["reaction"] in {"wants_more", "useful"} for row in rows)
    lead = ngettext("We brought you something once.", "We brought you something {n} times.", len(rows))
    lead = lead.format(n=len(rows))
    if used:
        said = ngettext("You found it useful.", "{n} of these you found useful.", len(rows))
        lead += " " + said.format(n=used)
    table = Table((_("When"), _("What"), _("For whom"), _("What you said")), lines, (13, 47, 22, 18))
    return section_of(ReviewSection.BROUGHT, lead, table=table)


def promises(rows: list[Row], as_of: dt.date) -> Section | None:
    if not rows:
        return None
    kept = sum(_is_kept(row, as_of) for row in rows)
    lead = _("Promises kept: {kept} of {n}.").format(kept=kept, n=len(rows))
    lines = tuple(
        (row["text"], day_text(row["promised_on"]), day_text(row["due_on"]), _promise_state(row, as_of)) for row in rows
    )
    table = Table((_("What we promised"), _("Promised"), _("Until"), _("State")), lines, (52, 14, 14, 20))
    return section_of(ReviewSection.PROMISES, lead, table=table)


def _is_open(row: Row, as_of: dt.date) -> bool:
    return row["closed_on"] is None or row["closed_on"] > as_of


def _is_kept(row: Row, as_of: dt.date) -> bool:
    return not _is_open(row, as_of) and row["outcome"] == Promise.Outcome.KEPT


def _promise_state(row: Row, as_of: dt.date) -> str:
    if _is_open(row, as_of):
        is_late = row["due_on"] is not None and row["due_on"] < as_of
        return _("open, later than promised") if is_late else _("open")
    words = _("done {day}") if _is_kept(row, as_of) else _("not pursued since {day}")
    return words.format(day=day_text(row["closed_on"]))


def open_points(made: list[Row], incidents: list[Row], as_of: dt.date, zone: ZoneInfo) -> Section | None:
    lines = [
        (row["text"], day_text(row["promised_on"]), day_text(row["due_on"])) for row in made if _is_open(row, as_of)
    ]
    for row in incidents:
        what = _("Case {number} ({kind}, {weight})").format(
            number=row["number"],
            kind=str(Incident.Kind(row["kind"]).label).lower(),
            weight=str(Incident.Severity(row["severity"]).label).lower(),
        )
        lines.append((what, day_text(row["opened_at"].astimezone(zone).date()), NONE))
    if not lines:
        return None
    lead = ngettext("{n} point is open.", "{n} points are open.", len(lines)).format(n=len(lines))
    table = Table((_("What"), _("Since"), _("Until")), tuple(lines), (64, 18, 18))
    return section_of(ReviewSection.OPEN, lead, table=table)


def questions(rows: list[Row]) -> Section | None:
    headings = {
        Level.EXECUTIVE: _("Your executives"),
        Level.MANAGEMENT: _("Your management"),
        Level.OPERATIONAL: _("Those who work with it"),
    }
    groups = tuple(
        Group(str(heading), points)
        for level, heading in headings.items()
        if (points := tuple(row["text"] for row in rows if row["level"] == level))
    )
    if not groups:
        return None
    return section_of(ReviewSection.QUESTIONS, _("We would rather ask than guess."), groups=groups)


def following(plans: Iterable[Row], review: Row) -> Section | None:
    channels = dict(Interaction.Channel.choices)
    lines = [(row["planned_on"], str(channels[row["channel"]])) for row in plans]
    day = review["held_on"] or review["planned_on"]
    if day and review["account__tier__review_days"]:
        lines.append(
            (day + dt.timedelta(review["account__tier__review_days"]), _("Next review with you, at the latest"))
        )
    if not lines:
        return None
    rows = tuple((day_text(on), what) for on, what in sorted(lines))
    return section_of(
        ReviewSection.NEXT, _("Dates you can count on."), table=Table((_("When"), _("What")), rows, (25, 75))
    )
