from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from signals.models.rule_set import RuleSet

# A history is fitted anew every quarter: fits change slowly, and one a week would cost a hundred times as much.
FIT_EVERY_DAYS = 91


class RunQuerySet(models.QuerySet["Run"]):
    def unfinished(self) -> Self:
        return self.filter(state=Run.State.OPEN)

    def assessments(self) -> Self:
        """The runs whose results are shown as the current view."""
        return self.filter(kind__in=(Run.Kind.NIGHTLY, Run.Kind.EXPLICIT))

    def shown(self) -> "Run | None":
        """The run whose view of the accounts pages show: of the finished assessments the one asked for last."""
        return self.assessments().exclude(state=Run.State.OPEN).order_by("-ticket").first()


class Run(models.Model):
    """One piece of long work for one business date; its chunks say what is done and what is not."""

    class Kind(models.TextChoices):
        NIGHTLY = "nightly", _("Nightly")
        EXPLICIT = "explicit", _("Asked for")
        HISTORY = "history", _("History")
        BACKTEST = "backtest", _("Backtest")

    class State(models.TextChoices):
        OPEN = "open", _("In progress")
        DONE = "done", _("Done")
        INCOMPLETE = "incomplete", _("Incomplete")
        CANCELLED = "cancelled", _("Cancelled")

    class Phase(models.TextChoices):
        FIT = "fit", _("Fit")
        COMPUTE = "compute", _("Compute")
        JUDGE = "judge", _("Judge")

    kind = models.CharField(max_length=10, choices=Kind)
    business_date = models.DateField()
    from_day = models.DateField(null=True, blank=True, help_text=_("First day of a history or backtest."))
    step_days = models.PositiveSmallIntegerField(default=7, help_text=_("Days from one day judged to the next."))
    every_account = models.BooleanField(default=True, help_text=_("Off: a history of the accounts that have none yet."))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.FIT)
    # Drawn at every start: of two results for one account the one asked for later stays, whichever is written last.
    ticket = models.BigIntegerField(unique=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="runs")
    params = models.JSONField(
        default=dict, help_text=_("What each signal learnt from the portfolio, by day of the fit.")
    )
    notices = models.JSONField(default=list, help_text=_("What the run says of the portfolio as a whole."))
    # What was found over all accounts together, so that one judged by day is not held to the test of one alone.
    alarms = models.JSONField(default=dict, help_text=_("How many gaps were tested, and which of them stand out."))
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-ticket",)
        constraints = (
            # Backtests are kept beside one another, to be compared; two at once would only slow each other down.
            models.UniqueConstraint(
                fields=("kind", "business_date"), condition=~Q(kind="backtest"), name="run_once_a_date"
            ),
            models.UniqueConstraint(
                fields=("kind",), condition=Q(kind="backtest", state="open"), name="run_one_backtest_at_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("nightly", "explicit", "history", "backtest")), name="run_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "done", "incomplete", "cancelled")), name="run_state_known"
            ),
            models.CheckConstraint(condition=Q(phase__in=("fit", "compute", "judge")), name="run_phase_known"),
            models.CheckConstraint(
                condition=Q(state="open", finished_at=None) | ~Q(state="open") & Q(finished_at__isnull=False),
                name="run_finished_has_moment",
            ),
            models.CheckConstraint(condition=Q(step_days__gte=1), name="run_step_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=("history", "backtest"), from_day__lte=F("business_date"))
                | ~Q(kind__in=("history", "backtest")) & Q(from_day=None),
                name="run_history_has_first_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.business_date}"

    @property
    def is_assessment(self) -> bool:
        """Whether its results are shown as the current view (see `RunQuerySet.assessments`)."""
        return self.kind in (Run.Kind.NIGHTLY, Run.Kind.EXPLICIT)

    @property
    def days(self) -> list[date]:
        """The days this run judges, oldest first."""
        if self.from_day is None:
            return [self.business_date]
        step = timedelta(days=self.step_days)
        count = (self.business_date - self.from_day).days // self.step_days + 1
        return [self.from_day + number * step for number in range(count)]

    @property
    def fit_days(self) -> list[date]:
        """The days for which the signals are fitted: the first and then every quarter."""
        fitted = self.days[:1]
        for day in self.days:
            if (day - fitted[-1]).days >= FIT_EVERY_DAYS:
                fitted.append(day)
        return fitted

    def params_for(self, day: date) -> dict[str, Any]:
        """What each signal learnt last at or before `day`."""
        known: dict[str, Any] = {}
        for _fitted_on, learnt in sorted(item for item in self.params.items() if item[0] <= day.isoformat()):
            known.update(learnt)
        return known


class RunChunkQuerySet(models.QuerySet["RunChunk"]):
    def open(self) -> Self:
        return self.filter(state__in=(RunChunk.State.PENDING, RunChunk.State.RUNNING))

    def free(self) -> Self:
        """What a worker may claim: not begun, or begun by one that did not keep its lease (by the database's clock)."""
        expired = Q(state=RunChunk.State.RUNNING, lease_until__lt=Now())
        return self.filter(Q(state=RunChunk.State.PENDING) | expired)

    def with_attempts_left(self) -> Self:
        alone = Q(first_account=None) | Q(first_account=F("last_account"))
        few = Q(attempts__lt=RunChunk.MAX_ATTEMPTS) | alone & Q(attempts__lt=RunChunk.MAX_ATTEMPTS_ALONE)
        return self.filter(few, failures__lt=RunChunk.MAX_ATTEMPTS)

    def spent(self) -> Self:
        """The others: to be split, or given up where they cannot be."""
        several = Q(first_account__lt=F("last_account"), attempts__gte=RunChunk.MAX_ATTEMPTS)
        failed = Q(failures__gte=RunChunk.MAX_ATTEMPTS) | Q(attempts__gte=RunChunk.MAX_ATTEMPTS_ALONE)
        return self.filter(several | failed)


class RunChunk(models.Model):
    """A part of one phase: claimed with a lease, fenced by its attempt number."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        SPLIT = "split", _("Split")
        QUARANTINED = "quarantined", _("Quarantined")

    MAX_ATTEMPTS = 3
    # What cannot be split may lose more workers before it is held to be what kills them: workers are also killed by
    # restarts and by what else runs on the machine. Attempts that failed by themselves count as above.
    MAX_ATTEMPTS_ALONE = 10

    run = models.ForeignKey(Run, models.CASCADE, related_name="chunks")
    phase = models.CharField(max_length=10, choices=Run.Phase)
    n = models.PositiveIntegerField()
    first_account = models.BigIntegerField(null=True, blank=True)
    last_account = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Attempts that ended with an error."))
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    days_done = models.PositiveIntegerField(
        default=0, help_text=_("Of a chunk that replays many days: how many this attempt has done.")
    )
    error = models.TextField(blank=True)

    objects = RunChunkQuerySet.as_manager()

    class Meta:
        ordering = ("run", "phase", "n")
        indexes = (
            models.Index(fields=("run", "phase"), condition=Q(state__in=("pending", "running")), name="run_chunk_open"),
        )
        constraints = (
            models.UniqueConstraint(fields=("run", "phase", "n"), name="run_chunk_once"),
            models.CheckConstraint(condition=Q(phase__in=("fit", "compute", "judge")), name="run_chunk_phase_known"),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "running", "done", "split", "quarantined")),
                name="run_chunk_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="run_chunk_running_has_lease"
            ),
            models.CheckConstraint(
                condition=Q(phase="compute", first_account__lte=F("last_account"))
                | ~Q(phase="compute") & Q(first_account=None, last_account=None),
                name="run_chunk_range_only_for_accounts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.phase} {self.n}"

    @property
    def may_be_split(self) -> bool:
        return self.first_account != self.last_account
