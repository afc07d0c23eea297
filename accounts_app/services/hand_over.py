"""All accounts of somebody who leaves, given to others in one step; and taken back while nothing else has happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Ownership, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.services.ownership import assign
from accounts_app.services.ownership_follow_up import (
    FollowUp,
    OwnerChange,
    follow_up,
    open_promises,
    take_back_follow_up,
)

UNDO_SECONDS = 30 * 60
_SALT = "hand-over"


@dataclass(frozen=True)
class HandOver:
    """Who had the accounts, who has them now (by the account's id), whose place as deputy is vacant, what followed."""

    leaver: int
    owners: dict[int, int | None]
    deputies: dict[int, int]
    on: date
    followed: dict[int, FollowUp] = field(default_factory=dict)

    @property
    def visits(self) -> int:
        return sum(one.visit is not None for one in self.followed.values())


def accounts_of(leaver: User, *, by: User) -> AccountQuerySet:
    """What the leaver answers for, as far as this person may change it."""
    return Account.objects.editable_by(by).filter(owner=leaver)


@transaction.atomic
def hand_over(
    leaver: User, heirs: Mapping[int, User | None], *, by: User, on: date, visits: Mapping[int, date] | None = None
) -> HandOver:
    """Give each account (by its id) to its heir, None leaves it without an owner; the leaver is deputy nowhere then.

    `visits` names the day of the joint visit of those accounts that get one; open promises follow to the heir.
    """
    owned = {account.pk: account for account in accounts_of(leaver, by=by).select_for_update(of=("self",))}
    if set(heirs) != set(owned):
        raise ValidationError(_("The accounts of %(name)s have changed meanwhile. Look again.") % {"name": leaver})
    heir_of = {pk: heir.pk for pk, heir in heirs.items() if heir is not None}
    # The leaver is deputy nowhere, and nobody is deputy of the own account.
    vacant = Account.objects.editable_by(by).filter(Q(deputy=leaver) | Q(pk__in=heir_of))
    deputies = {
        account.pk: account.deputy_id
        for account in vacant.select_for_update(of=("self",))
        if account.deputy_id is not None and account.deputy_id in {leaver.pk, heir_of.get(account.pk)}
    }
    for pk in deputies:
        assign(account=Account(pk=pk), duty=Ownership.Duty.DEPUTY, user=None, on=on)
    for pk, heir in heirs.items():
        assign(account=owned[pk], duty=Ownership.Duty.OWNER, user=heir, on=on)
    days = visits or {}
    changes = [OwnerChange(owned[pk], leaver, heir, days.get(pk)) for pk, heir in sorted(heirs.items())]
    followed = follow_up(changes, by=by, today=on)
    return HandOver(leaver.pk, {pk: heir_of.get(pk) for pk in heirs}, deputies, on, followed)


@transaction.atomic
def change_owner(account: Account, owner: User | None, *, by: User, on: date, visit_on: date | None) -> HandOver:
    """Give one account to somebody else; its own deputy who takes over is deputy no longer."""
    held = Account.objects.editable_by(by).select_for_update(of=("self",)).select_related("owner").get(pk=account.pk)
    former = held.owner
    deputies = {held.pk: owner.pk} if owner and held.deputy_id == owner.pk else {}
    if deputies:
        assign(account=held, duty=Ownership.Duty.DEPUTY, user=None, on=on)
    assign(account=held, duty=Ownership.Duty.OWNER, user=owner, on=on)
    followed = follow_up([OwnerChange(held, former, owner, visit_on)], by=by, today=on)
    # Nobody to give back to: 0 is nobody's key.
    return HandOver(former.pk if former else 0, {held.pk: owner.pk if owner else None}, deputies, on, followed)


def ticket_of(done: HandOver) -> str:
    """What the undo button carries: signed, and good for a while; accounts one may not change it does not move."""
    followed = [(pk, one.visit, one.promises) for pk, one in done.followed.items()]
    content = [done.leaver, list(done.owners.items()), list(done.deputies.items()), done.on.isoformat(), followed]
    return signing.dumps(content, salt=_SALT, compress=True)


def went_along(done: HandOver) -> str:
    """What was done besides, in words; empty where there was nothing."""
    promises = open_promises(done.owners)
    told = [
        (done.visits, ngettext("{n} joint visit planned.", "{n} joint visits planned.", done.visits)),
        (promises, ngettext("{n} open promise went along.", "{n} open promises went along.", promises)),
    ]
    return " ".join(words.format(n=number) for number, words in told if number)


@transaction.atomic
def take_back(ticket: str, *, by: User) -> int:
    """Undo a hand-over; returns how many accounts went back. One that has changed hands since is left alone.

    Raises
    ------
    django.core.signing.BadSignature
        For a ticket that is not ours; SignatureExpired for one that is too old.
    Account.DoesNotExist
        Where none of its accounts is one this person may change.
    """
    done = _read(ticket)
    if not Account.objects.editable_by(by).filter(pk__in=[*done.owners, *done.deputies]).exists():
        raise Account.DoesNotExist
    back = [
        pk
        for pk, heir in done.owners.items()
        if _restore(pk, Ownership.Duty.OWNER, holder=heir, former=done.leaver, on=done.on, by=by)
    ]
    for pk, former in done.deputies.items():
        _restore(pk, Ownership.Duty.DEPUTY, holder=None, former=former, on=done.on, by=by)
    users = User.objects.in_bulk([done.leaver, *(heir for heir in done.owners.values() if heir is not None)])
    for pk in back:
        heir = users.get(done.owners[pk] or 0)
        take_back_follow_up(done.followed.get(pk, FollowUp()), former=users[done.leaver], heir=heir, by=by)
    return len(back)


def _read(ticket: str) -> HandOver:
    leaver, owners, deputies, on, followed = signing.loads(ticket, salt=_SALT, max_age=UNDO_SECONDS)
    back = {pk: FollowUp(visit, tuple(promises)) for pk, visit, promises in followed}
    return HandOver(leaver, dict(owners), dict(deputies), date.fromisoformat(on), back)


def _restore(pk: int, duty: Ownership.Duty, *, holder: int | None, former: int, on: date, by: User) -> bool:
    """Give the duty back, if its holder is still the one of the hand-over."""
    account = Account.objects.editable_by(by).filter(pk=pk, **{duty.value: holder}).first()
    if account is None:
        return False
    assign(account=account, duty=duty, user=User.objects.get(pk=former), on=on)
    return True
