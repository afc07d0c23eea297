"""The quarterly audit. What is signed is frozen by triggers of the database (`cadence/frozen_audits.sql`), not here."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account
from accounts_app.models.trail import track_all
from accounts_app.scope import ScopedQuerySet
from cadence.models.audit_policy import AuditQuestions
from signals.models import Band

LOWEST, HIGHEST = 1, 5


class Dimension(models.TextChoices):
    """What a question asks about: the columns of the heat map."""

    PEOPLE = "people", _("People")
    PRESENCE = "presence", _("Presence")
    VALUE = "value", _("Value")
    SERVICE = "service", _("Service")
    BUSINESS = "business", _("Business")
    OUR_SIDE = "our_side", _("Our side")


class AuditCycle(models.Model):
    """The audit of one quarter: its accounts were chosen, and its questions fixed, when it was opened."""

    name = models.CharField(max_length=7, unique=True, help_text=_("Such as 2026-Q4."))
    begins_on = models.DateField(unique=True, help_text=_("First day of the quarter."))
    questions = models.ForeignKey(AuditQuestions, models.PROTECT, related_name="cycles")
    policy = models.JSONField(default=dict, help_text=_("By which policy accounts were chosen."))
    answers_due_on = models.DateField()
    due_on = models.DateField(help_text=_("The day until which both signatures are on time."))
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-begins_on",)
        constraints = (
            models.CheckConstraint(condition=Q(name__regex=r"^\d{4}-Q[1-4]$"), name="audit_cycle_name_is_quarter"),
            models.CheckConstraint(condition=Q(answers_due_on__lte=F("due_on")), name="audit_cycle_days_ordered"),
        )

    def __str__(self) -> str:
        return self.name


class AuditQuerySet(ScopedQuerySet["Audit"]):
    def current(self) -> Self:
        """Of each account and cycle the one that counts: not excluded, and not superseded by one that is signed."""
        later = Audit.objects.filter(supersedes=OuterRef("pk"), state=Audit.State.SIGNED)
        correction_under_way = Q(state__in=(Audit.State.OPEN, Audit.State.OWNER_SIGNED), supersedes__isnull=False)
        return self.exclude(state=Audit.State.EXCLUDED).exclude(correction_under_way).exclude(Exists(later))

    def under_way(self) -> Self:
        return self.filter(state__in=(Audit.State.OPEN, Audit.State.OWNER_SIGNED))


class Audit(models.Model):
    """The review of one account in one cycle: evidence, answers, judgement and actions, signed by two."""

    class State(models.TextChoices):
        OPEN = "open", _("In progress")
        OWNER_SIGNED = "owner_signed", _("Signed by the owner")
        SIGNED = "signed", _("Signed")
        EXCLUDED = "excluded", _("Left out")

    cycle = models.ForeignKey(AuditCycle, models.PROTECT, related_name="audits")
    account = models.ForeignKey(Account, models.PROTECT, related_name="audits")
    revision = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    chosen_for = ArrayField(
        models.CharField(max_length=20), default=list, help_text=_("Why the policy took it in: tier, revenue, band.")
    )
    # Why it corrects a signed one, or was left out.
    reason = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="audits_to_answer",
        help_text=_("Who scores; never the owner. Nobody: to be named by the leader."),
    )  # fmt: skip
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    evidence = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    evidence_on = models.DateField(help_text=_("The day as of which the evidence was taken."))
    evidence_at = models.DateTimeField(db_default=Now())
    judged_band = models.CharField(max_length=10, choices=Band, blank=True)
    judgement = models.TextField(blank=True, help_text=_("What the figures do not say."))
    reminded_on = models.DateField(null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("cycle", "account__sort_name", "revision")
        indexes = (models.Index(fields=("account", "cycle"), name="audit_of_account"),)
        constraints = (
            models.UniqueConstraint(fields=("cycle", "account", "revision"), name="audit_revision_once"),
            models.UniqueConstraint(
                fields=("cycle", "account"), condition=Q(state__in=("open", "owner_signed")), name="audit_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "owner_signed", "signed", "excluded")), name="audit_state_known"
            ),
            models.CheckConstraint(
                condition=Q(revision=1, supersedes=None) | Q(revision__gt=1, supersedes__isnull=False) & ~Q(reason=""),
                name="audit_correction_has_reason",
            ),
            models.CheckConstraint(condition=~Q(state="excluded") | ~Q(reason=""), name="audit_left_out_has_reason"),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(reviewer=None) | ~Q(owner=F("reviewer")), name="audit_not_by_the_owner"
            ),
            models.CheckConstraint(
                condition=Q(judged_band__in=("", "at_risk", "drifting", "unknown", "healthy")),
                name="audit_judged_band_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.account_id} r{self.revision}"


class AuditAnswerQuerySet(ScopedQuerySet["AuditAnswer"]):
    account_path = "audit__account__"


class AuditAnswer(models.Model):
    """The score of one question, with its reason and the evidence it rests on."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="answers")
    question = models.SlugField(max_length=40, help_text=_("Its key in the questions of the cycle."))
    dimension = models.CharField(max_length=12, choices=Dimension)
    score = models.PositiveSmallIntegerField()
    reason = models.TextField()
    evidence = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text=_("Sections of the evidence it rests on.")
    )
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    objects = AuditAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("audit", "pk")
        constraints = (
            models.UniqueConstraint(fields=("audit", "question"), name="audit_answer_once"),
            models.CheckConstraint(condition=Q(score__gte=LOWEST, score__lte=HIGHEST), name="audit_score_1_to_5"),
            models.CheckConstraint(condition=~Q(reason=""), name="audit_score_has_reason"),
            models.CheckConstraint(condition=Q(dimension__in=Dimension.values), name="audit_answer_dimension_known"),
        )

    def __str__(self) -> str:
        return f"{self.audit_id} {self.question}: {self.score}"


class AuditActionQuerySet(ScopedQuerySet["AuditAction"]):
    account_path = "audit__account__"

    def open(self) -> Self:
        return self.filter(closing=None)

    def agreed(self) -> Self:
        """Of audits that count and that the owner at least has signed: a draft binds nobody."""
        signed = Audit.objects.current().filter(state__in=(Audit.State.OWNER_SIGNED, Audit.State.SIGNED))
        return self.filter(audit__in=signed.order_by())


class AuditAction(models.Model):
    """What is to be done until when by whom: frozen with its audit; how it ended is kept beside it."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="actions")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="audit_actions")
    due_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    objects = AuditActionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.text


@track_all()
class ActionClosing(models.Model):
    """How an action ended; can be taken back, which the audit trail keeps."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    action = models.OneToOneField(AuditAction, models.CASCADE, primary_key=True, related_name="closing")
    outcome = models.CharField(max_length=8, choices=Outcome)
    closed_on = models.DateField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(outcome__in=("done", "dropped")), name="action_outcome_known"),
            models.CheckConstraint(condition=Q(outcome="done") | ~Q(note=""), name="action_dropped_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.action_id}: {self.outcome}"
