"""What an owner change brings along: a joint visit of former and new owner, and promises that follow the account."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import Account, Colleague, Contact, Promise, User
from accounts_app.services.hand_over_contacts import Meeting, drop_untouched, plan_meetings


@dataclass(frozen=True)
class OwnerChange:
    """An account that changed hands, and the day of the joint visit; None plans none."""

    account: Account
    former: User | None
    heir: User | None
    visit_on: dt.date | None = None


@dataclass(frozen=True)
class FollowUp:
    """What was done besides, so that it can be taken back: the visit planned, the promises given to the heir."""

    visit: int | None = None
    promises: tuple[int, ...] = ()


@transaction.atomic
def follow_up(changes: Sequence[OwnerChange], *, by: User, today: dt.date) -> dict[int, FollowUp]:
    """Plan the visits and let the promises follow; by the account's id, in as many statements for one as for many."""
    visits = plan_meetings(_visits(changes), by=by, today=today)
    promises = _pass_on(changes)
    return {one.account.pk: FollowUp(visits.get(one.account.pk), tuple(promises[one.account.pk])) for one in changes}


@transaction.atomic
def take_back_follow_up(followed: FollowUp, *, former: User | None, heir: User | None, by: User) -> None:
    """Drop the visit unless somebody has touched it, give back the promises that are still open and the heir's."""
    if followed.visit is not None:
        drop_untouched([followed.visit], reason=_("Taken back by {name} with the owner change.").format(name=by))
    still = Promise.objects.open().filter(pk__in=followed.promises, by=heir)
    for promise in still.select_for_update(of=("self",)).order_by("pk"):
        promise.by = former
        promise.save(update_fields=["by"])


def open_promises(accounts: Collection[int]) -> int:
    """How many stay with these accounts, whoever was to see to them."""
    return Promise.objects.open().filter(account__in=accounts).count()


def _visits(changes: Iterable[OwnerChange]) -> list[Meeting]:
    wanted = [one for one in changes if one.visit_on is not None and one.heir is not None]
    ours, theirs = _colleagues(wanted), _main_contacts(wanted)
    return [
        Meeting(
            account=one.account,
            planned_on=one.visit_on,
            note=_occasion(one),
            contacts=theirs[one.account.pk],
            colleagues=[ours[user.pk] for user in (one.former, one.heir) if _comes(user) and user.pk in ours],
        )
        for one in wanted
        if one.visit_on is not None
    ]


def _comes(user: User | None) -> TypeGuard[User]:
    """Whoever may not log in any more has left, and comes to no visit."""
    return user is not None and user.is_active


def _occasion(change: OwnerChange) -> str:
    if _comes(change.former):
        return _("Joint visit: {former} introduces {heir}.").format(former=change.former, heir=change.heir)
    return _("First visit of {heir}, who answers for the account now.").format(heir=change.heir)


def _colleagues(changes: Iterable[OwnerChange]) -> dict[int, Colleague]:
    users = {user.pk for one in changes for user in (one.former, one.heir) if user is not None}
    return {one.user_id: one for one in Colleague.objects.filter(user__in=users) if one.user_id is not None}


def _main_contacts(changes: Iterable[OwnerChange]) -> dict[int, list[Contact]]:
    main: dict[int, list[Contact]] = defaultdict(list)
    accounts = [one.account.pk for one in changes]
    for contact in Contact.objects.filter(account__in=accounts, primary=True, left_on=None):
        main[contact.account_id].append(contact)
    return main


def _pass_on(changes: Iterable[OwnerChange]) -> dict[int, list[int]]:
    """Whatever the former owner was to see to, the heir sees to; without one, whoever answers next."""
    change_of = {one.account.pk: one for one in changes if one.former is not None}
    moved: dict[int, list[int]] = defaultdict(list)
    held = Promise.objects.open().filter(account__in=change_of).select_for_update(of=("self",)).order_by("pk")
    for promise in held:
        change = change_of[promise.account_id]
        if change.former is None or promise.by_id != change.former.pk:
            continue
        promise.by = change.heir
        promise.save(update_fields=["by"])
        moved[promise.account_id].append(promise.pk)
    return moved
