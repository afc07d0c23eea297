"""The figures a customer watches, each with its latest values, for the account's page."""

from typing import Any

from django.db.models import Prefetch

from accounts_app.models import OWN_FEED, Account, CustomerMetric, MetricValue, User
from accounts_app.views.account_frame import may_edit
from cadence.review_view import number_text

SHOWN = 6


def metrics_of(account: Account, user: User) -> list[CustomerMetric]:
    """Each with `shown_values`, the last ones in their order, and `target_text`."""
    values = Prefetch("values", MetricValue.objects.select_related("feed").order_by("day", "pk"))
    rows = CustomerMetric.objects.visible_to(user).filter(account=account).select_related("feed", "initiative")
    return [_worded(row, account) for row in rows.prefetch_related(values)]


def _worded(row: Any, account: Account) -> CustomerMetric:
    row.target_text = number_text(row.target) if row.target is not None else ""
    row.shown_values = [
        {
            "pk": one.pk,
            "day": one.day,
            "text": number_text(one.value),
            "may_edit": may_edit(account) and one.feed.name == OWN_FEED,
        }
        for one in list(row.values.all())[-SHOWN:]
    ]
    metric: CustomerMetric = row
    return metric
