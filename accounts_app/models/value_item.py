from datetime import date
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ValueItemQuerySet(models.QuerySet["ValueItem"]):
    def valid_on(self, day: date) -> Self:
        """What may still be brought on a day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day))


@pghistory.track()
class ValueItem(models.Model):
    """Something useful to bring to a customer; it belongs to us, not to an account."""

    class Kind(models.TextChoices):
        INFORMATION = "information", _("Information")
        CRITERIA = "criteria", _("Criteria")
        UTILITY = "utility", _("Utility")

    title = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    summary = models.TextField(blank=True, db_default="", help_text=_("What the customer has from it."))
    topic = models.CharField(max_length=80, blank=True)
    industries = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, help_text=_("As accounts name them; none: all.")
    )
    products = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, help_text=_("Product groups; none: all.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="value_items"
    )
    valid_until = models.DateField(null=True, blank=True)
    checked_on = models.DateField(
        null=True, blank=True, help_text=_("The day somebody last looked at it and found that it holds.")
    )
    link = models.URLField(max_length=500, blank=True, db_default="")
    file = models.FileField(upload_to="values/", blank=True, db_default="")
    file_name = models.CharField(max_length=160, blank=True, db_default="", help_text=_("As it was handed in."))

    objects = ValueItemQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("information", "criteria", "utility")), name="value_item_kind_known"
            ),
        )

    def __str__(self) -> str:
        return self.title
