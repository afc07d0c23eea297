"""The figures above the portfolio: what is at stake, how many accounts stand where, and what changed since a week."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum, Value
from django.db.models.functions import Coalesce

from accounts_app.models import User
from accounts_app.models.account import AccountQuerySet
from signals.models import Alert, Band, RiskDay
from signals.models.alert import on_desk_of
from signals.pages.portfolio.filters import CURRENT, Filters

WEEK = dt.timedelta(days=7)
# A history holds one day a week: the last one at least a week ago lies within these days before that.
SLACK = dt.timedelta(days=7)
# A share of the accounts; some are new every week.
LEAST_COMPARABLE = 0.9


@dataclass(frozen=True)
class Figures:
    """Of the current accounts in scope, whatever narrows the list; `matching` counts what the list's filters leave."""

    revenue: Decimal
    revenue_at_risk: Decimal
    counts: Mapping[str, int]
    matching: Mapping[str, int]
    changes: Mapping[str, int]
    # Former ones too: without any, there is nothing to filter.
    accounts: int

    def matching_in(self, band: str) -> int:
        """How many rows the list has, of one band or of all."""
        return self.matching[band] if band else sum(self.matching.values())


def figures(filters: Filters, user: User, as_of: dt.date | None) -> Figures:
    scope = filters.in_scope(user)
    rows = (
        scope.order_by()
        .values(shown_band=Coalesce("standing__band", Value(Band.UNKNOWN.value)))
        .annotate(
            every=Count("pk"),
            number=Count("pk", filter=CURRENT),
            matching=Count("pk", filter=filters.narrowing()),
            revenue=Coalesce(Sum("standing__revenue_12m", filter=CURRENT), Decimal(0)),
            at_risk=Coalesce(Sum("standing__revenue_at_risk", filter=CURRENT), Decimal(0)),
        )
    )
    by_band = {row["shown_band"]: row for row in rows}
    counts = {band: by_band[band]["number"] if band in by_band else 0 for band in Band.values}
    return Figures(
        revenue=sum((row["revenue"] for row in by_band.values()), Decimal(0)),
        revenue_at_risk=sum((row["at_risk"] for row in by_band.values()), Decimal(0)),
        counts=counts,
        matching={band: by_band[band]["matching"] if band in by_band else 0 for band in Band.values},
        changes=_changes(scope.current(), counts, as_of),
        accounts=sum(row["every"] for row in by_band.values()),
    )


def _changes(scope: AccountQuerySet, counts: Mapping[str, int], as_of: dt.date | None) -> dict[str, int]:
    """By how much each band's number changed in a week; empty when nothing is known of a week ago."""
    if as_of is None:
        return {}
    latest = (
        RiskDay.objects.filter(account__in=scope.order_by(), day__range=(as_of - WEEK - SLACK, as_of - WEEK))
        .order_by("account_id", "-day")
        .distinct("account_id")
    )
    before = Counter(latest.values_list("band", flat=True))
    # While the history is being filled in, or right after an import, most accounts have no week before.
    is_comparable = before.total() >= LEAST_COMPARABLE * sum(counts.values())
    return {band: number - before[band] for band, number in counts.items()} if is_comparable else {}


def open_alerts(filters: Filters, user: User) -> dict[str, int]:
    """How many alerts want attention: of the accounts in scope, and on the reader's own desk (for the menu)."""
    wanting = Alert.objects.visible_to(user).wanting_attention().order_by()
    in_scope = Q(account__in=filters.in_scope(user).current().order_by())
    return wanting.aggregate(in_scope=Count("pk", filter=in_scope), on_desk=Count("pk", filter=on_desk_of(user)))
