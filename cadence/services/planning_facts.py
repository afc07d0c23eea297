"""What is on record of accounts and their owners when a quarter is planned."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Max, Min, Q

from accounts_app.models import Absence, Account, ChannelHours, Colleague, Company, Interaction, Tier
from accounts_app.public_holidays import Holidays, country_code
from cadence.quarter import ChannelShare, Customer, Span
from cadence.schedule import Diary, review_due

PROACTIVE = Q(initiator=Interaction.Initiator.US, purpose__in=Interaction.PROACTIVE_PURPOSES)
REVIEW = Q(initiator=Interaction.Initiator.US, purpose=Interaction.Purpose.REVIEW)
Absences = tuple[tuple[dt.date, dt.date], ...]


@dataclass(frozen=True)
class PlanningFacts:
    """What is on record of the accounts and of their owners, read in a constant number of statements."""

    company: Company
    # Of each account: since when the promise counts, the last review held or planned, and the proactive plans.
    since: dict[int, dt.date]
    reviews: dict[int, dt.date]
    plans: Mapping[int, Sequence[dt.date]]
    # Of each owner.
    taken: Mapping[int, Sequence[tuple[dt.date, float]]]
    hours: dict[int, float | None]
    countries: dict[int, str]
    absences: Mapping[int, Absences]
    # Of each tier.
    shares: dict[int, tuple[ChannelShare, ...]]
    diaries: dict[tuple[int, str], Diary] = field(default_factory=dict)

    @classmethod
    def of(cls, accounts: Sequence[Account], today: dt.date, company: Company) -> "PlanningFacts":
        owners = {account.owner_id for account in accounts if account.owner_id}
        people = {one.user_id: one for one in Colleague.objects.filter(user__in=owners) if one.user_id}
        shares = channel_shares()
        since, reviews = _history(accounts)
        plans, planned_reviews, taken = _planned(owners, shares, today)
        return cls(
            company,
            since,
            reviews | planned_reviews,
            plans,
            taken,
            {user: None if one.hours_a_week is None else float(one.hours_a_week) for user, one in people.items()},
            {user: one.country for user, one in people.items()},
            _absences(owners, today),
            shares,
        )

    def diary(self, owner: int, country: str = "") -> Diary:
        """On which days this owner meets an account of this country; without one, works."""
        key = (owner, country_code(country))
        if key not in self.diaries:
            ours = self.countries.get(owner) or self.company.country
            self.diaries[key] = Diary(Holidays.of([ours, country]), self.absences.get(owner, ()))
        return self.diaries[key]

    def customer(self, account: Account, span: Span) -> Customer:
        tier, last_review = account.tier, self.reviews.get(account.pk)
        # Where a review is promised and none is on record, one is held by the end of the span.
        review_by = (review_due(last_review, tier.review_days) or span.ends) if tier.review_days else None
        return Customer(
            account.pk,
            account.ideal_days,
            account.max_days,
            tier.rank,
            self.since.get(account.pk),
            self.diary(account.owner_id or 0, account.country),
            plans=tuple(self.plans.get(account.pk, ())),
            review_days=tier.review_days,
            review_by=review_by,
            shares=self.shares[tier.pk],
        )


def channel_shares() -> dict[int, tuple[ChannelShare, ...]]:
    """How the contacts of each tier take place; calls where nothing is said of channels."""
    found: defaultdict[int, list[ChannelShare]] = defaultdict(list)
    for row in ChannelHours.objects.order_by("tier", "channel"):
        found[row.tier_id].append(ChannelShare(row.channel, float(row.hours), row.share))
    return {
        tier.pk: tuple(found.get(tier.pk, ()))
        or (ChannelShare(Interaction.Channel.CALL, float(tier.contact_hours), 100),)
        for tier in Tier.objects.all()
    }


def _history(accounts: Sequence[Account]) -> tuple[dict[int, dt.date], dict[int, dt.date]]:
    """Of each account the last proactive contact, without one the first of any kind; and the last review."""
    done = Interaction.objects.done().filter(account__in=[account.pk for account in accounts]).order_by()
    told = done.values_list("account").annotate(
        last=Max("happened_on", filter=PROACTIVE), first=Min("happened_on"), reviewed=Max("happened_on", filter=REVIEW)
    )
    rows = list(told)
    return {pk: last or first for pk, last, first, _review in rows}, {pk: day for pk, *_days, day in rows if day}


def _planned(
    owners: Collection[int], shares: Mapping[int, Sequence[ChannelShare]], today: dt.date
) -> tuple[dict[int, list[dt.date]], dict[int, dt.date], dict[int, list[tuple[dt.date, float]]]]:
    """What stands planned with the owners' accounts: proactive days, the last review, and the hours it takes."""
    plans, taken = defaultdict[int, list[dt.date]](list), defaultdict[int, list[tuple[dt.date, float]]](list)
    reviews: dict[int, dt.date] = {}
    hours = {(tier, one.channel): one.hours for tier, found in shares.items() for one in found}
    rows = Interaction.objects.planned().filter(account__owner__in=owners).order_by("planned_on", "pk")
    fields = ("account", "account__owner", "account__tier", "planned_on", "channel", "initiator", "purpose")
    for account, owner, tier, planned_on, channel, initiator, purpose in rows.values_list(*fields):
        on = max(planned_on, today)
        taken[owner].append((on, hours.get((tier, channel), shares[tier][0].hours)))
        if initiator == Interaction.Initiator.US and purpose in Interaction.PROACTIVE_PURPOSES:
            plans[account].append(on)
        if purpose == Interaction.Purpose.REVIEW:
            reviews[account] = on
    return plans, reviews, taken


def _absences(owners: Collection[int], today: dt.date) -> dict[int, Absences]:
    ahead = Absence.objects.filter(colleague__user__in=owners, until_day__gte=today).order_by("from_day", "pk")
    found: defaultdict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for user, first, last in ahead.values_list("colleague__user", "from_day", "until_day"):
        found[user].append((first, last))
    return {user: tuple(spells) for user, spells in found.items()}
