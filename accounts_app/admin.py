"""Django's admin for what has no page of its own; administrators only, behind the same log-in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import accounts_app.fact_admin  # noqa: F401  # registers the facts
from accounts_app.models import (
    Account,
    AccountKey,
    Company,
    ExchangeRate,
    Feed,
    FeedKind,
    ImportBatch,
    Membership,
    Ownership,
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
    # The mean of the hours by channel, written with them (settings, tiers).
    readonly_fields = ("contact_hours",)


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
    list_display = ("name", "status", "tier", "team", "owner", "deputy", "country")
    list_filter = ("status", "tier", "team", "owner")
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


@admin.register(ValueItem)
class ValueItemAdmin(admin.ModelAdmin):
    list_display = ("title", "kind", "topic", "valid_until")
    list_filter = ("kind", "topic")
    search_fields = ("title",)


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
