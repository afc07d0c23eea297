"""What an address of the cadence page asks for: whose accounts, which quarter, which of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import DateField, ExpressionWrapper, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import LessThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account, Interaction, Role, User
from accounts_app.scope import mine
from cadence.models import ContactQuarter
from cadence.services.quarters import quarters_until
from signals.pages.portfolio.filters import NO_OWNER, ROLES_WITH_OWN_ACCOUNTS, WHOSE

Text = str | Promise
PURPOSE = "purpose-"
# Which accounts are shown, by what is said above them.
SHOWS: Mapping[str, Text] = {
    "": _("All accounts"),
    "broken": _("Promise broken"),
    "no_executive": _("Never met by our executives"),
    "levels": _("Too few levels met"),
    "review": _("Review overdue"),
    "no_value": _("Contacts without a value"),
}
LEVELS_MET = Func(F("levels_in_year"), function="JSONB_ARRAY_LENGTH", output_field=IntegerField())
# Where none is on record it counts from the first contact, as the interval of contacts does.
REVIEW_DUE = ExpressionWrapper(
    Coalesce(F("review_on"), F("first_on")) + F("account__tier__review_days"), output_field=DateField()
)


def quarter_key(begins_on: dt.date) -> str:
    return f"{begins_on.year}-{(begins_on.month + 2) // 3}"


def quarter_name(begins_on: dt.date) -> str:
    return f"Q{(begins_on.month + 2) // 3} {begins_on.year}"


@dataclass(frozen=True)
class Asked:
    """The state of the page that its address holds; what is not understood falls back to the default."""

    user: User
    today: dt.date
    whose: str
    quarter: dt.date
    owner: str = ""
    tier: str = ""
    show: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str], user: User, today: dt.date) -> "Asked":
        default = ROLES_WITH_OWN_ACCOUNTS.get(Role(user.role), "all")
        whose, owner, show = params.get("whose", ""), params.get("owner", ""), params.get("show", "")
        known = {quarter_key(begins_on): begins_on for begins_on in quarters_until(today)}
        return cls(
            user,
            today,
            whose if whose in WHOSE else default,
            known.get(params.get("quarter", ""), next(iter(known.values()))),
            owner if owner == NO_OWNER or (owner.isascii() and owner.isdecimal() and len(owner) < 10) else "",
            params.get("tier", "").replace("\0", ""),
            show if show in SHOWS or show.removeprefix(PURPOSE) in Interaction.Purpose.values else "",
        )

    def address(self, **changes: str) -> str:
        """The query string of this state with some of it changed."""
        changed: dict[str, Any] = {name: value for name, value in changes.items() if name != "quarter"}
        state = replace(self, **changed)
        parts = {
            "whose": state.whose,
            "quarter": changes.get("quarter", quarter_key(self.quarter)),
            "owner": state.owner,
            "tier": state.tier,
            "show": state.show,
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    @property
    def last_on(self) -> dt.date:
        """The last day that is counted."""
        following = self.quarter + dt.timedelta(days=95)
        return min(self.today, following.replace(day=1) - dt.timedelta(days=1))

    @property
    def is_running(self) -> bool:
        return self.quarter == quarters_until(self.today, 1)[0]

    @property
    def purpose(self) -> str:
        return self.show.removeprefix(PURPOSE) if self.show.startswith(PURPOSE) else ""

    def in_scope(self) -> QuerySet[ContactQuarter]:
        """The quarters of the accounts in scope, former customers left out."""
        found = ContactQuarter.objects.visible_to(self.user).exclude(account__status=Account.Status.FORMER)
        if self.whose == "mine":
            return found.filter(mine(self.user, "account__"))
        return found.filter(account__team__in=self.user.teams.values("pk")) if self.whose == "team" else found

    def narrowed(self) -> QuerySet[ContactQuarter]:
        """Those of the quarter, of one manager or tier where it is asked for."""
        found = self.in_scope().filter(begins_on=self.quarter)
        if self.tier:
            found = found.filter(account__tier__key=self.tier)
        if self.owner:
            found = found.filter(owner=None) if self.owner == NO_OWNER else found.filter(owner=int(self.owner))
        return found

    def rows(self) -> QuerySet[ContactQuarter]:
        """The accounts to show, the one with the most days missed first."""
        shown = self.narrowed().filter(self.condition(self.show))
        if self.purpose:
            number = Cast(F(f"purposes__{self.purpose}"), IntegerField())
            return shown.annotate(of_purpose=number).order_by("-of_purpose", "account__sort_name", "pk")
        missed = ExpressionWrapper(F("days_promised") - F("days_kept"), output_field=IntegerField())
        return shown.annotate(missed=missed).order_by("-missed", "account__sort_name", "pk")

    def condition(self, show: str) -> Q:
        if show.startswith(PURPOSE):
            return Q(purposes__has_key=show.removeprefix(PURPOSE))
        return {
            "": Q(),
            "broken": Q(days_kept__lt=F("days_promised")),
            "no_executive": Q(executive_on=None),
            "levels": Q(account__tier__min_levels__gt=LEVELS_MET),
            "review": Q(LessThan(REVIEW_DUE, Value(self.last_on, DateField()))),
            "no_value": Q(with_value__lt=F("proactive")),
        }[show]
