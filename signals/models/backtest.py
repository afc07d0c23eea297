"""What a backtest found. Its work is a run of the ledger; its findings stand here, an account a row."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account
from accounts_app.scope import ScopedQuerySet
from signals.models.run import Run


class BacktestResult(models.Model):
    """One backtest: who asked for it, and up to which day what became of the accounts is known."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="backtest")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, help_text=_("Empty: the command.")
    )
    made_at = models.DateTimeField(db_default=Now())
    known_until = models.DateField(help_text=_("What became of the accounts is told from what was known this day."))

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.run} from {self.run.from_day}"


class BacktestAccount(models.Model):
    """What the replay of one account came to: counts that can be added up over the accounts a reader may see."""

    # No index of its own: the one of the unique constraint begins with the run.
    run = models.ForeignKey(Run, models.CASCADE, related_name="backtest_accounts", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="backtests")
    record = models.JSONField()

    objects = ScopedQuerySet["BacktestAccount"].as_manager()

    class Meta:
        ordering = ("run", "account")
        constraints = (models.UniqueConstraint(fields=("run", "account"), name="backtest_account_once"),)

    def __str__(self) -> str:
        return f"{self.account} in {self.run}"


class BacktestFigures(models.Model):
    """The figures of one result over one set of accounts, kept since adding them up takes longer than a page may."""

    result = models.ForeignKey(BacktestResult, models.CASCADE, related_name="figures", db_index=False)
    scope = models.CharField(max_length=64, help_text=_("Digest of the accounts added up."))
    figures = models.JSONField()

    class Meta:
        ordering = ("result", "scope")
        constraints = (models.UniqueConstraint(fields=("result", "scope"), name="backtest_figures_once"),)

    def __str__(self) -> str:
        return f"Figures of {self.result}"
