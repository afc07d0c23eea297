"""What accounts are worth and what of it is at stake, read for any accounts by a constant number of statements."""

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db.models import Count, F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce

from accounts_app.models import Account
from cadence.economics import YEAR_DAYS, Candidate, Retention, movements, notice_money, retention, years
from cadence.services.contracts import terms_of
from cadence.services.revenue import known_from, late_since, revenue_between
from signals.models import Band, Standing

# Of one promised contact every so many days, through a year.
HOURS = (
    Value(float(YEAR_DAYS))
    / Cast(Coalesce("own_ideal_days", "tier__ideal_days"), FloatField())
    * Cast("tier__contact_hours", FloatField())
)
REVENUE = F("standing__revenue_12m")
NOT_COMPUTED = Q(standing=None) | Q(standing__state=Standing.State.NOT_COMPUTED)


@dataclass(frozen=True)
class Stake:
    """Sums over the accounts of a band. `unjudged` have no revenue here since theirs was not computed."""

    accounts: int = 0
    unjudged: int = 0
    revenue: Decimal = Decimal(0)
    # Revenue times the probability of a loss, of the bands At risk and Drifting.
    expected: Decimal = Decimal(0)
    # Margin of the revenue for which the share is known, and that revenue.
    margin: Decimal = Decimal(0)
    margin_of: Decimal = Decimal(0)
    hours: float = 0.0

    def __add__(self, other: "Stake") -> "Stake":
        return Stake(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Stake)))

    @property
    def known_revenue(self) -> Decimal | None:
        """None where accounts are here and none of them was computed."""
        return None if self.accounts and self.accounts == self.unjudged else self.revenue

    @property
    def known_margin(self) -> Decimal | None:
        return self.margin if self.margin_of else None


def stakes(accounts: QuerySet[Account]) -> dict[str, Stake]:
    """By band, what the current ones of these accounts bring and cost."""
    has_margin = Q(margin_share__isnull=False)
    rows = (
        _current(accounts)
        .values(shown_band=Coalesce("standing__band", Value(Band.UNKNOWN.value)))
        .annotate(
            number=Count("pk"),
            unjudged=Count("pk", filter=NOT_COMPUTED),
            revenue=Coalesce(Sum(REVENUE), Decimal(0)),
            expected=Coalesce(Sum("standing__revenue_at_risk"), Decimal(0)),
            margin=Coalesce(Sum(REVENUE * F("margin_share"), filter=has_margin), Decimal(0)),
            margin_of=Coalesce(Sum(REVENUE, filter=has_margin), Decimal(0)),
            hours=Coalesce(Sum(HOURS), 0.0),
        )
    )
    names = ("number", "unjudged", "revenue", "expected", "margin", "margin_of", "hours")
    found = {row["shown_band"]: Stake(*(row[name] for name in names)) for row in rows}
    return {band: found.get(band, Stake()) for band in Band.values}


def _current(accounts: QuerySet[Account]) -> QuerySet[Account]:
    return accounts.exclude(status=Account.Status.FORMER).order_by()


def money_in_notice(accounts: QuerySet[Account], today: dt.date) -> pd.DataFrame:
    """What may be left within 30, 60 and 90 days, by band; see `cadence.economics.notice_money`."""
    current = _current(accounts)
    terms = terms_of(current, today)
    band = Coalesce("standing__band", Value(Band.UNKNOWN.value))
    rows = current.filter(pk__in=terms["account_id"].unique().tolist()).values_list("pk", band)
    return notice_money(terms, pd.Series(dict(rows), dtype=object))


@dataclass(frozen=True)
class TwoYears:
    """Every account with its revenue of the last twelve months and the twelve before.

    Attributes
    ----------
    table : DataFrame
        Index = account id; `before`, `after`; `has_before` (whether orders of the whole year before are on record) and
        `since` (the month from which they are; None: no order is on record anywhere); `until` (the day to which a late
        feed of its orders is complete; None: none is late); `known`, of both years; `movement`.
    """

    table: pd.DataFrame

    @property
    def retention(self) -> Retention:
        """Of the accounts of which both years are known."""
        known = self.table[self.table["known"]]
        return retention(known["before"].to_numpy(float), known["after"].to_numpy(float))


def two_years(accounts: QuerySet[Account], today: dt.date) -> TwoYears:
    """Former customers too: what they bought is what was lost."""
    ids = list(accounts.order_by().values_list("pk", flat=True))
    begin, middle, end = years(today)
    known, late = known_from(ids, begin), late_since(ids, today)
    table = pd.DataFrame(
        {
            "before": _sums(ids, revenue_between(ids, begin, middle)),
            "after": _sums(ids, revenue_between(ids, middle, end)),
            "has_before": np.array([one in known and known[one] <= begin for one in ids], dtype=bool),
            "since": pd.Series([known.get(one) for one in ids], index=ids, dtype=object),
            "until": pd.Series([late.get(one) for one in ids], index=ids, dtype=object),
        },
        index=pd.Index(ids, dtype="int64", name="account_id"),
    )
    table = table.assign(known=table["has_before"] & table["until"].isna())
    found = movements(table["before"].to_numpy(), table["after"].to_numpy(), table["known"].to_numpy())
    return TwoYears(table.assign(movement=found))


def _sums(ids: list[int], revenue: dict[int, Decimal]) -> npt.NDArray[np.float64]:
    return np.array([float(revenue.get(one, 0)) for one in ids], dtype=np.float64)


def largest(accounts: QuerySet[Account], number: int) -> list[tuple[Account, Candidate]]:
    """The current accounts with the most revenue in 12 months, as the portfolio ranks them."""
    rows = _current(accounts).filter(standing__revenue_12m__gt=0).annotate(hours=HOURS).select_related("standing")
    return [(one, _candidate(one)) for one in rows.order_by("-standing__revenue_12m", "sort_name", "pk")[:number]]


def _candidate(account: Any) -> Candidate:
    """An account in the band Unknown has no probability that one could tell."""
    standing: Standing = account.standing
    margin = account.margin_share
    return Candidate(
        account_id=account.pk,
        revenue=float(standing.revenue_12m),
        probability=None if standing.band == Band.UNKNOWN else standing.probability,
        margin_share=None if margin is None else float(margin),
        hours=account.hours,
    )


def unjudged(accounts: QuerySet[Account]) -> int:
    """How many current accounts were not computed, so that `revenues` leaves them out."""
    return _current(accounts).filter(NOT_COMPUTED).count()


def revenues(accounts: QuerySet[Account]) -> npt.NDArray[np.float64]:
    """The revenue of 12 months of every current account that was computed."""
    rows = _current(accounts).filter(standing__state=Standing.State.COMPUTED)
    return np.array(list(rows.values_list(Cast(REVENUE, FloatField()), flat=True)), dtype=np.float64)
