"""The first page of economics: what is at stake, what may leave by notice, what keeping costs against replacing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Company
from accounts_app.templatetags.formats import money, percent
from cadence.economics import Retention, share_of_top, shares_of_largest
from cadence.models import Assumptions
from cadence.pages.contract_terms import worth_words
from cadence.pages.economics_address import Asked, resting_words
from cadence.pages.economics_notice import Cell, NoticeTable
from cadence.services.economics import Stake, money_in_notice, revenues, stakes, two_years
from signals.models import Band

# What to keep is asked of those that drift as well.
ENDANGERED = (Band.AT_RISK, Band.DRIFTING)
TOP = (5, 10, 20)


@dataclass(frozen=True)
class Row:
    """A band of the first table, or all of them together (`band` empty); what is not known is None."""

    band: str
    stake: Stake
    share: float | None
    keep: Decimal | None
    replace: Decimal | None
    url: str

    @property
    def expected(self) -> Decimal | None:
        """Only of the bands in which money counts as at risk."""
        return self.stake.expected if self.band in {"", *ENDANGERED} else None

    @property
    def is_unknown(self) -> bool:
        return self.band == Band.UNKNOWN

    @property
    def unjudged_words(self) -> str:
        return _("{n} not computed: revenue unknown").format(n=self.stake.unjudged)


class EconomicsPage:
    """All that the page shows of an address; a constant number of statements."""

    def __init__(self, asked: Asked, company: Company, assumptions: Assumptions) -> None:
        self.asked, self.company, self.assumptions = asked, company, assumptions
        accounts = asked.whose.accounts()
        self.stakes: Mapping[str, Stake] = stakes(accounts)
        self.notice = NoticeTable(asked, money_in_notice(accounts, asked.today))
        self.curve = shares_of_largest(revenues(accounts))
        self.retention: Retention = two_years(accounts, asked.today).retention

    @cached_property
    def total(self) -> Stake:
        return sum(self.stakes.values(), Stake())

    @property
    def at_risk(self) -> Stake:
        return self.stakes[Band.AT_RISK]

    @property
    def unknown(self) -> Stake:
        return self.stakes[Band.UNKNOWN]

    @property
    def drifting(self) -> Stake:
        return self.stakes[Band.DRIFTING]

    @property
    def rows(self) -> list[Row]:
        """The bands, the gravest first, and all together."""
        return [self._row(band, stake) for band, stake in self.stakes.items()] + [self._row("", self.total)]

    def _row(self, band: str, stake: Stake) -> Row:
        keep = self.keep(stake)
        url = self.asked.whose.portfolio(**({"band": band} if band else {}), sort="-revenue")
        replace = None if keep is None else keep * self.assumptions.replace_times
        return Row(band, stake, share_of(stake.known_revenue, self.total.revenue), keep, replace, url)

    def keep(self, stake: Stake) -> Decimal | None:
        """What a year of the promised contacts costs; None without a cost of an hour."""
        cost = self.assumptions.hour_cost
        return None if cost is None else (Decimal(stake.hours) * cost).quantize(Decimal("0.01"))

    @property
    def endangered(self) -> Row:
        """The accounts At risk and Drifting together."""
        return self._row("", self.at_risk + self.drifting)

    @property
    def lead(self) -> str:
        """What matters, in a sentence."""
        number = self.at_risk.accounts
        if not number:
            text = _("No account is At risk among {whose}").format(whose=self.asked.whose.words)
        else:
            said = ngettext(
                "{money} of twelve months' revenue is with {n} account At risk, {share} of all revenue of {whose}",
                "{money} of twelve months' revenue is with {n} accounts At risk, {share} of all revenue of {whose}",
                number,
            )
            share = percent(share_of(self.at_risk.revenue, self.total.revenue))
            text = said.format(
                money=self._money(self.at_risk.revenue), n=number, share=share, whose=self.asked.whose.words
            )
        return f"{text}; {self._leaving}."

    @property
    def _leaving(self) -> str:
        soon = self.soon
        if not soon.contracts:
            return _("no contract may be left within 90 days")
        worth = worth_words(soon.amount, soon.contracts, soon.unpriced, self.company.currency)
        return _("{worth} may leave within 90 days").format(worth=worth)

    def _money(self, amount: Decimal) -> str:
        return money(amount, self.company.currency)

    @property
    def soon(self) -> Cell:
        return self.notice.total("90")

    @property
    def at_risk_share(self) -> float | None:
        return share_of(self.at_risk.revenue, self.total.revenue)

    @property
    def keep_or_replace(self) -> str:
        """What keeping those At risk and Drifting costs a year, against replacing them."""
        row = self.endangered
        hours = number_format(round(row.stake.hours), force_grouping=True)
        said = ngettext(
            "Keeping the {n} account At risk or Drifting takes {hours} hours of promised contacts a year",
            "Keeping the {n} accounts At risk or Drifting takes {hours} hours of promised contacts a year",
            row.stake.accounts,
        )
        if not row.stake.accounts:
            return _("No account is At risk or Drifting.")
        text = said.format(n=row.stake.accounts, hours=hours)
        if row.keep is None or row.replace is None:
            return _("{text}; what an hour costs is not known.").format(text=text)
        end = _("{text}, {keep}; replacing them is assumed to cost {replace}.")
        return end.format(text=text, keep=self._money(row.keep), replace=self._money(row.replace))

    @property
    def resting(self) -> str:
        """What share the largest carry."""
        if not len(self.curve):
            return _("No revenue of the last twelve months is on record.")
        fewer = [number for number in TOP if number < len(self.curve)]
        if not fewer:
            return resting_words(len(self.curve), self.asked.whose.words)
        said = ", ".join(
            _("the {n} largest {share}").format(n=number, share=percent(share_of_top(self.curve, number)))
            for number in fewer
        )
        return _("Of all revenue of {whose}: {said}.").format(whose=self.asked.whose.words, said=said)

    @property
    def urls(self) -> dict[str, str]:
        """Where the accounts behind each figure stand."""
        whose = self.asked.whose
        return {
            "at_risk": whose.portfolio(band=Band.AT_RISK, sort="-revenue"),
            "expected": whose.portfolio(sort="-at_risk"),
            "unknown": whose.portfolio(band=Band.UNKNOWN, sort="-revenue"),
            "notice": self.asked.contracts(within="90"),
            "changes": self.asked.address("changes"),
            "concentration": self.asked.address("concentration"),
        }

    @property
    def whose(self) -> list[Any]:
        return self.asked.whose.options(lambda key: f"?whose={key}")


def share_of(part: Decimal | None, whole: Decimal) -> float | None:
    """A share of nothing is not known, nor one of what is unknown."""
    return None if part is None or whole <= 0 else float(part / whole)
