"""What is known of the account itself."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.account_search import find_accounts
from accounts_app.forms.fact import DayInput, FactForm
from accounts_app.forms.interaction_fields import asked_about
from accounts_app.models import Account, Role, User
from accounts_app.models.account import SortName
from accounts_app.plan_days import first_visit_day
from accounts_app.services import accounts
from accounts_app.services.both_sides import both_sides, calendars
from accounts_app.services.hand_over import HandOver, change_owner, ticket_of, went_along
from accounts_app.services.hand_over_contacts import check_day
from accounts_app.services.people import ROLES_OF_OWNERS

HUNDRED = Decimal(100)
SUGGESTED = 3
WHO_HANDS_OVER = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})
OF_OWNER = ("owner", "visit", "visit_on")


class AccountForm(FactForm):
    """`user` decides which accounts may be named as the one this is a part of."""

    margin_percent = forms.DecimalField(
        label=gettext_lazy("Margin, %"),
        required=False,
        min_value=-100,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy("The share of its revenue that stays with us; empty: not known."),
    )
    parent_name = forms.CharField(
        label=gettext_lazy("Part of"), required=False, max_length=200, help_text=gettext_lazy("The name of an account.")
    )
    mail_domain = forms.RegexField(
        r"^@?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
        label=gettext_lazy("Mail domain"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Such as example.com; finds the account of an address."),
        error_messages={"invalid": gettext_lazy("This is no domain; one reads such as example.com.")},
    )
    own_ideal_days = forms.IntegerField(label=gettext_lazy("Ideal, days"), required=False, min_value=1, max_value=1000)
    own_max_days = forms.IntegerField(label=gettext_lazy("Longest, days"), required=False, min_value=1, max_value=1000)
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("Deputy"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Another than now: from today."),
    )

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Another than now: from today. Open promises go along."),
    )
    visit = forms.BooleanField(
        label=gettext_lazy("If the owner changes, plan a joint visit"), required=False, initial=True
    )
    visit_on = forms.DateField(label=gettext_lazy("Joint visit on"), required=False, widget=DayInput())

    groups = (
        (gettext_lazy("Customer"), ("status", "industry", "country", "mail_domain", "margin_percent", "parent_name")),
        (gettext_lazy("Who answers for it"), ("owner", "deputy", "visit", "visit_on")),
        (
            gettext_lazy("Another contact interval than the tier's"),
            ("own_ideal_days", "own_max_days", "own_interval_reason"),
        ),
    )

    typed_as = {"margin_share": "margin_percent", "parent": "parent_name"}

    class Meta:
        model = Account
        fields = (
            "status", "industry", "country", "mail_domain", "own_ideal_days", "own_max_days", "own_interval_reason",
        )  # fmt: skip
        labels = {"own_interval_reason": gettext_lazy("Reason")}

    def __init__(self, data: Any = None, *, instance: Account, today: date, user: User) -> None:
        super().__init__(data, instance=instance, today=today)
        self.user = user
        self.fields["deputy"].queryset = deputies(instance)  # type: ignore[attr-defined]
        self.handed_over: HandOver | None = None
        self._ask_for_owner(instance)
        self.initial["margin_percent"] = _percent(instance.margin_share)
        self.initial["parent_name"] = instance.parent.name if instance.parent else ""
        self.initial["deputy"] = instance.deputy
        if instance.batch:
            self.notice = _(
                "This account comes from {feed}. Whatever its next file names counts more than what is typed here."
            ).format(feed=instance.batch.feed)

    def _ask_for_owner(self, account: Account) -> None:
        """Only who may hand accounts over is asked."""
        if self.user.role not in WHO_HANDS_OVER:
            for name in OF_OWNER:
                del self.fields[name]
            return
        self.fields["owner"].queryset = owners(account, self.user)  # type: ignore[attr-defined]
        calendar = calendars([account])[account.pk]
        self.initial.update(owner=account.owner, visit_on=first_visit_day(self.today, calendar.sides))
        self.fields["visit_on"].widget.attrs["min"] = self.today.isoformat()
        asked_about(self, "visit_on", account, calendar)

    @property
    def written(self) -> list[str]:
        return [*super().written, "margin_share", "parent"]

    def clean_mail_domain(self) -> str:
        return str(self.cleaned_data["mail_domain"]).lower().removeprefix("@")

    def clean_parent_name(self) -> str:
        name = self.cleaned_data["parent_name"].strip()
        self.instance.parent = self._parent(name) if name else None
        return str(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _say_what_is_missing(self, cleaned)
        percent = cleaned.get("margin_percent")
        self.instance.margin_share = None if percent is None else percent / HUNDRED
        if "owner" in self.fields:
            self._check_owner(cleaned)
        return cleaned

    def _check_owner(self, cleaned: dict[str, Any]) -> None:
        # The present deputy who becomes the owner gives that place up with the change, which can be taken back as one.
        takes_over = cleaned.get("owner") and cleaned["owner"].pk == self.instance.deputy_id
        if cleaned.get("owner") and cleaned["owner"] == cleaned.get("deputy") and not takes_over:
            self.add_error("deputy", _("Nobody is deputy of the own account."))
        if not self._changes_owner(cleaned) or not cleaned.get("visit") or "visit_on" in self.errors:
            return
        cleaned["visit_on"] = cleaned.get("visit_on") or first_visit_day(self.today, both_sides(self.instance))
        try:
            check_day(cleaned["visit_on"], today=self.today)
        except ValidationError as refusal:
            self.add_error("visit_on", refusal)

    def _changes_owner(self, cleaned: dict[str, Any]) -> bool:
        """A body without the field says nothing of the owner; an empty one says nobody."""
        return "owner" in self.data and "owner" in cleaned and cleaned["owner"] != self.instance.owner

    def write(self, *, by: User) -> None:
        cleaned, day = self.cleaned_data, None
        deputy, seen = cleaned["deputy"], cleaned["seen"]
        with transaction.atomic():
            accounts.change(self.instance, self.written, deputy=deputy, seen=seen, by=by, today=self.today)
            if self._changes_owner(cleaned):
                day = cleaned["visit_on"] if cleaned["visit"] else None
                self.handed_over = change_owner(self.instance, cleaned["owner"], by=by, on=self.today, visit_on=day)

    @property
    def undo_url(self) -> str:
        if self.handed_over is None or not self.handed_over.leaver:
            return ""
        return reverse("accounts:hand_over_undo", args=[ticket_of(self.handed_over)]) + f"?account={self.instance.pk}"

    @property
    def said(self) -> str:
        return went_along(self.handed_over) if self.handed_over else ""

    def told(self, stored: Any, name: str) -> str:
        return _percent(stored.margin_share) or "–" if name == "margin_share" else super().told(stored, name)

    def _parent(self, name: str) -> Account:
        known: Account | None = self.instance.parent
        if known and known.name == name:
            return known
        visible = Account.objects.visible_to(self.user).exclude(pk=self.instance.pk)
        found = list(visible.filter(sort_name=SortName(Value(name)))[:2])
        if len(found) > 1:
            raise ValidationError(_("Several accounts are called so; an administrator can name the right one."))
        if not found:
            raise ValidationError(_no_such_account(find_accounts(visible, name, user=self.user, most=SUGGESTED)))
        return found[0]


def _percent(share: Decimal | None) -> str:
    """Write 0.225 as 22.5, without the noughts a column adds."""
    return "" if share is None else f"{(share * HUNDRED).normalize():f}"


def _no_such_account(near: list[Account]) -> str:
    if not near:
        return _("No account is called so.")
    return _("No account is called so. Did you mean: {names}?").format(names=", ".join(one.name for one in near))


def _say_what_is_missing(form: AccountForm, cleaned: dict[str, Any]) -> None:
    """An own interval is whole: both lengths in order, and why."""
    ideal, longest = cleaned.get("own_ideal_days"), cleaned.get("own_max_days")
    names = ("own_ideal_days", "own_max_days", "own_interval_reason")
    if any(cleaned.get(name) for name in names):
        for name in names:
            if not cleaned.get(name) and name not in form.errors:
                form.add_error(name, _("An own interval needs both lengths and its reason."))
    if ideal and longest and ideal > longest:
        form.add_error("own_max_days", _("Shorter than the ideal interval."))


def deputies(account: Account) -> "QuerySet[User]":
    """Who may stand in: people of the account's team who act on accounts, and who does so now."""
    acts = Q(role__in=(Role.ACCOUNT_MANAGER, Role.SALES_LEADER), is_active=True)
    team = Q(memberships__team=account.team_id) if account.team_id else Q()
    chosen = User.objects.filter((acts & team) | Q(pk=account.deputy_id)).exclude(Q(pk=account.owner_id))
    return chosen.distinct().order_by("name")


def owners(account: Account, user: User) -> "QuerySet[User]":
    """Who may answer for the account: who acts on accounts in its team, anybody for an administrator, and who does."""
    acts = Q(role__in=ROLES_OF_OWNERS, is_active=True)
    if user.role != Role.ADMINISTRATOR:
        acts &= Q(memberships__team=account.team_id)
    return User.objects.filter(acts | Q(pk=account.owner_id)).distinct().order_by("name")
