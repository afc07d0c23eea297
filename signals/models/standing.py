import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account
from accounts_app.scope import ScopedQuerySet
from signals.models.run import Run


class Band(models.TextChoices):
    AT_RISK = "at_risk", _("At risk")
    DRIFTING = "drifting", _("Drifting")
    UNKNOWN = "unknown", _("Unknown")
    HEALTHY = "healthy", _("Healthy")


BAND_IS_KNOWN = Q(band__in=("at_risk", "drifting", "unknown", "healthy"))

# The moment is that of the row, not of its transaction: a nightly run writes for minutes in one.
KEEP_BAND_CHANGE = pgtrigger.Trigger(
    name="keep_band_change",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("OLD.band IS DISTINCT FROM NEW.band"),
    func="""
        INSERT INTO signals_bandchange (account_id, at, from_band, from_risk)
        VALUES (NEW.account_id, clock_timestamp(), OLD.band, OLD.risk);
        RETURN NULL;
    """,
)


class Standing(models.Model):
    """One row per account with all that lists show of it, so that no page computes anything over history."""

    class Notice(models.TextChoices):
        """How the contract that decides may end (`signals/compute/contract_terms.py`)."""

        BY_DAY = "by_day", _("Notice until a day")
        ANY_DAY = "any_day", _("Notice any day")
        RECEIVED = "received", _("Notice received")
        ENDING = "ending", _("Ends by itself")
        OPEN_ENDED = "open_ended", _("Runs on")

    class State(models.TextChoices):
        COMPUTED = "computed", _("Computed")
        NOT_COMPUTED = "not_computed", _("Not computed")

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="standing")
    run = models.ForeignKey(Run, models.PROTECT, related_name="standings")
    ticket = models.BigIntegerField(help_text=_("The run's ticket when this was written."))
    as_of = models.DateField()
    computed_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=12, choices=State, default=State.COMPUTED)
    error = models.TextField(
        blank=True, default="", help_text=_("Why it could not be computed, in the words of the failure.")
    )

    band = models.CharField(max_length=10, choices=Band, default=Band.UNKNOWN)
    band_rank = models.PositiveSmallIntegerField(
        default=2, help_text=_("Order of the bands in lists: at risk, drifting, unknown, healthy.")
    )
    risk = models.PositiveSmallIntegerField(null=True, help_text=_("0 to 100; empty when not computed."))
    probability = models.FloatField(null=True)
    coverage = models.FloatField(default=0)
    change_30d = models.SmallIntegerField(null=True)
    starting_points = models.SmallIntegerField(null=True)
    contributions = models.JSONField(default=list)
    top_reasons = models.JSONField(
        default=list, help_text=_("Keys of the signals that weigh most, the heaviest first.")
    )

    last_contact_on = models.DateField(null=True)
    last_proactive_on = models.DateField(null=True)
    due_on = models.DateField(
        null=True, help_text=_("When the next proactive contact is due; empty: nothing promised, or none on record.")
    )
    latest_on = models.DateField(null=True, help_text=_("The last day on which it still keeps the promise."))
    last_order_on = models.DateField(null=True)
    next_planned_on = models.DateField(null=True)
    next_planned_channel = models.CharField(max_length=10, blank=True)
    next_planned_purpose = models.CharField(max_length=15, blank=True)
    first_plan_on = models.DateField(null=True, help_text=_("Of the plans that stand, those overdue too."))
    first_plan_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Whom that plan names; nobody: the owner."),
    )
    expected_next_on = models.DateField(null=True)
    open_incidents = models.PositiveIntegerField(default=0)
    notice_state = models.CharField(
        max_length=10, choices=Notice, blank=True, default="", help_text=_("Empty: no contract in force is known.")
    )
    notice_on = models.DateField(
        null=True,
        help_text=_("The last day on which notice counts; once it was received, or cannot be given, the end."),
    )
    notice_amount = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, help_text=_("What that contract is worth a year.")
    )
    revenue_12m = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    revenue_at_risk = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    strip = models.JSONField(default=dict, help_text=_("Ready path data of the pulse strip."))

    objects = ScopedQuerySet["Standing"].as_manager()

    class Meta:
        triggers = (KEEP_BAND_CHANGE,)
        indexes = (
            models.Index(fields=("band_rank", "-revenue_at_risk"), name="standing_by_band_and_money"),
            models.Index(fields=("computed_at",), name="standing_by_age"),
        )
        constraints = (
            models.CheckConstraint(condition=BAND_IS_KNOWN, name="standing_band_known"),
            models.CheckConstraint(condition=Q(risk=None) | Q(risk__lte=100), name="standing_risk_to_100"),
            models.CheckConstraint(condition=Q(coverage__gte=0, coverage__lte=1), name="standing_coverage_0_to_1"),
            models.CheckConstraint(
                condition=Q(state="computed", risk__isnull=False) | Q(state="not_computed", risk=None, band="unknown"),
                name="standing_not_computed_has_no_risk",
            ),
            models.CheckConstraint(
                condition=Q(notice_state__in=("", "by_day", "any_day", "received", "ending", "open_ended")),
                name="standing_notice_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id}: {self.band}"
