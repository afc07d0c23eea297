"""What is done from the day's list in one press: log that it took place, or hand it to the deputy."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import Account, Colleague, Contact, Interaction, Ownership, Role, User, ValueItem
from accounts_app.models.interaction import InteractionQuerySet
from accounts_app.services.changes import mark_changed
from accounts_app.services.interactions import Plan, Receipt, Told, log_contact, plan_contact
from accounts_app.services.ownership import assign
from cadence.services.suitable_day import suitable_day

WHO_STANDS_IN = (Role.ACCOUNT_MANAGER, Role.SALES_LEADER)


def log_at_once(
    account: Account,
    plan: Interaction | None,
    *,
    contact: Contact | None,
    item: ValueItem | None,
    by: User,
    today: dt.date,
    key: str,
) -> Receipt:
    """Log today's contact as it was planned or proposed, and plan the next as promised."""
    told = Told(
        happened_on=today,
        channel=plan.channel if plan else Interaction.Channel.CALL,
        purpose=plan.purpose if plan else Interaction.Purpose.PROACTIVE,
        value_item=item,
        contacts=[contact] if contact else [],
        colleagues=list(Colleague.objects.filter(user=by)),
    )
    following = None if _is_planned_ahead(account, plan, today) else _as_promised(account, told, today)
    return log_contact(account, told, by=by, today=today, key=key, planned=plan, following=following)


def _as_promised(account: Account, told: Told, today: dt.date) -> Plan | None:
    """Only a contact that ends the wait begins the next interval."""
    if not told.is_proactive:
        return None
    due = suitable_day(account, today + dt.timedelta(days=account.ideal_days), today=today)
    return Plan(planned_on=due, channel=Interaction.Channel.CALL, purpose=Interaction.Purpose.PROACTIVE)


def _is_planned_ahead(account: Account, plan: Interaction | None, today: dt.date) -> bool:
    ahead = account.interactions.planned().filter(planned_on__gte=today)
    return (ahead.exclude(pk=plan.pk) if plan else ahead).exists()


@dataclass(frozen=True)
class Handed:
    """What handing over did, so that it can be taken back: plain values."""

    plan: int
    to: int
    is_new: bool
    former: int | None
    made_deputy: int | None


def heirs(account: Account) -> list[User]:
    """Who may take a contact over: owner and deputy; without a deputy anybody of the team, who becomes it."""
    if account.deputy:
        return [one for one in (account.owner, account.deputy) if one]
    team = User.objects.filter(is_active=True, role__in=WHO_STANDS_IN, memberships__team=account.team_id)
    return list(team.order_by("name").distinct())


@transaction.atomic
def hand_over_contact(
    account: Account, plan: Interaction | None, *, to: User, on: dt.date, by: User, today: dt.date
) -> Handed:
    """Let somebody else make the contact; what was only due is planned by that, for the day `on`."""
    # Held, so that of two presses at once the second sees what the first has planned.
    account = Account.objects.select_for_update(of=("self",)).select_related("owner", "deputy").get(pk=account.pk)
    if to not in heirs(account):
        raise ValidationError({"to": _("This person cannot take it over: choose somebody who may act here.")})
    held = _as_looked_at(account, plan)
    deputy = to.pk if account.deputy_id is None and to.pk != account.owner_id else None
    if deputy:
        assign(account=account, duty=Ownership.Duty.DEPUTY, user=to, on=today)
    former = held.by_id if held else None
    row = held or _planned(account, on, by=by, today=today)
    Interaction.objects.filter(pk=row.pk).update(by=to)
    mark_changed([account.pk])
    return Handed(row.pk, to.pk, held is None, former, deputy)


def _as_looked_at(account: Account, plan: Interaction | None) -> Interaction | None:
    """The plan, held; refused where it is none any more, or there is one now that was not seen."""
    standing = account.interactions.planned()
    if plan is None:
        if standing.exists():
            raise ValidationError(_("A contact was planned meanwhile: look at the line again."))
        return None
    held: Interaction | None = standing.select_for_update().filter(pk=plan.pk).first()
    if held is None:
        raise ValidationError(_("This plan was logged, moved or voided meanwhile."))
    return held


def _planned(account: Account, on: dt.date, *, by: User, today: dt.date) -> Interaction:
    call, purpose = Interaction.Channel.CALL, Interaction.Purpose.PROACTIVE
    return plan_contact([account], by=by, today=today, planned_on=on, channel=call, purpose=purpose)[0]


@transaction.atomic
def take_hand_over_back(done: Handed, account: Account, *, by: User, today: dt.date) -> None:
    """Undo it while the plan still stands with whom it was handed to: as before, and no deputy where there was none."""
    plans: InteractionQuerySet = account.interactions.planned()
    plan = plans.select_for_update(of=("self",)).filter(pk=done.plan, by=done.to).select_related("account").first()
    if plan is None:
        raise ValidationError(_("It has been changed since, so it was not taken back."))
    if done.is_new:
        said = _("Taken back by {name} after handing over.").format(name=by)[:200]
        plans.filter(pk=plan.pk).update(state=Interaction.State.VOIDED, void_reason=said)
    else:
        plans.filter(pk=plan.pk).update(by=done.former)
    if done.made_deputy and plan.account.deputy_id == done.made_deputy:
        assign(account=plan.account, duty=Ownership.Duty.DEPUTY, user=None, on=today)
    mark_changed([plan.account_id])
