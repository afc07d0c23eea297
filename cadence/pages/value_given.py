"""What was brought, to whom, and what was made of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Contact, Interaction, User, ValueItem
from accounts_app.models.interaction import InteractionQuerySet

YEAR = dt.timedelta(days=365)
Reaction = Interaction.Reaction


@dataclass(frozen=True)
class Tally:
    """How often something was brought, to how many accounts, and what they made of it."""

    times: int = 0
    accounts: int = 0
    wants_more: int = 0
    useful: int = 0
    not_useful: int = 0

    @property
    def reactions(self) -> str:
        """In words, the best first; what was not said is said to be so."""
        counts = (
            (self.wants_more, _("{n} wanted more")),
            (self.useful, _("{n} useful")),
            (self.not_useful, _("{n} not useful")),
        )
        told = [words.format(n=n) for n, words in counts if n]
        if told:
            return ", ".join(told)
        return _("none noted") if self.times else ""


_COUNTED: dict[str, Any] = {
    "times": Count("pk"),
    "accounts": Count("account", distinct=True),
    **{reaction.value: Count("pk", filter=Q(reaction=reaction)) for reaction in Reaction},
}


def tallies(items: Iterable[ValueItem], user: User) -> dict[int, Tally]:
    """For each item what this reader's accounts were brought; one statement."""
    rows = Interaction.objects.visible_to(user).done().filter(value_item__in=[item.pk for item in items]).order_by()
    counted = {row.pop("value_item"): Tally(**row) for row in rows.values("value_item").annotate(**_COUNTED)}
    return {item.pk: counted.get(item.pk, Tally()) for item in items}


def brought_of(item: ValueItem, user: User) -> InteractionQuerySet:
    """Every time the item was brought or is planned to be, as far as the reader may see the account."""
    return _with_people(Interaction.objects.visible_to(user).filter(value_item=item)).select_related("account", "by")


def brought_to(account: Account, user: User) -> InteractionQuerySet:
    """Everything the account was brought, or is planned to be."""
    rows = Interaction.objects.visible_to(user).filter(account=account, value_item__isnull=False)
    return _with_people(rows).select_related("value_item", "by")


def _with_people(rows: InteractionQuerySet) -> InteractionQuerySet:
    states = (Interaction.State.DONE, Interaction.State.PLANNED)
    met = Prefetch("contacts", Contact.objects.only("name"))
    day = Coalesce(F("happened_on"), F("planned_on"))
    return rows.filter(state__in=states).prefetch_related(met).annotate(day=day).order_by("-day", "-pk")


@dataclass(frozen=True)
class Share:
    """Of the contacts we started in twelve months, how many brought something; None where there were none."""

    contacts: int
    with_value: int

    @property
    def share(self) -> float | None:
        return self.with_value / self.contacts if self.contacts else None

    @property
    def sentence(self) -> str:
        if not self.contacts:
            return _("In the last 12 months we started no contact with them.")
        said = ngettext(
            "{value} of {n} contact we started in the last 12 months brought them something.",
            "{value} of {n} contacts we started in the last 12 months brought them something.",
            self.contacts,
        )
        return said.format(value=self.with_value, n=self.contacts)


def value_share(account: Account, user: User, today: dt.date) -> Share:
    proactive = (
        Interaction.objects.visible_to(user)
        .done()
        .filter(
            account=account,
            initiator=Interaction.Initiator.US,
            purpose__in=Interaction.PROACTIVE_PURPOSES,
            happened_on__gt=today - YEAR,
            happened_on__lte=today,
        )
    )
    return Share(**proactive.order_by().aggregate(contacts=Count("pk"), with_value=Count("value_item")))
