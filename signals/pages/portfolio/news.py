"""What happened to the accounts in scope since a moment, as rows: all that was written in one statement."""

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Extract, JSONObject

from accounts_app.models import Account, Contact, Incident, Loss
from accounts_app.models.account import AccountQuerySet
from signals.models import Alert, BandChange, RiskDay

# Of each kind; how many there are in all is counted.
MOST_OF_A_KIND = 25


@dataclass(frozen=True)
class Found:
    """A row of what changed, and how many of its kind there are."""

    account: int
    name: str
    total: int
    detail: dict[str, Any]


def found_since(scope: AccountQuerySet, since: dt.datetime, day: dt.date) -> dict[str, list[Found]]:
    """The rows by kind; `day` is the day of `since` by the company's clock."""
    accounts = Q(account__in=scope.order_by().values("pk"))
    arms = [
        _bands(accounts, since),
        _losses(accounts, since, day),
        _left(accounts, since, day),
        _opened(accounts, since),
        _closed(accounts, since),
        _new(scope, since, day),
    ]
    return _gather(arms)


def found_within(scope: AccountQuerySet, moment: dt.datetime, day: dt.date) -> dict[str, list[Found]]:
    """What a first visitor is told: the same since a day, by the facts' own days.

    When rows were stored tells nothing here, for on the day of an import all are new.
    """
    accounts = Q(account__in=scope.order_by().values("pk"))
    return _gather(
        [
            _bands_of_days(accounts, day),
            _loss_arm(Loss.objects.filter(accounts, lost_on__gt=day)),
            _left_arm(Contact.objects.filter(accounts, left_known_on__gt=day)),
            _opened(accounts, moment),
            _closed(accounts, moment),
        ]
    )


def found_over_target(scope: AccountQuerySet, since: dt.datetime, now: dt.datetime) -> dict[str, list[Found]]:
    """Open incidents that passed their target since; time alone makes new ones, which no row tells."""
    accounts = Q(account__in=scope.order_by().values("pk"))
    # They are over by no more than the time since.
    over = Incident.objects.filter(accounts).open().over_target(now).filter(Q(over__lt=now - since))
    return _gather([_arm(over, "over", number="number", title="title", seconds=Extract("over", "epoch"))])


def _gather(arms: list[QuerySet[Any]]) -> dict[str, list[Found]]:
    by_kind: dict[str, list[Found]] = {}
    for kind, account, name, total, detail in reduce(lambda first, second: first.union(second, all=True), arms):
        by_kind.setdefault(kind, []).append(Found(account, name, total, detail))
    return by_kind


def _arm(rows: QuerySet[Any], kind: str, name: str = "account__name", **detail: Any) -> QuerySet[Any]:
    """The first rows of one kind, in a shape that all kinds share."""
    account = name.removesuffix("name") + "pk"
    shaped: QuerySet[Any] = rows.annotate(
        news_kind=Value(kind, CharField()), total=Window(Count("pk")), detail=JSONObject(**detail)
    ).values_list("news_kind", account, name, "total", "detail")
    first: QuerySet[Any] = shaped[:MOST_OF_A_KIND]
    return first


def _bands(accounts: Q, since: dt.datetime) -> QuerySet[Any]:
    """The first band that an account left since is the one shown then; where it is back, nothing changed."""
    earlier = BandChange.objects.filter(account=OuterRef("account"), at__gt=since, at__lt=OuterRef("at"))
    changed = BandChange.objects.filter(accounts, ~Exists(earlier), at__gt=since)
    changed = changed.exclude(from_band=F("account__standing__band")).filter(account__standing__isnull=False)
    return _band_arm(changed, from_band="from_band", from_risk="from_risk")


def _bands_of_days(accounts: Q, day: dt.date) -> QuerySet[Any]:
    """The band stored for a day near `day`, where another is shown now."""
    near = RiskDay.objects.filter(accounts).nearest_to(day).values("pk")
    changed = RiskDay.objects.filter(pk__in=near).exclude(band=F("account__standing__band"))
    return _band_arm(changed.filter(account__standing__isnull=False), from_band="band", from_risk="risk")


def _band_arm(changed: QuerySet[Any], **was: str) -> QuerySet[Any]:
    names = ("band", "risk", "state", "contributions", "top_reasons")
    return _arm(
        changed.order_by("account__standing__band_rank", "-account__standing__revenue_12m", "account__pk"),
        "band",
        rank="account__standing__band_rank",
        **was,
        **{name: f"account__standing__{name}" for name in names},
    )


def _losses(accounts: Q, since: dt.datetime, day: dt.date) -> QuerySet[Any]:
    return _loss_arm(Loss.objects.filter(accounts, recorded_at__gt=since, known_on__gte=day))


def _loss_arm(lost: QuerySet[Any]) -> QuerySet[Any]:
    ordered = lost.order_by("-lost_on", "pk")
    return _arm(ordered, "loss", part="part", reason="reason", lost_on="lost_on", went_to="went_to")


def _left(accounts: Q, since: dt.datetime, day: dt.date) -> QuerySet[Any]:
    """Whoever was learnt to have left on a later day; on that very day the audit trail tells before from after."""
    events = Contact.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"), left_on__isnull=False)  # type: ignore[attr-defined]
    after = Exists(events.filter(pgh_created_at__gt=since)) & ~Exists(events.filter(pgh_created_at__lte=since))
    learnt = Q(left_known_on__gt=day) | (Q(left_known_on=day) & after)
    # The day alone as well: PostgreSQL would look for the events even of everyone who has not left.
    return _left_arm(Contact.objects.filter(accounts, learnt, left_known_on__gte=day, recorded_at__lte=since))


def _left_arm(left: QuerySet[Any]) -> QuerySet[Any]:
    ordered = left.order_by("-primary", "-left_on", "pk")
    return _arm(ordered, "left", person="name", primary="primary", left_on="left_on", title="title")


def _opened(accounts: Q, since: dt.datetime) -> QuerySet[Any]:
    opened = Alert.objects.unclosed().filter(accounts, recorded_at__gt=since, released_on__isnull=False)
    return _arm(opened.order_by("-priority", "pk"), "opened", signal="signal")


def _closed(accounts: Q, since: dt.datetime) -> QuerySet[Any]:
    closed = Alert.objects.filter(accounts, closed_at__gt=since, closed_on__isnull=False)
    return _arm(closed.order_by("-priority", "pk"), "closed", signal="signal")


def _new(scope: AccountQuerySet, since: dt.datetime, day: dt.date) -> QuerySet[Any]:
    new = Account.objects.filter(pk__in=scope.order_by().values("pk"), recorded_at__gt=since, known_on__gte=day)
    return _arm(new.order_by("sort_name", "pk"), "new", "name", status="status")
