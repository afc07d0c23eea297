"""The figures a customer watches, as the customer told us, and their course."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact
from accounts_app.models.initiative import Initiative
from accounts_app.models.trail import track_all
from accounts_app.scope import ScopedQuerySet


@track_all()
class CustomerMetric(Fact):
    """A figure the customer watches, with what it shall become."""

    class Better(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")

    account = models.ForeignKey(Account, models.CASCADE, related_name="metrics")
    name = models.CharField(max_length=100)
    unit = models.CharField(max_length=30, blank=True)
    better = models.CharField(max_length=6, choices=Better, default=Better.LOWER)
    target = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    initiative = models.ForeignKey(Initiative, models.SET_NULL, null=True, blank=True, related_name="metrics")

    objects = ScopedQuerySet["CustomerMetric"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="customer_metric_key_once"),
            models.UniqueConstraint(
                fields=("account", "name"),
                name="customer_metric_once",
                violation_error_message=_("This account has a figure of this name already."),
            ),
            # What the foreign key of values refers to: a value is of its figure's account (migration 0017).
            models.UniqueConstraint(fields=("id", "account"), name="customer_metric_of_its_account"),
            models.CheckConstraint(condition=Q(better__in=("higher", "lower")), name="customer_metric_better_known"),
            models.CheckConstraint(
                condition=Q(target_on=None) | Q(target__isnull=False), name="customer_metric_day_of_a_target"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


@track_all()
class MetricValue(Fact):
    """What the figure was on a day, as the customer told us."""

    # The account stands here too, so that values are scoped, added and removed as every other fact. PostgreSQL holds it
    # to the figure's by a foreign key of both columns, which Django has no word for.
    account = models.ForeignKey(Account, models.CASCADE, related_name="metric_values")
    metric = models.ForeignKey(CustomerMetric, models.CASCADE, related_name="values")
    day = models.DateField()
    value = models.DecimalField(max_digits=15, decimal_places=3)

    objects = ScopedQuerySet["MetricValue"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("metric", "day")
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="metric_value_key_once"),
            models.UniqueConstraint(
                fields=("metric", "day"),
                name="metric_value_once_a_day",
                violation_error_message=_("There is a value of this day already: edit that one."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric_id} {self.day}: {self.value}"

    def clean(self) -> None:
        if self.metric_id and self.metric.account_id != self.account_id:
            raise ValidationError({"metric": _("Choose a figure of this account.")})
