from django.urls import path

from signals.views.portfolio import portfolio

app_name = "signals"

urlpatterns = [
    path("", portfolio, name="portfolio"),
]
