"""Django's admin for what has no page of its own; administrators only, behind the same log-in."""

import uuid
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_app.models import (
    OWN_FEED,
    Account,
    AccountKey,
    Colleague,
    Company,
    Contact,
    ExchangeRate,
    Fact,
    Feed,
    FeedKind,
    ImportBatch,
    Incident,
    IncidentPause,
    Interaction,
    Link,
    Membership,
    Ownership,
    QuietPeriod,
    Team,
    Tier,
    User,
    ValueItem,
)
from accounts_app.services.changes import mark_changed
from accounts_app.services.ownership import assign

admin.site.site_header = admin.site.site_title = _("Vigil administration")
admin.site.site_url = "/"


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FactAdmin(admin.ModelAdmin):
    """A fact entered here belongs to Vigil's own feed, is known from today, and marks its account as changed."""

    exclude = ("feed", "external_key", "known_on", "happened_known_on", "left_known_on", "resolved_known_on")
    # (the day of an ending, since when it is known)
    ending: tuple[str, str] | None = None

    def save_model(self, request: HttpRequest, obj: Fact, form: ModelForm, change: bool) -> None:
        today = Company.the().day_of(timezone.now())
        if not change:
            obj.feed = Feed.objects.get(name=OWN_FEED)
            obj.external_key = str(uuid.uuid4())
            obj.known_on = today
        if self.ending and self.ending[0] in form.changed_data:
            ended = getattr(obj, self.ending[0]) is not None
            setattr(obj, self.ending[1], today if ended else None)
        super().save_model(request, obj, form, change)
        account_id = getattr(obj, "account_id", None)
        mark_changed([account_id] if account_id else Account.objects.values_list("pk", flat=True))


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0


@admin.register(User)
class PersonAdmin(UserAdmin):
    ordering = ("name",)
    list_display = ("name", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active", "teams")
    search_fields = ("name", "email")
    filter_horizontal = ()
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("name", "email", "password")}),
        (_("What they may do"), {"fields": ("role", "is_active")}),
    )
    add_fieldsets = ((None, {"fields": ("name", "email", "role", "usable_password", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name",)
    inlines = (MembershipInline,)


@admin.register(Tier)
class TierAdmin(admin.ModelAdmin):
    list_display = ("name", "ideal_days", "max_days", "critical_days", "major_days", "minor_days")


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ("name", "currency", "time_zone", "simulated")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):
    list_display = ("currency", "valid_on", "rate", "source")
    list_filter = ("currency",)


class AccountKeyInline(admin.TabularInline):
    model = AccountKey
    extra = 0


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):
    list_display = ("name", "tier", "team", "owner", "deputy", "country")
    list_filter = ("tier", "team", "owner")
    list_select_related = ("tier", "team", "owner", "deputy")
    search_fields = ("sort_name",)
    autocomplete_fields = ("parent",)
    inlines = (AccountKeyInline,)
    exclude = ("known_on",)

    def save_model(self, request: HttpRequest, obj: Account, form: ModelForm, change: bool) -> None:
        """Owner and deputy go through the service that keeps their history."""
        today = Company.the().day_of(timezone.now())
        chosen = {Ownership.Duty.OWNER: obj.owner, Ownership.Duty.DEPUTY: obj.deputy}
        before = Account.objects.filter(pk=obj.pk).first()
        obj.owner, obj.deputy = (before.owner, before.deputy) if before else (None, None)
        if not change:
            obj.known_on = today
        super().save_model(request, obj, form, change)
        mark_changed([obj.pk])
        for duty, user in sorted(chosen.items(), key=lambda item: item[1] is not None):
            assign(account=obj, duty=duty, user=user, on=today)


@admin.register(Contact)
class ContactAdmin(FactAdmin):
    list_display = ("name", "account", "level", "role", "primary", "left_on")
    list_filter = ("level", "role")
    list_select_related = ("account",)
    search_fields = ("name", "email", "account__sort_name")
    autocomplete_fields = ("account", "successor")
    ending = ("left_on", "left_known_on")


@admin.register(Colleague)
class ColleagueAdmin(FactAdmin):
    list_display = ("name", "title", "level", "user")
    search_fields = ("name",)


@admin.register(Link)
class LinkAdmin(FactAdmin):
    list_display = ("contact", "colleague", "strength")
    list_select_related = ("contact", "colleague")
    autocomplete_fields = ("contact", "colleague")


@admin.register(ValueItem)
class ValueItemAdmin(admin.ModelAdmin):
    list_display = ("title", "kind", "topic", "valid_until")
    list_filter = ("kind", "topic")
    search_fields = ("title",)


@admin.register(Interaction)
class InteractionAdmin(FactAdmin):
    list_display = ("account", "state", "channel", "purpose", "initiator", "planned_on", "happened_on", "by")
    list_filter = ("state", "purpose", "channel", "initiator")
    list_select_related = ("account", "by")
    autocomplete_fields = ("account", "contacts", "colleagues", "by", "value_item")
    ending = ("happened_on", "happened_known_on")


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
    ending = ("resolved_at", "resolved_known_on")


@admin.register(QuietPeriod)
class QuietPeriodAdmin(FactAdmin):
    list_display = ("from_day", "until_day", "account", "country", "reason")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)


class FeedKindInline(admin.TabularInline):
    model = FeedKind
    extra = 0


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin):
    list_display = ("name", "title", "currency")
    inlines = (FeedKindInline,)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "kind", "feed", "started_at", "rows", "created", "updated", "unchanged", "rejected")
    list_filter = ("kind", "feed")
    list_select_related = ("feed",)


@admin.register(Ownership)
class OwnershipAdmin(ReadOnlyAdmin):
    list_display = ("account", "duty", "user", "from_day", "until_day")
    list_select_related = ("account", "user")
    list_filter = ("duty",)
