"""The list of reviews: what is to be prepared, what is due, with whom none was ever held, and what was held."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateField, ExpressionWrapper, F, Max, OuterRef, Q, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account, Interaction, User
from accounts_app.scope import ROLES_WITH_OWN_LISTS, mine
from accounts_app.views.account_frame import with_may_edit
from cadence.models import Review
from cadence.models.review import ReviewQuerySet
from signals.pages.portfolio.filters import WHOSE

# A review that falls due within a month wants its day now.
AHEAD = dt.timedelta(days=30)


class Show(TextChoices):
    PREPARE = "", _("To prepare")
    DUE = "due", _("Due")
    NONE = "none", _("None on record")
    HELD = "held", _("Held")


EMPTY: Mapping[Show, tuple[str | Promise, str | Promise]] = {
    Show.PREPARE: (
        _("No review is being prepared"),
        _("Begin one: what the customer will see is put together from what is on record, and you choose from it."),
    ),
    Show.DUE: (
        _("No review is due"),
        _("Here stand accounts whose next review, as their tier promises it, falls due within a month or is overdue."),
    ),
    Show.NONE: (
        _("Every account has had its review"),
        _("Here stand accounts whose tier promises a review and that have none on record."),
    ),
    Show.HELD: (_("No review was held yet"), _("A review that was held stays here, with what was said and agreed.")),
}


@dataclass(frozen=True)
class Asked:
    """The state of the list that its address holds."""

    user: User
    today: dt.date
    whose: str
    show: Show

    @classmethod
    def of(cls, params: Mapping[str, str], user: User, today: dt.date) -> "Asked":
        default = ROLES_WITH_OWN_LISTS.get(user.role, "all")
        whose, show = params.get("whose", ""), params.get("show", "")
        return cls(
            user, today, whose if whose in WHOSE else default, Show(show) if show in Show.values else Show.PREPARE
        )

    def _scope(self, path: str) -> Q:
        if self.whose == "mine":
            return mine(self.user, path)
        return Q(**{f"{path}team__in": self.user.teams.values("pk")}) if self.whose == "team" else Q()

    def reviews(self) -> ReviewQuerySet:
        return Review.objects.visible_to(self.user).filter(self._scope("account__"))

    def accounts(self) -> Any:
        """Whose tier promises a review, none being prepared, with the last one held and when the next is due."""
        held = Interaction.objects.done().filter(account=OuterRef("pk"), purpose=Interaction.Purpose.REVIEW)
        last = held.order_by().values("account").annotate(last=Max("happened_on")).values("last")
        under_way = Review.objects.to_come().values("account")
        rows: Any = (
            Account.objects.visible_to(self.user).current().filter(self._scope(""), tier__review_days__isnull=False)
        )
        due = ExpressionWrapper(F("last_review_on") + F("tier__review_days"), output_field=DateField())
        return rows.exclude(pk__in=under_way).annotate(last_review_on=Subquery(last)).annotate(review_due_on=due)

    def rows(self, show: Show) -> Any:
        if show == Show.PREPARE:
            day = Coalesce("interaction__planned_on", "planned_on")
            return self.reviews().to_come().annotate(day=day).order_by(day.asc(nulls_last=True), "account__sort_name")
        if show == Show.HELD:
            held = self.reviews().filter(held_on__isnull=False).annotate(day=F("held_on"))
            return held.order_by("-stage", "-held_on", "-pk")
        if show == Show.DUE:
            due = self.accounts().filter(review_due_on__lte=self.today + AHEAD)
            return due.order_by("review_due_on", "sort_name", "pk")
        return self.accounts().filter(last_review_on=None).order_by("tier__rank", "sort_name", "pk")

    def shown(self) -> Any:
        rows = self.rows(self.show)
        if self.show in (Show.PREPARE, Show.HELD):
            return rows.select_related("account", "account__owner", "account__tier")
        return with_may_edit(rows, self.user).select_related("owner", "tier")

    def counts(self) -> dict[Show, int]:
        return {show: self.rows(show).order_by().aggregate(n=Count("pk"))["n"] for show in Show}
