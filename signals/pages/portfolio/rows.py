"""One row of the portfolio: all that its template shows of an account, worked out."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from django.urls import reverse

from accounts_app.models import Account, Interaction
from accounts_app.views.contract import SOON_DAYS
from signals.models import Band, ManualJudgement, Standing
from signals.pages.account.judgements import differs
from signals.pages.sentences import lead_in_a_row, why


@dataclass(frozen=True)
class Row:
    """An account with its standing, which is missing until the account was judged for the first time."""

    account: Account
    judgement: ManualJudgement | None = None

    @cached_property
    def standing(self) -> Standing | None:
        return getattr(self.account, "standing", None)

    @cached_property
    def why(self) -> str:
        return why(self.standing) if self.is_computed and self.standing else ""

    @property
    def brief_why(self) -> str:
        return lead_in_a_row(self.standing) if self.is_computed and self.standing else ""

    @property
    def is_computed(self) -> bool:
        return self.standing is not None and self.standing.state == Standing.State.COMPUTED

    @property
    def judgement_differs(self) -> bool:
        band = self.standing.band if self.standing else Band.UNKNOWN.value
        return self.judgement is not None and differs(self.judgement, band)

    @property
    def proactive_days(self) -> int | None:
        return self._days_since(self.standing.last_proactive_on if self.standing else None)

    @property
    def contact_days(self) -> int | None:
        return self._days_since(self.standing.last_contact_on if self.standing else None)

    @property
    def is_promise_broken(self) -> bool:
        """Whether the last proactive contact is longer ago than the longest interval promised."""
        return self.proactive_days is not None and self.proactive_days > self.account.max_days

    @property
    def is_plan_overdue(self) -> bool:
        planned = self.standing.next_planned_on if self.standing else None
        return planned is not None and self.standing is not None and planned < self.standing.as_of

    @property
    def order_late_days(self) -> int:
        """Days since which an order is later than usual (the wash of the strip), 0 while it is not."""
        since = self.standing.strip.get("late_from") if self.standing else None
        return (self._days_since(dt.date.fromisoformat(since)) or 0) if since else 0

    @property
    def notice_days(self) -> int | None:
        """Days until notice may last be given, or the contract ends."""
        since = self._days_since(self.standing.notice_on if self.standing else None)
        return None if since is None else -since

    @property
    def is_notice_pressing(self) -> bool:
        """Whether the customer gave notice, or the day for it is near."""
        if self.standing is None:
            return False
        near = self.notice_days is not None and 0 <= self.notice_days <= SOON_DAYS
        return near or self.standing.notice_state == Standing.Notice.RECEIVED

    @property
    def next_channel(self) -> str:
        key = self.standing.next_planned_channel if self.standing else ""
        return Interaction.Channel(key).label.lower() if key else ""

    @property
    def account_url(self) -> str:
        return self._address("signals:account")

    @property
    def interactions_url(self) -> str:
        return self._address("accounts:interaction_list")

    @property
    def incidents_url(self) -> str:
        return self._address("accounts:incident_list")

    @property
    def orders_url(self) -> str:
        return self._address("accounts:order_list")

    @property
    def contracts_url(self) -> str:
        return self._address("accounts:contract_list")

    @property
    def row_url(self) -> str:
        return self._address("signals:portfolio_row")

    def _address(self, url_name: str) -> str:
        before, after = _around_key(url_name)
        return f"{before}{self.account.pk}{after}"

    def _days_since(self, day: dt.date | None) -> int | None:
        return (self.standing.as_of - day).days if day and self.standing else None


def rows(accounts: Iterable[Account], judgements: Mapping[int, ManualJudgement]) -> list[Row]:
    """`judgements` are those of people, by account."""
    return [Row(account, judgements.get(account.pk)) for account in accounts]


@cache
def _around_key(url_name: str) -> tuple[str, str]:
    """What stands before and after the key: looking an address up for each of 50 rows is a tenth of the page."""
    before, _key, after = reverse(url_name, args=[0]).rpartition("0")
    return before, after
