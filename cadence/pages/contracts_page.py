"""The contracts in force by the day until which notice counts, as a list and by month."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pandas as pd
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Company, Contract
from accounts_app.templatetags.formats import day_text
from cadence.economics import may_leave
from cadence.pages.contract_terms import Term, terms_from, worth_words
from cadence.pages.contracts_address import KINDS, VIEWS, WITHIN, Asked, of_kind
from cadence.services.contracts import terms_of
from signals.compute.contract_terms import ANY_DAY, BY_DAY, ENDING, OPEN_ENDED, RECEIVED
from signals.models import Band
from signals.pages.portfolio.controls import Option

# Those with a day come first, by that day; what may be ended any day is open, but nothing forces it today.
ORDER = {BY_DAY: 0, ENDING: 0, ANY_DAY: 1, RECEIVED: 2, OPEN_ENDED: 3}
MONTHS_SHOWN = 12
MOST_IN_MONTH = 20


@dataclass(frozen=True)
class Month:
    """The contracts whose day for notice, or whose end where that alone is left, lies in a month."""

    begins_on: dt.date
    terms: list[Term]
    count: int
    amount: Decimal
    unpriced: int

    @property
    def name(self) -> str:
        return formats.date_format(self.begins_on, "F Y")

    @property
    def more(self) -> int:
        return self.count - len(self.terms)

    @property
    def has_amount(self) -> bool:
        return self.count > self.unpriced


class ContractsPage:
    """All that the page shows of an address; a constant number of statements."""

    def __init__(self, asked: Asked, company: Company) -> None:
        self.asked, self.company = asked, company
        self.accounts = asked.whose.accounts().exclude(status=Account.Status.FORMER)
        terms = terms_of(self.accounts, asked.today)
        self.terms = terms.assign(band=terms["account_id"].map(self._bands(terms)).astype(object))

    def _bands(self, terms: pd.DataFrame) -> dict[int, str]:
        band = Coalesce("standing__band", Value(Band.UNKNOWN.value))
        accounts = Account.objects.filter(pk__in=terms["account_id"].unique().tolist())
        return dict(accounts.order_by().values_list("pk", band))

    @cached_property
    def shown(self) -> pd.DataFrame:
        """Of those asked for, the nearest day first."""
        rows = self.asked.rows(self.terms)
        ranked = rows.assign(place=rows["state"].map(ORDER).astype(float))
        return ranked.sort_values(["place", "days", "contract_id"], na_position="last", kind="stable")

    def rows(self, which: pd.DataFrame) -> list[Term]:
        """These contracts with all that a row shows."""
        keys = which["contract_id"].tolist()
        shown_with = ("account__standing", "account__owner", "account__deputy", "account__tier")
        visible = Contract.objects.visible_to(self.asked.whose.user).select_related(*shown_with)
        contracts = visible.defer("account__standing__strip", "account__standing__contributions").in_bulk(keys)
        accounts = {one.account_id for one in contracts.values()}
        editable = Account.objects.editable_by(self.asked.whose.user).filter(pk__in=accounts)
        return terms_from(which, contracts, set(editable.order_by().values_list("pk", flat=True)))

    @property
    def lead(self) -> str:
        """What matters, in a sentence: the money of the next 90 days, and the day that comes first."""
        soon = self.terms[may_leave(self.terms, 90)]
        if not len(self.terms):
            return _("No contract in force is on record for {whose}.").format(whose=self.asked.whose.words)
        if not len(soon):
            return _("None of {n} contracts may be left within 90 days.").format(n=len(self.terms))
        unpriced = int(soon["amount"].isna().sum())
        worth = worth_words(cents(soon["amount"].sum()), len(soon), unpriced, self.company.currency)
        text = _("{worth} of {whose} may leave within 90 days").format(worth=worth, whose=self.asked.whose.words)
        return f"{text}{self._first(soon)}."

    def _first(self, soon: pd.DataFrame) -> str:
        dated = soon[soon["state"] == BY_DAY].sort_values(["days", "contract_id"])
        if not len(dated):
            return ""
        first = dated.iloc[0]
        day = day_text(first["notice_by"].date())
        days = int(first["days"])
        left = ngettext("in {n} day", "in {n} days", days).format(n=days) if days else _("today")
        return _("; the nearest day for notice is {day}, {left}").format(day=day, left=left)

    @cached_property
    def months(self) -> list[Month]:
        """From this month on; whatever has no day within them is in the list alone."""
        rows = self.shown[self.shown["place"] == 0]
        day = rows["notice_by"].where(rows["state"] == BY_DAY, rows["ends_on"])
        by_month = rows.assign(month=day.dt.to_period("M"))
        first = pd.Period(self.asked.today, "M")
        periods = [first + n for n in range(MONTHS_SHOWN)]
        parts = {period: by_month[by_month["month"] == period] for period in periods}
        terms = self.rows(pd.concat([part.head(MOST_IN_MONTH) for part in parts.values()]))
        by_contract = {one.contract.pk: one for one in terms}
        return [self._month(period, part, by_contract) for period, part in parts.items()]

    def _month(self, period: pd.Period, rows: pd.DataFrame, terms: dict[int, Term]) -> Month:
        keys = rows["contract_id"].head(MOST_IN_MONTH).tolist()
        return Month(
            period.start_time.date(),
            [terms[key] for key in keys if key in terms],
            len(rows),
            cents(rows["amount"].sum()),
            int(rows["amount"].isna().sum()),
        )

    @property
    def without_day(self) -> int:
        """How many of the list no month shows."""
        return len(self.shown) - sum(one.count for one in self.months)

    @property
    def withins(self) -> list[Option]:
        return [self._within("", _("All"), len(self._of_band()))] + [
            self._within(key, str(label).format(n=key), int(may_leave(self._of_band(), int(key)).sum()))
            for key, label in WITHIN.items()
        ]

    def _within(self, key: str, label: str, count: int) -> Option:
        return Option(label, self.asked.address(within=key), key == self.asked.within, key or "all", count)

    @property
    def kinds(self) -> list[Option]:
        every = Option(_("Every kind"), self.asked.address(kind=""), not self.asked.kind, "all")
        rows = self._of_band()
        return [every] + [
            Option(label, self.asked.address(kind=key), key == self.asked.kind, key, count)
            for key, label in KINDS.items()
            if (count := int(of_kind(rows, key).sum())) or key == self.asked.kind
        ]

    def _of_band(self) -> pd.DataFrame:
        return self.terms[self.terms["band"] == self.asked.band] if self.asked.band else self.terms

    @property
    def bands(self) -> list[Option]:
        counts = self.terms["band"].value_counts()
        every = Option(_("All bands"), self.asked.address(band=""), not self.asked.band, "all")
        return [every] + [
            Option(
                band.label, self.asked.address(band=band), band == self.asked.band, band.value, int(counts.get(band, 0))
            )
            for band in Band
        ]

    @property
    def views(self) -> list[Option]:
        return [Option(label, self.asked.address(view=key), key == self.asked.view) for key, label in VIEWS.items()]

    @property
    def whose(self) -> list[Option]:
        return self.asked.whose.options(lambda key: self.asked.address(whose=key))

    @property
    def has_contracts(self) -> bool:
        return bool(len(self.terms))

    @property
    def total(self) -> Decimal:
        return cents(self.shown["amount"].sum())

    @property
    def unpriced(self) -> int:
        return int(self.shown["amount"].isna().sum())

    @property
    def query(self) -> str:
        """What the files are asked for with."""
        return self.asked.address(view="")


def cents(amount: float) -> Decimal:
    return Decimal(float(amount)).quantize(Decimal("0.01"))
