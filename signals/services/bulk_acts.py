"""One change to many accounts: all of them or none, only those that this person may change, and taken back as one.

What an account was before is kept with the act. An undo touches nothing that was changed since by anybody.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Ownership, Tier, User
from accounts_app.plan_days import joint_visit_days, working_day
from accounts_app.services.both_sides import calendars
from accounts_app.services.changes import mark_changed
from accounts_app.services.interaction_plans import take_back_plans
from accounts_app.services.interaction_snapshot import fingerprint
from accounts_app.services.interactions import plan_contact
from accounts_app.services.ownership import assign
from accounts_app.services.ownership_follow_up import (
    FollowUp,
    OwnerChange,
    follow_up,
    open_promises,
    take_back_follow_up,
)
from signals.models import Alert, BulkAct
from signals.pages.portfolio.filters import ROLES_THAT_ASSIGN
from signals.services import alerts

# One statement an account, one transaction: more would keep others waiting.
MOST_ACCOUNTS = 1000
Items = list[dict[str, Any]]


class ChangedSinceError(Exception):
    """Some of the accounts are no longer as the act left them."""

    def __init__(self, accounts: Collection[int]) -> None:
        super().__init__(f"{len(accounts)} changed since")
        self.accounts = set(accounts)


@dataclass(frozen=True)
class Undone:
    """How many accounts went back, and which did not because somebody changed them since."""

    back: int
    changed_since: set[int]


@transaction.atomic
def change_owner(
    accounts: Iterable[int], *, by: User, owner: User | None, today: date, visits_from: date | None = None
) -> BulkAct:
    """Give them to somebody, or nobody; a deputy who becomes owner is deputy there no longer.

    With `visits_from` each is visited jointly, from that day on; open promises follow to the new owner.
    """
    if by.role not in ROLES_THAT_ASSIGN:
        raise PermissionDenied
    held = [account for account in _held(accounts, by=by) if account.owner_id != (owner and owner.pk)]
    followed = _follow(held, owner, visits_from, by=by, today=today)
    items = []
    for account in held:
        was_deputy = owner is not None and account.deputy_id == owner.pk
        if was_deputy:
            assign(account=account, duty=Ownership.Duty.DEPUTY, user=None, on=today)
        assign(account=account, duty=Ownership.Duty.OWNER, user=owner, on=today)
        before = {"before": account.owner_id, "after": owner and owner.pk, "was_deputy": was_deputy}
        items.append({"account": account.pk, **before, **asdict(followed[account.pk])})
    words = ngettext("{n} account now belongs to {name}.", "{n} accounts now belong to {name}.", len(items))
    vacant = ngettext("{n} account now has no owner.", "{n} accounts now have no owner.", len(items))
    said = (words if owner else vacant).format(n=len(items), name=owner)
    return _kept(BulkAct.Kind.OWNER, items, by=by, said=" ".join([said, *_went_along(items)]))


def _follow(
    held: list[Account], owner: User | None, visits_from: date | None, *, by: User, today: date
) -> dict[int, FollowUp]:
    """The most important are visited first."""
    formers = User.objects.in_bulk({account.owner_id for account in held if account.owner_id is not None})
    ranked = sorted(held, key=lambda account: (account.tier.rank, account.pk))
    days, both = joint_visit_days(visits_from, len(ranked)) if visits_from else [], calendars(ranked)
    changes = [
        OwnerChange(
            account, formers.get(account.owner_id or 0), owner, day and working_day(day, both[account.pk].sides)
        )
        for account, day in zip_longest(ranked, days)
    ]
    return follow_up(changes, by=by, today=today)


def _went_along(items: Items) -> list[str]:
    """What was done besides, in words."""
    visits = sum(item["visit"] is not None for item in items)
    promises = open_promises([item["account"] for item in items])
    told = [
        (visits, ngettext("{n} joint visit planned.", "{n} joint visits planned.", visits)),
        (promises, ngettext("{n} open promise went along.", "{n} open promises went along.", promises)),
    ]
    return [words.format(n=number) for number, words in told if number]


@transaction.atomic
def change_tier(accounts: Iterable[int], *, by: User, tier: Tier) -> BulkAct:
    held = [account for account in _held(accounts, by=by) if account.tier_id != tier.pk]
    items = [{"account": account.pk, "before": account.tier_id, "after": tier.pk} for account in held]
    for account in held:
        account.tier = tier
    Account.objects.bulk_update(held, ["tier"])
    mark_changed(account.pk for account in held)
    words = ngettext("{n} account is now in tier {tier}.", "{n} accounts are now in tier {tier}.", len(held))
    return _kept(BulkAct.Kind.TIER, items, by=by, said=words.format(n=len(held), tier=tier))


@transaction.atomic
def snooze(accounts: Iterable[int], *, by: User, until: date, reason: str, today: date) -> BulkAct:
    """Put aside every alert of these accounts that is open or acknowledged."""
    awake = Alert.objects.filter(
        account__in=_held(accounts, by=by), state__in=(Alert.State.OPEN, Alert.State.ACKNOWLEDGED)
    )
    items = []
    for alert in awake.order_by("pk"):
        action = alerts.snooze(alert, by=by, until=until, reason=reason, today=today)
        items.append({"account": alert.account_id, "alert": alert.pk, "action": action.pk})
    words = ngettext("{n} alert snoozed.", "{n} alerts snoozed.", len(items))
    return _kept(BulkAct.Kind.SNOOZE, items, by=by, said=words.format(n=len(items)))


@transaction.atomic
def plan(accounts: Iterable[int], *, by: User, today: date, planned_on: date, channel: str, purpose: str) -> BulkAct:
    """One contact for each account, on the same day."""
    held = _held(accounts, by=by)
    planned = plan_contact(held, by=by, today=today, planned_on=planned_on, channel=channel, purpose=purpose)
    items = [{"account": one.account_id, "interaction": one.pk, "seen": fingerprint(one)} for one in planned]
    words = ngettext("{n} contact planned.", "{n} contacts planned.", len(items))
    return _kept(BulkAct.Kind.PLAN, items, by=by, said=words.format(n=len(items)))


@transaction.atomic
def undo(act: BulkAct, *, by: User, now: datetime, today: date, only_unchanged: bool = False) -> Undone:
    """Take an act back. Where something was changed since, nothing is touched unless `only_unchanged` is wanted."""
    act = BulkAct.objects.select_for_update().get(pk=act.pk)
    if act.by_id != by.pk:
        raise PermissionDenied
    if not act.may_be_undone(now=now):
        raise ValidationError(_("This was taken back already, or is too long ago."))
    _held([item["account"] for item in act.items], by=by)
    changed: set[int] = set()
    back: set[int] = set()
    for item, is_back in zip(act.items, UNDO[act.kind](act.items, by, now, today), strict=True):
        (back if is_back else changed).add(item["account"])
    if changed and not only_unchanged:
        raise ChangedSinceError(changed)  # and with it the transaction goes back
    act.undone_at = now
    act.save(update_fields=["undone_at"])
    mark_changed(back)
    return Undone(len(back), changed)


def changed_since(act: BulkAct, *, by: User, now: datetime, today: date) -> set[int]:
    """Which accounts an undo would leave alone, found by trying it."""
    try:
        with transaction.atomic():
            undo(act, by=by, now=now, today=today)
            transaction.set_rollback(True)
    except ChangedSinceError as changed:
        return changed.accounts
    return set()


def _held(accounts: Iterable[int], *, by: User) -> list[Account]:
    """Those that this person may change, locked in one order, so that two acts at once never wait in a ring."""
    editable = Account.objects.editable_by(by).filter(pk__in=list(accounts)).order_by("pk")
    return list(editable.select_related("tier").select_for_update(of=("self",), no_key=True))


def _kept(kind: BulkAct.Kind, items: Items, *, by: User, said: str) -> BulkAct:
    act = BulkAct.objects.create(kind=kind, items=items, by=by, said=said)
    act.refresh_from_db(fields=["at"])
    return act


def _editable(item: dict[str, Any], by: User) -> Account | None:
    return Account.objects.editable_by(by).filter(pk=item["account"]).first()


def _undo_owner(item: dict[str, Any], by: User, _now: datetime, today: date) -> bool:
    account = _editable(item, by)
    if account is None or account.owner_id != item["after"] or (item["was_deputy"] and account.deputy_id is not None):
        return False
    former = User.objects.filter(pk=item["before"], is_active=True).first()
    if item["before"] is not None and (former is None or account.deputy_id == former.pk):
        return False
    heir = User.objects.get(pk=item["after"]) if item["after"] else None
    assign(account=account, duty=Ownership.Duty.OWNER, user=former, on=today)
    if item["was_deputy"]:
        assign(account=account, duty=Ownership.Duty.DEPUTY, user=heir, on=today)
    # Acts of before the joint visits have neither.
    followed = FollowUp(item.get("visit"), tuple(item.get("promises", ())))
    take_back_follow_up(followed, former=former, heir=heir, by=by)
    return True


def _undo_tier(item: dict[str, Any], by: User, _now: datetime, _today: date) -> bool:
    account = _editable(item, by)
    if account is None or account.tier_id != item["after"]:
        return False
    account.tier_id = item["before"]
    account.save(update_fields=["tier"])
    return True


def _undo_alert(item: dict[str, Any], by: User, now: datetime, _today: date) -> bool:
    alert = Alert.objects.filter(pk=item["alert"]).first()
    last = alerts.last_undoable(alert, now=now) if alert else None
    if alert is None or last is None or last.pk != item["action"] or _editable(item, by) is None:
        return False
    try:
        alerts.undo(alert, by=by, now=now)
    except ValidationError:  # changed between the look and the lock
        return False
    return True


def _undo_plans(items: Items, by: User, _now: datetime, _today: date) -> list[bool]:
    """All at once: a quarter has thousands. A plan that was moved, kept or dropped since stays as it is."""
    back = take_back_plans({item["interaction"]: item["seen"] for item in items}, by=by)
    return [item["interaction"] in back for item in items]


Undo = Callable[[Items, User, datetime, date], list[bool]]
UndoOne = Callable[[dict[str, Any], User, datetime, date], bool]


def _each(undo_one: UndoOne) -> Undo:
    return lambda items, by, now, today: [undo_one(item, by, now, today) for item in items]


UNDO: dict[str, Undo] = {
    BulkAct.Kind.OWNER: _each(_undo_owner),
    BulkAct.Kind.TIER: _each(_undo_tier),
    BulkAct.Kind.SNOOZE: _each(_undo_alert),
    BulkAct.Kind.PLAN: _undo_plans,
    BulkAct.Kind.ALERTS: _each(_undo_alert),
}
