from decimal import Decimal

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class Assumptions(models.Model):
    """What the company assumes where nothing is recorded; every figure that rests on it says so."""

    hour_cost = models.DecimalField(
        _("cost of one hour"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(10_000)],
        help_text=_("Of one of our people, in the reporting currency, wages and overheads; empty: not known."),
    )
    replace_times = models.DecimalField(
        _("replacing costs how many times as much as keeping"),
        max_digits=4,
        decimal_places=1,
        default=Decimal(3),
        validators=[MinValueValidator(Decimal("0.1")), MaxValueValidator(100)],
        help_text=_("What it takes to win a customer of the same size, against a year of promised contacts."),
    )

    class Meta:
        verbose_name_plural = "assumptions"
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="assumptions_are_one"),
            models.CheckConstraint(
                condition=Q(hour_cost=None) | Q(hour_cost__gte=1, hour_cost__lte=10_000),
                name="assumptions_hour_cost_possible",
            ),
            models.CheckConstraint(
                condition=Q(replace_times__gte=Decimal("0.1"), replace_times__lte=100),
                name="assumptions_replace_times_possible",
            ),
        )

    def __str__(self) -> str:
        return "Assumptions"

    @classmethod
    def the(cls) -> "Assumptions":
        return cls.objects.get_or_create(pk=1)[0]
