"""Who answers for an account, changed in one place: the account's present owner and the history agree."""

import uuid
from datetime import date

from django.db import transaction

from accounts_app.models import OWN_FEED, Account, Feed, Ownership, User
from accounts_app.services.changes import mark_changed


@transaction.atomic
def assign(*, account: Account, duty: Ownership.Duty, user: User | None, on: date) -> None:
    """Give the account a new owner or deputy from a day on; None leaves the place vacant."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    if getattr(account, f"{duty.value}_id") == (user and user.pk):
        return
    end_current(account=account, duty=duty, on=on)
    if user is not None:
        begin(account=account, duty=duty, user=user, on=on)
    setattr(account, duty.value, user)
    account.save(update_fields=[duty.value])
    mark_changed([account.pk])


def end_current(*, account: Account, duty: Ownership.Duty, on: date) -> None:
    """What began on the same day never held; the audit trail keeps it."""
    current = Ownership.objects.filter(account=account, duty=duty, until_day=None)
    current.filter(from_day__gte=on).delete()
    current.update(until_day=on, until_known_on=on)


def begin(*, account: Account, duty: Ownership.Duty, user: User, on: date) -> None:
    """Whoever stopped on this very day goes on: taken back, a change leaves the history as it was."""
    stopped = Ownership.objects.filter(account=account, duty=duty, user=user, until_day=on)
    if stopped.update(until_day=None, until_known_on=None):
        return
    Ownership.objects.create(
        account=account,
        duty=duty,
        user=user,
        from_day=on,
        known_on=on,
        feed=Feed.objects.get(name=OWN_FEED),
        external_key=str(uuid.uuid4()),
    )
