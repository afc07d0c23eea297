"""A quarter planned: read what is promised and what is planned, propose what is missing, write it as one act."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Company, Interaction, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.public_holidays import country_code
from accounts_app.services.interaction_plans import ContactToCome, fingerprints, plan_each
from cadence.quarter import QuarterPlan, Span, plan_quarter
from cadence.services.planning_facts import PlanningFacts
from cadence.workload import Workload, week_of
from signals.models import BulkAct

DAYS_OF_WEEK = 7
WEEK = dt.timedelta(days=DAYS_OF_WEEK)


class ChangedSinceError(Exception):
    """What would be planned is no longer what was looked at."""


@dataclass(frozen=True)
class OwnerPlan:
    """One owner's quarter: what is proposed, and the days and hours planned before."""

    owner: User
    accounts: int
    workload: Workload
    found: QuarterPlan
    planned: Sequence[tuple[dt.date, float]]

    def available(self, first: dt.date, last: dt.date) -> float | None:
        """Hours for accounts between two days, both included; None: not known."""
        weeks = range((week_of(last) - week_of(first)).days // DAYS_OF_WEEK + 1)
        hours = [self.workload.available(week_of(first) + n * WEEK, first, last) for n in weeks]
        return None if self.workload.hours_a_week is None else sum(one or 0.0 for one in hours)


@dataclass(frozen=True)
class Planning:
    """The quarter of some owners, as it would be planned now."""

    span: Span
    owners: list[OwnerPlan]
    accounts: dict[int, Account]
    company: Company
    unknown_countries: list[str] = field(default_factory=list)

    @property
    def ownerless(self) -> int:
        return sum(account.owner_id is None for account in self.accounts.values())

    @property
    def contacts(self) -> int:
        return sum(len(one.found.proposed) for one in self.owners)

    @property
    def mark(self) -> str:
        """The same as long as the same would be planned: a form carries what was looked at."""
        said = [
            (one.account_id, one.on, one.channel, one.is_review) for own in self.owners for one in own.found.proposed
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def plannable(by: User, owner: int | None) -> AccountQuerySet:
    """The customers this person may plan for: of one owner, or of all."""
    accounts = Account.objects.editable_by(by).current()
    return accounts.filter(owner=owner) if owner else accounts


def look(by: User, owner: int | None, span: Span, *, company: Company) -> Planning:
    """Propose the contacts that keep the promises in this span where none is planned; nothing is written."""
    accounts = list(plannable(by, owner).select_related("tier", "owner"))
    return _planning(accounts, span, company)


@transaction.atomic
def accept(by: User, owner: int | None, span: Span, *, company: Company, looked_at: str) -> BulkAct:
    """Plan what was looked at, as one act that can be taken back."""
    held = plannable(by, owner).order_by("pk").select_related("tier", "owner")
    planning = _planning(list(held.select_for_update(of=("self",), no_key=True)), span, company)
    if planning.mark != looked_at:
        raise ChangedSinceError
    if not planning.contacts:
        raise ValidationError(_("There is nothing to plan."))
    planned = plan_each(list(_contacts(planning)), today=span.today)
    seen = fingerprints(planned)
    items = [{"account": one.account_id, "interaction": one.pk, "seen": seen[one.pk]} for one in planned]
    words = ngettext("{n} contact planned.", "{n} contacts planned.", len(items)).format(n=len(items))
    act = BulkAct.objects.create(kind=BulkAct.Kind.PLAN, items=items, by=by, said=words)
    act.refresh_from_db(fields=["at"])
    return act


def _contacts(planning: Planning) -> Iterable[ContactToCome]:
    for one in planning.owners:
        for contact in one.found.proposed:
            purpose = Interaction.Purpose.REVIEW if contact.is_review else Interaction.Purpose.PROACTIVE
            yield ContactToCome(
                account_id=contact.account_id,
                by_id=one.owner.pk,
                planned_on=contact.on,
                due_on=contact.due_on,
                channel=contact.channel,
                purpose=purpose,
            )


def _planning(accounts: list[Account], span: Span, company: Company) -> Planning:
    owned = sorted((one for one in accounts if one.owner), key=attrgetter("owner_id", "pk"))
    facts = PlanningFacts.of(owned, span.today, company)
    by_owner: defaultdict[User, list[Account]] = defaultdict(list)
    for account in owned:
        by_owner[account.owner].append(account)  # type: ignore[index]
    plans = [_owner_plan(owner, theirs, facts, span) for owner, theirs in by_owner.items()]
    plans.sort(key=lambda one: one.owner.name)
    unknown = {account.country for account in owned if account.country and not country_code(account.country)}
    return Planning(span, plans, {one.pk: one for one in accounts}, company, sorted(unknown))


def _owner_plan(owner: User, accounts: list[Account], facts: PlanningFacts, span: Span) -> OwnerPlan:
    hours, diary = facts.hours.get(owner.pk), facts.diary(owner.pk)
    workload, planned = Workload(hours, diary), facts.taken.get(owner.pk, ())
    for on, taken in planned:
        workload.take(on, taken)
    customers = [facts.customer(account, span) for account in accounts]
    return OwnerPlan(owner, len(accounts), workload, plan_quarter(customers, workload, span), planned)
