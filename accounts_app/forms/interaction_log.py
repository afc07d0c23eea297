"""Log a contact, and plan the next in the same form."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.account_search import choosable_accounts
from accounts_app.forms.interaction_fields import DayField, asked_about, dated, day_chosen, other_day
from accounts_app.forms.interaction_told import ToldForm, people_of
from accounts_app.forms.value_choice import ValueChoice
from accounts_app.models import Account, Colleague, Contact, Interaction, User
from accounts_app.models.interaction import InteractionQuerySet
from accounts_app.plan_days import ANYBODY, by_due_day, in_a_month, in_weeks
from accounts_app.services.both_sides import calendars
from accounts_app.services.interactions import Plan, Receipt, Told, due_days, log_contact
from accounts_app.templatetags.formats import day_text

# A plan is taken for the one that happened when it is this near: late by a month, early by a week.
LATE, EARLY = dt.timedelta(days=30), dt.timedelta(days=7)
PLANS_OFFERED = 3
DUE = "due"


class PlansFirst(ModelChoiceIterator):
    """The plans, then "none of them"."""

    def __iter__(self) -> Iterator[Any]:
        none, *plans = super().__iter__()
        yield from [*plans, none]


class PlanChoice(forms.ModelChoiceField):
    """Which of the plans this was, or none of them."""

    widget = forms.RadioSelect
    iterator = PlansFirst

    def __init__(self) -> None:
        refusal = gettext_lazy("This plan was logged, moved or voided meanwhile.")
        super().__init__(None, label=gettext_lazy("Was it planned?"), required=False)
        self.error_messages |= {"invalid_choice": refusal}

    def label_from_instance(self, obj: Any) -> str:
        said = _("{channel} planned for {day}").format(channel=obj.get_channel_display(), day=day_text(obj.planned_on))
        return f"{said} · {obj.value_item}" if obj.value_item else _("{plan} · nothing to bring yet").format(plan=said)


class LogForm(ToldForm):
    """What happened, with which account, whether it was planned, and what comes next."""

    # Names this one log: sent twice, it is written once.
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    account: forms.ModelChoiceField = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Account"),
        error_messages={
            "required": gettext_lazy("Choose the account."),
            "invalid_choice": gettext_lazy("Choose one of your accounts."),
        },
    )
    planned = PlanChoice()
    next_on = DayField(label=gettext_lazy("Next contact"), required=False)
    next_on_other = other_day()
    next_channel = forms.ChoiceField(
        label=gettext_lazy("How"), choices=Interaction.Channel, widget=forms.RadioSelect, required=False
    )
    next_purpose = forms.ChoiceField(
        label=gettext_lazy("What for"), choices=Interaction.Purpose, widget=forms.RadioSelect, required=False
    )
    next_value_item = ValueChoice(label=gettext_lazy("To bring"), nothing=gettext_lazy("Nothing chosen yet"))

    def __init__(
        self, data: Any = None, *, by: User, today: dt.date, account: Account | None, initial: dict[str, Any], ids: str
    ) -> None:
        super().__init__(data, by=by, today=today, account=account, initial=initial, ids=ids)
        self.fields["account"].queryset = choosable_accounts(by, "contact")  # type: ignore[attr-defined]
        named = str((initial if data is None else data).get("planned") or "")
        asked = int(named) if re.fullmatch(r"[0-9]{1,18}", named) else None
        self.fields["next_value_item"].offer(self.proposed, today)  # type: ignore[attr-defined]
        self.fields["planned"].queryset = plans_offered(account, today, asked=asked)  # type: ignore[attr-defined]
        self.fields["planned"].empty_label = _("No, something else")  # type: ignore[attr-defined]
        self.fields["next_on_other"].widget.attrs["min"] = today.isoformat()
        promise = [(DUE, _("As promised, every {n} d").format(n=account.ideal_days))] if account else []
        calendar = calendars([account])[account.pk] if account else None
        sides = calendar.sides if calendar else ANYBODY
        in_two_weeks, in_month = in_weeks(today, 2, sides), in_a_month(today, sides)
        days = [dated(_("In 2 weeks"), in_two_weeks, today), dated(_("In a month"), in_month, today)]
        self.fields["next_on"].offer(days, before=[("", _("Not now")), *promise])  # type: ignore[attr-defined]
        if account and calendar:
            asked_about(self, "next_on_other", account, calendar)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("next_on") and cleaned["next_on"] != DUE:
            cleaned["next_on"] = day_chosen(self, "next_on")
            if cleaned["next_on"] and cleaned["next_on"] < self.today:
                self.add_error("next_on_other", _("This day has passed: choose today or a day to come."))
        return cleaned

    def perform(self) -> Receipt | None:
        """Write it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        said, told = self.cleaned_data, self.told()
        try:
            return log_contact(
                said["account"],
                told,
                by=self.by,
                today=self.today,
                key=str(said["token"] or uuid.uuid4()),
                planned=said["planned"],
                following=self._following(told),
            )
        except ValidationError as refusal:
            self.refuse(refusal)
            return None

    def _following(self, told: Told) -> Plan | None:
        said = self.cleaned_data
        if not said["next_on"]:
            return None
        return Plan(
            planned_on=self._due(told) if said["next_on"] == DUE else said["next_on"],
            channel=said["next_channel"] or told.channel,
            purpose=said["next_purpose"] or Interaction.Purpose.PROACTIVE,
            value_item=said["next_value_item"],
        )

    def _due(self, told: Told) -> dt.date:
        """The interval counts from what is being logged where that ends the gap, else from the last that did."""
        account: Account = self.cleaned_data["account"]
        earlier = due_days([account])[account.pk]
        due = told.happened_on + dt.timedelta(days=account.ideal_days) if told.is_proactive else earlier
        wanted = due or self.today + dt.timedelta(days=account.ideal_days)
        return by_due_day(wanted, self.today, calendars([account])[account.pk].sides)

    @property
    def plans(self) -> list[Interaction]:
        return list(self.fields["planned"].queryset)  # type: ignore[attr-defined]

    @property
    def plans_ahead(self) -> list[Interaction]:
        """What is planned already and cannot be what happened: said beside the question for the next contact."""
        if self.about is None:
            return []
        near = [one.pk for one in self.plans]
        ahead = self.about.interactions.planned().exclude(pk__in=near).order_by("planned_on")
        return list(ahead[:PLANS_OFFERED])


def plans_offered(account: Account | None, today: dt.date, *, asked: int | None = None) -> InteractionQuerySet:
    """Plans that may be what happened: those near today, and the one whose own button was pressed."""
    if account is None:
        return Interaction.objects.none()
    near = Q(planned_on__gte=today - LATE, planned_on__lte=today + EARLY) | Q(pk=asked)
    return (
        Interaction.objects.planned().filter(near, account=account).select_related("value_item").order_by("planned_on")
    )


def opening(account: Account | None, *, by: User, today: dt.date, asked: int | None = None) -> dict[str, Any]:
    """What the form opens with: today, started by us, and all that the nearest plan says."""
    plans = plans_offered(account, today, asked=asked)
    plan = min(plans, key=lambda one: (one.pk != asked, abs((one.planned_on or today) - today)), default=None)
    people = list(people_of(account, today)[:2])
    return {
        "token": uuid.uuid4(),
        "account": account and account.pk,
        "planned": plan.pk if plan else "",
        "happened_on": today.isoformat(),
        "initiator": Interaction.Initiator.US,
        "channel": plan.channel if plan else Interaction.Channel.CALL,
        "purpose": plan.purpose if plan else "",
        "value_item": plan.value_item_id if plan else "",
        "tone": "",
        "reaction": "",
        "contacts": _whom(plan, people),
        "colleagues": list(Colleague.objects.filter(user=by).values_list("pk", flat=True)),
        "next_on": "",
        "next_channel": Interaction.Channel.CALL,
        "next_purpose": Interaction.Purpose.PROACTIVE,
    }


def _whom(plan: Interaction | None, people: list[Contact]) -> list[int]:
    """Whom the plan names, else the only person there is; two or more are a choice."""
    named = [one.pk for one in plan.contacts.all()] if plan else []
    return named or ([people[0].pk] if len(people) == 1 else [])
