"""Incidents of accounts and their times, for an audit's evidence: as known on the day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from accounts_app.models import Account, Company, Incident, Tier
from cadence.schedule import DAY
from cadence.services.audit_facts_people import QUARTER
from cadence.services.audit_facts_risk import Judged, Section

Severity = Incident.Severity


@dataclass(frozen=True)
class Timed:
    """An incident by its clock at the end of a day, pauses left out."""

    pk: int
    severity: str
    is_new: bool
    is_open: bool
    running: dt.timedelta
    target: dt.timedelta

    @property
    def days(self) -> float:
        return self.running / DAY

    @property
    def is_over(self) -> bool:
        return self.running > self.target


def incidents(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """What was opened, what was resolved and how long it took, and what is open at the end of the day."""
    zone = ZoneInfo(Company.the().time_zone)
    begin, end = (dt.datetime.combine(day + DAY, dt.time(), zone) for day in (as_of - QUARTER, as_of))
    known = Incident.objects.filter(opened_at__lt=end, known_on__lte=as_of).order_by()
    # Resolved long before, and not known to be: open as far as anybody knew on the day.
    is_open = Q(resolved_at=None) | Q(resolved_known_on__gt=as_of)
    recent = known.filter(is_open | Q(opened_at__gte=begin) | Q(resolved_at__gte=begin), account__in=keys)
    timed: defaultdict[int, list[Timed]] = defaultdict(list)
    for row in recent.select_related("account__tier").prefetch_related("pauses").order_by("opened_at", "pk"):
        timed[row.account_id].append(_timed(row, begin, end))
    accounts = Account.objects.filter(pk__in=keys).select_related("tier")
    ever = set(accounts.filter(Exists(known.filter(account=OuterRef("pk")))).values_list("pk", flat=True))
    return {
        row.pk: judged[row.pk].knows("incidents", has_rows=row.pk in ever)
        | {"from": begin.date().isoformat()}
        | _served(timed[row.pk], row.tier)
        for row in accounts
    }


def _timed(row: Incident, begin: dt.datetime, end: dt.datetime) -> Timed:
    resolved = _resolved_by(row, end)
    until = resolved or end
    spans = [(one.from_at, min(one.until_at or until, until)) for one in row.pauses.all() if one.from_at < until]
    paused = sum((last - first for first, last in spans), dt.timedelta())
    target = DAY * getattr(row.account.tier, f"{row.severity}_days")
    running = until - row.opened_at - paused
    return Timed(row.pk, row.severity, row.opened_at >= begin, resolved is None, running, target)


def _resolved_by(row: Incident, end: dt.datetime) -> dt.datetime | None:
    """When it was resolved; what was learnt later than the day has not happened yet."""
    resolved, learnt = row.resolved_at, row.resolved_known_on
    if resolved is None or learnt is None:
        return None
    return resolved if resolved < end and learnt < end.date() else None


def _served(timed: Sequence[Timed], tier: Tier) -> Section:
    closed = [one for one in timed if not one.is_open]
    still = [one for one in timed if one.is_open]
    return {
        "opened": _by_severity([one for one in timed if one.is_new]),
        "resolved": _by_severity(closed),
        "resolved_in_time": sum(not one.is_over for one in closed),
        "median_days": {
            name: _median([one.days for one in closed if one.severity == name]) for name in Severity.values
        },
        "target_days": {name: getattr(tier, f"{name}_days") for name in Severity.values},
        "open": _by_severity(still),
        "open_over_target": sum(one.is_over for one in still),
        # Which rows each figure counts.
        "opened_ids": [one.pk for one in timed if one.is_new],
        "resolved_ids": [one.pk for one in closed],
        "open_ids": [one.pk for one in still],
    }


def _by_severity(timed: Sequence[Timed]) -> dict[str, int]:
    return {name: sum(one.severity == name for one in timed) for name in Severity.values}


def _median(days: Sequence[float]) -> float | None:
    """Of days open; to a tenth, as nobody promises minutes."""
    return round(median(days), 1) if days else None
