"""What an address of the cadence page asks for: whose accounts, which quarter, which of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import ExpressionWrapper, F, IntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account, Interaction, User
from accounts_app.scope import ROLES_WITH_OWN_LISTS, mine
from cadence.missing import missing
from cadence.models import CadenceSum, ContactQuarter
from cadence.quarter_days import last_day, quarters_until
from signals.pages.portfolio.filters import NO_OWNER, WHOSE

Text = str | Promise
PURPOSE = "purpose-"
EVERY_MANAGER = "all"
# Which accounts are shown, by what is said above them.
SHOWS: Mapping[str, Text] = {
    "": _("All accounts"),
    "broken": _("Promise broken"),
    "no_executive": _("Never met by our executives"),
    "levels": _("Too few levels met"),
    "review": _("Review overdue"),
    "no_value": _("Contacts without a value"),
}


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
    managers: str = ""
    # A company may want figures of teams only; then nobody's are told apart.
    by_manager: bool = True

    @classmethod
    def of(cls, params: Mapping[str, str], user: User, today: dt.date) -> "Asked":
        default = ROLES_WITH_OWN_LISTS.get(user.role, "all")
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
            EVERY_MANAGER if params.get("managers") == EVERY_MANAGER else "",
        )

    def of_teams_only(self) -> "Asked":
        """The same, with nobody told apart from the others."""
        return replace(self, owner="", managers="", by_manager=False)

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
            "managers": state.managers,
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    @property
    def last_on(self) -> dt.date:
        """The last day that is counted."""
        return min(self.today, last_day(self.quarter))

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

    def sums(self) -> QuerySet[CadenceSum]:
        """The same, added up."""
        found = CadenceSum.objects.visible_to(self.user)
        if self.whose == "mine":
            return found.filter(mine(self.user))
        return found.filter(team__in=self.user.teams.values("pk")) if self.whose == "team" else found

    def narrowed(self) -> QuerySet[ContactQuarter]:
        """Those of the quarter, of one manager or tier where it is asked for."""
        found = self.in_scope().filter(begins_on=self.quarter)
        if self.tier:
            found = found.filter(account__tier__key=self.tier)
        return found.filter(owner=self._answers()) if self.owner else found

    def narrowed_sums(self) -> QuerySet[CadenceSum]:
        """Of every quarter, of one manager or tier where it is asked for."""
        found = self.sums()
        if self.tier:
            found = found.filter(tier__key=self.tier)
        return found.filter(answered_by=self._answers()) if self.owner else found

    def _answers(self) -> int | None:
        return None if self.owner == NO_OWNER else int(self.owner)

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
        return missing(self.last_on)[show] if show else Q()
