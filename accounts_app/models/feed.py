from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# What has no day of its own is known from the beginning, so that a replay of any past day sees it.
BEGINNING = date(1900, 1, 1)

# The feed of everything people enter in Vigil itself; created by the migration `first_rows`.
OWN_FEED = "vigil"


def ending_is_known(day: str, known: str) -> Q:
    """An ending is learnt later than it happens: both days are there, or neither."""
    return Q(**{f"{day}__isnull": True, f"{known}__isnull": True}) | Q(
        **{f"{day}__isnull": False, f"{known}__isnull": False}
    )


class FeedSource(models.TextChoices):
    """The kinds of fact a feed can deliver; signals name the ones they rest on."""

    ACCOUNTS = "accounts", _("Accounts")
    CONTACTS = "contacts", _("Contacts")
    INTERACTIONS = "interactions", _("Interactions")
    ORDERS = "orders", _("Orders")
    INCIDENTS = "incidents", _("Incidents")
    QUIET_PERIODS = "quiet-periods", _("Quiet periods")
    INQUIRIES = "inquiries", _("Inquiries")
    CONTRACTS = "contracts", _("Contracts")
    CHANGE_EVENTS = "change-events", _("Change events")
    SURVEYS = "surveys", _("Survey answers")
    LOSSES = "losses", _("Losses")
    COLLEAGUES = "colleagues", _("Colleagues")
    OWNERSHIP = "ownership", _("Ownership")
    RATES = "rates", _("Exchange rates")


class Feed(models.Model):
    """A source of facts: an ERP's orders, a CRM's contacts, a ticket system, or Vigil's own forms."""

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text=_("Used where a row names none."))

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=Q(currency__regex=r"^([A-Z]{3})?$"), name="feed_currency_code"),
        )

    def __str__(self) -> str:
        return self.title or self.name


class FeedKind(models.Model):
    """How far one kind of fact has come in from a feed. Stale after two expected intervals."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="kinds")
    source = models.CharField(max_length=20, choices=FeedSource)
    complete_to = models.DateField(null=True, blank=True)
    last_row_on = models.DateField(null=True, blank=True, help_text=_("The latest day any of its rows speaks of."))
    expected_days = models.PositiveSmallIntegerField(default=7, help_text=_("Days from one delivery to the next."))
    used = models.BooleanField(default=True, help_text=_("Off: this source is declared not used here."))

    class Meta:
        ordering = ("feed", "source")
        constraints = (
            models.UniqueConstraint(fields=("feed", "source"), name="feed_kind_once"),
            models.CheckConstraint(condition=Q(source__in=FeedSource.values), name="feed_kind_known"),
            models.CheckConstraint(condition=Q(expected_days__gte=1), name="feed_kind_expected_positive"),
        )

    def __str__(self) -> str:
        return f"{self.feed} · {self.get_source_display()}"

    def is_stale(self, as_of: date) -> bool:
        return self.used and (self.complete_to is None or (as_of - self.complete_to).days > 2 * self.expected_days)


class ImportBatch(models.Model):
    """One file taken in. rows = created + updated + unchanged + rejected."""

    kind = models.CharField(max_length=20)
    feed = models.ForeignKey(Feed, models.PROTECT, related_name="batches")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list, help_text=_("Why rows were rejected, with the first of each kind."))
    notes = models.JSONField(default=list, help_text=_("What else is to be known of it."))

    class Meta:
        ordering = ("-started_at",)
        verbose_name_plural = "import batches"
        constraints = (
            models.CheckConstraint(
                condition=Q(rows=F("created") + F("updated") + F("unchanged") + F("rejected")),
                name="import_batch_rows_add_up",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"


class ImportChange(models.Model):
    """What a row was before an import changed it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes")
    model = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    before = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("model", "object_id"), name="import_change_of_row"),)

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class Fact(models.Model):
    """Where a row came from and since when it could be known; (feed, external key) names it once."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="+")
    external_key = models.CharField(max_length=200)
    known_on = models.DateField(default=BEGINNING)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    batch = models.ForeignKey(ImportBatch, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)

    class Meta:
        abstract = True
