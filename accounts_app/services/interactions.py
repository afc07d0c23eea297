"""Contacts with an account: logged with the next one planned, planned for many accounts, and taken back."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, prefetch_related_objects
from django.utils.translation import gettext as _

from accounts_app.models import OWN_FEED, Account, Colleague, Contact, Interaction, User, ValueItem
from accounts_app.services.changes import mark_changed
from accounts_app.services.entry import entered
from accounts_app.services.interaction_snapshot import fingerprint, restore, snapshot

UNDO_WITHIN = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody tells of a contact that took place, or was tried."""

    happened_on: dt.date
    channel: str
    purpose: str
    initiator: str = Interaction.Initiator.US
    reached: bool = True
    tone: int | None = None
    note: str = ""
    value_item: ValueItem | None = None
    reaction: str = ""
    contacts: Collection[Contact] = ()
    colleagues: Collection[Colleague] = ()

    @property
    def state(self) -> Interaction.State:
        return Interaction.State.DONE if self.reached else Interaction.State.ATTEMPTED

    @property
    def is_proactive(self) -> bool:
        """Whether it ends the gap since we last came by ourselves."""
        ours = self.initiator == Interaction.Initiator.US
        return self.reached and ours and self.purpose in Interaction.PROACTIVE_PURPOSES


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A contact to come."""

    planned_on: dt.date
    channel: str
    purpose: str
    value_item: ValueItem | None = None


@dataclass(frozen=True)
class Receipt:
    """What a log did, so that it can be taken back: plain values, for a session."""

    interaction: int
    seen: str
    was: dict[str, Any] | None
    next: int | None
    next_seen: str


@transaction.atomic
def log_contact(
    account: Account,
    told: Told,
    *,
    by: User,
    today: dt.date,
    key: str = "",
    planned: Interaction | None = None,
    following: Plan | None = None,
) -> Receipt:
    """Write down what happened, and plan what follows.

    A `planned` contact that took place becomes this one; one that was only tried stays planned. The same `key` twice
    (a second press, a request sent again) writes nothing more.
    """
    check_told(account, told, today=today)
    # Two requests with the same key wait here for one another.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if key and (known := Interaction.objects.filter(feed__name=OWN_FEED, external_key=key).first()):
        return Receipt(known.pk, fingerprint(known), None, None, "")
    held = _held_plan(account, planned) if planned and told.reached else None
    was = snapshot(held) if held else None
    interaction = held or Interaction(account=account, **_provenance(today, key))
    tell(interaction, told, by=by, today=today)
    new = plan_contact([account], by=by, today=today, **vars(following)) if following else []
    mark_changed([account.pk])
    return Receipt(
        interaction.pk,
        fingerprint(interaction),
        was,
        new[0].pk if new else None,
        fingerprint(new[0]) if new else "",
    )


def check_told(account: Account, told: Told, *, today: dt.date) -> None:
    """Refuse what cannot have happened so; named by the field of the form."""
    faults = {}
    if told.happened_on > today:
        faults["happened_on"] = _("This day is still to come: plan the contact instead.")
    if any(contact.account_id != account.pk for contact in told.contacts):
        faults["contacts"] = _("Choose people of this account.")
    if told.reaction and told.value_item is None:
        faults["value_item"] = _("Say what was brought.")
    if faults:
        raise ValidationError(faults)


def tell(interaction: Interaction, told: Told, *, by: User | None, today: dt.date) -> None:
    """Write what was told into the row; who it was by stays where nobody is given."""
    for name in ("state", "happened_on", "channel", "initiator", "purpose", "tone", "value_item", "reaction"):
        setattr(interaction, name, getattr(told, name))
    interaction.note = told.note.strip()
    # When it could be known is when it was first said, not when it was corrected.
    interaction.happened_known_on = interaction.happened_known_on or today
    interaction.by = by or interaction.by
    interaction.save()
    interaction.contacts.set(told.contacts)
    interaction.colleagues.set(told.colleagues)


@transaction.atomic
def plan_contact(
    accounts: Iterable[Account],
    *,
    by: User,
    today: dt.date,
    planned_on: dt.date,
    channel: str,
    purpose: str,
    value_item: ValueItem | None = None,
) -> list[Interaction]:
    """Plan one contact with each of the accounts; when each was due is kept beside."""
    if planned_on < today:
        raise ValidationError({"planned_on": _("This day has passed: choose today or a day to come.")})
    wanted = list(accounts)
    due, provenance = due_days(wanted), entered(today)
    rows = [
        Interaction(
            account=account,
            **provenance | {"external_key": str(uuid.uuid4())},
            state=Interaction.State.PLANNED,
            planned_on=planned_on,
            due_on=due[account.pk],
            channel=channel,
            purpose=purpose,
            value_item=value_item,
            by=by,
        )
        for account in wanted
    ]
    planned = Interaction.objects.bulk_create(rows)
    mark_changed(account.pk for account in wanted)
    return planned


def due_days(accounts: Sequence[Account]) -> dict[int, dt.date | None]:
    """When each account is due a contact that we start: its interval after the last one; None without any."""
    prefetch_related_objects(accounts, "tier")
    proactive = Interaction.objects.done().filter(
        account__in=accounts, initiator=Interaction.Initiator.US, purpose__in=Interaction.PROACTIVE_PURPOSES
    )
    last = dict(proactive.order_by().values_list("account").annotate(Max("happened_on")))
    return {one.pk: last[one.pk] + dt.timedelta(one.ideal_days) if one.pk in last else None for one in accounts}


@transaction.atomic
def take_back(receipt: Receipt, *, by: User) -> None:
    """Undo a log: what it wrote is voided, a plan it fulfilled is a plan again, what it planned is voided."""
    interaction = _unchanged(receipt.interaction, receipt.seen)
    if receipt.was is None:
        void_row(interaction, _("Taken back by {name} after logging.").format(name=by))
    else:
        restore(interaction, receipt.was)
    if receipt.next is not None:
        void_row(_unchanged(receipt.next, receipt.next_seen), _("Taken back by {name} after planning.").format(name=by))
    mark_changed([interaction.account_id])


def void_row(interaction: Interaction, reason: str) -> None:
    interaction.state, interaction.void_reason = Interaction.State.VOIDED, reason[:200]
    interaction.save(update_fields=["state", "void_reason"])


def _unchanged(pk: int, seen: str) -> Interaction:
    interaction: Interaction = Interaction.objects.select_for_update().get(pk=pk)
    if fingerprint(interaction) != seen:
        raise ValidationError(_("It has been changed since, so it was not taken back."))
    return interaction


def _held_plan(account: Account, planned: Interaction) -> Interaction:
    held: Interaction | None = Interaction.objects.planned().select_for_update().filter(pk=planned.pk).first()
    if held is None or held.account_id != account.pk:
        raise ValidationError({"planned": _("This plan was logged, moved or voided meanwhile.")})
    return held


def _provenance(today: dt.date, key: str) -> dict[str, Any]:
    return {**entered(today), **({"external_key": key} if key else {})}
