from django.contrib import admin
from django.urls import include, path

from accounts_app.access import admin_log_in

urlpatterns = [
    path("", include("signals.urls")),
    path("", include("accounts_app.urls")),
    path("", include("cadence.urls")),
    path("account/", include("allauth.urls")),
    path("admin/login/", admin_log_in),
    path("admin/", admin.site.urls),
]
