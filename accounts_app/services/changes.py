"""Marks accounts whose facts changed; a dispatcher of the signals picks the marks up and recomputes."""

from collections.abc import Iterable

from django.db.models.functions import Now

from accounts_app.models import AccountMark


def mark_changed(account_ids: Iterable[int]) -> None:
    """One row per account, however often it changes; sorted, so that two writers never wait in a ring."""
    marks = [AccountMark(account_id=pk, marked_at=Now()) for pk in sorted(set(account_ids))]
    AccountMark.objects.bulk_create(
        marks, update_conflicts=True, unique_fields=["account"], update_fields=["marked_at"]
    )
