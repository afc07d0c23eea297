"""How much rests on few accounts, and what would be gone if two of the largest went."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.models import Account, Company
from accounts_app.templatetags.formats import money, percent
from cadence.economics import Candidate, Losses, likeliest, losses, share_of_top, shares_of_largest, worst
from cadence.pages.economics_address import Asked, Text, resting_words
from cadence.services.economics import largest, revenues, unjudged
from signals.pages.portfolio.controls import Option

LARGEST, FEW = 20, 5
# What the table beside the curve says.
STEPS = (1, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
PAIRS: Mapping[str, tuple[Text, Any]] = {
    "worst": (gettext_lazy("the two largest"), worst),
    "likeliest": (gettext_lazy("the two most likely to be lost"), likeliest),
}


@dataclass(frozen=True)
class Large:
    """One of the largest accounts, with what it and all larger ones carry."""

    account: Account
    candidate: Candidate
    share: float
    together: float


class ConcentrationPage:
    """All that the page shows of an address; a constant number of statements."""

    def __init__(self, asked: Asked, params: Mapping[str, str], company: Company) -> None:
        self.asked, self.company = asked, company
        accounts = asked.whose.accounts()
        self.revenues = revenues(accounts)
        self.curve = shares_of_largest(self.revenues)
        self.unjudged = unjudged(accounts)
        self._largest = largest(accounts, LARGEST)
        self.pair, self.gone = self._chosen(params)

    @cached_property
    def total(self) -> float:
        """Of all that brought something, as the shares are reckoned."""
        return float(np.clip(self.revenues, 0, None).sum())

    @property
    def largest(self) -> list[Large]:
        return [
            Large(account, one, one.revenue / self.total, float(self.curve[place]))
            for place, (account, one) in enumerate(self._largest)
        ]

    def _chosen(self, params: Mapping[str, str]) -> tuple[str, list[Candidate]]:
        """Two accounts named by the address, as far as they are among the largest; else a pair by its name."""
        known = {str(account.pk): one for account, one in self._largest}
        named = dict.fromkeys(params.get(name, "") for name in ("first", "second"))
        picked = [known[key] for key in named if key in known]
        if picked:
            return "", picked
        pair = params.get("pair", "")
        pair = pair if pair in PAIRS else "worst"
        return pair, PAIRS[pair][1]([one for _account, one in self._largest])

    @cached_property
    def losses(self) -> Losses:
        return losses(self.gone, self.total)

    @property
    def gone_accounts(self) -> list[Account]:
        by_key = {account.pk: account for account, _one in self._largest}
        return [by_key[one.account_id] for one in self.gone]

    @property
    def chosen(self) -> list[int | None]:
        """What the two selects show."""
        keys: list[int | None] = [one.account_id for one in self.gone]
        return [*keys, None, None][:2]

    @property
    def pairs(self) -> list[Option]:
        return [
            Option(label, f"{self.asked.address(pair=key)}#what-if", key == self.pair, key)
            for key, (label, _choose) in PAIRS.items()
        ]

    @property
    def answer(self) -> str:
        """What would be gone, in a sentence."""
        found = self.losses
        if not self.gone:
            return _("Of none of the largest is the risk known, so nobody can say which are likeliest to be lost.")
        said = ngettext(
            "Without it {money} of revenue a year is gone, {share} of that of {whose}",
            "Without both {money} of revenue a year is gone, {share} of that of {whose}",
            len(self.gone),
        )
        text = said.format(money=self._money(found.revenue), share=percent(found.share), whose=self.asked.whose.words)
        return _("{text}; {margin}; {hours} hours of promised contacts a year become free.").format(
            text=text, margin=self._margin(found), hours=round(found.hours)
        )

    def _margin(self, found: Losses) -> str:
        if found.margin is None:
            return _("the margin is not known")
        if found.margin_of < found.revenue:
            text = _("the margin lost is {margin}, known for {part} of it")
            return text.format(margin=self._money(found.margin), part=self._money(found.margin_of))
        return _("the margin lost is {margin}").format(margin=self._money(found.margin))

    @property
    def chance(self) -> str:
        """How likely it is, as far as risks are known."""
        chance = self.losses.chance
        if not self.gone:
            return ""
        if chance is None:
            return _("How likely that is, is not known: the risk of one of them is Unknown.")
        said = ngettext(
            "By its present risk it goes with a chance of {chance}.",
            "If one going says nothing of the other, both go with a chance of {chance}.",
            len(self.gone),
        )
        return said.format(chance=percent(chance) if chance >= 0.01 else _("less than 1 %"))

    def _money(self, amount: float) -> str:
        return money(amount, self.company.currency)

    @property
    def lead(self) -> str:
        number, whose = len(self.curve), self.asked.whose.words
        share, first = share_of_top(self.curve, LARGEST), share_of_top(self.curve, FEW)
        if share is None:
            return _("No revenue of the last twelve months is on record for {whose}.").format(whose=whose)
        if number <= FEW:
            return resting_words(number, whose)
        text = _("The five largest of {n} accounts carry {first} of the revenue of {whose}.")
        if number > LARGEST:
            text = _(
                "The five largest of {n} accounts carry {first} of the revenue of {whose}, the twenty largest {share}."
            )
        return text.format(n=number, whose=whose, first=percent(first), share=percent(share))

    @property
    def left_out(self) -> str:
        """Accounts whose revenue nobody knows yet are in no share."""
        text = ngettext(
            "{n} account is left out: it is not computed, so its revenue is not known.",
            "{n} accounts are left out: they are not computed, so their revenue is not known.",
            self.unjudged,
        )
        return text.format(n=self.unjudged) if self.unjudged else ""

    @property
    def steps(self) -> list[tuple[int, float | None]]:
        """The curve in numbers."""
        counts = [number for number in STEPS if number < len(self.curve)]
        return [(number, share_of_top(self.curve, number)) for number in [*counts, len(self.curve)] if number]

    @property
    def whose(self) -> list[Option]:
        return self.asked.whose.options(lambda key: f"?whose={key}")

    @property
    def urls(self) -> dict[str, str]:
        return {
            "all": self.asked.whose.portfolio(sort="-revenue"),
            "curve": f"{reverse('cadence:concentration_curve')}?{urlencode({'whose': self.asked.whose.key})}",
        }
