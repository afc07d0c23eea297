"""What a person says when keeping a view or changing many accounts. Each form ends in the service of its act."""

import datetime as dt
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.models import Account, Interaction, Membership, Role, Tier, User
from accounts_app.plan_days import first_visit_day
from signals.models import BulkAct, SavedView
from signals.pages.portfolio.filters import NO_OWNER, Filters
from signals.services import bulk_acts, saved_views

USUAL_SNOOZE = dt.timedelta(days=14)
USUAL_PLAN = dt.timedelta(days=7)
LATEST_PLAN = dt.timedelta(days=366)
WHO_MAY_OWN = (Role.ACCOUNT_MANAGER, Role.SALES_LEADER)


class SavedViewForm(forms.ModelForm):
    """Name, sharing and start of a view; its address is that of the list it was saved from."""

    query = forms.CharField(required=False, widget=forms.HiddenInput)
    is_start = forms.BooleanField(label=gettext_lazy("begin with it when I open the portfolio"), required=False)

    class Meta:
        model = SavedView
        fields = ("name", "shared", "query")
        widgets = {"name": forms.TextInput({"autofocus": True, "autocomplete": "off"})}

    def __init__(self, data: Any = None, *, instance: SavedView, by: User, is_start: bool = False) -> None:
        super().__init__(data, instance=instance, label_suffix="", initial={"is_start": is_start})
        self.by = by
        self.order_fields(("name", "shared", "is_start", "query"))
        if not saved_views.may_share(by):
            del self.fields["shared"]
        if instance.pk:
            del self.fields["query"]

    def clean_query(self) -> str:
        """Keep what is understood of the address, and nothing of its page."""
        query = Filters.of(dict(parse_qsl(self.cleaned_data["query"])), self.by).query
        if len(query) > SavedView.LONGEST_QUERY:
            # Nobody sees the hidden field, so nobody would see what is wrong with it.
            self.add_error(None, _("What is searched for is too long to be kept: shorten it in the list first."))
        return query[: SavedView.LONGEST_QUERY]

    def perform(self) -> bool:
        """Save it, or return False with the reasons in `errors`."""
        if not self.is_valid():
            return False
        try:
            saved_views.save(self.instance, by=self.by, is_start=self.cleaned_data["is_start"])
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return False
        return True


class BulkForm(forms.Form):
    """A change to the accounts that were confirmed: those, whatever the list shows by now."""

    kind: ClassVar[str]
    title: ClassVar[str | Promise]
    button: ClassVar[str | Promise]

    accounts = forms.CharField(widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Choose accounts.")})

    def __init__(self, data: Any = None, *, by: User, today: dt.date, accounts: str = "") -> None:
        super().__init__(data, label_suffix="", initial={"accounts": accounts})
        self.by, self.today = by, today

    def act(self, accounts: list[int]) -> BulkAct:
        raise NotImplementedError

    def clean_accounts(self) -> list[int]:
        return numbers(self.cleaned_data["accounts"].split(","))

    def perform(self) -> BulkAct | None:
        """Do it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        try:
            return self.act(self.cleaned_data["accounts"])
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None


class BulkOwnerForm(BulkForm):
    kind = BulkAct.Kind.OWNER
    title = gettext_lazy("Change the owner")
    button = gettext_lazy("Change owner")

    owner = forms.ChoiceField(label=gettext_lazy("New owner"))
    visits = forms.BooleanField(
        label=gettext_lazy("Plan a joint visit to each"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Former and new owner together, spread over two weeks. Open promises stay with the account."
        ),
    )
    visits_from = forms.DateField(
        label=gettext_lazy("First visit on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, by: User, today: dt.date, accounts: str = "") -> None:
        super().__init__(data, by=by, today=today, accounts=accounts)
        nobody = (NO_OWNER, _("Nobody: leave them without an owner"))
        people = [(str(user.pk), _owner_text(user)) for user in may_own(by)]
        self.fields["owner"].choices = [("", _("Choose …")), *people, nobody]  # type: ignore[attr-defined]
        self.fields["visits_from"].initial = first_visit_day(today)
        self.fields["visits_from"].widget.attrs["min"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("visits"):
            cleaned["visits_from"] = None
        elif "visits_from" not in self.errors:
            first = cleaned["visits_from"] = cleaned.get("visits_from") or first_visit_day(self.today)
            if not self.today <= first <= self.today + LATEST_PLAN:
                self.add_error("visits_from", _("Choose a day from today on, within a year."))
        return cleaned

    def act(self, accounts: list[int]) -> BulkAct:
        chosen = self.cleaned_data["owner"]
        owner = None if chosen == NO_OWNER else User.objects.get(pk=chosen)
        first = self.cleaned_data["visits_from"]
        return bulk_acts.change_owner(accounts, by=self.by, owner=owner, today=self.today, visits_from=first)


def may_own(by: User) -> QuerySet[User]:
    """Whom this person may give accounts to: who works with accounts, in the own teams unless all are one's own."""
    people = User.objects.filter(is_active=True, role__in=WHO_MAY_OWN)
    if by.role != Role.ADMINISTRATOR:
        people = people.filter(pk__in=Membership.objects.filter(team__in=by.teams.all()).values("user"))
    return people.annotate(load=Count("owned_accounts", filter=~Q(owned_accounts__status=Account.Status.FORMER)))


def _owner_text(user: User) -> str:
    load: int = user.load  # type: ignore[attr-defined]
    return ngettext("{name} ({n} account)", "{name} ({n} accounts)", load).format(name=user, n=load)


class BulkTierForm(BulkForm):
    kind = BulkAct.Kind.TIER
    title = gettext_lazy("Change the tier")
    button = gettext_lazy("Change tier")

    tier = forms.ModelChoiceField(
        Tier.objects.all(), label=gettext_lazy("New tier"), empty_label=gettext_lazy("Choose …")
    )

    def act(self, accounts: list[int]) -> BulkAct:
        return bulk_acts.change_tier(accounts, by=self.by, tier=self.cleaned_data["tier"])


class BulkSnoozeForm(BulkForm):
    kind = BulkAct.Kind.SNOOZE
    title = gettext_lazy("Snooze the alerts")
    button = gettext_lazy("Snooze alerts")

    until = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=gettext_lazy("Why they can wait"), max_length=300)

    def __init__(self, data: Any = None, *, by: User, today: dt.date, accounts: str = "") -> None:
        super().__init__(data, by=by, today=today, accounts=accounts)
        self.fields["until"].initial = today + USUAL_SNOOZE
        self.fields["until"].widget.attrs["min"] = (today + dt.timedelta(days=1)).isoformat()

    def act(self, accounts: list[int]) -> BulkAct:
        said = self.cleaned_data
        return bulk_acts.snooze(accounts, by=self.by, until=said["until"], reason=said["reason"], today=self.today)


class BulkPlanForm(BulkForm):
    kind = BulkAct.Kind.PLAN
    title = gettext_lazy("Plan a contact")
    button = gettext_lazy("Plan contacts")

    planned_on = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=Interaction.Channel.choices, initial="call")
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=Interaction.Purpose.choices)

    def __init__(self, data: Any = None, *, by: User, today: dt.date, accounts: str = "") -> None:
        super().__init__(data, by=by, today=today, accounts=accounts)
        self.fields["planned_on"].initial = today + USUAL_PLAN
        self.fields["planned_on"].widget.attrs["min"] = today.isoformat()

    def clean_planned_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["planned_on"]
        if day > self.today + LATEST_PLAN:
            raise ValidationError(_("Choose a day within a year."))
        return day

    def act(self, accounts: list[int]) -> BulkAct:
        said = {name: self.cleaned_data[name] for name in ("planned_on", "channel", "purpose")}
        return bulk_acts.plan(accounts, by=self.by, today=self.today, **said)


def numbers(texts: list[str]) -> list[int]:
    """The keys among these texts; longer numbers are no keys, and too large for the column."""
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= 18]
