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
    min_levels = models.PositiveSmallIntegerField(
        _("levels of the customer to be met within a year"),
        default=1,
        validators=[MaxValueValidator(3)],
        help_text=_("Of executive, management and operational; 0 asks for none."),
    )
    review_days = models.PositiveSmallIntegerField(
        _("days from one review with the customer to the next"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("Empty: no review is promised."),
    )
    audited = models.BooleanField(
        _("audited every quarter"), default=False, db_default=False, help_text=_("Whatever the band and the revenue.")
    )

    class Meta:
        ordering = ("rank",)
        constraints = (
            models.CheckConstraint(
                condition=Q(contact_hours__gt=0, contact_hours__lte=80), name="tier_contact_hours_possible"
            ),
            models.CheckConstraint(condition=Q(min_levels__lte=3), name="tier_levels_are_three"),
            models.CheckConstraint(
                condition=Q(review_days=None) | Q(review_days__gte=1, review_days__lte=1000),
                name="tier_review_interval_possible",
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


@pghistory.track()
class ChannelHours(models.Model):
    """How a tier's promised contacts take place: the share of each channel, and the hours one takes.

    `Tier.contact_hours` is their mean, kept with them, so that the signals need no more than one figure.
    """

    tier = models.ForeignKey(Tier, models.CASCADE, related_name="channel_hours")
    # One of `Interaction.Channel`; an interaction belongs to an account, and an account to a tier.
    channel = models.CharField(max_length=10)
    hours = models.DecimalField(
        max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(80)]
    )
    share = models.PositiveSmallIntegerField(help_text=_("Percent of the promised contacts."))

    class Meta:
        ordering = ("tier__rank", "channel")
        constraints = (
            models.UniqueConstraint(fields=("tier", "channel"), name="channel_hours_once"),
            models.CheckConstraint(
                condition=Q(channel__in=("visit", "call", "video", "mail", "event")), name="channel_hours_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0, hours__lte=80, share__lte=100), name="channel_hours_possible"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tier}: {self.channel}"
