"""What people think of an account, beside what is computed: said, withdrawn, brought back. Nothing is computed anew."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts_app.models import Account, User
from signals.models import ManualJudgement

Ending = ManualJudgement.Ending


def judge(account: Account, *, band: str, reason: str, by: User, now: datetime, today: date) -> ManualJudgement:
    """Say it for 90 days; what was said before is replaced, or had expired."""
    _must_be_editable(account, by)
    with transaction.atomic():
        # Two at once: the account is held, so the second replaces the first instead of failing.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        before = ManualJudgement.objects.filter(account=account, ended_at=None)
        before.filter(holds_until__lt=today).update(ending=Ending.EXPIRED, ended_at=now)
        before.update(ending=Ending.REPLACED, ended_at=now, ended_by=by)
        until = today + ManualJudgement.HOLDS
        return ManualJudgement.objects.create(
            account=account, band=band, reason=reason, by=by, judged_on=today, holds_until=until
        )


def withdraw(account: Account, *, by: User, now: datetime, today: date) -> ManualJudgement | None:
    """End the one in force; None where there is none (any more)."""
    _must_be_editable(account, by)
    with transaction.atomic():
        row = ManualJudgement.objects.in_force(today).select_for_update().filter(account=account).first()
        if row is not None:
            row.ending, row.ended_at, row.ended_by = Ending.WITHDRAWN, now, by
            row.save(update_fields=["ending", "ended_at", "ended_by"])
        return row


def restore(account: Account, *, by: User) -> ManualJudgement:
    """Bring back the last one, if it was withdrawn and nothing was said since."""
    _must_be_editable(account, by)
    last = ManualJudgement.objects.filter(account=account).order_by("-pk").first()
    if last is None or last.ending not in {"", Ending.WITHDRAWN}:
        raise ValidationError(_("There is no withdrawn judgement to bring back."))
    last.ending, last.ended_at, last.ended_by = "", None, None
    try:
        with transaction.atomic():
            last.save(update_fields=["ending", "ended_at", "ended_by"])
    except IntegrityError as newer:
        raise ValidationError(_("Somebody said something newer meanwhile; that holds.")) from newer
    return last


def in_force_of(accounts: Iterable[int], today: date) -> dict[int, ManualJudgement]:
    """By account, in one statement."""
    rows = ManualJudgement.objects.in_force(today).filter(account__in=list(accounts)).select_related("by")
    return {row.account_id: row for row in rows}


def _must_be_editable(account: Account, by: User) -> None:
    if not Account.objects.editable_by(by).filter(pk=account.pk).exists():
        raise PermissionDenied
