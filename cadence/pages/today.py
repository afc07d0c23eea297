"""The lines of the day's list: whom to contact, why now, what to bring."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Interaction, User, ValueItem
from accounts_app.templatetags.formats import day_text
from accounts_app.views.account_frame import may_edit, with_may_edit
from cadence.pages.agenda import NEVER, RANKS, SECTIONS, Agenda
from cadence.services.value_proposals import Proposal, proposals
from cadence.services.whom import Suggestion, suggestions
from signals.models import Band, Standing
from signals.pages.sentences import lead_in_a_row

KEYS = tuple(RANKS)


@dataclass(frozen=True)
class Line:
    """One account on the list, with all that its template shows."""

    account: Account
    reader: User
    today: dt.date
    plan: Interaction | None = None
    suggestion: Suggestion | None = None
    proposal: Proposal | None = None
    logged: Interaction | None = None

    @property
    def standing(self) -> Standing:
        standing: Standing = self.account.standing
        return standing

    @property
    def section(self) -> str:
        rank = vars(self.account)["section"]
        return "" if rank is None else KEYS[rank]

    @cached_property
    def key(self) -> uuid.UUID:
        """Names one press of Done: sent twice, it is logged once."""
        return uuid.uuid4()

    @property
    def may_edit(self) -> bool:
        return may_edit(self.account)

    @property
    def why(self) -> str:
        return lead_in_a_row(self.standing) if self.standing.state == Standing.State.COMPUTED else ""

    @property
    def is_calm(self) -> bool:
        """Whether nothing is wrong: then what is said of the account is how it is, not why to call."""
        return self.standing.band == Band.HEALTHY

    @cached_property
    def when(self) -> str:
        """Since when, or until when, it waits; a plan is named as such."""
        act_on: dt.date | None = vars(self.account)["act_on"]
        if vars(self.account)["presses"] and (act_on is None or act_on > self.today):
            return _("at risk, and no contact is planned this week")
        if self.section == NEVER or act_on is None:
            return _("never contacted, as far as is on record")
        if self.counting_plan:
            return _planned(self.counting_plan, self.today)
        return self._promised(act_on) + self._late_plan()

    def _promised(self, due_on: dt.date) -> str:
        latest = self.standing.latest_on or due_on
        if latest < self.today:
            days = (self.today - latest).days
            said = ngettext("promise broken for {n} day", "promise broken for {n} days", days)
            return said.format(n=days)
        if due_on < self.today:
            return _("due since {due}, at the latest {latest}").format(
                due=day_text(due_on, self.today), latest=day_text(latest, self.today)
            )
        return _("due {due}").format(due=_("today") if due_on == self.today else day_text(due_on, self.today))

    def _late_plan(self) -> str:
        if self.plan is None or self.plan.planned_on is None:
            return ""
        return _("; the plan of {day} comes too late").format(day=day_text(self.plan.planned_on, self.today))

    @property
    def counting_plan(self) -> Interaction | None:
        return self.plan if vars(self.account)["plan_counts"] else None

    @property
    def channel(self) -> str:
        """How it is to take place, in lower case; a call where nothing is planned."""
        return str((self.counting_plan or Interaction(channel="call")).get_channel_display()).lower()

    @property
    def person(self) -> Suggestion | None:
        """Whom the plan names, else whom it would be good to meet."""
        named = list(self.counting_plan.contacts.all()) if self.counting_plan else []
        return Suggestion(named[0], _("as planned")) if named else self.suggestion

    @property
    def item(self) -> ValueItem | None:
        planned = self.counting_plan.value_item if self.counting_plan else None
        return planned or (self.proposal.item if self.proposal else None)

    @property
    def item_reason(self) -> str:
        if self.counting_plan and self.counting_plan.value_item:
            return _("as planned")
        return self.proposal.reason if self.proposal else ""

    @property
    def whose(self) -> str:
        """Whose account it is, where it is not the reader's; and that it was handed over."""
        owner = self.account.owner
        if owner is None:
            return _("no owner")
        return "" if owner == self.reader else owner.get_short_name()

    @property
    def handed_to(self) -> User | None:
        """The deputy who is to make the planned contact in the owner's place."""
        by = self.counting_plan.by if self.counting_plan else None
        return by if by and by.pk == self.account.deputy_id else None


@dataclass(frozen=True)
class Section:
    key: str
    title: str | Promise
    count: int
    lines: list[Line]


def lines(accounts: Agenda, reader: User, today: dt.date) -> list[Line]:
    """The lines of these accounts, in their order; a constant number of statements."""
    related = ("standing", "tier", "owner", "deputy")
    shown = list(with_may_edit(accounts, reader).select_related(*related))
    plans, people, items = _plans(shown), suggestions(shown, today), proposals(shown, today=today)
    logged = _logged(shown, today)
    return [
        Line(
            account,
            reader,
            today,
            plan=plans.get(account.pk),
            suggestion=people.get(account.pk),
            proposal=items.get(account.pk),
            logged=logged.get(account.pk),
        )
        for account in shown
    ]


def sections(shown: Iterable[Line], counts: Mapping[str, int]) -> list[Section]:
    """The lines of a page under their headings."""
    return [
        Section(key, SECTIONS[key], counts[key], list(found)) for key, found in groupby(shown, lambda one: one.section)
    ]


def _plans(accounts: Sequence[Account]) -> dict[int, Interaction]:
    """The first plan of each account that stands."""
    standing = Interaction.objects.planned().filter(account__in=accounts)
    first = standing.order_by("account_id", "planned_on", "pk").distinct("account_id")
    return {plan.account_id: plan for plan in first.select_related("value_item", "by").prefetch_related("contacts")}


def _logged(accounts: Sequence[Account], today: dt.date) -> dict[int, Interaction]:
    """What was done today and ends the wait."""
    done = Interaction.objects.done().filter(
        account__in=accounts,
        happened_on=today,
        initiator=Interaction.Initiator.US,
        purpose__in=Interaction.PROACTIVE_PURPOSES,
    )
    return {one.account_id: one for one in done.order_by("pk")}


def _planned(plan: Interaction, today: dt.date) -> str:
    day = plan.planned_on or today
    if day < today:
        days = (today - day).days
        said = ngettext("{what} {n} day overdue", "{what} {n} days overdue", days)
        return said.format(what=plan.get_channel_display(), n=days)
    named = _("today") if day == today else day_text(day, today)
    return _("{what} planned for {day}").format(what=plan.get_channel_display(), day=named)
