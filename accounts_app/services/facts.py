"""Facts of an account that people type in: added, changed, removed; each write checks who, keeps both days, marks.

What holds for one kind of fact only stands in the tables below: which day is an ending, what its money is called.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts_app.models import (
    Account,
    ChangeEvent,
    Contact,
    Contract,
    CustomerMetric,
    Initiative,
    Inquiry,
    Loss,
    MetricValue,
    Promise,
    QuietPeriod,
    SurveyAnswer,
    User,
)
from accounts_app.services.changes import mark_changed
from accounts_app.services.entry import entered
from accounts_app.services.money import reporting_amount

AccountFact: TypeAlias = (
    Contact
    | Inquiry
    | Contract
    | ChangeEvent
    | SurveyAnswer
    | Loss
    | QuietPeriod
    | Promise
    | Initiative
    | CustomerMetric
    | MetricValue
)

# (the day something ended, the day we learnt it)
ENDINGS: Mapping[type[models.Model], tuple[str, str]] = {
    Contact: ("left_on", "left_known_on"),
    Inquiry: ("decided_on", "decided_known_on"),
    Contract: ("notice_received_on", "notice_received_known_on"),
    SurveyAnswer: ("answered_on", "answered_known_on"),
    Promise: ("closed_on", "closed_known_on"),
    Initiative: ("ended_on", "ended_known_on"),
}
NUMBERED = (Inquiry, Contract)
# Once a name, once a day: looked at while the account is held, where no second request can come between.
ONCE = (CustomerMetric, MetricValue)
# Written by the system, not typed: another import of the same values is no change.
NOT_TYPED = ("batch", "recorded_at")


@dataclass(frozen=True)
class Money:
    """The fields of an amount: as typed, its worth in the company's currency, and the day of the rate."""

    amount: str
    worth: str
    day: str

    def of(self, values: Mapping[str, Any]) -> Decimal | None:
        """The worth; what cannot be said is refused at the field it is about."""
        amount, currency, day = values.get(self.amount), values.get("currency"), values.get(self.day)
        if amount is None or day is None:
            return None
        if not currency:
            raise ValidationError({"currency": _("An amount needs its currency.")})
        try:
            return reporting_amount(amount, currency, day)
        except ValidationError as refusal:
            field = self.amount if refusal.code == "too_large" else "currency"
            raise ValidationError({field: refusal}) from refusal


MONEY: Mapping[type[models.Model], Money] = {
    Inquiry: Money("amount", "reporting_amount", "asked_on"),
    Contract: Money("annual_value", "reporting_annual_value", "starts_on"),
    Loss: Money("annual_amount", "reporting_annual_amount", "lost_on"),
}


class ChangedMeanwhileError(Exception):
    """Somebody else changed the row since it was read; `stored` is how it stands now."""

    def __init__(self, stored: Any) -> None:
        super().__init__(str(stored))
        self.stored = stored


def stamp(row: models.Model) -> str:
    """A token of the row's values: the same as long as nobody changed one of them."""
    values: dict[str, Any] = serializers.serialize("python", [row])[0]["fields"]
    kept = [(name, value) for name, value in values.items() if name not in NOT_TYPED]
    return hashlib.sha256(repr(sorted(kept)).encode()).hexdigest()[:32]


@transaction.atomic
def add(row: AccountFact, *, by: User, today: date) -> None:
    """Store a fact of our own feed, known from today."""
    account = lock_account(row.account_id, by=by)
    for name, value in entered(today).items():
        setattr(row, name, value)
    _settle(row, before=None, today=today)
    row.save(force_insert=True)
    mark_changed([account.pk])


@transaction.atomic
def change(row: AccountFact, fields: Iterable[str], *, seen: str, by: User, today: date) -> None:
    """Write these fields of `row`, unless the row is no longer what was `seen`."""
    account = lock_account(row.account_id, by=by)
    stored = type(row).objects.select_for_update().get(pk=row.pk, account=account)
    if stamp(stored) != seen:
        raise ChangedMeanwhileError(stored)
    before = dict(vars(stored))
    for name in fields:
        setattr(stored, name, getattr(row, name))
    _settle(stored, before=before, today=today)
    columns = before.keys() - {"_state", "id"}
    stored.save(update_fields=[name for name in columns if _differs(stored, before, name)])
    mark_changed([account.pk])


@transaction.atomic
def remove(row: AccountFact, *, by: User) -> None:
    """Take out what was typed in by mistake."""
    account = lock_account(row.account_id, by=by)
    row.delete()
    mark_changed([account.pk])


def lock_account(pk: int | None, *, by: User) -> Account:
    """The account, while nobody else writes its facts; refused to whoever may not change it."""
    account = Account.objects.editable_by(by).select_for_update(of=("self",)).filter(Q(pk=pk)).first()
    if account is None:
        raise PermissionDenied
    return account


def _settle(row: AccountFact, *, before: Mapping[str, Any] | None, today: date) -> None:
    """Bring in line what follows from the values typed."""
    if isinstance(row, NUMBERED):
        _settle_number(row)
    if isinstance(row, ONCE):
        row.validate_constraints()
    if ending := ENDINGS.get(type(row)):
        _settle_ending(row, ending, before=before, today=today)
    if money := MONEY.get(type(row)):
        _settle_worth(row, money, before=before)


def _settle_number(row: Inquiry | Contract) -> None:
    others = type(row).objects.filter(account=row.account_id).exclude(pk=row.pk)
    if not row.number:
        row.number = _free_number({number.upper() for number in others.values_list("number", flat=True)})
    elif others.filter(number__iexact=row.number).exists():
        raise ValidationError({"number": _("This account has one of this number already.")})


def _free_number(taken: set[str]) -> str:
    """The next number of our own, for what came in without one."""
    return next(number for count in range(1, len(taken) + 2) if (number := f"V-{count}") not in taken)


def _settle_ending(row: AccountFact, ending: tuple[str, str], *, before: Mapping[str, Any] | None, today: date) -> None:
    """An ending typed in is known from today; one corrected stays known since it first was."""
    day, known = ending
    first_known = before[known] if before else None
    setattr(row, known, (first_known or today) if getattr(row, day) else None)


def _settle_worth(row: AccountFact, money: Money, *, before: Mapping[str, Any] | None) -> None:
    """The worth is fixed at the rate of its day: only another amount, currency or day asks for the rate again."""
    if getattr(row, money.amount) is None:
        row.currency = ""  # type: ignore[union-attr]
    if before and not any(_differs(row, before, name) for name in (money.amount, "currency", money.day)):
        return
    setattr(row, money.worth, money.of(vars(row)))


def _differs(row: models.Model, before: Mapping[str, Any], name: str) -> bool:
    return bool(getattr(row, name) != before[name])
