"""All accounts of somebody who leaves, given to others in one step; and taken back while nothing else has happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import Account, Ownership, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.services.changes import mark_changed
from accounts_app.services.ownership import assign

UNDO_SECONDS = 30 * 60
_SALT = "hand-over"


@dataclass(frozen=True)
class HandOver:
    """Who had the accounts, who has them now, and in which of them the leaving one was deputy."""

    leaver: int
    owners: dict[int, int | None]
    deputised: list[int]
    on: date


def accounts_of(leaver: User, *, by: User) -> AccountQuerySet:
    """What the leaver answers for, as far as this person may change it."""
    return Account.objects.editable_by(by).filter(owner=leaver)


@transaction.atomic
def hand_over(leaver: User, heirs: Mapping[int, User | None], *, by: User, on: date) -> HandOver:
    """Give each account (by its id) to its heir, None leaves it without an owner; the leaver is deputy nowhere then."""
    owned = {account.pk: account for account in accounts_of(leaver, by=by).select_for_update(of=("self",))}
    if set(heirs) != set(owned):
        raise ValidationError(_("The accounts of %(name)s have changed meanwhile. Look again.") % {"name": leaver})
    deputised = list(Account.objects.editable_by(by).filter(deputy=leaver).select_for_update(of=("self",)))
    for account in deputised:
        assign(account=account, duty=Ownership.Duty.DEPUTY, user=None, on=on)
    for pk, heir in heirs.items():
        if heir is not None and owned[pk].deputy_id == heir.pk:
            assign(account=owned[pk], duty=Ownership.Duty.DEPUTY, user=None, on=on)
        assign(account=owned[pk], duty=Ownership.Duty.OWNER, user=heir, on=on)
    owners = {pk: None if heir is None else heir.pk for pk, heir in heirs.items()}
    return HandOver(leaver.pk, owners, [account.pk for account in deputised], on)


def ticket_of(done: HandOver) -> str:
    """What the undo button carries: signed, and good for a while; accounts one may not change it does not move."""
    content = [done.leaver, list(done.owners.items()), done.deputised, done.on.isoformat()]
    return signing.dumps(content, salt=_SALT, compress=True)


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
    if not Account.objects.editable_by(by).filter(pk__in=[*done.owners, *done.deputised]).exists():
        raise Account.DoesNotExist
    back = [pk for pk, heir in done.owners.items() if _restore(pk, Ownership.Duty.OWNER, done, holder=heir, by=by)]
    for pk in done.deputised:
        _restore(pk, Ownership.Duty.DEPUTY, done, holder=None, by=by)
    mark_changed([*back, *done.deputised])
    return len(back)


def _read(ticket: str) -> HandOver:
    leaver, owners, deputised, on = signing.loads(ticket, salt=_SALT, max_age=UNDO_SECONDS)
    return HandOver(leaver, dict(owners), deputised, date.fromisoformat(on))


def _restore(pk: int, duty: Ownership.Duty, done: HandOver, *, holder: int | None, by: User) -> bool:
    """Continue the former holder's record as if it had never ended."""
    present = Account.objects.editable_by(by).select_for_update(of=("self",))
    account = present.filter(pk=pk, **{f"{duty.value}": holder}).first()
    spans = Ownership.objects.filter(account=pk, duty=duty)
    former = spans.filter(user=done.leaver, until_day=done.on).order_by("-from_day").first()
    if account is None or former is None:
        return False
    spans.filter(from_day__gte=done.on, until_day=None).delete()
    Ownership.objects.filter(pk=former.pk).update(until_day=None, until_known_on=None)
    setattr(account, f"{duty.value}_id", done.leaver)
    account.save(update_fields=[duty.value])
    return True
