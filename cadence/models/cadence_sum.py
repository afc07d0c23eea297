from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts_app.models import Team, Tier
from accounts_app.scope import ScopedQuerySet


class CadenceSumQuerySet(ScopedQuerySet["CadenceSum"]):
    # The sums carry who may see them themselves.
    account_path = ""


class CadenceSum(models.Model):
    """The quarters of accounts in the same hands, added up: a page over ten thousand accounts reads hundreds of rows.

    A cache of `ContactQuarter`, made anew whenever that or an account changes; former customers are left out.
    """

    begins_on = models.DateField()
    # Whose the accounts are now: this decides who sees them.
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    # Who answered for them in the quarter: this is who kept or broke the promise.
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="+")

    accounts = models.PositiveIntegerField()
    days_promised = models.PositiveIntegerField()
    days_kept = models.PositiveIntegerField()
    promised = models.FloatField()
    contacts = models.PositiveIntegerField()
    proactive = models.PositiveIntegerField()
    with_value = models.PositiveIntegerField()
    purposes = models.JSONField(help_text="Contacts by purpose.")
    shows = models.JSONField(help_text="Accounts by what is missing, as the page lists them.")
    unknown = models.PositiveIntegerField(help_text="Accounts with no contact on record.")
    since = models.DateField(null=True, help_text="The first contact on record.")

    objects = CadenceSumQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("begins_on",), name="cadence_sum_of_quarter"),)

    def __str__(self) -> str:
        return f"{self.begins_on}: {self.accounts}"


class CadenceSummed(models.Model):
    """What the sums were made of; when it no longer is so, they are made anew."""

    state = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="cadence_summed_is_one"),)

    def __str__(self) -> str:
        return self.state
