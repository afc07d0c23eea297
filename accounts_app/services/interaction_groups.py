"""One occasion with people of several accounts: a contact for each account, written and taken back together."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import Account, Contact, Interaction, User
from accounts_app.plan_days import by_due_day
from accounts_app.services.both_sides import calendars
from accounts_app.services.interactions import Plan, Receipt, Told, due_days, log_contact, take_back

# More are no occasion somebody remembers: that is an import.
MOST_ACCOUNTS = 200


@dataclass(frozen=True)
class Part:
    """An account and who of it was there; nobody where only the account is known."""

    account: Account
    contacts: tuple[Contact, ...] = ()


def parts_of(contacts: Collection[Contact], accounts: Collection[Account]) -> list[Part]:
    """People under their accounts, and the accounts without named people; each account once."""
    known: dict[int, list[Contact]] = {}
    by_pk = {one.pk: one for one in (*accounts, *(contact.account for contact in contacts))}
    for contact in contacts:
        known.setdefault(contact.account_id, []).append(contact)
    return [Part(account, tuple(known.get(pk, ()))) for pk, account in sorted(by_pk.items())]


@transaction.atomic
def log_group(
    parts: Sequence[Part], told: Told, *, by: User, today: dt.date, token: uuid.UUID, plans_next: bool
) -> list[Receipt]:
    """Log the occasion with each account, and where asked plan the next as promised.

    The same `token` twice writes nothing more: each account has its own key of it. In the order of their keys, so that
    two requests wait for one another and not in a circle.
    """
    if not parts or len(parts) > MOST_ACCOUNTS:
        raise ValidationError(_("Choose between one account and {most}.").format(most=MOST_ACCOUNTS))
    plans = _plans([part.account for part in parts], told, today) if plans_next else {}
    return [
        log_contact(
            part.account,
            replace(told, contacts=part.contacts),
            by=by,
            today=today,
            key=str(uuid.uuid5(token, str(part.account.pk))),
            following=plans.get(part.account.pk),
        )
        for part in sorted(parts, key=lambda one: one.account.pk)
    ]


@transaction.atomic
def take_back_group(receipts: Sequence[Receipt], *, by: User) -> None:
    """All of it or nothing: what somebody changed since stops it, and is named."""
    for receipt in receipts:
        try:
            take_back(receipt, by=by)
        except ValidationError as refusal:
            account = Account.objects.get(interactions=receipt.interaction)
            said = _("{account}: {reason} Nothing was taken back.")
            raise ValidationError(said.format(account=account, reason=refusal.messages[0])) from refusal


def _plans(accounts: Sequence[Account], told: Told, today: dt.date) -> dict[int, Plan]:
    """The next contact with each as promised, except where one is planned already."""
    planned = set(
        Interaction.objects.planned()
        .filter(account__in=accounts, planned_on__gte=today)
        .values_list("account", flat=True)
    )
    wanted = [one for one in accounts if one.pk not in planned]
    due, days = due_days(wanted), calendars(wanted)
    plans = {}
    for account in wanted:
        interval = dt.timedelta(days=account.ideal_days)
        promised = told.happened_on + interval if told.is_proactive else due[account.pk]
        day = by_due_day(promised or today + interval, today, days[account.pk].sides)
        plans[account.pk] = Plan(
            planned_on=day, channel=Interaction.Channel.CALL, purpose=Interaction.Purpose.PROACTIVE
        )
    return plans
