from django.urls import path

from signals.views import account, alerts, live, panels, portfolio_bulk, portfolio_export, portfolio_saved, rules
from signals.views.portfolio import changes_read, portfolio, portfolio_row

app_name = "signals"

urlpatterns = [
    path("", portfolio, name="portfolio"),
    path("portfolio/rows/<int:pk>/", portfolio_row, name="portfolio_row"),
    path("portfolio/changes/read/", changes_read, name="changes_read"),
    path("portfolio/export.csv", portfolio_export.portfolio_csv, name="portfolio_csv"),
    path("portfolio/export.xlsx", portfolio_export.portfolio_xlsx, name="portfolio_xlsx"),
    path("portfolio/views/", portfolio_saved.view_list, name="view_list"),
    path("portfolio/views/new/", portfolio_saved.view_save, name="view_save"),
    path("portfolio/views/<int:view_pk>/edit/", portfolio_saved.view_edit, name="view_edit"),
    path("portfolio/views/<int:view_pk>/start/", portfolio_saved.view_start, name="view_start"),
    path("portfolio/views/<int:view_pk>/delete/", portfolio_saved.view_delete, name="view_delete"),
    path("portfolio/views/<int:view_pk>/restore/", portfolio_saved.view_restore, name="view_restore"),
    path("portfolio/bulk/owner/", portfolio_bulk.bulk_owner, name="bulk_owner"),
    path("portfolio/bulk/tier/", portfolio_bulk.bulk_tier, name="bulk_tier"),
    path("portfolio/bulk/snooze/", portfolio_bulk.bulk_snooze, name="bulk_snooze"),
    path("portfolio/bulk/plan/", portfolio_bulk.bulk_plan, name="bulk_plan"),
    path("portfolio/bulk/<int:act_pk>/undo/", portfolio_bulk.bulk_undo, name="bulk_undo"),
    path("state/", live.state, name="state"),
    path("accounts/<int:pk>/", account.account_overview, name="account"),
    path("accounts/<int:pk>/badge/", account.account_badge, name="account_badge"),
    path("accounts/<int:pk>/links/", panels.account_links, name="account_links"),
    path("accounts/<int:pk>/incident-times/", panels.account_incidents, name="account_incidents"),
    path("accounts/<int:pk>/lanes.json", account.account_lanes, name="account_lanes"),
    path("settings/rules/", rules.rules, name="rules"),
    path("settings/rules/state/", rules.rules_state, name="rules_state"),
    path("settings/rules/history/", rules.rules_history, name="rules_history"),
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/<int:pk>/acknowledge/", alerts.alert_acknowledge, name="alert_acknowledge"),
    path("alerts/<int:pk>/snooze/", alerts.alert_snooze, name="alert_snooze"),
    path("alerts/<int:pk>/resolve/", alerts.alert_resolve, name="alert_resolve"),
    path("alerts/<int:pk>/undo/", alerts.alert_undo, name="alert_undo"),
]
