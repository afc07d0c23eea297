"""Marks of accounts whose facts changed: removed once computed, unless set anew since they were read."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from accounts_app.models import AccountMark
from signals.services.post_mortems import rank_losses

Marks = Mapping[int, datetime]


def oldest(number: int) -> Marks:
    return dict(AccountMark.objects.order_by("marked_at").values_list("account_id", "marked_at")[:number])


def of_accounts(accounts: Collection[int]) -> Marks:
    return dict(AccountMark.objects.filter(account__in=accounts).values_list("account_id", "marked_at"))


def remove(marks: Marks) -> None:
    """A mark that is no longer the one that was read stands for a change which was perhaps not."""
    unchanged = Q(pk__in=[])
    for account_id, marked_at in marks.items():
        unchanged |= Q(account_id=account_id, marked_at=marked_at)
    AccountMark.objects.filter(unchanged).delete()
    rank_losses(marks)
