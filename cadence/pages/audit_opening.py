"""What opening the quarter's audit would do: which accounts the policy takes in, and why."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.models import Account, User
from accounts_app.templatetags.formats import day_text
from cadence.models import AuditCycle, AuditPolicy
from cadence.quarter_days import quarter_of
from cadence.services.audits import Chosen, chosen, name_of_quarter

Text = str | Promise
NAMED = 8
WHY: dict[str, Text] = {
    "tier": gettext_lazy("audited tier"),
    "revenue": gettext_lazy("share of revenue"),
    "band": gettext_lazy("band"),
}


@dataclass(frozen=True)
class TakenIn:
    """An account that would be audited."""

    account: Account
    why: list[Text]


class Opening:
    """The audit of today's quarter as the policy would choose it; counts are of all accounts, names of those seen."""

    def __init__(self, today: dt.date, policy: AuditPolicy, user: User) -> None:
        self.today, self.policy, self.user = today, policy, user
        self.name = name_of_quarter(quarter_of(today))

    @cached_property
    def there(self) -> AuditCycle | None:
        """The audit that is open already."""
        return AuditCycle.objects.filter(name=self.name).first()

    @cached_property
    def chosen(self) -> list[Chosen]:
        return chosen(self.today, self.policy)

    @property
    def counts(self) -> list[tuple[Text, int]]:
        """By reason; an account may have several."""
        counted = Counter(why for one in self.chosen for why in one.why)
        return [(label, counted[key]) for key, label in WHY.items()]

    @cached_property
    def accounts(self) -> list[TakenIn]:
        why = {one.account_id: [WHY[key] for key in one.why] for one in self.chosen}
        rows = Account.objects.visible_to(self.user).filter(pk__in=why).select_related("owner", "tier", "standing")
        return [TakenIn(account, why[account.pk]) for account in rows.order_by("sort_name", "pk")]

    def beside(self, saved: "Opening") -> list[tuple[str, str]]:
        """Against the policy that is saved: who would come in, and who would not any more; names of those seen."""
        now, before = ({one.account_id for one in opening.chosen} for opening in (self, saved))
        told = (
            (now - before, _("{n} come in besides those of the saved policy"), self),
            (before - now, _("{n} of the saved policy would not come in"), saved),
        )
        return [(words.format(n=len(keys)), opening.names(keys)) for keys, words, opening in told if keys]

    def names(self, keys: Collection[int]) -> str:
        """The first of these accounts by name."""
        found = [one.account.name for one in self.accounts if one.account.pk in keys]
        more = len(found) - NAMED
        told = ", ".join(found[:NAMED])
        return told + (" " + _("and {n} others").format(n=more) if more > 0 else "")

    @property
    def unseen(self) -> int:
        return len(self.chosen) - len(self.accounts)

    @property
    def answers_due_on(self) -> dt.date:
        return self.today + dt.timedelta(days=self.policy.days_to_answer)

    @property
    def due_on(self) -> dt.date:
        return self.answers_due_on + dt.timedelta(days=self.policy.days_to_sign)

    @property
    def lead(self) -> str:
        if not self.chosen and not Account.objects.current().exists():
            return _("There is no account yet: an audit begins with the customers there are.")
        if not self.chosen:
            return _("The policy takes in no account: mark a tier as audited, or name a revenue share or a band.")
        text = ngettext(
            "The policy takes in {n} account: {reasons}.", "The policy takes in {n} accounts: {reasons}.",
            len(self.chosen),
        )  # fmt: skip
        reasons = ", ".join(_("{n} by {reason}").format(n=n, reason=label) for label, n in self.counts if n)
        return text.format(n=len(self.chosen), reasons=reasons) + " " + self.days

    @property
    def days(self) -> str:
        return _("Answers are due {answers}, both signatures {signatures}.").format(
            answers=day_text(self.answers_due_on, self.today), signatures=day_text(self.due_on, self.today)
        )
