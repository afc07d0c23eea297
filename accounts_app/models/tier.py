from decimal import Decimal

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class Tier(models.Model):
    """What is promised to an account of this weight: contact interval and incident targets, in days."""

    key = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(unique=True, help_text=_("1 is the most important"))
    ideal_days = models.PositiveSmallIntegerField(_("ideal contact interval"))
    max_days = models.PositiveSmallIntegerField(_("longest contact interval"))
    critical_days = models.PositiveSmallIntegerField(_("target for critical incidents"))
    major_days = models.PositiveSmallIntegerField(_("target for major incidents"))
    minor_days = models.PositiveSmallIntegerField(_("target for minor incidents"))

    contact_hours = models.DecimalField(
        _("hours for one promised contact"),
        max_digits=4,
        decimal_places=1,
        default=1,
        validators=[MinValueValidator(Decimal("0.1")), MaxValueValidator(80)],
        help_text=_("Preparation and travel included."),
    )

    class Meta:
        ordering = ("rank",)
        constraints = (
            models.CheckConstraint(
                condition=Q(contact_hours__gt=0, contact_hours__lte=80), name="tier_contact_hours_possible"
            ),
            models.CheckConstraint(
                condition=Q(ideal_days__gte=1, ideal_days__lte=F("max_days"), max_days__lte=1000),
                name="tier_intervals_ordered",
            ),
            models.CheckConstraint(
                condition=Q(critical_days__gte=1, critical_days__lte=F("major_days"), major_days__lte=F("minor_days")),
                name="tier_targets_ordered",
            ),
        )

    def __str__(self) -> str:
        return self.name
