from django.db import models
from django.db.models import Q

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact
from accounts_app.scope import ScopedQuerySet


class Order(Fact):
    """An order, or a credit note or return (negative amount). The reporting amount is fixed at the rate of its day."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="orders")
    number = models.CharField(max_length=80)
    ordered_on = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    reporting_amount = models.DecimalField(max_digits=16, decimal_places=2)

    objects = ScopedQuerySet["Order"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-ordered_on", "-pk")
        indexes = (
            models.Index(
                fields=("account", "ordered_on"),
                include=("reporting_amount", "known_on"),
                name="order_of_account_by_day",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="order_key_once"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="order_currency_code"),
        )

    def __str__(self) -> str:
        return self.number


class OrderLineQuerySet(ScopedQuerySet["OrderLine"]):
    account_path = "order__account__"


class OrderLine(models.Model):
    """One line; an order's lines are replaced as one set, exact duplicates are kept."""

    order = models.ForeignKey(
        Order, models.CASCADE, related_name="lines", db_index=False
    )  # the unique constraint's index begins with it
    position = models.PositiveIntegerField()
    product_code = models.CharField(max_length=80)
    product_group = models.CharField(max_length=80, blank=True, help_text="Empty where the source names none.")
    quantity = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        ordering = ("order", "position")
        constraints = (models.UniqueConstraint(fields=("order", "position"), name="order_line_position_once"),)

    def __str__(self) -> str:
        return f"{self.order} / {self.position}"
