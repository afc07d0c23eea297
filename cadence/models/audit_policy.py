import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cadence.audit_questions import QUESTIONS
from signals.models import Band


def at_risk_only() -> list[str]:
    return [Band.AT_RISK]


@pghistory.track()
class AuditPolicy(models.Model):
    """Which accounts a quarter's audit takes in, beside those of an audited tier, and how much time it leaves."""

    revenue_share = models.PositiveSmallIntegerField(
        _("share of revenue"),
        default=80,
        validators=[MaxValueValidator(100)],
        help_text=_("Percent: the largest accounts that carry it together are audited; 0 leaves revenue out."),
    )
    bands = ArrayField(
        models.CharField(max_length=10, choices=Band),
        default=at_risk_only,
        blank=True,
        help_text=_("Accounts of these bands are audited, whatever their tier."),
    )
    days_to_answer = models.PositiveSmallIntegerField(
        _("days from opening until the answers are due"),
        default=21,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    days_to_sign = models.PositiveSmallIntegerField(
        _("days from then until both signatures are due"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    remind_days = models.PositiveSmallIntegerField(
        _("days before a due day on which a reminder is sent"),
        default=5,
        validators=[MaxValueValidator(60)],
        help_text=_("0 sends none before; what is overdue is reminded of once a week."),
    )

    class Meta:
        verbose_name_plural = "audit policy"
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="audit_policy_is_one"),
            models.CheckConstraint(condition=Q(revenue_share__lte=100), name="audit_policy_share_is_percent"),
            models.CheckConstraint(
                condition=Q(bands__contained_by=["at_risk", "drifting", "unknown", "healthy"]),
                name="audit_policy_bands_known",
            ),
            models.CheckConstraint(
                condition=Q(days_to_answer__gte=1, days_to_answer__lte=180, days_to_sign__gte=1, days_to_sign__lte=180)
                & Q(remind_days__lte=60),
                name="audit_policy_days_possible",
            ),
        )

    def __str__(self) -> str:
        return "Audit policy"

    @classmethod
    def the(cls) -> "AuditPolicy":
        return cls.objects.get_or_create(pk=1)[0]


class AuditQuestions(models.Model):
    """One version of the fixed questions; never changed, only followed by the next, so that quarters compare.

    The trigger that keeps it is in `cadence/frozen_audits.sql`, beside those of the audits that show it.
    """

    version = models.PositiveIntegerField(unique=True)
    # Of each: key (what makes it the same question in two versions), dimension, text, guide (what a 1 and a 5 are).
    questions = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-version",)
        verbose_name_plural = "audit questions"
        constraints = (
            models.CheckConstraint(
                condition=Q(made_by=None) | ~Q(reason=""), name="audit_questions_of_a_person_have_reason"
            ),
        )

    def __str__(self) -> str:
        return f"v{self.version}"

    @classmethod
    def latest(cls) -> "AuditQuestions":
        """The questions a new cycle asks; the first version comes with the product."""
        return cls.objects.first() or cls.objects.get_or_create(version=1, defaults={"questions": QUESTIONS})[0]
