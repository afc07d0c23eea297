from django.contrib import admin

from accounts_app.admin import ReadOnlyAdmin
from signals.models import Alert, ManualJudgement, RuleSet, Run, RunChunk


class ChunkInline(admin.TabularInline):
    model = RunChunk
    fields = ("phase", "n", "first_account", "last_account", "state", "attempts", "claimed_by", "error")
    extra = 0
    can_delete = False


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ("business_date", "kind", "state", "phase", "started_at", "finished_at")
    list_filter = ("kind", "state")
    exclude = ("params",)
    inlines = (ChunkInline,)


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnlyAdmin):
    list_display = ("version", "made_at", "made_by", "reason")


@admin.register(ManualJudgement)
class ManualJudgementAdmin(ReadOnlyAdmin):
    list_display = ("account", "band", "by", "judged_on", "holds_until", "ending")
    list_filter = ("band", "ending")
    list_select_related = ("account", "by")
    search_fields = ("account__name",)


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("account", "signal", "state", "opened_on", "level", "outcome")
    list_filter = ("signal", "state")
    search_fields = ("account__name",)
