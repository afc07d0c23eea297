"""One contract in force, in words: until when notice counts, what happens then, who acts and what is planned."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Contract, Interaction
from accounts_app.templatetags.formats import day_text, money
from cadence.economics import WINDOWS
from signals.compute.contract_terms import ANY_DAY, BY_DAY, ENDING, OPEN_ENDED, RECEIVED
from signals.models import Band, Standing


@dataclass(frozen=True)
class Term:
    """A contract and the term it is in; `notice_by` and `days` are None where there is no such day."""

    contract: Contract
    state: str
    ends_on: dt.date | None
    notice_by: dt.date | None
    days: int | None
    may_plan: bool = False

    @property
    def account(self) -> Account:
        return self.contract.account

    @property
    def standing(self) -> Standing | None:
        return getattr(self.account, "standing", None)

    @property
    def band(self) -> str:
        return self.standing.band if self.standing else Band.UNKNOWN

    @property
    def decides_on(self) -> dt.date | None:
        """The day that counts: the last one for notice, or the end where that alone is left."""
        return self.ends_on if self.state in {ENDING, RECEIVED} else self.notice_by

    @property
    def step(self) -> int | None:
        """Within which of 30, 60 and 90 days notice may last be given; alerts count by the same days."""
        if self.state not in {BY_DAY, ENDING} or self.days is None:
            return None
        return next((days for days in WINDOWS if self.days <= days), None)

    @property
    def heading(self) -> str:
        """By when, or how."""
        if self.state == ANY_DAY:
            return _("any day")
        if self.state == RECEIVED:
            return _("received")
        if self.state == OPEN_ENDED:
            return _("no end is set")
        if self.decides_on is None:
            return ""
        day = day_text(self.decides_on)
        return _("ends {day}").format(day=day) if self.state == ENDING else day

    @property
    def words(self) -> str:
        """What the heading leaves open, in a sentence."""
        said = {
            BY_DAY: self._by_day,
            ANY_DAY: self._any_day,
            RECEIVED: self._received,
            ENDING: self._ending,
            OPEN_ENDED: self._open_ended,
        }
        return said[self.state]()

    def _by_day(self) -> str:
        return _("{left} to give notice; {then}").format(left=_left(self.days or 0), then=self._then())

    def _any_day(self) -> str:
        days = self.contract.notice_days
        notice = (
            ngettext("with {n} day's notice", "with {n} days' notice", days).format(n=days) if days else _("at once")
        )
        return _("{notice}; {then}").format(notice=notice, then=self._then())

    def _received(self) -> str:
        day = self.contract.notice_received_on
        end = _("ends {day}").format(day=day_text(self.ends_on)) if self.ends_on else _("its end is not on record")
        return _("notice received on {day}; {end}").format(day=day_text(day) if day else "–", end=end)

    def _ending(self) -> str:
        if not self.contract.notice_days or self.ends_on is None:
            return _("ends by itself {when}").format(when=_when(self.days or 0))
        passed = self.ends_on - dt.timedelta(days=self.contract.notice_days)
        text = _("the day for notice passed on {day}; it ends by itself {when}")
        return text.format(day=day_text(passed), when=_when(self.days or 0))

    def _open_ended(self) -> str:
        return _("it runs on; how it may be ended is not on record")

    def _then(self) -> str:
        """What happens when nobody gives notice."""
        if self.ends_on is None:
            return _("no end is set")
        day = day_text(self.ends_on)
        if not self.contract.auto_renews:
            return _("ends {day}").format(day=day)
        months = self.contract.renewal_months or 0
        said = ngettext("else renews after {day} for {n} month", "else renews after {day} for {n} months", months)
        return said.format(day=day, n=months) + self._renewed()

    def _renewed(self) -> str:
        """Whether it did so before, by its terms: nobody typed in the new one."""
        first = self.contract.ends_on
        if first is None or first == self.ends_on:
            return ""
        return _(" (renewed by itself since {day})").format(day=day_text(first))

    @property
    def planned(self) -> str:
        """The next contact that stands in the plan; empty: none."""
        standing = self.standing
        if standing is None or standing.next_planned_on is None:
            return ""
        channel = standing.next_planned_channel
        how = str(Interaction.Channel(channel).label).lower() if channel else _("contact")
        return _("{day}, {how}").format(day=day_text(standing.next_planned_on), how=how)

    @property
    def is_pressing(self) -> bool:
        return self.step is not None

    @property
    def url(self) -> str:
        return reverse("accounts:contract_list", args=[self.account.pk])


def worth_words(amount: Decimal, number: int, unpriced: int, currency: str) -> str:
    """As `€ 160 k a year in 3 contracts (1 of unknown worth)`; where no worth is on record, no sum."""
    if unpriced == number:
        return ngettext("{n} contract of unknown worth", "{n} contracts of unknown worth", number).format(n=number)
    text = ngettext("{money} a year in {n} contract", "{money} a year in {n} contracts", number)
    said = text.format(money=money(amount, currency), n=number)
    return _("{said} ({n} of unknown worth)").format(said=said, n=unpriced) if unpriced else said


def _left(days: int) -> str:
    return ngettext("{n} day", "{n} days", days).format(n=days) if days else _("today is the last day")


def _when(days: int) -> str:
    return ngettext("in {n} day", "in {n} days", days).format(n=days) if days else _("today")


def terms_from(rows: Any, contracts: dict[int, Contract], editable: set[int]) -> list[Term]:
    """The rows of a table of terms with their contracts, in the same order."""
    return [
        Term(
            contracts[row.contract_id],
            str(row.state),
            _day(row.ends_on),
            _day(row.notice_by),
            None if row.days != row.days else int(row.days),
            contracts[row.contract_id].account_id in editable,
        )
        for row in rows.itertuples()
        if row.contract_id in contracts
    ]


def _day(moment: Any) -> dt.date | None:
    return None if moment != moment else moment.date()  # noqa: PLR0124 - NaT is not itself
