from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts_app.models import Account
from accounts_app.scope import ScopedQuerySet


class ContactQuarter(models.Model):
    """One account's contacts in one quarter, counted from the facts; no page counts a million interactions.

    `days_promised` are the days of the quarter, until today, on which a contact was promised and the account's
    contacts were on record; `days_kept` those of them on which the last proactive contact (before any: the first
    contact on record) lay within the longest interval. Days before the first contact on record are neither.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="contact_quarters")
    begins_on = models.DateField()
    # Who answered for the account on the last day of the quarter, or does today.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    days_promised = models.PositiveSmallIntegerField(default=0)
    days_kept = models.PositiveSmallIntegerField(default=0)
    promised = models.FloatField(default=0, help_text="Contacts: promised days over the ideal interval.")
    contacts = models.PositiveIntegerField(default=0)
    proactive = models.PositiveIntegerField(default=0)
    with_value = models.PositiveIntegerField(default=0, help_text="Proactive contacts that brought a value item.")
    purposes = models.JSONField(default=dict, help_text="Contacts by purpose.")
    levels_in_year = models.JSONField(
        default=list, help_text="Levels of the customer met in the year until the quarter's end, or today."
    )
    # As they stood at the quarter's end, or today; empty: none on record.
    first_on = models.DateField(null=True, help_text="The first contact on record, of any kind.")
    review_on = models.DateField(null=True, help_text="The last review.")
    executive_on = models.DateField(null=True, help_text="The last contact in which an executive of ours took part.")
    # Facts that came later have a later judgement: a row whose judgement is newer is counted again.
    judged_at = models.DateTimeField(
        null=True, help_text="The judgement of the account that stood when this was counted."
    )

    objects = ScopedQuerySet["ContactQuarter"].as_manager()

    class Meta:
        ordering = ("-begins_on",)
        indexes = (models.Index(fields=("begins_on", "owner"), name="contact_quarter_by_owner"),)
        constraints = (
            models.UniqueConstraint(fields=("account", "begins_on"), name="contact_quarter_once"),
            models.CheckConstraint(
                condition=Q(days_kept__lte=F("days_promised"), days_promised__lte=92), name="contact_quarter_days_fit"
            ),
            models.CheckConstraint(
                condition=Q(proactive__lte=F("contacts"), with_value__lte=F("proactive")),
                name="contact_quarter_counts_fit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.begins_on}"
