"""The contacts that keep the promises to an owner's accounts in a span of days, spread over the owner's hours."""

import datetime as dt
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from cadence.schedule import DAY, Diary, Due, contact_due, proposed_day
from cadence.workload import Workload

# A contact that can only be late is planned within four weeks, or said not to fit.
LATE_DAYS = 28
# A contact may be drawn forward by a third of its interval; earlier, and it is another contact.
DRAWN_FORWARD = 3
# Golden ratio: its multiples spread evenly, however many there are (Weyl 1916).
GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Span:
    """The days to plan, both included, and the day it is."""

    begins: dt.date
    ends: dt.date
    today: dt.date

    @property
    def earliest(self) -> dt.date:
        """The first day that can be planned."""
        return max(self.begins, self.today)


@dataclass(frozen=True)
class ChannelShare:
    """How a part of a tier's contacts takes place, and the hours one takes."""

    channel: str
    hours: float
    share: float


@dataclass(frozen=True)
class Customer:
    """An account as far as its contacts are planned.

    Attributes
    ----------
    since : date or None
        The last proactive contact, else the first contact on record; None: there is none at all.
    plans : tuple of date
        Days of the proactive contacts planned already, those overdue as of today; ascending.
    review_by : date or None
        By when the next review is to be held; None: none is promised, or one is planned.
    shares : tuple of ChannelShare
        At least one.
    """

    account_id: int
    ideal_days: int
    max_days: int
    rank: int
    since: dt.date | None
    diary: Diary
    plans: tuple[dt.date, ...] = ()
    review_days: int | None = None
    review_by: dt.date | None = None
    shares: tuple[ChannelShare, ...] = (ChannelShare("call", 1.0, 1.0),)


@dataclass(frozen=True)
class Proposed:
    """A contact proposed: on which day, when it was due, how, and how long it takes."""

    account_id: int
    on: dt.date
    due_on: dt.date
    channel: str
    hours: float
    is_review: bool
    is_late: bool


@dataclass(frozen=True)
class Unfit:
    """A contact that finds no day: `is_away` where no day suits, else for want of hours."""

    account_id: int
    due_on: dt.date
    hours: float
    is_away: bool


@dataclass(frozen=True)
class QuarterPlan:
    """What is proposed to one owner; `before` counts the contacts due before the span begins."""

    proposed: tuple[Proposed, ...]
    unfit: tuple[Unfit, ...]
    before: int


def plan_quarter(customers: Sequence[Customer], workload: Workload, span: Span) -> QuarterPlan:
    """Return the contacts that keep the promises where none is planned.

    Parameters
    ----------
    customers : sequence of Customer
        The accounts of one owner.
    workload : Workload
        The owner's, with what is planned already taken; what is proposed is taken from it.
    span : Span

    Returns
    -------
    QuarterPlan
        Ascending by day.

    Notes
    -----
    Accounts are taken by the day of their next contact, the more important tier first. From the last contact on, due
    days step by the ideal interval. A plan that stands counts as the contact where it keeps the promise. Else the
    contact goes on the day `proposed_day` names or, where that is full, on the nearest earlier one within a third of
    the interval, then on the next that still keeps the promise. With what was proposed planned, nothing is proposed.
    """
    chains = [_Chain(one, workload, span) for one in customers]
    waiting = [(one.due.on, one.customer.rank, one.customer.account_id, n) for n, one in enumerate(chains)]
    heapq.heapify(waiting)
    while waiting:
        due_on, rank, account_id, n = heapq.heappop(waiting)
        if due_on <= span.ends and chains[n].step():
            heapq.heappush(waiting, (chains[n].due.on, rank, account_id, n))
    for chained in chains:
        while chained.add_review():
            pass
    proposed = sorted((one for chained in chains for one in chained.proposed), key=lambda one: (one.on, one.account_id))
    unfit = sorted((one for chained in chains for one in chained.unfit), key=lambda one: (one.due_on, one.account_id))
    return QuarterPlan(tuple(proposed), tuple(unfit), sum(chained.before for chained in chains))


class _Chain:
    """One account's contacts, each counted from the one before."""

    def __init__(self, customer: Customer, workload: Workload, span: Span) -> None:
        self.customer, self.workload, self.span = customer, workload, span
        self.plans = list(customer.plans)
        self.review_by = customer.review_by
        self.proposed: list[Proposed] = []
        self.unfit: list[Unfit] = []
        self.before = 0
        self.due, self.not_before = self._first_ever(), span.earliest
        if customer.since:
            self.due = contact_due(customer.since, customer.ideal_days, customer.max_days)
            self.not_before = max(span.today, customer.since + DAY)

    def _first_ever(self) -> Due:
        """Who was never contacted is met some day of the span, not all on the first."""
        days = min(LATE_DAYS, (self.span.ends - self.span.earliest).days)
        on = self.span.earliest + int(_turn(self.customer.account_id) * days) * DAY
        return Due(on, max(on, self.span.ends))

    def step(self) -> bool:
        """Settle the contact that is due; False where nothing follows."""
        base = proposed_day(self.due, self.customer.diary, earliest=self.not_before)
        if base.on is None:
            self._miss(is_away=True)
            return False
        # An overdue contact planned within the coming weeks is planned, late as it is.
        late_reach = base.on + min(LATE_DAYS, self.customer.max_days - 1) * DAY
        reach = late_reach if base.is_late else self.due.latest_on
        if self.plans and self.plans[0] <= reach:
            return self._follow(self.plans[0])
        if base.on < self.span.earliest:
            self.before += 1
            return self._follow(base.on)
        return base.on <= self.span.ends and self._follow(self._place(base.on, reach))

    def _follow(self, day: dt.date) -> bool:
        """Count on from a contact."""
        self.due = contact_due(day, self.customer.ideal_days, self.customer.max_days)
        self.not_before = max(day + DAY, self.not_before)
        self.plans = [plan for plan in self.plans if plan > day]
        return True

    def _place(self, base: dt.date, reach: dt.date) -> dt.date:
        """Propose a day that has the hours, or say that none has; the day from which the next contact counts."""
        is_review = self.review_by is not None and self.review_by < self.due.on + self.customer.ideal_days * DAY
        if self._propose(base, reach, is_review=is_review):
            return self.proposed[-1].on
        self._miss(is_away=False)
        return max(self.due.on, base)

    def _propose(self, base: dt.date, reach: dt.date, *, is_review: bool) -> bool:
        means = self._means(is_review=is_review)
        day = next((one for one in self._candidates(base, reach) if self.workload.fits(one, means.hours)), None)
        if day is None:
            return False
        self.workload.take(day, means.hours)
        late = day > self.due.latest_on
        account, due_on = self.customer.account_id, self.due.on
        self.proposed.append(Proposed(account, day, due_on, means.channel, means.hours, is_review, late))
        if is_review and self.customer.review_days:
            self.review_by = day + self.customer.review_days * DAY
        return True

    def add_review(self) -> bool:
        """A review that is due is held for itself where every other contact is planned already; the next may follow."""
        if self.review_by is None or self.review_by > self.span.ends or self.unfit:
            return False
        before = self.review_by - (self.customer.review_days or 0) * DAY
        self.due, self.not_before = Due(self.review_by, self.review_by), max(self.span.earliest, before + DAY)
        taken = (*self.customer.plans, *(one.on for one in self.proposed))
        away = (*self.customer.diary.absences, *((day, day) for day in taken))
        self.customer = replace(self.customer, diary=replace(self.customer.diary, absences=away))
        base = proposed_day(self.due, self.customer.diary, earliest=self.not_before)
        reach = max(self.review_by, self.not_before + LATE_DAYS * DAY)
        if base.on is None or base.on > self.span.ends:
            return False
        if not self._propose(base.on, reach, is_review=True):
            self._miss(is_away=False)
            return False
        return self.customer.review_days is not None

    def _miss(self, *, is_away: bool) -> None:
        hours = self._means(is_review=False).hours
        self.unfit.append(Unfit(self.customer.account_id, self.due.on, hours, is_away))

    def _candidates(self, base: dt.date, reach: dt.date) -> Iterator[dt.date]:
        """The day itself, then the days before it, then those after it."""
        drawn_forward = self.due.on - self.customer.ideal_days // DRAWN_FORWARD * DAY
        first = max(self.span.earliest, self.not_before, min(base, drawn_forward))
        last = min(reach, self.span.ends)
        before = (base - n * DAY for n in range((base - first).days + 1))
        after = (base + n * DAY for n in range(1, (last - base).days + 1))
        return (day for day in chain(before, after) if self.customer.diary.suits(day))

    def _means(self, *, is_review: bool) -> ChannelShare:
        """The channel whose turn it is: the same for the same account and due day. A review is a visit."""
        shares = self.customer.shares
        if is_review:
            shares = tuple(one for one in shares if one.channel == "visit") or shares
        turn = _turn(self.customer.account_id + self.due.on.toordinal()) * sum(one.share for one in shares)
        for one in shares:
            turn -= one.share
            if turn < 0:
                return one
        return shares[-1]


def _turn(number: int) -> float:
    """Between 0 and 1, evenly over consecutive numbers."""
    return GOLDEN * number % 1
