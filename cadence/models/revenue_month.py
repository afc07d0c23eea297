from django.db import models
from django.db.models import Q

from accounts_app.models import Account, Feed
from accounts_app.scope import ScopedQuerySet


class RevenueMonth(models.Model):
    """What one account ordered in one month through one feed, in the reporting currency; no page adds up its orders.

    Months without an order have no row. Whether that is nothing or not known depends on how far back the feed goes:
    see `cadence.services.revenue.known_from`. Counted with the account's `ContactQuarter`, whose `judged_at` holds for
    both.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="revenue_months", db_index=False)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="+", db_index=False)
    begins_on = models.DateField()
    revenue = models.DecimalField(max_digits=18, decimal_places=2)
    orders = models.PositiveIntegerField(help_text="Credit notes and returns too.")

    objects = ScopedQuerySet["RevenueMonth"].as_manager()

    class Meta:
        ordering = ("-begins_on",)
        indexes = (models.Index(fields=("feed", "begins_on"), name="revenue_month_by_feed"),)
        constraints = (
            # Led by the account and the month, as windows of months are read.
            models.UniqueConstraint(fields=("account", "begins_on", "feed"), name="revenue_month_once"),
            models.CheckConstraint(condition=Q(begins_on__day=1), name="revenue_month_begins_on_first"),
            models.CheckConstraint(condition=Q(orders__gte=1), name="revenue_month_has_orders"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.begins_on}"
