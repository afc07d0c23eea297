"""Django's admin for the facts: what the pages of an account do not reach, such as our own people and their links."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from accounts_app.models import (
    Absence,
    Account,
    ChangeEvent,
    Colleague,
    Company,
    Contact,
    Contract,
    Fact,
    Incident,
    IncidentPause,
    Inquiry,
    Interaction,
    Link,
    Loss,
    QuietPeriod,
    SurveyAnswer,
)
from accounts_app.services import facts
from accounts_app.services.changes import mark_changed
from accounts_app.services.entry import entered

# What follows from what is typed, or says where a row came from.
WRITTEN_BY_THE_SYSTEM = (
    "feed", "external_key", "known_on", "happened_known_on", "left_known_on", "leaving_known_on", "resolved_known_on",
    "decided_known_on", "notice_received_known_on", "answered_known_on",
    "reporting_amount", "reporting_annual_value", "reporting_annual_amount",
)  # fmt: skip


class FactAdmin(admin.ModelAdmin):
    """A fact entered here belongs to Vigil's own feed, is known from today, and marks its account as changed."""

    exclude = WRITTEN_BY_THE_SYSTEM
    # (the day of an ending, since when it is known)
    endings: ClassVar[tuple[tuple[str, str], ...]] = ()

    def save_model(self, request: HttpRequest, obj: Fact, form: ModelForm, change: bool) -> None:
        today = Company.the().day_of(timezone.now())
        if not change:
            for name, value in entered(today).items():
                setattr(obj, name, value)
        for day, known in self.endings:
            if day in form.changed_data:
                first_known = getattr(obj, known)
                setattr(obj, known, (first_known or today) if getattr(obj, day) is not None else None)
        super().save_model(request, obj, form, change)
        mark_changed(accounts_of([obj]))

    def delete_model(self, request: HttpRequest, obj: Fact) -> None:
        changed = accounts_of([obj])
        super().delete_model(request, obj)
        mark_changed(changed)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Fact]") -> None:
        changed = accounts_of(queryset)
        super().delete_queryset(request, queryset)
        mark_changed(changed)


def accounts_of(rows: Iterable[models.Model]) -> list[int]:
    """Whose judgement these rows move: their accounts', or everybody's where a row names none."""
    named = [getattr(row, "account_id", None) for row in rows]
    if all(named):
        return [int(pk) for pk in named if pk]
    return list(Account.objects.values_list("pk", flat=True))


class WorthForm(ModelForm):
    """Fixes an amount's worth at the rate of its day; where no rate is known, it says so at the currency."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        money = facts.MONEY[type(self.instance)]
        if cleaned.get(money.amount) is None:
            cleaned["currency"] = ""
        if {money.amount, "currency", money.day} & set(self.changed_data):
            try:
                setattr(self.instance, money.worth, money.of(cleaned))
            except ValidationError as refusal:
                self.add_error(None, refusal)
        return cleaned


@admin.register(Contact)
class ContactAdmin(FactAdmin):
    list_display = ("name", "account", "level", "role", "primary", "leaving_on", "left_on")
    list_filter = ("level", "role")
    list_select_related = ("account",)
    search_fields = ("name", "email", "account__sort_name")
    autocomplete_fields = ("account", "successor")
    endings = (("left_on", "left_known_on"), ("leaving_on", "leaving_known_on"))


@admin.register(Colleague)
class ColleagueAdmin(FactAdmin):
    list_display = ("name", "title", "level", "hours_a_week", "user")
    search_fields = ("name",)


@admin.register(Link)
class LinkAdmin(FactAdmin):
    list_display = ("contact", "colleague", "strength")
    list_select_related = ("contact", "colleague")
    autocomplete_fields = ("contact", "colleague")


@admin.register(Interaction)
class InteractionAdmin(FactAdmin):
    list_display = ("account", "state", "channel", "purpose", "initiator", "planned_on", "happened_on", "by")
    list_filter = ("state", "purpose", "channel", "initiator")
    list_select_related = ("account", "by")
    autocomplete_fields = ("account", "contacts", "colleagues", "by", "value_item")
    endings = (("happened_on", "happened_known_on"),)


class IncidentPauseInline(admin.TabularInline):
    model = IncidentPause
    extra = 0


@admin.register(Incident)
class IncidentAdmin(FactAdmin):
    list_display = ("number", "title", "account", "kind", "severity", "opened_at", "resolved_at")
    list_filter = ("severity", "kind")
    list_select_related = ("account",)
    search_fields = ("number", "title", "account__sort_name")
    autocomplete_fields = ("account",)
    inlines = (IncidentPauseInline,)
    endings = (("resolved_at", "resolved_known_on"),)


@admin.register(Inquiry)
class InquiryAdmin(FactAdmin):
    form = WorthForm
    list_display = ("number", "title", "account", "kind", "asked_on", "outcome", "decided_on")
    list_filter = ("kind", "outcome")
    list_select_related = ("account",)
    search_fields = ("number", "title", "account__sort_name")
    autocomplete_fields = ("account", "contact")
    endings = (("decided_on", "decided_known_on"),)


@admin.register(Contract)
class ContractAdmin(FactAdmin):
    form = WorthForm
    list_display = ("number", "title", "account", "starts_on", "ends_on", "notice_days", "notice_received_on")
    list_filter = ("auto_renews",)
    list_select_related = ("account",)
    search_fields = ("number", "title", "account__sort_name")
    autocomplete_fields = ("account",)
    endings = (("notice_received_on", "notice_received_known_on"),)


@admin.register(ChangeEvent)
class ChangeEventAdmin(FactAdmin):
    list_display = ("title", "account", "kind", "happened_on", "source")
    list_filter = ("kind",)
    list_select_related = ("account",)
    search_fields = ("title", "account__sort_name")
    autocomplete_fields = ("account",)


@admin.register(SurveyAnswer)
class SurveyAnswerAdmin(FactAdmin):
    list_display = ("account", "contact", "asked_on", "answered_on", "score")
    list_select_related = ("account", "contact")
    search_fields = ("account__sort_name", "contact__name")
    autocomplete_fields = ("account", "contact")
    endings = (("answered_on", "answered_known_on"),)


@admin.register(Loss)
class LossAdmin(FactAdmin):
    form = WorthForm
    list_display = ("account", "part", "lost_on", "reason", "went_to")
    list_filter = ("reason",)
    list_select_related = ("account",)
    search_fields = ("account__sort_name", "part", "went_to")
    autocomplete_fields = ("account",)


@admin.register(Absence)
class AbsenceAdmin(FactAdmin):
    list_display = ("colleague", "from_day", "until_day")
    list_select_related = ("colleague",)
    search_fields = ("colleague__name",)
    autocomplete_fields = ("colleague",)


@admin.register(QuietPeriod)
class QuietPeriodAdmin(FactAdmin):
    list_display = ("from_day", "until_day", "account", "country", "reason")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
