import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account, SortName
from accounts_app.models.feed import Fact, ending_is_known
from accounts_app.scope import ScopedQuerySet


class Level(models.TextChoices):
    """Where someone stands in the own company: the rows and columns of the 3x3."""

    EXECUTIVE = "executive", _("Executive")
    MANAGEMENT = "management", _("Management")
    OPERATIONAL = "operational", _("Operational")


class ContactQuerySet(ScopedQuerySet["Contact"]):
    seen_by_operations = True


@pghistory.track(exclude=["recorded_at", "batch", "sort_name"])
class Contact(Fact):
    """A person at the account."""

    class StakeholderRole(models.TextChoices):
        DECISION_MAKER = "decision_maker", _("Decision maker")
        INFLUENCER = "influencer", _("Influencer")
        CHAMPION = "champion", _("Champion")
        GATEKEEPER = "gatekeeper", _("Gatekeeper")
        USER = "user", _("User")

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=160)
    # Without a limit of its own: a letter such as æ becomes two, and a sign such as ½ four.
    sort_name = models.GeneratedField(expression=SortName("name"), output_field=models.TextField(), db_persist=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    level = models.CharField(max_length=20, choices=Level, default=Level.OPERATIONAL)
    role = models.CharField(max_length=20, choices=StakeholderRole, default=StakeholderRole.USER)
    primary = models.BooleanField(_("main contact"), default=False)
    since = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    left_known_on = models.DateField(null=True, blank=True)
    leaving_on = models.DateField(
        _("announced last day"), null=True, blank=True, help_text=_("As far as it is known; the day may lie ahead.")
    )
    leaving_known_on = models.DateField(
        null=True, blank=True, help_text=_("Since when we know that this person will leave.")
    )
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")
    matters = models.TextField(
        _("what matters to this person"), blank=True, db_default="", help_text=_("Aims, worries, what convinces.")
    )
    note = models.TextField(blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("name",)
        indexes = (
            GinIndex(fields=("sort_name",), opclasses=("gin_trgm_ops",), name="contact_name_trigrams"),
            models.Index(OpClass(Upper("email"), name="text_pattern_ops"), name="contact_by_start_of_email"),
        )
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="contact_key_once"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="contact_level_known"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(since=None) | Q(left_on__gte=F("since")), name="contact_left_after_since"
            ),
            models.CheckConstraint(condition=ending_is_known("left_on", "left_known_on"), name="contact_left_known"),
            models.CheckConstraint(condition=~Q(successor=F("pk")), name="contact_not_its_own_successor"),
            models.CheckConstraint(
                condition=Q(leaving_on=None) | Q(leaving_known_on__isnull=False), name="contact_leaving_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Colleague(Fact):
    """One of our people who knows contacts; may be a user."""

    name = models.CharField(max_length=160)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    level = models.CharField(max_length=20, choices=Level, default=Level.OPERATIONAL)
    hours_a_week = models.DecimalField(
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("Hours for accounts; empty: not known."),
    )
    country = models.CharField(
        max_length=60, blank=True, db_default="", help_text=_("Whose holidays are kept; empty: the company's.")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="colleague"
    )

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="colleague_key_once"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="colleague_level_known"),
            models.CheckConstraint(
                condition=Q(hours_a_week=None) | Q(hours_a_week__gte=0, hours_a_week__lte=80),
                name="colleague_hours_possible",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Absence(Fact):
    """Days on which one of our people is away; no reason is asked for."""

    colleague = models.ForeignKey(Colleague, models.CASCADE, related_name="absences")
    from_day = models.DateField()
    until_day = models.DateField(help_text=_("The last day away."))

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-from_day",)
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="absence_key_once"),
            models.CheckConstraint(condition=Q(until_day__gte=F("from_day")), name="absence_forward"),
        )

    def __str__(self) -> str:
        return f"{self.colleague}: {self.from_day} – {self.until_day}"


class LinkQuerySet(ScopedQuerySet["Link"]):
    account_path = "contact__account__"


class Link(Fact):
    """How well one of our people knows a contact; when they last met is derived from the interactions."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="links")
    colleague = models.ForeignKey(Colleague, models.CASCADE, related_name="links")
    strength = models.PositiveSmallIntegerField(default=1, help_text=_("1 knows, 2 works with, 3 trusts"))

    objects = LinkQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="link_key_once"),
            models.UniqueConstraint(fields=("contact", "colleague"), name="link_once"),
            models.CheckConstraint(condition=Q(strength__gte=1, strength__lte=3), name="link_strength_1_to_3"),
        )

    def __str__(self) -> str:
        return f"{self.contact} – {self.colleague}"
