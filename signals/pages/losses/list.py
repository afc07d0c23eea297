"""The list of losses: what an address asks for, what its rows show, and what all of them together say."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.access import Request
from accounts_app.models import Loss, User
from accounts_app.templatetags.formats import money
from accounts_app.views.listing import options
from signals.compute.registry import BY_KEY
from signals.models import Alert, Run
from signals.pages.losses.replay import Replay, replays_of

Text = str | Promise
YEAR = dt.timedelta(days=365)
NOT_KNOWN = Q(reporting_annual_amount=None)

EXTENTS: dict[str, tuple[Text, Q]] = {
    "": (gettext_lazy("All"), Q()),
    "whole": (gettext_lazy("Whole accounts"), Q(part="")),
    "part": (gettext_lazy("Parts"), ~Q(part="")),
}
# Days back from today; of everything there is no first day.
PERIODS: dict[str, tuple[Text, int | None]] = {
    "": (gettext_lazy("12 months"), 365),
    "3m": (gettext_lazy("3 months"), 91),
    "3y": (gettext_lazy("3 years"), 1096),
    "all": (gettext_lazy("All time"), None),
}


@dataclass(frozen=True)
class LossFilters:
    """What is not understood falls back to the default."""

    request: Request
    today: dt.date
    extent: str
    period: str
    reason: str

    @classmethod
    def of(cls, request: Request, today: dt.date) -> "LossFilters":
        asked = request.GET
        extent, period, reason = (asked.get(name, "") for name in ("extent", "period", "reason"))
        return cls(
            request,
            today,
            extent if extent in EXTENTS else "",
            period if period in PERIODS else "",
            reason if reason in Loss.Reason.values else "",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.extent or self.reason)

    def losses(self) -> "QuerySet[Loss]":
        days = PERIODS[self.period][1]
        since = Q() if days is None else Q(lost_on__gt=self.today - dt.timedelta(days=days))
        reason = Q(reason=self.reason) if self.reason else Q()
        return Loss.objects.visible_to(self.request.user).filter(EXTENTS[self.extent][1], since, reason)

    def extents(self) -> list[dict[str, Any]]:
        return options(
            self.request, "extent", [(key, label) for key, (label, _q) in EXTENTS.items()], chosen=self.extent
        )

    def periods(self) -> list[dict[str, Any]]:
        return options(
            self.request, "period", [(key, label) for key, (label, _d) in PERIODS.items()], chosen=self.period
        )

    def reasons(self) -> list[dict[str, Any]]:
        return options(self.request, "reason", [("", _("Every reason")), *Loss.Reason.choices], chosen=self.reason)


def with_rows(losses: "QuerySet[Loss]", user: User) -> "QuerySet[Loss]":
    """All that rows show, in one statement."""
    alerts = Alert.objects.visible_to(user).filter(
        account=OuterRef("account"),
        released_on__isnull=False,
        opened_on__lte=OuterRef("lost_on"),
        opened_on__gt=OuterRef("lost_on") - YEAR,
    )
    first = alerts.order_by().values("account").annotate(first=Min("opened_on")).values("first")
    related = losses.select_related("account__owner", "account__tier", "feed", "post_mortem__done_by")
    return related.with_won_back().annotate(warned_on=Subquery(first))  # type: ignore[attr-defined, no-any-return]


def watched_since() -> dt.date | None:
    """The first day that was judged on its day: nobody can have been warned before."""
    first: dt.date | None = Run.objects.assessments().aggregate(first=Min("business_date"))["first"]
    return first


@dataclass(frozen=True)
class LossRow:
    loss: Any
    replay: Replay
    watched_since: dt.date | None

    @property
    def first(self) -> str:
        """Which signal rose first and how long before, as far as it was judged."""
        if not self.replay.weeks:
            return _("not known")
        first = self.replay.first
        if first is None:
            return _("none rose") if self.replay.is_whole else _("none rose in the weeks judged")
        if first.day is None:
            return _("{title}, below its line").format(title=title_of(first.key))
        return f"{title_of(first.key)}, {before_text(self.loss, first.day)}"

    @property
    def warned(self) -> str:
        """Whether an alert reached somebody in the year before, and how long before."""
        if self.loss.warned_on:
            return before_text(self.loss, self.loss.warned_on)
        if self.watched_since is None or self.loss.lost_on < self.watched_since:
            return _("not watched then")
        return _("nobody")


def before_text(loss: Loss, day: dt.date) -> str:
    days = (loss.lost_on - day).days
    return ngettext("{n} day before", "{n} days before", days).format(n=days)


def title_of(key: str) -> str:
    """The name of a signal; one that is no more is named by its key."""
    return BY_KEY[key].title if key in BY_KEY else key.replace("_", " ").capitalize()


def loss_rows(losses: Iterable[Any]) -> list[LossRow]:
    listed, since = list(losses), watched_since()
    replays = replays_of(listed)
    return [LossRow(loss, replays[loss.pk], since) for loss in listed]


@dataclass(frozen=True)
class Share:
    """One line of a summary; `amount` is None where no worth is known, else that of all but the `unknown`."""

    name: str
    losses: int
    amount: Decimal | None
    unknown: int


@dataclass(frozen=True)
class Totals:
    sentence: str
    by_reason: list[Share]
    by_rival: list[Share]


def totals(losses: "QuerySet[Loss]", currency: str) -> Totals:
    """What the losses of an address add up to; three statements."""
    counted = losses.order_by().aggregate(
        n=Count("pk"),
        parts=Count("pk", filter=~Q(part="")),
        amount=Sum("reporting_annual_amount"),
        unknown=Count("pk", filter=NOT_KNOWN),
        last=Max("lost_on"),
    )
    names = dict(Loss.Reason.choices)
    reasons = [replace(one, name=str(names[one.name])) for one in _shares(losses, "reason")]
    return Totals(_sentence(counted, currency), reasons, _shares(losses.exclude(went_to=""), "went_to"))


def _shares(losses: "QuerySet[Loss]", field: str) -> list[Share]:
    unknown = Count("pk", filter=NOT_KNOWN)
    rows = (
        losses.order_by()
        .values_list(field)
        .annotate(n=Count("pk"), amount=Sum("reporting_annual_amount"), unknown=unknown)
    )
    return [Share(*row) for row in rows.order_by("-n", field)]


def _sentence(counted: dict[str, Any], currency: str) -> str:
    n, parts = counted["n"], counted["parts"]
    if not n:
        return ""
    extents = Counter(whole=n - parts, part=parts)
    words = [
        ngettext("{n} whole account", "{n} whole accounts", extents["whole"]).format(n=extents["whole"]),
        ngettext("{n} part", "{n} parts", extents["part"]).format(n=extents["part"]),
    ]
    told = _(" and ").join(word for word, count in zip(words, (n - parts, parts), strict=True) if count)
    return _("{losses} lost{worth}.").format(losses=told, worth=_worth(counted, currency))


def _worth(counted: dict[str, Any], currency: str) -> str:
    n, unknown = counted["n"], counted["unknown"]
    if unknown == n:
        return _("; what they were worth is not known")
    together = _(", worth {amount} a year together").format(amount=money(counted["amount"], currency))
    missing = ngettext("; of {n} the worth is not known", "; of {n} the worth is not known", unknown).format(n=unknown)
    return together + (missing if unknown else "")
