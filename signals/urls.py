from django.urls import path

from signals.views import account, alerts, live
from signals.views.portfolio import portfolio

app_name = "signals"

urlpatterns = [
    path("", portfolio, name="portfolio"),
    path("state/", live.state, name="state"),
    path("accounts/<int:pk>/", account.account_overview, name="account"),
    path("accounts/<int:pk>/badge/", account.account_badge, name="account_badge"),
    path("accounts/<int:pk>/lanes.json", account.account_lanes, name="account_lanes"),
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/<int:pk>/acknowledge/", alerts.alert_acknowledge, name="alert_acknowledge"),
    path("alerts/<int:pk>/snooze/", alerts.alert_snooze, name="alert_snooze"),
    path("alerts/<int:pk>/resolve/", alerts.alert_resolve, name="alert_resolve"),
    path("alerts/<int:pk>/undo/", alerts.alert_undo, name="alert_undo"),
]
