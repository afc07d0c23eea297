"""What is known of an account itself, changed by people."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import Account, Ownership, User
from accounts_app.services.changes import mark_changed
from accounts_app.services.facts import ChangedMeanwhileError, lock_account, stamp
from accounts_app.services.ownership import assign


@transaction.atomic
def change(account: Account, fields: Iterable[str], *, deputy: User | None, seen: str, by: User, today: date) -> None:
    """Write these fields, unless the account is no longer what was `seen`; the deputy's history is kept."""
    stored = lock_account(account.pk, by=by)
    if stamp(stored) != seen:
        raise ChangedMeanwhileError(stored)
    names = list(fields)
    for name in names:
        setattr(stored, name, getattr(account, name))
    _refuse_circle(stored)
    stored.save(update_fields=names)
    assign(account=stored, duty=Ownership.Duty.DEPUTY, user=deputy, on=today)
    mark_changed([stored.pk])


@transaction.atomic
def become_former(pk: int, *, by: User) -> None:
    """The account is no customer any more: it keeps its history and leaves the lists."""
    account = lock_account(pk, by=by)
    account.status = Account.Status.FORMER
    account.save(update_fields=["status"])
    mark_changed([pk])


def _refuse_circle(account: Account) -> None:
    """Follow the parents upwards: nobody may be a part of its own part."""
    above = account.parent
    passed: set[int] = set()
    while above is not None and above.pk not in passed:
        if above.pk == account.pk:
            raise ValidationError({"parent_name": _("This account is itself a part of this one.")})
        passed.add(above.pk)
        above = above.parent
