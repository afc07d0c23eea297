"""What to bring to an account next, and why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts_app.models import Account, ValueItem
from accounts_app.services.value_fits import suitable_items
from cadence.value_reasons import reason


@dataclass(frozen=True)
class Proposal:
    """An item to bring; `reason` is a fragment: "for Food, not brought yet"."""

    item: ValueItem
    reason: str


def proposals(accounts: Sequence[Account], *, today: dt.date) -> dict[int, Proposal | None]:
    """The best item for each account by its key, None where nothing suits; four queries for any number."""
    best = proposal_lists(accounts, today=today, most=1)
    return {pk: found[0] if found else None for pk, found in best.items()}


def proposal_lists(accounts: Sequence[Account], *, today: dt.date, most: int) -> dict[int, list[Proposal]]:
    """The best items for each account, at most so many."""
    suitable = suitable_items(accounts, today=today)
    return {
        account.pk: [
            Proposal(one.item, reason(account, one.item, one.fit, today=today)) for one in suitable[account.pk][:most]
        ]
        for account in accounts
    }
