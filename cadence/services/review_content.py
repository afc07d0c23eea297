"""The one place that decides what a customer sees of a review.

Only the fields of `ALLOWED` are ever read here: notes, tone, judgement, risk, money and whatever a later model brings
cannot be shown by mistake, because they are not in the rows.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts_app.models import (
    Account,
    Colleague,
    Company,
    Contact,
    CustomerMetric,
    Incident,
    Initiative,
    Interaction,
    MetricValue,
    Promise,
    Tier,
    ValueItem,
)
from cadence.models import DiscoveryQuestion, Review
from cadence.review_view import CustomerView, Person, plain
from cadence.services import review_measures as measures
from cadence.services import review_sections as sections

# What may be read for a customer's eyes. Each line was decided; a test holds the list a second time.
ALLOWED: Mapping[type[models.Model], tuple[str, ...]] = {
    Company: ("name", "time_zone"),
    Account: ("name",),
    Tier: ("critical_days", "major_days", "minor_days", "review_days"),
    Review: ("title", "from_day", "until_day", "planned_on", "held_on", "agenda", "left_out"),
    Contact: ("name", "title"),
    Colleague: ("name", "title"),
    Initiative: ("title", "metric", "target", "target_on", "ended_on", "outcome"),
    CustomerMetric: ("name", "unit", "better", "target", "target_on"),
    MetricValue: ("day", "value"),
    Incident: ("number", "kind", "severity", "opened_at", "resolved_at"),
    Interaction: ("channel", "happened_on", "planned_on", "reaction"),
    ValueItem: ("title",),
    Promise: ("text", "promised_on", "due_on", "closed_on", "outcome"),
    DiscoveryQuestion: ("level", "text"),
}
PLANS_SHOWN = 3
Row = dict[str, Any]


def customer_view(review: Review, today: dt.date) -> CustomerView:
    """What the customer sees on the day of the review; as long as it is not held, today."""
    return _view(_Reading.of(review, today))


@dataclass(frozen=True)
class _Reading:
    """A review on its day: what was known then, and of which period."""

    pk: int
    account: int
    interaction: int | None
    row: Row
    company: Row
    as_of: dt.date

    @classmethod
    def of(cls, review: Review, today: dt.date) -> "_Reading":
        found = Review.objects.filter(pk=review.pk)
        row = _read(found, "interaction__state", account=Account, account__tier=Tier, interaction=Interaction)[0]
        if row["interaction__state"] == Interaction.State.PLANNED:
            row["planned_on"] = row["interaction__planned_on"]
        company = _read(Company.objects.filter(pk=Company.the().pk))[0]
        as_of = row["held_on"] or today
        return cls(review.pk, review.account_id, review.interaction_id, row, company, as_of)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.company["time_zone"])

    @property
    def now(self) -> dt.datetime:
        """The end of its day: what is later is not seen."""
        return self.beginning(self.as_of + dt.timedelta(1))

    def beginning(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), self.zone)

    def known(self, rows: Any) -> Any:
        """Facts of the account that were known on the day, or that came of this very review."""
        of_review = Q(reviews=self.pk) if rows.model in (Initiative, Promise) else Q()
        found = rows.filter(account=self.account)
        return (
            found.filter(Q(known_on__lte=self.as_of) | of_review).distinct()
            if of_review
            else found.filter(known_on__lte=self.as_of)
        )


def _read(rows: Any, *more: str, **joined: type[models.Model]) -> list[Row]:
    """The allowed fields of the rows and of what they are joined with, cleaned; `more` are keys and spans, no text."""
    names = [*ALLOWED[rows.model], *(f"{path}__{name}" for path, model in joined.items() for name in ALLOWED[model])]
    return [
        {name: plain(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in rows.values(*names, *more)
    ]


def _view(reading: _Reading) -> CustomerView:
    row = reading.row
    built = (
        sections.goals(_goals(reading), reading.as_of),
        measures.metrics(*_metrics(reading)),
        measures.service(_incidents(reading), _incidents(reading, before=True), row),
        sections.brought(*_brought(reading)),
        sections.promises(_promises(reading), reading.as_of),
        sections.open_points(_promises(reading), _open_incidents(reading), reading.as_of, reading.zone),
        sections.questions(_read(DiscoveryQuestion.objects.filter(reviews=reading.pk))),
        sections.following(_plans(reading), row),
    )
    return CustomerView(
        supplier=reading.company["name"],
        customer=row["account__name"],
        title=row["title"],
        period=_("{first} to {last}").format(first=_day(row["from_day"]), last=_day(row["until_day"])),
        day=_day(row["held_on"] or row["planned_on"]),
        theirs=_people(Contact.objects.filter(reviews=reading.pk)),
        ours=_people(Colleague.objects.filter(reviews=reading.pk)),
        agenda=tuple(line.strip(" -•\t") for line in row["agenda"].splitlines() if line.strip(" -•\t")),
        sections=tuple(one for one in built if one and one.key not in row["left_out"]),
    )


def _day(day: dt.date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _people(rows: Any) -> tuple[Person, ...]:
    return tuple(Person(row["name"], row["title"]) for row in _read(rows.order_by("name", "pk")))


def _goals(reading: _Reading) -> list[Row]:
    """Open ones, and those that ended in the period."""
    rows = reading.known(Initiative.objects.all()).filter(heard_on__lte=reading.as_of)
    running = Q(ended_on=None) | Q(ended_on__gte=reading.row["from_day"])
    return _read(rows.filter(running).order_by("target_on", "title", "pk"), sponsor=Contact)


def _metrics(reading: _Reading) -> tuple[list[Row], list[Row]]:
    """The figures, and all values until the day, with the key of their figure."""
    figures = reading.known(CustomerMetric.objects.all()).order_by("name", "pk")
    values = reading.known(MetricValue.objects.all()).filter(day__lte=reading.as_of).order_by("day", "pk")
    return _read(figures, "pk"), _read(values, "metric_id")


def _incidents(reading: _Reading, *, before: bool = False) -> list[Row]:
    """What was opened in the period, or in as many days before it, with its clock as it stood on the day."""
    first, last = reading.row["from_day"], reading.row["until_day"] + dt.timedelta(1)
    if before:
        first, last = first - (last - first), first
    rows = Incident.objects.filter(account=reading.account, known_on__lte=reading.as_of)
    rows = rows.filter(opened_at__gte=reading.beginning(first), opened_at__lt=reading.beginning(last))
    found = _read(rows.with_clock(reading.now).order_by("opened_at", "pk"), "running", "target")
    return [row | {"solved": bool(row["resolved_at"] and row["resolved_at"] < reading.now)} for row in found]


def _open_incidents(reading: _Reading) -> list[Row]:
    rows = Incident.objects.filter(account=reading.account, known_on__lte=reading.as_of, opened_at__lt=reading.now)
    rows = rows.filter(Q(resolved_at=None) | Q(resolved_at__gte=reading.now))
    return _read(rows.order_by("opened_at", "pk"))


def _brought(reading: _Reading) -> tuple[list[Row], dict[int, list[str]]]:
    """Contacts of the period that brought something, and whom they met."""
    rows = reading.known(Interaction.objects.done()).filter(
        value_item__isnull=False,
        happened_on__gte=reading.row["from_day"],
        happened_on__lte=min(reading.row["until_day"], reading.as_of),
    )
    met: dict[int, list[str]] = {}
    found = _read(rows.order_by("happened_on", "pk"), "pk", value_item=ValueItem)
    people = Contact.objects.filter(interactions__in=[row["pk"] for row in found]).order_by("name", "pk")
    for person in _read(people, "interactions__pk"):
        met.setdefault(person["interactions__pk"], []).append(person["name"])
    return found, met


def _promises(reading: _Reading) -> list[Row]:
    """Made or settled in the period, or open on the day."""
    rows, first = reading.known(Promise.objects.all()), reading.row["from_day"]
    of_period = Q(closed_on=None) | Q(closed_on__gte=first) | Q(promised_on__gte=first)
    return _read(rows.filter(of_period, promised_on__lte=reading.as_of).order_by("promised_on", "pk"))


def _plans(reading: _Reading) -> list[Row]:
    """Contacts to come that the customer expects, but not this review itself."""
    wanted = (*Interaction.PROACTIVE_PURPOSES, Interaction.Purpose.CONSULTATION)
    rows = reading.known(Interaction.objects.planned()).filter(planned_on__gt=reading.as_of, purpose__in=wanted)
    if reading.interaction:
        rows = rows.exclude(pk=reading.interaction)
    return _read(rows.order_by("planned_on", "pk")[:PLANS_SHOWN])


def sections_missing(view: CustomerView, review: Review, keys: Iterable[str]) -> dict[str, bool]:
    """The sections that are not shown, and whether they were left out on purpose."""
    return {key: key in review.left_out for key in keys if not view.shows(key)}
